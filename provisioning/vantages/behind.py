"""Observes the service as those behind the router have it: a new host on the LAN, and the customer's firewall."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager

from provisioning.errors import ProvisoError
from provisioning.judging.reading import part, parts, texts
from provisioning.model.checks.behind import (
    DnsCheck,
    FirewallCheck,
    LeaseCheck,
    NatCheck,
    SlaacCheck,
    SourceFilterCheck,
)
from provisioning.model.checks.performance import ThroughputCheck
from provisioning.model.expectation import AnyCheck, Expectation
from provisioning.model.observation import Observation
from provisioning.model.verdict import Viewpoint
from provisioning.ports import Vantage
from provisioning.vantages.points import Points
from provisioning.vantages.service import Service, service

NAME = "www.example.net"
"""That a resolver is asked for: reserved for examples (RFC 2606), so that any answer will do."""

THROUGHPUT_SECONDS = 3.0
SPOOF_PORTS = (33000, 60000)

LAN_KINDS = (LeaseCheck, NatCheck, SlaacCheck, DnsCheck)
Seen = Mapping[str, object]


def observe_lan(expectation: Expectation, points: Points) -> Iterator[Observation]:
    """Yield what a new host on the LAN finds."""
    checks = [each for each in expectation.checks if isinstance(each, LAN_KINDS) or _spoofs(each, Viewpoint.LAN)]
    if points.lan is None or points.internet is None:
        yield from _nobody(checks, points, points.lan, Viewpoint.LAN)
        return
    lan, internet = points.lan, points.internet
    request: dict[str, object] = {"interface": points.interface, "do": ["nat", "slaac", "dns", "spoof"], "name": NAME}
    request["keep"] = any(isinstance(each, ThroughputCheck) for each in expectation.checks)
    request["resolver"] = next((str(each.resolver) for each in checks if isinstance(each, DnsCheck)), "")
    port = _spoof_port()
    try:
        addresses = _addresses_of(internet)
        with _greeter(internet, addresses) as greeter, _spoof_witness(internet, addresses) as witness:
            request["greeter"] = _reached(greeter, addresses)
            request["spoof"] = {"sources": _foreign(checks), "targets": addresses, "port": port}
            seen = lan.probe("lan", request, seconds=75)
            arrived = _arrived(witness, port)
    except ProvisoError as error:
        yield from (Observation(each.id, None, error.what, by=(lan.name,)) for each in checks)
        return
    for check in checks:
        yield _of_lan(check, seen, arrived, lan)


def _of_lan(check: AnyCheck, seen: Seen, arrived: set[str], lan: Vantage) -> Observation:
    match check:
        case LeaseCheck():
            found = seen.get("lease")
        case NatCheck():
            found = seen.get("nat")
        case SlaacCheck():
            found = seen.get("slaac")
        case DnsCheck():
            found = seen.get("dns")
        case _:
            found = _spoofed(seen.get("spoof"), arrived)
    return Observation(check.id, found if isinstance(found, Mapping) else {}, by=(lan.name,))


def observe_firewall(expectation: Expectation, points: Points) -> Iterator[Observation]:
    """Yield what the customer's firewall finds."""
    here = Viewpoint.CUSTOMER_FIREWALL
    checks = [each for each in expectation.checks if isinstance(each, FirewallCheck) or _spoofs(each, here)]
    if not checks:
        return
    if points.firewall is None or points.internet is None:
        yield from _nobody(checks, points, points.firewall, here)
        return
    firewall, internet = points.firewall, points.internet
    port = _spoof_port()
    within = [str(each.within) for each in checks if isinstance(each, FirewallCheck)]
    try:
        addresses = _addresses_of(internet)
        with _greeter(internet, addresses) as greeter, _spoof_witness(internet, addresses) as witness:
            spoof = {"sources": _foreign(checks), "targets": addresses, "port": port}
            request = {"within": within, "greeter": _reached(greeter, addresses), "spoof": spoof}
            seen = firewall.probe("firewall", request, seconds=60)
            arrived = _arrived(witness, port)
    except ProvisoError as error:
        yield from (Observation(each.id, None, error.what, by=(firewall.name,)) for each in checks)
        return
    for check in checks:
        found = seen if isinstance(check, FirewallCheck) else _spoofed(seen.get("spoof"), arrived)
        yield Observation(check.id, found, by=(firewall.name,))


def observe_throughput(expectation: Expectation, points: Points) -> Iterator[Observation]:
    """Yield what passes between a new host on the LAN and the internet, a few seconds each way."""
    checks = [each for each in expectation.checks if isinstance(each, ThroughputCheck)]
    if not checks:
        return
    if points.lan is None or points.internet is None:
        yield from _nobody(checks, points, points.lan, Viewpoint.LAN)
        return
    lan, internet = points.lan, points.internet
    try:
        addresses = _addresses_of(internet)
        with _greeter(internet, addresses) as greeter:
            request = {
                "interface": points.interface,
                "do": ["throughput"],
                "seconds": THROUGHPUT_SECONDS,
                "bytes": checks[0].most_bytes,
                "greeter": _reached(greeter, addresses),
            }
            found = lan.probe("lan", request, seconds=75).get("throughput")
    except ProvisoError as error:
        yield from (Observation(each.id, None, error.what, by=(lan.name,)) for each in checks)
        return
    seen = dict(found) if isinstance(found, Mapping) else {}
    if points.carries is not None:
        seen["carries"] = points.carries
    yield from (Observation(each.id, seen, by=(lan.name, internet.name)) for each in checks)


def _nobody(
    checks: "list[AnyCheck] | list[ThroughputCheck]", points: Points, here: Vantage | None, viewpoint: Viewpoint
) -> Iterator[Observation]:
    missing = viewpoint if here is None else Viewpoint.INTERNET
    yield from (Observation(each.id, None, points.why_not(missing)) for each in checks)


def _spoofs(check: AnyCheck, viewpoint: Viewpoint) -> bool:
    return isinstance(check, SourceFilterCheck) and check.viewpoint is viewpoint


def _foreign(checks: list[AnyCheck]) -> list[str]:
    return [str(source) for each in checks if isinstance(each, SourceFilterCheck) for source in each.sources]


def _spoofed(found: object, arrived: set[str]) -> Seen:
    """Return what became of foreign sources: what was sent, and what of it arrived."""
    seen = found if isinstance(found, Mapping) else {}
    controls = [each for each in texts(seen, "controls") if each in arrived or _translated(each, arrived)]
    return {"sent": list(texts(seen, "sent")), "controls": controls, "arrived": sorted(arrived)}


def _translated(own: str, arrived: set[str]) -> bool:
    """Return whether something arrived that may have been sent from a private address: with the line's own."""
    return ":" not in own and any(":" not in each for each in arrived)


def _addresses_of(internet: Vantage) -> dict[str, str]:
    """Return an address for each family at which a host of the internet can be called."""
    own = texts(internet.probe("addresses", {}, seconds=20), "addresses")
    return {("6" if ":" in each else "4"): each for each in reversed(own)}


def _greeter(internet: Vantage, addresses: Mapping[str, str]) -> AbstractContextManager[Service]:
    return service(internet, "greeter", {"addresses": list(addresses.values())})


def _spoof_witness(internet: Vantage, addresses: Mapping[str, str]) -> AbstractContextManager[Service]:
    return service(internet, "witness", {"name": internet.name, "watched": list(addresses.values())})


def _reached(greeter: Service, addresses: Mapping[str, str]) -> dict[str, list[object]]:
    known = part(greeter.told, "ports") or {}
    return {version: [address, known.get(address)] for version, address in addresses.items() if address in known}


def _spoof_port() -> int:
    first, last = SPOOF_PORTS
    return first + secrets.randbelow(last - first)


def _arrived(witness: Service, port: int) -> set[str]:
    calls = parts(witness.end(), "arrivals")
    return {str(each.get("from")).split(" ")[0] for each in calls if each.get("port") == port}
