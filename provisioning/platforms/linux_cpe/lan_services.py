"""dnsmasq.conf and hostapd.conf: what the LAN is served (dnsmasq(8), hostapd's example hostapd.conf)."""

from provisioning.model.secret import Secret
from provisioning.platforms.linux_cpe.encoders import (
    Hostapd,
    hostapd_comment,
    hostapd_hex,
    hostapd_key,
    plain_comment,
    plain_word,
)
from provisioning.platforms.linux_cpe.names import LAN_BRIDGE, RADIO
from provisioning.platforms.router_line import RouterLine
from provisioning.platforms.template import Hidden, Values

HIGHEST_2_4_GHZ_CHANNEL = 13

KEY_MANAGEMENT = {"wpa2": "WPA-PSK", "wpa2-wpa3": "WPA-PSK SAE", "wpa3": "SAE"}

MANAGEMENT_FRAME_PROTECTION = {"wpa2": 1, "wpa2-wpa3": 1, "wpa3": 2}
"""1 offers it, 2 insists, which WPA3-Personal asks for (Wi-Fi Alliance, "WPA3 Specification" 3.3, 2.3)."""

RAW_KEY_LENGTH = 64


def dnsmasq_conf(line: RouterLine) -> Values:
    """Return what dnsmasq.conf says: DHCP as the intent has it, DNS from the operator's resolvers (facts: I-4.6)."""
    return {
        "label": plain_comment(line.label),
        "bridge": plain_word(LAN_BRIDGE),
        "router": line.lan.router,
        "netmask": line.lan.subnet.netmask,
        "ranges": [(each.first, each.last) for each in line.lan.dhcp],
        "most_leases": sum(int(each.last) - int(each.first) + 1 for each in line.lan.dhcp),
        "resolvers": (*line.operator.resolvers_ipv4, *line.operator.resolvers_ipv6),
        "time_servers": line.operator.time_servers,
        # A delegated prefix is known to nobody before it comes: dnsmasq reads it off the bridge. A fixed one is FRR's.
        "delegated": line.addressed.ipv6 is None,
    }


def hostapd_conf(line: RouterLine) -> Values | None:
    """Return what hostapd.conf says; None where Wi-Fi is off."""
    wifi, key = line.intent.wifi, line.secrets.wifi_key
    if wifi is None or key is None:
        return None
    return {
        "label": hostapd_comment(line.label),
        "radio": Hostapd(RADIO),
        "bridge": Hostapd(LAN_BRIDGE),
        "ssid": hostapd_hex(wifi.ssid),
        # ACS, the choice by the router, is channel 0; it stays in the band that every client has.
        "channel": wifi.channel or 0,
        "five_ghz": (wifi.channel or 0) > HIGHEST_2_4_GHZ_CHANNEL,
        "key_management": Hostapd(KEY_MANAGEMENT[wifi.security]),
        "frame_protection": MANAGEMENT_FRAME_PROTECTION[wifi.security],
        **_key(key, KEY_MANAGEMENT[wifi.security].split()),
    }


def _key(key: Secret, modes: list[str]) -> Values:
    """Return the key as the customer knows it, so that a changed one can be read back (facts: I-8.1).

    hostapd takes `wpa_passphrase` for WPA2 and WPA3. 64 digits are the key itself, which only WPA2 knows; WPA3 takes
    them as a password, by an option that gives `|` a meaning and is therefore used for nothing else.
    """
    hidden = Hidden(hostapd_key(key.reveal()))
    raw = len(hidden) == RAW_KEY_LENGTH
    return {
        "sae": "SAE" in modes,
        "passphrase": None if raw else hidden,
        "psk": hidden if raw and "WPA-PSK" in modes else None,
        "sae_password": hidden if raw and "SAE" in modes else None,
    }
