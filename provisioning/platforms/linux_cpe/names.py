"""Names that every router of this platform has in common."""

FIXED_BEARER = "wan0"
"""Towards the access line: the ONT or the modem."""

MOBILE_BEARER = "wwan0"
"""Towards the mobile core, on lines with a back-up (facts: I-6.1)."""

LAN_BRIDGE = "br-lan"
"""The LAN: wired ports and Wi-Fi in one bridge."""

LAN_PORTS = ("lan1", "lan2")
"""Wired ports of the LAN; a router may have fewer."""

RADIO = "wlan0"
"""Taken into the bridge by hostapd, where there is one."""

LOOPBACK = "lo"
