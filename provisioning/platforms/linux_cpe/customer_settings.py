"""Reads back what the customer may change on the router (facts: I-8.1), by hostapd's own rules of reading its file."""

import re
from collections.abc import Mapping

from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.secret import Secret
from provisioning.platforms.linux_cpe.encoders import is_wifi_key

DOCUMENT = "hostapd.conf"

MOST_OCTETS = 32
"""Of an SSID (IEEE 802.11-2020, 9.4.2.2)."""

HIGHEST_CHANNEL = 177

_OPTION = re.compile(r"([a-z0-9_]+)=(.*)", re.ASCII | re.DOTALL)
_PRINTF = re.compile(rb"\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"e": b"\x1b"}

# As an option of sae_password, each begins with a bar (hostapd.conf, "sae_password").
_SAE_OPTION = re.compile(r"\|(?:mac|vlanid|pk|id)=.*", re.DOTALL)


def read_customer_settings(documents: Mapping[str, str]) -> CustomerSettings | None:
    """Return SSID, channel and key as they stand on the router.

    Args:
        documents: the texts of the router's documents by their names.

    Returns:
        None where Wi-Fi is off, or where hostapd.conf holds no SSID or key that hostapd could use.
    """
    text = documents.get(DOCUMENT)
    if text is None:
        return None
    ssid: str | None = None
    options: dict[str, str] = {}
    for line in text.split("\n"):
        found = _OPTION.fullmatch(line)
        if found is None:
            continue
        name, value = found.groups()
        options[name] = value
        # The later of the two wins, as with hostapd.
        if name == "ssid":
            ssid = _ssid(_octets(value))
        elif name == "ssid2":
            ssid = _ssid(_string(value))
    key = _key(options)
    return None if ssid is None or key is None else CustomerSettings(ssid, _channel(options.get("channel")), key)


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _ssid(octets: bytes | None) -> str | None:
    if octets is None or not 1 <= len(octets) <= MOST_OCTETS:
        return None
    return octets.decode("utf-8", "surrogateescape")


def _string(value: str) -> bytes | None:
    """Return the octets of a quoted text, with or without escapes, or of digits (hostapd.conf, "ssid2")."""
    if value.startswith('"'):
        end = value.rfind('"')
        return _octets(value[1:end]) if end > 0 else None
    if value.startswith('P"'):
        end = value.rfind('"')
        return _PRINTF.sub(_unescaped, _octets(value[2:end])) if end > 1 else None
    try:
        return bytes.fromhex(value) if value == "".join(value.split()) else None
    except ValueError:
        return None


def _unescaped(found: re.Match[bytes]) -> bytes:
    what = found[1]
    if what[:1] == b"x" and len(what) > 1:
        return bytes([int(what[1:], 16)])
    if what.isdigit() and what[:1] in b"01234567":
        return bytes([int(what, 8) & 0xFF])
    return _ESCAPES.get(what, what)


def _channel(value: str | None) -> int | None:
    """Return the channel; 0 and `acs_survey` let the router choose, and so does what is no channel."""
    if value is None or not re.fullmatch(r"[0-9]{1,3}", value, re.ASCII):
        return None
    return int(value) if 1 <= int(value) <= HIGHEST_CHANNEL else None


def _key(options: Mapping[str, str]) -> Secret | None:
    for name in ("wpa_passphrase", "wpa_psk", "sae_password"):
        value = options.get(name)
        if value is None:
            continue
        if name == "sae_password":
            value = _SAE_OPTION.sub("", value)
        if is_wifi_key(value):
            return Secret(value)
    return None
