"""What a router logs of its bearers, in the words of Cisco IOS XE.

System Message Guide (LINK-3-UPDOWN, LINK-5-CHANGED, LINEPROTO-5-UPDOWN, BGP-5-ADJCHANGE, BGP-5-NBR_RESET), and logs of
routers in public repositories (BFDFSM-6-BFD_SESS_DOWN and _UP, TRACK-6-STATE).
"""

from collections.abc import Iterator

from provisioning.stands.simulator.cisco_iosxe.interfaces import shown6
from provisioning.stands.simulator.lines import Address

LOCAL_DISCRIMINATOR = 4097
"""Of the first BFD session of a router."""

DETECT_TIMER, BFD_DOWN = "DETECT TIMER EXPIRED", "BFD adjacency down"
FLAP, HOLD_TIME = "Interface flap", "BGP Notification sent"


def shown(address: Address) -> str:
    """Return an address as IOS writes it."""
    return shown6(address) if address.version == 6 else str(address)


def link(interface: str, *, up: bool, shut: bool) -> Iterator[str]:
    """Yield what is said of an interface that came up or went down."""
    if shut:
        yield f"%LINK-5-CHANGED: Interface {interface}, changed state to administratively down"
    else:
        yield f"%LINK-3-UPDOWN: Interface {interface}, changed state to {'up' if up else 'down'}"
    yield f"%LINEPROTO-5-UPDOWN: Line protocol on Interface {interface}, changed state to {'up' if up else 'down'}"


def bfd(number: int, *, up: bool) -> str:
    """Return what is said of a BFD session, the first of which has the number 0."""
    session = f"ld:{LOCAL_DISCRIMINATOR + number} handle:{number + 1}"
    if up:
        return f"%BFDFSM-6-BFD_SESS_UP: BFD-SYSLOG: BFD session {session} is going UP"
    return f"%BFDFSM-6-BFD_SESS_DOWN: BFD-SYSLOG: BFD session {session},is going Down Reason: {DETECT_TIMER}"


def bgp_up(neighbour: Address) -> str:
    """Return what is said of a session that stands."""
    return f"%BGP-5-ADJCHANGE: neighbor {shown(neighbour)} Up "


def bgp_down(neighbour: Address, reason: str) -> Iterator[str]:
    """Yield what is said of a session that fell."""
    yield f"%BGP-5-NBR_RESET: Neighbor {shown(neighbour)} reset ({reason})"
    yield f"%BGP-5-ADJCHANGE: neighbor {shown(neighbour)} Down {reason}"


def track(number: str, what: str, *, up: bool) -> str:
    """Return what is said of a tracked object."""
    before, after = ("Down", "Up") if up else ("Up", "Down")
    what = what.replace("Cellular", "Ce").replace("GigabitEthernet", "Gi")
    return f"%TRACK-6-STATE: {number} {what} {before} -> {after}"
