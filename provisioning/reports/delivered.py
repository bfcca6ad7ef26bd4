"""What the customer ordered and what was delivered, as rows for a page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from provisioning.model.acceptance import AcceptanceReport
from provisioning.model.intent import AddressedIntent, Lan
from provisioning.model.opening import Network, by_sources
from provisioning.model.port_range import PortRange
from provisioning.model.product import Product, WifiNetwork
from provisioning.reports.terms import TERMS
from provisioning.reports.visible import one_line
from provisioning.reports.words import Words


@dataclass(frozen=True, slots=True)
class Fact:
    """A row: a label, and what stands behind it, line by line.

    Attributes:
        code: whether it is for machines as well: an address, a serial, a digest.
    """

    label: str
    lines: tuple[str, ...]
    code: bool = False


def term(words: Words, value: object) -> str:
    """Return a word of the contract in the language, or as it is where it is a name."""
    return words.text(TERMS[str(value)]) if str(value) in TERMS else one_line(value)


def ordered(product: Product, words: Words) -> Iterator[Fact]:
    """Yield the order: number, customer, site, formula, options."""
    text = words.text
    yield Fact(text("Order number"), (one_line(product.order),), code=True)
    yield Fact(text("Customer"), (one_line(product.customer),))
    yield Fact(text("Site"), (one_line(product.site),))
    yield Fact(text("Formula"), (one_line(product.formula_name),))
    yield Fact(
        text("Maximum speed"), (_speed(product, words), text("on %(access)s", access=term(words, product.access)))
    )
    yield Fact(text("Monthly volume"), (_volume(product, words),))
    yield Fact(text("Service level"), (term(words, product.level.name), term(words, product.level.window)))
    yield Fact(text("Initial term"), (words.count("%(number)s month", "%(number)s months", product.term_months),))
    if product.rush is not None:
        yield Fact(text("Requested ready-for-service date"), (words.day(product.rush),))
    yield Fact(text("Included and ordered"), tuple(_options(product, words)) or (text("nothing further"),))


def _speed(product: Product, words: Words) -> str:
    if product.rate is None:
        return words.text("not stated in the contract")
    down, up = words.number(product.rate.down), words.number(product.rate.up)
    return words.text("%(down)s Mbit/s download, %(up)s Mbit/s upload", down=down, up=up)


def _volume(product: Product, words: Words) -> str:
    gigabytes = product.volume.gigabytes
    if gigabytes is None:
        return words.text("unlimited")
    amount = f"{words.number(gigabytes / 1000, 1)} TB" if gigabytes >= 1000 else f"{words.number(gigabytes)} GB"
    shown = words.text("%(amount)s, fair use", amount=amount) if product.volume.fair_use else amount
    return words.text("%(volume)s, with Volume Pack", volume=shown) if product.volume_pack else shown


def _options(product: Product, words: Words) -> Iterator[str]:
    text = words.text
    if product.fixed_ipv4:
        yield text("Fixed IPv4 address")
    if product.fixed_ipv6:
        yield text("Fixed IPv6 block")
    if product.ip_pack is not None:
        yield words.count("IP Pack of %(number)s address", "IP Pack of %(number)s addresses", product.ip_pack)
    for present, name in (
        (product.managed_firewall, text("Managed firewall")),
        (product.mobile_backup, text("Mobile back-up")),
        (product.configuration_backup, text("Configuration backup")),
        (product.standard_changes, text("Standard changes")),
        (product.router_choice, text("Choice of a more powerful router")),
    ):
        if present:
            yield name


def delivered(report: AcceptanceReport, words: Words) -> Iterator[Fact]:
    """Yield what was delivered: addresses, Wi-Fi (never its key), LAN, router, digest."""
    text, addressed = words.text, report.addressed
    intent = addressed.intent
    yield Fact(text("Line"), (one_line(intent.line),), code=True)
    yield Fact(text("Connections"), tuple(term(words, each) for each in intent.bearers))
    yield from _addresses(addressed, words)
    if intent.lan is not None:
        yield from _lan(intent.lan, words)
        yield Fact(text("Wi-Fi"), tuple(_wifi(intent.wifi, words)) if intent.wifi else (text("off"),))
    yield Fact(text("Router"), (term(words, report.product.router),))
    if report.serial:
        yield Fact(text("Serial number of the router"), (one_line(report.serial),), code=True)
    if intent.ont is not None:
        yield Fact(text("Serial number of the fibre modem (ONT)"), (one_line(intent.ont.serial),), code=True)
    if addressed.management is not None:
        yield Fact(text("Management address"), (str(addressed.management),), code=True)
    if report.digest:
        yield Fact(text("Fingerprint of the configuration"), (one_line(report.digest),), code=True)


def _addresses(addressed: AddressedIntent, words: Words) -> Iterator[Fact]:
    text, dynamic = words.text, words.text("dynamic")
    fixed = addressed.fixed_ipv4
    yield Fact(text("IPv4 address"), (str(fixed) if fixed else dynamic,), code=bool(fixed))
    if addressed.ip_pack is not None:
        yield Fact(text("IP Pack"), (str(addressed.ip_pack),), code=True)
    ipv6 = addressed.ipv6
    yield Fact(text("IPv6 block"), (str(ipv6.block) if ipv6 else dynamic,), code=bool(ipv6))
    if ipv6 is None:
        return
    yield Fact(text("IPv6 for your networks"), (str(ipv6.lan_half),), code=True)
    yield Fact(text("IPv6 of the first network"), (str(ipv6.link),), code=True)
    if ipv6.routed_half is not None:
        yield Fact(text("IPv6 for your own firewall"), (str(ipv6.routed_half),), code=True)
        yield Fact(text("IPv6 address of your own firewall"), (str(ipv6.next_hop),), code=True)


def _lan(lan: Lan, words: Words) -> Iterator[Fact]:
    text = words.text
    yield Fact(text("Your network (LAN)"), (str(lan.subnet),), code=True)
    yield Fact(text("Address of the router"), (str(lan.router),), code=True)
    ranges = tuple(
        text("%(first)s to %(last)s", first=each.first, last=each.last) if each.first != each.last else str(each.first)
        for each in lan.dhcp
    )
    yield Fact(text("Lent to your devices (DHCP)"), ranges or (text("none: servers take every address"),))


def _wifi(wifi: WifiNetwork, words: Words) -> Iterator[str]:
    text = words.text
    yield text("Name: %(ssid)s", ssid=one_line(wifi.ssid))
    channel = text("chosen by the router") if wifi.channel is None else str(wifi.channel)
    yield text("Channel: %(channel)s", channel=channel)
    yield text("Security: %(security)s", security=term(words, wifi.security))


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """What new connections from the internet reach; `code` where the target is an address."""

    ports: str
    address: str
    target: str
    who: str
    code: bool


def openings(addressed: AddressedIntent, words: Words) -> Iterator[OpeningRow]:
    """Yield the openings as they were ordered (facts: X-9)."""
    intent = addressed.intent
    for mapping in intent.port_mappings:
        arrives = f" {mapping.target_ports}" if mapping.to_port is not None else ""
        target, who = f"{mapping.target}{arrives}", _who(mapping.sources, words)
        yield OpeningRow(str(mapping.ports), str(addressed.fixed_ipv4 or ""), target, who, code=True)
    half = addressed.ipv6.routed_half if addressed.ipv6 else None
    where = " · ".join(str(each) for each in (addressed.ip_pack, half) if each is not None)
    for sources, some in by_sources(intent.customer_openings):
        ports = _ports(each.ports for each in some)
        yield OpeningRow(ports, where, words.text("your own firewall"), _who(sources, words), code=False)


def _who(sources: tuple[Network, ...], words: Words) -> str:
    return ", ".join(map(str, sources)) or words.text("everyone")


def _ports(ranges: Iterable[PortRange]) -> str:
    return ", ".join(str(each) for each in ranges)
