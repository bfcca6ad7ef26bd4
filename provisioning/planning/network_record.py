"""What the operator's other systems are told of a line: BNG, RADIUS, mobile core. Pure data."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from provisioning.model.intent import AddressedIntent, StructuredIpv6

SCHEMA = 1


def network_record(
    addressed: AddressedIntent,
    order: str,
    *,
    before: AddressedIntent | None = None,
    served: AddressedIntent | None = None,
) -> dict[str, object]:
    """Return what others' systems have to know to carry a line, as JSON knows it (docs/activation.md).

    Args:
        order: whose line it is.
        before: the line as its router may still be: what that had is routed on, and by the BNG where that router
            speaks no BGP.
        served: the line whose openings lead to servers besides: closing a port stops nobody's server.
    """
    keep_routes = before is not None and not has_mobile(before)
    intent = addressed.intent
    rate = intent.rate
    return {
        "schema": SCHEMA,
        "line": intent.line,
        "order": order,
        "cpe": intent.cpe.serial if intent.cpe else None,
        "ont": intent.ont.serial if intent.ont else None,
        "access": intent.access.value,
        "bearers": list(intent.bearers),
        "static_routes": keep_routes or not has_mobile(addressed),
        "rate": {"down": rate.down, "up": rate.up} if rate else None,
        "management": _text(addressed.management),
        "fixed_ipv4": _text(addressed.fixed_ipv4),
        "ip_pack": _text(addressed.ip_pack),
        "former_ipv4": [str(each) for each in _former(addressed, before)],
        "ipv6": _ipv6(addressed.ipv6) if addressed.ipv6 else None,
        "customer_firewall": intent.customer_firewall,
        "servers": _servers(addressed, served),
        "lan": {"subnet": str(intent.lan.subnet), "router": str(intent.lan.router)} if intent.lan else None,
    }


def has_mobile(addressed: AddressedIntent) -> bool:
    """Return whether a line has a mobile bearer, so that its router announces its prefixes by BGP."""
    return "mobile" in addressed.intent.bearers


def _former(addressed: AddressedIntent, before: AddressedIntent | None) -> Iterator[IPv4Network]:
    """Yield what the line has besides its own addresses, or may still have."""
    own = [IPv4Network(each) for each in (addressed.fixed_ipv4,) if each is not None]
    own += [each for each in (addressed.ip_pack,) if each is not None]
    had = list(addressed.packs[1:])
    if before is not None:
        had += [IPv4Network(before.fixed_ipv4)] if before.fixed_ipv4 is not None else []
        had += before.packs
    yield from (each for each in dict.fromkeys(had) if each not in own)


def _ipv6(ipv6: StructuredIpv6) -> dict[str, str | None]:
    return {
        "block": str(ipv6.block),
        "lan_half": str(ipv6.lan_half),
        "link": str(ipv6.link),
        "routed_half": _text(ipv6.routed_half),
        "next_hop": _text(ipv6.next_hop),
    }


def _servers(addressed: AddressedIntent, served: AddressedIntent | None) -> list[dict[str, object]]:
    targets: dict[str, dict[str, None]] = {}
    for line in (addressed, served):
        for mapping in line.intent.port_mappings if line is not None else ():
            targets.setdefault(str(mapping.target), {})[str(mapping.target_ports)] = None
    return [{"target": target, "ports": list(ports)} for target, ports in targets.items()]


def _text(value: object | None) -> str | None:
    return str(value) if value is not None else None
