"""Wi-Fi, as the embedded wireless controller says it (Catalyst 9800 Configuration Guide, IOS-XE 17.9, "WLANs")."""

from provisioning.platforms.cisco_iosxe.encoders import Ios, ios_ssid, ios_wifi_key
from provisioning.platforms.cisco_iosxe.ios_line import IosLine
from provisioning.platforms.template import Hidden, Values

HIGHEST_2_4_GHZ_CHANNEL = 13
RAW_KEY_LENGTH = 64
PROFILE = "PROVISO"


def wifi(line: IosLine) -> Values:
    """Return the Wi-Fi network; `wlan` is None where it is off."""
    network, key = line.intent.wifi, line.secrets.wifi_key
    if network is None or key is None:
        return {"wlan": None}
    written = ios_wifi_key(key.reveal())
    channel = network.channel
    return {
        "wlan": {
            "profile": Ios(PROFILE),
            "ssid": ios_ssid(network.ssid),
            "key": Hidden(written),
            "key_form": Ios("hex" if len(written) == RAW_KEY_LENGTH else "ascii"),
            "wpa2": network.security != "wpa3",
            "wpa3": network.security != "wpa2",
            "channel": channel,
            "band": Ios("5ghz" if (channel or 0) > HIGHEST_2_4_GHZ_CHANNEL else "24ghz"),
        }
    }
