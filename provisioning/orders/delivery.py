"""What only the inventory and the secrets can tell of an order; `plan` and `accept` ask here, `check` does not."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network

from provisioning.model.finding import Finding
from provisioning.model.intent import AddressedIntent
from provisioning.model.olt import Olt, PortKind
from provisioning.model.product import Product
from provisioning.model.secret import Secret
from provisioning.orders import codes

# IEEE 802.11-2020, annex J.4: 8 to 63 printable ASCII characters, or 64 hexadecimal digits.
_PASSPHRASE = re.compile(r"[ -~]{8,63}|[0-9A-Fa-f]{64}", re.ASCII)


def port_carries_speed(product: Product, olts: Mapping[str, Olt]) -> Iterator[Finding]:
    """The ONT's port exists, and is XGS-PON where the speed needs it (facts: X-13)."""
    if product.ont is None:
        return
    olt = olts.get(product.ont.olt)
    if olt is None:
        known = ", ".join(sorted(olts)[:10])
        yield codes.OLT_UNKNOWN.at(
            "ont.olt",
            f"The inventory has no OLT `{product.ont.olt}`.",
            f"It has: {known}." if known else "Add it to inventory/hosts.yaml.",
        )
        return
    kind = olt.ports.get(product.ont.port)
    if kind is None:
        yield codes.OLT_PORT_UNKNOWN.at(
            "ont.port",
            f"The inventory knows no port {product.ont.port} on {olt.name}.",
            f"It has: {', '.join(list(olt.ports)[:20])}.",
        )
    elif product.needs_xgs_pon and kind is not PortKind.XGS_PON:
        fast = [port for port, each in olt.ports.items() if each is PortKind.XGS_PON]
        yield codes.OLT_PORT_TOO_SLOW.at(
            "ont.port",
            f"{product.rate} Mbit/s needs an XGS-PON port, and {product.ont.port} on {olt.name} is GPON.",
            f"XGS-PON there: {', '.join(fast[:20])}." if fast else "Choose an OLT with XGS-PON ports.",
        )


def wifi_key_is_allowed(product: Product, key: Secret | None) -> Iterator[Finding]:
    """The key that the form names exists, and Wi-Fi allows it. Neither it nor its length is shown."""
    if product.wifi is None or product.wifi.key_from is None:
        return
    source = product.wifi.key_from
    if key is None:
        yield codes.WIFI_KEY.at(
            "wifi.key_from", f"There is nothing behind `{source}`.", "Set that variable, or leave `key_from` out."
        )
    elif not _PASSPHRASE.fullmatch(key.reveal()):
        yield codes.WIFI_KEY.at(
            "wifi.key_from",
            f"The key behind `{source}` is not one that Wi-Fi allows.",
            "8 to 63 printable ASCII characters, or 64 hexadecimal digits.",
        )


def lan_is_apart(addressed: AddressedIntent) -> Iterator[Finding]:
    """The LAN shares no address with what the line is given (facts: I-4.2, I-4.3)."""
    lan = addressed.intent.lan
    if lan is None:
        return
    given = {
        "the IP Pack": addressed.ip_pack,
        "the fixed IPv4": IPv4Network(addressed.fixed_ipv4) if addressed.fixed_ipv4 else None,
        "the management address": IPv4Network(addressed.management) if addressed.management else None,
    }
    for name, network in given.items():
        if network is not None and network.overlaps(lan.subnet):
            yield codes.LAN_OVERLAPS.at(
                "lan.subnet",
                f"The LAN {lan.subnet} overlaps {name}, {network}.",
                "Choose another private subnet, or have the operator's pools corrected.",
            )
