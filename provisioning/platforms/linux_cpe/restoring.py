"""Puts a backup of a router into the form in which a router is told it: with what the customer set on it since."""

import re
from collections.abc import Iterator, Mapping

from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.line_secrets import LineSecrets
from provisioning.platforms.linux_cpe.customer_settings import DOCUMENT, read_customer_settings
from provisioning.platforms.linux_cpe.encoders import hostapd_hex, hostapd_key
from provisioning.platforms.linux_cpe.lan_services import HIGHEST_2_4_GHZ_CHANNEL, RAW_KEY_LENGTH

_BAND = ("ieee80211h", "hw_mode", "ieee80211ac")
_KEYS = ("wpa_passphrase", "wpa_psk", "sae_password")
_SSIDS = ("ssid", "ssid2")
_OPTION = re.compile(r"([a-z0-9_]+)=(.*)", re.ASCII | re.DOTALL)


def with_secrets(documents: Mapping[str, str], _secrets: LineSecrets) -> Mapping[str, str]:
    """Return documents as a router can be told them: a backup holds every secret that it needs."""
    return documents


def with_customer_settings(documents: Mapping[str, str], settings: CustomerSettings) -> Mapping[str, str]:
    """Return documents with other settings of the customer's; where Wi-Fi is off in them, it stays off.

    What is the same stays as it is written.

    Raises:
        CannotEncode: when hostapd could not be told one of them.
    """
    present = read_customer_settings(documents)
    if present is None:
        return documents
    written: dict[str, list[str]] = {}
    if settings.ssid != present.ssid:
        _replace(written, _SSIDS, [f"ssid2={hostapd_hex(settings.ssid)}"])
    if settings.channel != present.channel:
        _replace(written, ("channel",), [f"channel={settings.channel or 0}"])
        _replace(written, _BAND, _band(settings.channel))
    if settings.key.reveal() != present.key.reveal():
        _replace(written, _KEYS, _key(settings.key.reveal(), documents[DOCUMENT]))
    return {**documents, DOCUMENT: "\n".join(_lines(documents[DOCUMENT], written))}


def _replace(written: dict[str, list[str]], names: tuple[str, ...], lines: list[str]) -> None:
    """Note the lines that stand in the place of options, whichever of them comes first."""
    for name in names:
        written[name] = lines


def _band(channel: int | None) -> list[str]:
    if (channel or 0) > HIGHEST_2_4_GHZ_CHANNEL:
        return ["ieee80211h=1", "hw_mode=a", "ieee80211ac=1"]
    return ["hw_mode=g"]


def _key(key: str, text: str) -> list[str]:
    """Return the lines of a key: raw ones are told in another way than passphrases (see `hostapd_conf`)."""
    hidden = hostapd_key(key)
    if len(hidden) != RAW_KEY_LENGTH:
        return [f"wpa_passphrase={hidden}"]
    modes = re.search(r"^wpa_key_mgmt=(.*)$", text, re.MULTILINE)
    words = modes[1].split() if modes else []
    lines = [f"wpa_psk={hidden}"] if "WPA-PSK" in words else []
    return [*lines, f"sae_password={hidden}"] if "SAE" in words else lines


def _lines(text: str, written: Mapping[str, list[str]]) -> Iterator[str]:
    told: list[list[str]] = []
    for line in text.split("\n"):
        found = _OPTION.fullmatch(line)
        instead = written.get(found[1]) if found else None
        if instead is None:
            yield line
        elif not any(each is instead for each in told):
            told.append(instead)
            yield from instead
