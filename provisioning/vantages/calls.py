"""Observes openings, the reserved port and the routed block: called from the internet, watched behind the router."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, suppress
from ipaddress import IPv6Address, IPv6Network

from provisioning.errors import ProvisoError
from provisioning.judging.reading import address, parts, texts
from provisioning.model.checks.check import Address
from provisioning.model.checks.openings import ClosedPortCheck, OpeningCheck, RoutedBlockCheck, ShutCheck
from provisioning.model.expectation import Expectation
from provisioning.model.observation import Observation
from provisioning.model.verdict import Viewpoint
from provisioning.ports import Vantage
from provisioning.vantages.points import Points
from provisioning.vantages.service import Service, service

CALL_SECONDS = 4.5
"""For one call. A router gives a host that does not answer up after three seconds (RFC 4861, 7.3.2), and says so."""

Call = tuple[str, str, int]
"""Protocol, address, port."""

CallCheck = OpeningCheck | ShutCheck | ClosedPortCheck | RoutedBlockCheck
Seen = Mapping[str, object]


def observe_calls(expectation: Expectation, points: Points) -> Iterator[Observation]:
    """Yield what was seen of every check that is a call from the internet."""
    checks = [each for each in expectation.checks if isinstance(each, CallCheck)]
    if points.internet is None or not checks:
        for check in checks:
            yield Observation(check.id, None, points.why_not(Viewpoint.INTERNET))
        return
    try:
        yield from _called(checks, points.internet, points)
    except ProvisoError as error:
        for check in checks:
            yield Observation(check.id, None, error.what, by=(points.internet.name,))


def _called(checks: list[CallCheck], internet: Vantage, points: Points) -> Iterator[Observation]:
    calls = sorted({call for check in checks for call in _calls(check)})
    watched = sorted({str(each) for check in checks for each in _targets(check)})
    with ExitStack() as stack:
        witnesses = dict(_witnesses(stack, points, watched))
        wanted = [{"protocol": protocol, "address": address, "port": port} for protocol, address, port in calls]
        answer = internet.probe("tries", {"wanted": wanted, "seconds": CALL_SECONDS}, seconds=60 + len(calls) / 20)
        seen = {viewpoint: _ended(each) for viewpoint, each in witnesses.items()}
    tries = {_call_of(each): each for each in parts(answer, "tries")}
    for check in checks:
        yield _observation(check, tries, seen, internet)


def _witnesses(stack: ExitStack, points: Points, watched: list[str]) -> Iterator[tuple[Viewpoint, Service]]:
    """Yield those that watch behind the router; without one, less can be told, and that is all."""
    for each in points.behind:
        with suppress(ProvisoError):
            yield each.viewpoint, stack.enter_context(_witness(each, watched))


def _witness(vantage: Vantage, watched: list[str]) -> AbstractContextManager[Service]:
    return service(vantage, "witness", {"name": vantage.name, "watched": watched})


def _ended(witness: Service) -> Seen:
    try:
        return {**witness.end(), "addresses": witness.told.get("addresses", [])}
    except ProvisoError:
        return {}


def _calls(check: CallCheck) -> Iterator[Call]:
    match check:
        case OpeningCheck() | ShutCheck():
            for port in check.tried:
                yield check.ports.protocol, str(check.address), port
        case ClosedPortCheck():
            for address in check.addresses:
                yield "tcp", str(address), check.port
        case RoutedBlockCheck():
            yield check.protocol, str(check.address), check.port


def _targets(check: CallCheck) -> tuple[Address, ...]:
    match check:
        case OpeningCheck() | ShutCheck():
            return (check.target,)
        case ClosedPortCheck():
            return check.addresses
        case RoutedBlockCheck():
            return (check.address,)


def _call_of(one: Seen) -> Call:
    port = one.get("port")
    return str(one.get("protocol")), str(one.get("address")), port if isinstance(port, int) else 0


def _observation(
    check: CallCheck, tries: Mapping[Call, Seen], witnesses: Mapping[Viewpoint, Seen], internet: Vantage
) -> Observation:
    mine = [tries[call] for call in _calls(check) if call in tries]
    seen: dict[str, object] = {"tries": mine}
    by = [internet.name]
    match check:
        case ClosedPortCheck():
            seen["witnesses"] = list(witnesses.values())
        case OpeningCheck() | ShutCheck():
            witness = witnesses.get(check.behind)
            if witness:
                seen["witness"] = {**witness, "owns": _owns(witness, check.target)}
                by.append(str(witness.get("name", "")))
        case RoutedBlockCheck():
            witness = witnesses.get(Viewpoint.CUSTOMER_FIREWALL)
            if witness:
                seen["witness"] = witness
                by.append(str(witness.get("name", "")))
    return Observation(check.id, seen, by=tuple(by))


def _owns(witness: Seen, target: Address) -> bool:
    """Return whether a host has an address, or one of the same routed /57."""
    own = [each for each in map(address, texts(witness, "addresses")) if each is not None]
    if isinstance(target, IPv6Address):
        half = IPv6Network((target, 57), strict=False)
        return any(each in half for each in own if each.version == 6)
    return target in own
