"""What must be observed before a line counts as proven: `expect(addressed, operator, router_addresses)`."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_interface

from provisioning.expecting import behind, outside
from provisioning.expecting.access import access
from provisioning.expecting.changed import changed
from provisioning.model.checks.check import Address
from provisioning.model.expectation import Expectation
from provisioning.model.intent import AddressedIntent
from provisioning.model.opening import Opening
from provisioning.model.operator import Operator

RouterAddresses = Mapping[str, tuple[str, ...]]
"""Addresses of the router in CIDR notation by interface, as `DeviceFacts.addresses` has them."""


def expect(
    addressed: AddressedIntent,
    operator: Operator,
    router_addresses: RouterAddresses,
    planned: str = "",
    before: tuple[Opening, ...] | None = None,
    was: AddressedIntent | None = None,
) -> Expectation:
    """Return what must be observed before the line counts as proven.

    Args:
        router_addresses: what the router itself has at the moment, for those addresses that the order does not tell:
            its own on the bearers. Without them the checks on those are left out.
        planned: digest of what the router must have in force; empty where that is not to be looked at.
        before: what was open before a change on request, which must leave all else as it was; None where the line is
            not changed on request.
        was: the line before a change on request; None where that is not known.
    """
    cpe, lan = addressed.intent.cpe, addressed.intent.lan
    bearers = tuple(dict.fromkeys(_further_addresses(addressed, router_addresses)))
    asked = () if before is None else tuple(each for each in addressed.intent.openings if each not in before)
    scans = tuple(outside.scans(addressed, bearers))
    checks = (
        *outside.openings(addressed, asked),
        *scans,
        *(changed(addressed, before, scans, was) if before is not None else ()),
        *(outside.left(addressed, was) if was is not None else ()),
        *outside.port_23(addressed, bearers),
        *(behind.lan_service(addressed, lan, bearers) if lan else ()),
        *behind.customer_firewall(addressed),
        *behind.source_filter(addressed),
        # A customer at work is not kept from it by measuring, for a change that leaves his rate alone.
        *(behind.throughput(addressed) if before is None else ()),
        *outside.path(addressed, bearers),
        *behind.management(addressed, operator),
        *behind.configuration(addressed, planned),
        *access(addressed),
    )
    return Expectation(addressed.intent.line, cpe.serial if cpe else "", checks)


def _further_addresses(addressed: AddressedIntent, router: RouterAddresses) -> Iterator[Address]:
    """Yield what the router has besides the line's own: its addresses on the bearers, and of delegated prefixes."""
    own = tuple(_own(addressed))
    for text in (text for texts in router.values() for text in texts):
        address = ip_interface(text).ip
        if not (address.is_loopback or address.is_link_local or any(address in network for network in own)):
            yield address


def _own(addressed: AddressedIntent) -> Iterator[IPv4Network | IPv6Network]:
    for each in (addressed.fixed_ipv4, addressed.management):
        if each is not None:
            yield IPv4Network(each)
    if addressed.intent.lan is not None:
        yield addressed.intent.lan.subnet
    yield from addressed.packs
    if addressed.ipv6 is not None:
        yield addressed.ipv6.block
