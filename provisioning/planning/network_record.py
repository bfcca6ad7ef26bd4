"""What the operator's other systems are told of a line: BNG, RADIUS, mobile core. Pure data."""

from provisioning.model.intent import AddressedIntent, StructuredIpv6

SCHEMA = 1


def network_record(addressed: AddressedIntent, order: str, *, keep_routes: bool = False) -> dict[str, object]:
    """Return what others' systems have to know to carry a line, as JSON knows it (docs/activation.md).

    Args:
        order: whose line it is.
        keep_routes: whether the router may not announce its prefixes yet though it is going to.
    """
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
        "ipv6": _ipv6(addressed.ipv6) if addressed.ipv6 else None,
        "customer_firewall": intent.customer_firewall,
        "servers": _servers(addressed),
        "lan": {"subnet": str(intent.lan.subnet), "router": str(intent.lan.router)} if intent.lan else None,
    }


def has_mobile(addressed: AddressedIntent) -> bool:
    """Return whether a line has a mobile bearer, so that its router announces its prefixes by BGP."""
    return "mobile" in addressed.intent.bearers


def _ipv6(ipv6: StructuredIpv6) -> dict[str, str | None]:
    return {
        "block": str(ipv6.block),
        "lan_half": str(ipv6.lan_half),
        "link": str(ipv6.link),
        "routed_half": _text(ipv6.routed_half),
        "next_hop": _text(ipv6.next_hop),
    }


def _servers(addressed: AddressedIntent) -> list[dict[str, object]]:
    targets: dict[str, list[str]] = {}
    for mapping in addressed.intent.port_mappings:
        targets.setdefault(str(mapping.target), []).append(str(mapping.target_ports))
    return [{"target": target, "ports": ports} for target, ports in targets.items()]


def _text(value: object | None) -> str | None:
    return str(value) if value is not None else None
