"""Wi-Fi, as the embedded wireless controller says it (Catalyst 9800 Configuration Guide, IOS-XE 17.9, "WLANs")."""

from provisioning.errors import CannotEncode
from provisioning.platforms.cisco_iosxe.encoders import Ios, ios_ssid, ios_wifi_key
from provisioning.platforms.router_line import RouterLine
from provisioning.platforms.template import Hidden, Values

HIGHEST_2_4_GHZ_CHANNEL = 13
RAW_KEY_LENGTH = 64
PROFILE = "PROVISO"

MANAGEMENT_FRAME_PROTECTION = {"wpa2": "optional", "wpa2-wpa3": "optional", "wpa3": "mandatory"}
"""What WPA3-Personal asks for (Wi-Fi Alliance, "WPA3 Specification" 3.3, 2.3)."""


def wifi(line: RouterLine) -> Values:
    """Return the Wi-Fi network; `wlan` is None where it is off.

    Number 1 is on the air by the default policy tag, which every access point has ("WLANs", "Default policy tag").
    """
    network, key = line.intent.wifi, line.secrets.wifi_key
    if network is None or key is None:
        return {"wlan": None}
    written = ios_wifi_key(key.reveal())
    raw = len(written) == RAW_KEY_LENGTH
    _refuse_raw(raw, network.security)
    channel = network.channel
    return {
        "wlan": {
            "profile": Ios(PROFILE),
            "ssid": ios_ssid(network.ssid),
            "key": Hidden(written),
            "key_form": Ios("hex" if raw else "ascii"),
            "wpa2": network.security != "wpa3",
            "wpa3": network.security != "wpa2",
            "frame_protection": Ios(MANAGEMENT_FRAME_PROTECTION[network.security]),
            # Without one, the router chooses, in both bands. With one, it may still choose another of the same band:
            # "channel number to be added to the DCA list" (Command Reference IOS XE 3SE, ap dot11 rrm channel dca).
            "channel": channel,
            "band": Ios("5ghz" if (channel or 0) > HIGHEST_2_4_GHZ_CHANNEL else "24ghz"),
        }
    }


def _refuse_raw(raw: bool, security: str) -> None:
    if raw and security != "wpa2":
        raise CannotEncode(
            "64 hexadecimal digits are a key of WPA2, and this router takes no such password for WPA3",
            where="wifi.key_from",
            remedy="Give a key of 8 to 63 characters, or write `security: wpa2`.",
        )
