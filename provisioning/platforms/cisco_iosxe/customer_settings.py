"""Reads back what the customer may change on the router (facts: I-8.1), from what it says of its wireless LAN."""

import re
from collections.abc import Iterable, Mapping

from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.secret import Secret
from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG, sections
from provisioning.platforms.cisco_iosxe.encoders import is_ios_wifi_key
from provisioning.platforms.cisco_iosxe.section import Section
from provisioning.platforms.cisco_iosxe.wifi import PROFILE

HIGHEST_CHANNEL = 177

MOST_OCTETS = 32
"""Of an SSID (IEEE 802.11-2020, 9.4.2.2)."""

_WLAN = re.compile(rf"wlan {PROFILE} \d+ (\S.*)")
_BAND = re.compile(r"radio policy dot11 (24ghz|5ghz)(?: .*)?")
_CHANNEL = re.compile(r"ap dot11 (24ghz|5ghz) rrm channel dca (\d{1,3})")

# With another digit than 0 the key is encrypted, and cannot be read back.
_KEY = re.compile(r"security wpa psk set-key (?:ascii|hex) 0 (\S.*)")

_ON = "no shutdown"


def read_customer_settings(documents: Mapping[str, str]) -> CustomerSettings | None:
    """Return SSID, channel and key as they stand on the router.

    Args:
        documents: the texts of the router's documents by their names.

    Returns:
        None where Wi-Fi is off, or where the configuration holds no SSID or key that can be used.
    """
    top = sections(documents.get(RUNNING_CONFIG, ""))
    for each in top:
        found = _WLAN.fullmatch(each.text)
        if found is None or _ON not in {inner.text for inner in each.children}:
            continue
        ssid, key = _ssid(found[1]), _key(each.children)
        return None if ssid is None or key is None else CustomerSettings(ssid, _channel(top, each.children), key)
    return None


def _ssid(written: str) -> str | None:
    ssid = written[1:-1] if len(written) > 1 and written[0] == written[-1] == '"' else written
    return ssid if 1 <= len(ssid.encode("utf-8", "surrogateescape")) <= MOST_OCTETS else None


def _key(commands: Iterable[Section]) -> Secret | None:
    for each in commands:
        found = _KEY.fullmatch(each.text)
        if found and is_ios_wifi_key(found[1]):
            return Secret(found[1])
    return None


def _channel(top: Iterable[Section], wlan: Iterable[Section]) -> int | None:
    """Return the one channel of the network's band; with several, or in both bands, the router chooses."""
    band = next((found[1] for each in wlan if (found := _BAND.fullmatch(each.text))), None)
    written = (found for each in top if (found := _CHANNEL.fullmatch(each.text)))
    channels = [int(each[2]) for each in written if each[1] == band]
    return channels[0] if len(channels) == 1 and 1 <= channels[0] <= HIGHEST_CHANNEL else None
