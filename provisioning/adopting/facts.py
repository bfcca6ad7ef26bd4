"""What was read of a router, fact by fact, as people see it."""

from collections import defaultdict
from collections.abc import Iterator

from provisioning.model.adoption import AdoptedFact
from provisioning.model.opening import Opening, from_sources
from provisioning.model.read_intent import SNMP_KEYS, Known, Place, ReadIntent, ReadWifi
from provisioning.model.secret import REDACTED


def facts_of(read: ReadIntent) -> tuple[AdoptedFact, ...]:
    """Return everything that was read; secrets are told to be there, and not shown."""
    return tuple(_facts(read))


def _facts(read: ReadIntent) -> Iterator[AdoptedFact]:
    if read.label is not None:
        label = read.label.value
        yield _fact("label", f"line {label.line}, {label.formula}, router {label.serial}", read.label)
    for name, known in (
        ("host name", read.hostname),
        ("management", read.management),
        ("fixed IPv4", read.fixed_ipv4),
        ("IP Pack", read.ip_pack),
        ("IPv6 block", read.ipv6),
        ("routed IPv6", read.ipv6_routed),
        ("LAN", read.lan),
        ("LAN router", read.router),
    ):
        if known is not None:
            yield _fact(name, str(known.value), known)
    for lent in read.dhcp:
        yield _fact("DHCP", f"{lent.value.first} - {lent.value.last}", lent)
    if read.wifi is not None:
        yield from _wifi(read.wifi)
    yield from _openings(read)
    if read.managed_firewall is not None:
        yield _fact("managed firewall", "sessions timed by application", read.managed_firewall)
    yield from _ways_out(read)


def _openings(read: ReadIntent) -> Iterator[AdoptedFact]:
    """Yield what is opened, one fact for each target and document line, or run of lines."""
    mapped = [(*_told(each.value.opening, f"{each.value.target}"), each) for each in read.port_mappings]
    opened = [(*_told(each.value, "the customer's firewall"), each) for each in read.customer_openings]
    for name, found in (("port mapping", mapped), ("opening", opened)):
        by_target: dict[str, list[tuple[str, Known[object]]]] = defaultdict(list)
        for ports, target, known in found:
            by_target[target].append((ports, known))
        for target, some in by_target.items():
            lines = sorted({known.place.line for _, known in some})
            place = Place(some[0][1].place.document, lines[0])
            until = f"-{lines[-1]}" if len(lines) > 1 else ""
            value = f"{', '.join(ports for ports, _ in some)} to {target}"
            yield AdoptedFact(name, value, f"{place}{until}", some[0][1].sure)


def _told(opening: Opening, target: str) -> tuple[str, str]:
    arrives = f" {opening.target_ports}" if opening.to_port is not None else ""
    return f"{opening.ports}", f"{target}{arrives}{from_sources(opening.sources)}"


def _wifi(wifi: Known[ReadWifi]) -> Iterator[AdoptedFact]:
    yield _fact("Wi-Fi SSID", printable(wifi.value.ssid), wifi)
    yield _fact("Wi-Fi channel", str(wifi.value.channel or "the router chooses"), wifi)
    if wifi.value.security:
        yield _fact("Wi-Fi security", wifi.value.security, wifi)
    if wifi.value.key is not None:
        yield _fact("Wi-Fi key", REDACTED, wifi)


def _ways_out(read: ReadIntent) -> Iterator[AdoptedFact]:
    for bearer in read.bearers:
        kind = "mobile" if bearer.value.mobile else "fixed"
        yield _fact("bearer", f"{bearer.value.interface}, {kind}, {bearer.value.addressing}", bearer)
    if read.ppp is not None:
        yield _fact("PPP", f"{read.ppp.value.user} on {read.ppp.value.interface}", read.ppp)
    if read.bgp is not None:
        yield _fact("BGP", f"AS {read.bgp.value.as_number}: {', '.join(read.bgp.value.neighbours)}", read.bgp)
    for resolver in read.resolvers:
        yield _fact("resolver", resolver.value, resolver)
    if read.snmp_authentication is not None:
        yield _fact(SNMP_KEYS, REDACTED, read.snmp_authentication)


def _fact(name: str, value: str, known: Known[object]) -> AdoptedFact:
    return AdoptedFact(name, printable(value), str(known.place), known.sure)


def printable(text: str) -> str:
    """Return text without what no text file can hold: octets that are no UTF-8 become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
