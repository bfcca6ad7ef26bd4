"""Puts a backup of a router into the form in which a router is told it.

That is with the keys of SNMP users, which no backup holds, and with what the customer set on the router since.
"""

import re
from collections.abc import Iterator, Mapping

from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.line_secrets import LineSecrets
from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG, SNMP_USERS, user_lines
from provisioning.platforms.cisco_iosxe.customer_settings import read_customer_settings
from provisioning.platforms.cisco_iosxe.encoders import ios_snmp_key, ios_ssid, ios_wifi_key
from provisioning.platforms.cisco_iosxe.wifi import HIGHEST_2_4_GHZ_CHANNEL, PROFILE, RAW_KEY_LENGTH

_USER = re.compile(r"(?P<user>snmp-server user \S+ \S+ v3 auth \S+)(?P<privacy> priv (?:aes \d+|\S+))?")
_WLAN = re.compile(rf"(wlan {PROFILE} \d+) \S.*")
_KEY = re.compile(r"( +security wpa psk set-key) (?:ascii|hex) 0 \S.*")
_CHANNEL = re.compile(r"ap dot11 (?:24ghz|5ghz) rrm channel dca \d{1,3}")
_POLICY = re.compile(r" +radio policy dot11 (?:24ghz|5ghz)(?: .*)?")


def with_secrets(documents: Mapping[str, str], secrets: LineSecrets) -> Mapping[str, str]:
    """Return documents as a router can be told them: it shows no keys of SNMP users, so they are the line's own."""
    users = documents.get(SNMP_USERS)
    if users is None:
        return documents
    told = "".join(f"{_with_keys(each, secrets)}\n" for each in user_lines(users))
    return {**documents, SNMP_USERS: told}


def _with_keys(user: str, secrets: LineSecrets) -> str:
    found = _USER.fullmatch(user)
    if found is None:
        return user
    privacy = f"{found['privacy']} {ios_snmp_key(secrets.snmp_privacy.reveal())}" if found["privacy"] else ""
    return f"{found['user']} {ios_snmp_key(secrets.snmp_authentication.reveal())}{privacy}"


def with_customer_settings(documents: Mapping[str, str], settings: CustomerSettings) -> Mapping[str, str]:
    """Return documents with other settings of the customer's; where Wi-Fi is off in them, it stays off.

    What is the same stays as it is written.

    Raises:
        CannotEncode: when this router could not be told one of them.
    """
    present = read_customer_settings(documents)
    if present is None:
        return documents
    return {**documents, RUNNING_CONFIG: "\n".join(_lines(documents[RUNNING_CONFIG], present, settings))}


def _lines(text: str, present: CustomerSettings, settings: CustomerSettings) -> Iterator[str]:
    channel = settings.channel != present.channel
    inside = False
    for line in text.split("\n"):
        wlan = _WLAN.fullmatch(line)
        if not line.startswith(" "):
            inside = wlan is not None
        if channel and (_CHANNEL.fullmatch(line) or (inside and _POLICY.fullmatch(line))):
            continue
        if wlan is not None:
            yield from _wlan(line, wlan[1], settings, ssid=settings.ssid != present.ssid, channel=channel)
        elif inside and (found := _KEY.fullmatch(line)) and settings.key.reveal() != present.key.reveal():
            key = ios_wifi_key(settings.key.reveal())
            yield f"{found[1]} {'hex' if len(key) == RAW_KEY_LENGTH else 'ascii'} 0 {key}"
        else:
            yield line


def _wlan(line: str, begins: str, settings: CustomerSettings, *, ssid: bool, channel: bool) -> Iterator[str]:
    """Yield the network's own line, and what stands around it for a channel."""
    band = "5ghz" if (settings.channel or 0) > HIGHEST_2_4_GHZ_CHANNEL else "24ghz"
    if channel and settings.channel is not None:
        yield f"ap dot11 {band} rrm channel dca {settings.channel}"
    yield f"{begins} {ios_ssid(settings.ssid)}" if ssid else line
    if channel and settings.channel is not None:
        yield f" radio policy dot11 {band}"
