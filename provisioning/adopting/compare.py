"""Where a router does something else than an order form makes of its line."""

from collections.abc import Iterator

from provisioning.adopting.facts import printable
from provisioning.model.adoption import AdoptedDifference
from provisioning.model.intent import AddressedIntent, Intent, Lan
from provisioning.model.opening import limited_by_source
from provisioning.model.port_range import merge

NONE = "none"


def differences(on_router: AddressedIntent, by_form: AddressedIntent) -> tuple[AdoptedDifference, ...]:
    """Return the differences, in the order in which people read an intent.

    Args:
        on_router: what was read.
        by_form: what the form makes of the line, with the addresses that the line holds.
    """
    return tuple(
        AdoptedDifference(name, there, here) for name, there, here in _pairs(on_router, by_form) if there != here
    )


def _pairs(one: AddressedIntent, other: AddressedIntent) -> Iterator[tuple[str, str, str]]:
    yield "fixed IPv4", str(one.fixed_ipv4 or NONE), str(other.fixed_ipv4 or NONE)
    yield "IP Pack", str(one.ip_pack or NONE), str(other.ip_pack or NONE)
    yield "IPv6 block", _block(one), _block(other)
    yield "management", str(one.management or NONE), str(other.management or NONE)
    yield from _of_intents(one.intent, other.intent)


def _of_intents(one: Intent, other: Intent) -> Iterator[tuple[str, str, str]]:
    yield "mobile back-up", _yes("mobile" in one.bearers), _yes("mobile" in other.bearers)
    yield "managed firewall", _yes(one.managed_firewall), _yes(other.managed_firewall)
    yield "LAN", _network(one.lan), _network(other.lan)
    yield "LAN router", _router(one.lan), _router(other.lan)
    yield "DHCP", _lent(one.lan), _lent(other.lan)
    yield "Wi-Fi", _wifi(one), _wifi(other)
    yield "port mappings", _mappings(one), _mappings(other)
    yield "openings", _openings(one), _openings(other)


def _block(addressed: AddressedIntent) -> str:
    return str(addressed.ipv6.block) if addressed.ipv6 else NONE


def _yes(whether: bool) -> str:
    return "yes" if whether else "no"


def _network(lan: Lan | None) -> str:
    return str(lan.subnet) if lan else NONE


def _router(lan: Lan | None) -> str:
    return str(lan.router) if lan else NONE


def _lent(lan: Lan | None) -> str:
    return ", ".join(f"{each.first} - {each.last}" for each in lan.dhcp) if lan and lan.dhcp else NONE


def _wifi(intent: Intent) -> str:
    if intent.wifi is None:
        return "off"
    channel = f"channel {intent.wifi.channel}" if intent.wifi.channel else "any channel"
    return f"{printable(intent.wifi.ssid)}, {channel}, {intent.wifi.security}"


def _mappings(intent: Intent) -> str:
    ordered = sorted(intent.port_mappings, key=lambda each: (each.ports, each.target))
    return ", ".join(str(each.opening) for each in ordered) or NONE


def _openings(intent: Intent) -> str:
    """Return what is open to the customer's firewall, however many entries say so."""
    opened = intent.customer_openings
    everybody = [str(each) for each in merge(each.ports for each in opened if not each.sources)]
    limited = [
        f"{', '.join(map(str, ports))} from {source}"
        for version in (4, 6)
        for source, ports in limited_by_source(opened, version)
    ]
    return ", ".join((*everybody, *limited)) or NONE
