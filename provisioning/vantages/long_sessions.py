"""Sessions from the internet to the line's openings that are held over a drill: those that came in before the cut.

Sessions the other way are held beside the streams (`vantages/streams.py`), which also tell how long they stalled.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from provisioning.errors import ProvisoError
from provisioning.judging.reading import text
from provisioning.model.checks.check import Address
from provisioning.model.checks.openings import OpeningCheck
from provisioning.model.drill_traffic import BegunSession, HeldSession
from provisioning.model.expectation import Expectation
from provisioning.model.verdict import Viewpoint
from provisioning.ports import Vantage
from provisioning.vantages.points import Points
from provisioning.vantages.streams import LONGEST, token_of

MOST_TRIED = 8
"""Ports of an address that are tried until somebody answers."""

MOST_SILENT = 2
"""Ports that take their whole time and say nothing: after so many, nobody is there."""

AT_ONCE = 4
NOBODY = "nobody answered on the ports that could be tried"
LOST_SIGHT = "it was not held long enough to tell"


def begin_sessions_in(
    expectation: Expectation, points: Points, token: str, *, seconds: float
) -> tuple[BegunSession, ...]:
    """Begin a session with each address of the line that has an opening by TCP for everybody.

    Args:
        token: of the drill; each session is asked by one that is made from it.
        seconds: after which they end by themselves.
    """
    some = tuple(_openings(expectation))
    internet = points.internet
    if internet is None:
        why_not = points.why_not(Viewpoint.INTERNET)
        return tuple(BegunSession(f"the internet to {address}", "", why_not) for address, _ in some)

    def begun(place: int) -> BegunSession:
        address, ports = some[place]
        return _begun(internet, address, ports, f"{token}-in{place}", min(seconds, LONGEST))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return tuple(pool.map(begun, range(len(some))))


def end_sessions_in(begun: Iterable[BegunSession], points: Points) -> tuple[HeldSession, ...]:
    """Return what became of them, and end them; asked again, nobody knows."""
    return tuple(_ended(each, points.internet) for each in begun)


def _openings(expectation: Expectation) -> Iterator[tuple[Address, tuple[int, ...]]]:
    by_address: dict[Address, dict[int, None]] = {}
    for check in expectation.checks:
        if isinstance(check, OpeningCheck) and check.ports.protocol == "tcp" and not check.sources:
            by_address.setdefault(check.address, {}).update(dict.fromkeys(check.tried))
    yield from ((address, tuple(ports)[:MOST_TRIED]) for address, ports in by_address.items())


def _begun(internet: Vantage, address: Address, ports: tuple[int, ...], token: str, seconds: float) -> BegunSession:
    silent = 0
    for port in ports:
        own, name = token_of(token, str(port)), f"the internet to tcp/{port} of {address}"
        request = {"kind": "hold", "token": own, "seconds": seconds, "address": str(address), "port": port}
        try:
            state = text(internet.probe("start", request, seconds=20), "state")
            if state == "open":
                return BegunSession(name, own)
            internet.probe("ask", {"token": own}, seconds=20)
            silent += state != "refused"
            if silent >= MOST_SILENT:
                break
        except ProvisoError as error:
            return BegunSession(name, "", error.what)
    return BegunSession(f"the internet to {address}", "", NOBODY)


def _ended(begun: BegunSession, internet: Vantage | None) -> HeldSession:
    if not begun.token or internet is None:
        return HeldSession(begun.name, None, why_not=begun.why_not or LOST_SIGHT)
    try:
        state = text(internet.probe("ask", {"token": begun.token}, seconds=30), "state")
    except ProvisoError:
        return HeldSession(begun.name, None, why_not=LOST_SIGHT)
    if state not in ("lives", "dead"):
        return HeldSession(begun.name, None, why_not="the other end closed it by itself")
    return HeldSession(begun.name, state == "lives")
