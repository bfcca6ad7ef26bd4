"""What a backup holds, item by item (facts: I-8.3), and which of them a line has."""

from enum import StrEnum

from provisioning.model.intent import AddressedIntent
from provisioning.platforms.backup_contents import BackupContents


class Item(StrEnum):
    """An item of the contract's list, in its words."""

    INTERNET = "internet IP configuration"
    DHCP_SERVER = "DHCP server"
    DHCP_POOL = "DHCP pool"
    WIFI_DATA = "Wi-Fi data"
    WIFI_PASSWORD = "Wi-Fi password"  # noqa: S105 - the name of an item
    WIFI_SECURITY = "Wi-Fi security mode"
    PORT_MAPPINGS = "port mappings"
    PPP = "PPP connection data"


def items_of(addressed: AddressedIntent) -> tuple[Item, ...]:
    """Return the items that a line's intent has; none where it has no router of ours.

    No intent says that its bearer runs over PPP: that shows on the router (`items_in`).
    """
    intent = addressed.intent
    if intent.cpe is None or intent.lan is None:
        return ()
    items = [Item.INTERNET]
    if intent.lan.dhcp:
        items += [Item.DHCP_SERVER, Item.DHCP_POOL]
    if intent.wifi is not None:
        items += [Item.WIFI_DATA, Item.WIFI_PASSWORD, Item.WIFI_SECURITY]
    if intent.port_mappings:
        items.append(Item.PORT_MAPPINGS)
    return tuple(items)


def items_in(contents: BackupContents) -> tuple[Item, ...]:
    """Return the items that a router's documents hold, whatever their values."""
    held = {
        Item.INTERNET: bool(contents.ipv4 or contents.learned),
        Item.DHCP_SERVER: bool(contents.dhcp),
        Item.DHCP_POOL: any(each.lent for each in contents.dhcp),
        Item.WIFI_DATA: any(each.ssid for each in contents.wireless),
        Item.WIFI_PASSWORD: any(each.key for each in contents.wireless),
        Item.WIFI_SECURITY: any(each.security for each in contents.wireless),
        Item.PORT_MAPPINGS: bool(contents.forwards),
        Item.PPP: any(not each.missing for each in contents.ppp),
    }
    return tuple(item for item, found in held.items() if found)
