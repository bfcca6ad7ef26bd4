"""What a router with IOS-XE is asked of its bearers, and what its answers come to."""

from collections.abc import Mapping, Sequence

from provisioning.model.bearer import Bearer, BearerName, BearerReport, Family, Neighbourship, Radio
from provisioning.platforms.cisco_iosxe.drill_mark import current_drill
from provisioning.platforms.cisco_iosxe.names import EARLIER_TRUSTED_TRACK, FIXED_BEARER, MOBILE_BEARER, TRUSTED_TRACK
from provisioning.platforms.cisco_iosxe.parsing.bearer_log import BearerLog
from provisioning.platforms.cisco_iosxe.parsing.bearers import (
    ShownInterface,
    ShownNeighbour,
    ShownRoute,
    ShownTrack,
    shown_bfd,
    shown_interface,
    shown_neighbours,
    shown_radio,
    shown_route,
    shown_time,
    shown_tracks,
)
from provisioning.platforms.cisco_iosxe.parsing.rollback_timer import TIMER, shown_timer
from provisioning.platforms.cisco_iosxe.voice_kept_off import voice_kept_off

CLOCK = "show clock"
VERSION = "show version | include restarted at|uptime is"
FIXED = f"show interfaces {FIXED_BEARER} | include line protocol|Description:|bytes"
MOBILE = f"show interfaces {MOBILE_BEARER} | include line protocol|Description:|bytes"
NEIGHBOURS = "show bgp all neighbors | include ^BGP neighbor is|Description:|BFD is|BGP state"
BFD = "show bfd neighbors"
TRACK = "show track"
ROUTE4 = "show ip route 0.0.0.0"
ROUTE6 = "show ipv6 route ::/0"
RADIO = (
    f"show cellular {MOBILE_BEARER.removeprefix('Cellular')} all "
    "| include SIM Status|RSRP|RSSI|Selected|^Network =|Cell ID|Country|Network Code"
)
APPLIED = f"show running-config interface {MOBILE_BEARER} | include access-group|traffic-filter"
LISTS = "show access-lists | section MOBILE-"
LOG = "show logging | include BFDFSM|ADJCHANGE|LINK-|TRACK"

COMMANDS = (CLOCK, VERSION, FIXED, MOBILE, NEIGHBOURS, BFD, TRACK, ROUTE4, ROUTE6, RADIO, APPLIED, LISTS, TIMER, LOG)
"""In this order, so that the clock is not ahead of what it dates."""

NAMES = {BearerName.FIXED: "FIXED", BearerName.MOBILE: "MOBILE"}
"""What the description of a BGP neighbour calls the bearers, as the templates write it."""

_INTERFACES = {FIXED_BEARER: BearerName.FIXED, MOBILE_BEARER: BearerName.MOBILE}
_FAMILIES: tuple[tuple[Family, str], ...] = ((4, ROUTE4), (6, ROUTE6))


def bearer_report(answers: Mapping[str, str]) -> BearerReport:
    """Return what a router says of its bearers.

    Args:
        answers: to COMMANDS.

    Raises:
        ValueError: when an answer cannot be read.
    """
    time = shown_time(answers[CLOCK], answers[VERSION])
    neighbours, bfd = shown_neighbours(answers[NEIGHBOURS]), shown_bfd(answers[BFD])
    bearers = bearers_of(neighbours)
    fixed_line, mobile_line = shown_interface(answers[FIXED]), shown_interface(answers[MOBILE])
    fixed = _bearer(BearerName.FIXED, fixed_line, neighbours, bfd)
    mobile = _bearer(BearerName.MOBILE, mobile_line, neighbours, bfd, shown_radio(answers[RADIO]))
    return BearerReport(
        clock=time.uptime,
        fixed=fixed,
        mobile=mobile,
        in_use={family: _in_use(shown_route(answers[command]), bearers) for family, command in _FAMILIES},
        hold_left=_hold_left(shown_tracks(answers[TRACK]), fixed),
        voice_off=voice_kept_off(answers[APPLIED], answers[LISTS]),
        drill=current_drill(fixed_line.description, shown_timer(answers[TIMER]), time),
        events=tuple(BearerLog(time.booted, bearers).read(answers[LOG].splitlines())),
    )


def bearers_of(neighbours: Sequence[ShownNeighbour]) -> dict[str, BearerName]:
    """Return the bearer of each BGP neighbour, by address."""
    return {each.address: name for name, word in NAMES.items() for each in neighbours if each.description == word}


def announced_to(neighbour: str) -> str:
    """Return the command that tells what a BGP neighbour is told; asked apart from COMMANDS, for few want to know."""
    return f"show bgp ipv{_family(neighbour)} unicast neighbors {neighbour} advertised-routes"


def _bearer(
    name: BearerName,
    line: ShownInterface,
    neighbours: Sequence[ShownNeighbour],
    bfd: Mapping[str, bool],
    radio: Radio | None = None,
) -> Bearer:
    interface = next(interface for interface, its in _INTERFACES.items() if its is name)
    return Bearer(
        name=name,
        interface=interface,
        link_up=line.up,
        neighbourships=tuple(_neighbourship(each, bfd) for each in neighbours if each.description == NAMES[name]),
        received_bytes=line.received_bytes,
        sent_bytes=line.sent_bytes,
        radio=radio,
    )


def _neighbourship(neighbour: ShownNeighbour, bfd: Mapping[str, bool]) -> Neighbourship:
    return Neighbourship(
        family=_family(neighbour.address),
        bgp=neighbour.established,
        bfd=bfd.get(neighbour.address, False) if neighbour.bfd else None,
        up_seconds=neighbour.up_seconds,
    )


def _family(address: str) -> Family:
    return 6 if ":" in address else 4


def _in_use(route: ShownRoute | None, bearers: Mapping[str, BearerName]) -> BearerName | None:
    if route is None:
        return None
    if route.interface is not None:
        return _INTERFACES.get(route.interface)
    return bearers.get(route.gateway or "")


def _hold_left(tracks: Mapping[int, ShownTrack], fixed: Bearer) -> float | None:
    """Return how long a bearer that works again is still held: its probe may have told nothing yet."""
    track = tracks.get(TRUSTED_TRACK, tracks.get(EARLIER_TRUSTED_TRACK))
    if track is None or track.up or not fixed.works:
        return None
    return track.delay_up if track.left is None else track.left
