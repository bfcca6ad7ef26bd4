"""Names that every router of this platform has in common (Cisco C1111-8PLTE, IOS-XE 17.9)."""

FIXED_BEARER = "GigabitEthernet0/0/0"
"""Towards the access line: the ONT or the modem."""

MOBILE_BEARER = "Cellular0/2/0"
"""The LTE modem, on lines with a back-up (facts: I-6.1)."""

SPARE_BEARER = "GigabitEthernet0/0/1"
"""The second routed port, which no line uses: shut."""

SPARE_MODEM = "Cellular0/2/1"
"""The modem's second connection, likewise."""

LAN = "Vlan1"
"""The LAN's gateway: the switch ports and Wi-Fi in one VLAN."""

LAN_PORTS = tuple(f"GigabitEthernet0/1/{number}" for number in range(8))
"""Switch ports of the LAN, each an access port of VLAN 1."""

MANAGEMENT = "Loopback0"
"""Has the /32 by which the router is managed."""

FIXED_ADDRESS = "Loopback1"
"""Has the line's fixed IPv4, on whatever bearer packets come (facts: I-6.2)."""

INSIDE = "INSIDE"
"""The zone of the LAN."""

OUTSIDE = "OUTSIDE"
"""The zone of both bearers, so that a session outlives the change from one to the other."""

NAT_LIST = "NAT-LAN"
"""Says what is translated. It keeps its name, because a NAT rule in use does not let go of its list."""

PROBE = 1
"""Number of the IP SLA operation that watches the fixed bearer."""

MOBILE_TRACK = 2
"""Number of the track that is up while the mobile bearer has an address."""

HELD_TRACK = 3
"""Number of the track that is up while the fixed bearer is not trusted and there is another."""

ANSWERS_TRACK = 4
"""Number of the track that is up while the probe is answered, without any delay: the log tells by it since when the
fixed bearer works again."""

LINE_TRACK = 5
"""Number of the track that is up while the fixed bearer's interface has a line: it falls between two pings, too."""

TRUSTED_TRACK = 6
"""Number of the track that is up when the two before have been so for the hold time."""

EARLIER_TRUSTED_TRACK = 1
"""Its number on routers that have had no change for long: it followed the probe alone."""

MARKER_IPV4 = "192.0.0.8"
"""The IPv4 dummy address (RFC 7600, 3.4): a route to it says inside the router that the fixed bearer is held."""

MARKER_IPV6 = "100::1"
"""From the discard-only prefix (RFC 6666), for the same."""

ARCHIVE = "flash:proviso-archive"
"""Where the router keeps the configurations that it can go back to."""
