"""Looks for each item that a line's intent has in what its router's documents hold (facts: I-8.3).

What is the operator's must be there with the intent's values; what the customer may change (facts: I-8.1: name, key
and channel of the Wi-Fi network) with any. What is there beyond the intent is no concern of a backup.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from provisioning.backups.items import Item
from provisioning.model.intent import AddressedIntent, PortMapping
from provisioning.platforms.backup_contents import BackupContents, Interval

Missing = Callable[[AddressedIntent, BackupContents], Iterator[str]]
"""Yields what an item lacks, in words for people."""


def missing(item: Item, addressed: AddressedIntent, contents: BackupContents) -> str:
    """Return what an item lacks; empty when it is whole.

    Args:
        item: one that the intent has.
        contents: of the router's documents.
    """
    return ", ".join(_LOOK[item](addressed, contents))


def _internet(addressed: AddressedIntent, contents: BackupContents) -> Iterator[str]:
    """Yield what is missing of the line's addresses, and of what learns those that the network gives (facts: I-4)."""
    wanted = [addressed.management, addressed.fixed_ipv4]
    for address in wanted:
        if address is not None and f"{address}/32" not in contents.ipv4:
            yield f"no interface has {address}"
    for pack in addressed.packs:
        if f"{pack.network_address + 1}/{pack.prefixlen}" not in contents.ipv4:
            yield f"no interface has the gateway of {pack}"
    if (ipv6 := addressed.ipv6) is not None:
        if f"{ipv6.link.network_address + 1}/{ipv6.link.prefixlen}" not in contents.ipv6:
            yield f"no interface has an address of {ipv6.link}"
        if ipv6.routed_half is not None and f"{ipv6.routed_half} {ipv6.next_hop}" not in contents.routes:
            yield f"no route leads to {ipv6.routed_half}"
    if len(contents.learned) < len(addressed.intent.bearers):
        yield f"{len(contents.learned)} of {len(addressed.intent.bearers)} bearers ask for an address"
    yield from _translation(addressed, contents)


def _translation(addressed: AddressedIntent, contents: BackupContents) -> Iterator[str]:
    """Yield what hosts of the LAN lack to be translated, where the router's rules translate at all."""
    lan = addressed.intent.lan
    if contents.inside is None or lan is None:
        return
    if str(lan.router) not in contents.inside:
        yield f"hosts behind {lan.router} are not translated"
    if not contents.outside:
        yield "no interface is outside of the translation"


def _dhcp_server(addressed: AddressedIntent, contents: BackupContents) -> Iterator[str]:
    lan = addressed.intent.lan
    if lan is not None and not any(each.router == str(lan.router) for each in contents.dhcp):
        yield f"nothing is lent with the router {lan.router}" if contents.dhcp else "nothing is lent"


def _dhcp_pool(addressed: AddressedIntent, contents: BackupContents) -> Iterator[str]:
    lan = addressed.intent.lan
    if lan is None:
        return
    wanted = _union((int(each.first), int(each.last)) for each in lan.dhcp)
    if not any(_union(each.lent) == wanted for each in contents.dhcp):
        ranges = " and ".join(f"{each.first} - {each.last}" for each in lan.dhcp)
        yield f"what is lent is not {ranges}"


def _wifi_data(addressed: AddressedIntent, contents: BackupContents) -> Iterator[str]:
    if not any(each.ssid for each in contents.wireless):
        yield "no network that is on has a name" if contents.wireless else "no network is on"


def _wifi_password(addressed: AddressedIntent, contents: BackupContents) -> Iterator[str]:
    if not any(each.key for each in contents.wireless):
        yield "no network that is on has a key that can be used"


def _wifi_security(addressed: AddressedIntent, contents: BackupContents) -> Iterator[str]:
    wifi = addressed.intent.wifi
    if wifi is not None and not any(each.security == wifi.security for each in contents.wireless):
        yield f"no network that is on has {wifi.security}"


def _port_mappings(addressed: AddressedIntent, contents: BackupContents) -> Iterator[str]:
    held: dict[tuple[str, str, str, int], list[Interval]] = {}
    for each in contents.forwards:
        held.setdefault((each.protocol, each.outside, each.target, each.shift), []).append(each.ports)
    unions = {key: _union(ports) for key, ports in held.items()}
    for mapping in addressed.intent.port_mappings:
        shift = mapping.target_ports.first - mapping.ports.first
        found = unions.get((mapping.ports.protocol, str(addressed.fixed_ipv4), str(mapping.target), shift), ())
        if not _covers(found, mapping):
            where = f" {mapping.target_ports}" if shift else ""
            yield f"{mapping.ports} does not lead to {mapping.target}{where}"


def _covers(held: Iterable[Interval], mapping: PortMapping) -> bool:
    return any(first <= mapping.ports.first and mapping.ports.last <= last for first, last in held)


def _ppp(addressed: AddressedIntent, contents: BackupContents) -> Iterator[str]:
    for each in contents.ppp:
        if each.missing:
            yield f"{each.interface} has no {' and no '.join(each.missing)}"


def _union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the same numbers, in order, intervals that overlap or touch made one."""
    whole: list[Interval] = []
    for first, last in sorted(intervals):
        if whole and first <= whole[-1][1] + 1:
            whole[-1] = (whole[-1][0], max(whole[-1][1], last))
        else:
            whole.append((first, last))
    return tuple(whole)


_LOOK: Mapping[Item, Missing] = {
    Item.INTERNET: _internet,
    Item.DHCP_SERVER: _dhcp_server,
    Item.DHCP_POOL: _dhcp_pool,
    Item.WIFI_DATA: _wifi_data,
    Item.WIFI_PASSWORD: _wifi_password,
    Item.WIFI_SECURITY: _wifi_security,
    Item.PORT_MAPPINGS: _port_mappings,
    Item.PPP: _ppp,
}
