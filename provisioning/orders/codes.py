"""Every code that a check can answer with, the fact behind it, and what it means.

Codes are stable for ever: scripts and people's memory depend on them. docs/refusals.md is written from this list.
"""

from provisioning.model.finding import Codes

CODES = Codes()


_refusal, _warning = CODES.refusal, CODES.warning

KEY_MISSING = _refusal("key-missing", "A key that this kind of order needs is absent", "I-7.1")
LINE_MISSING = _refusal("line-missing", "A change, move or cease names no line", "I-1")
LINE_ON_NEW = _refusal("line-on-new", "A new order names a line, which only acceptance can give", "I-1")
CEASE_NAMES_MORE = _refusal("cease-names-more", "A cease names more than order, kind and line", "I-10")
CHANGE_NAMES_NOTHING = _refusal("change-names-nothing", "A change names nothing to change", "I-1")
SITE_IN_CHANGE = _refusal("site-in-change", "A change names another site, which is a move", "I-10")

FORMULA_UNKNOWN = _refusal("formula-unknown", "The formula stands in no table", "I-1.6", "X-21")
FORMULA_STOP_SELL = _refusal("formula-stop-sell", "The formula is not sold any more", "I-1.1")
SPEED_UNKNOWN = _refusal("speed-unknown", "No speed upgrade has that name", "I-1.6")
SPEED_NOT_OFFERED = _refusal("speed-not-offered", "The formula does not offer that speed", "I-1.3", "X-12")
LEVEL_UNKNOWN = _refusal("level-unknown", "No service level has that name", "I-1.6")
LEVEL_NOT_OFFERED = _refusal("level-not-offered", "The formula does not offer that level", "I-9.2")
OPTION_NOT_OFFERED = _refusal("option-not-offered", "The formula does not offer that option")
LINE_SPEED_STATED = _refusal("line-speed-stated", "The contract already states the formula's speed", "X-6")
VOLUME_UNLIMITED = _refusal("volume-unlimited", "A Volume Pack on a formula without a volume", "I-3")

IP_PACK_SIZE = _refusal("ip-pack-size", "Not a size that an IP Pack comes in", "I-4.3", "X-5")
IP_PACK_ASSESSMENT = _refusal(
    "ip-pack-assessment", "An IP Pack of 16 or more addresses without a recorded assessment", "I-4.4", "X-5"
)
IP_PACK_RIPE_488 = _refusal(
    "ip-pack-ripe-488", "An IP Pack of 64 or more addresses without a RIPE-488 reference", "I-4.4", "X-5"
)

COVERAGE_NONE = _refusal("coverage-none", "Mobile back-up where there is no mobile coverage", "I-6.4", "X-22")
COVERAGE_UNKNOWN = _warning(
    "coverage-unknown", "Mobile back-up where nobody has studied the coverage yet", "I-6.4", "X-22"
)
COVERAGE_WEAK = _warning("coverage-weak", "Mobile back-up on weak indoor coverage", "I-6.4")
MOBILE_BACKUP_CONFLICT = _warning(
    "mobile-backup-conflict", "The documents disagree whether this formula can have mobile back-up", "X-2", "I-6.1"
)

RUSH_DATE_UNREADABLE = _refusal("rush-date-unreadable", "The RFS date is no date", "I-7.3")
RUSH_DATE_PAST = _refusal("rush-date-past", "The RFS date is over", "X-18", "I-7.3")
RUSH_DATE_NOT_WORKING = _refusal(
    "rush-date-not-working", "The RFS date is a weekend or a public holiday", "X-18", "X-17", "I-7.3"
)

WIFI_NOT_OFFERED = _refusal("wifi-not-offered", "Wi-Fi where the formula has none")
WIFI_SPEED = _refusal("wifi-speed", "Wi-Fi with a speed that excludes it", "I-1.2")
WIFI_SSID_MISSING = _refusal("wifi-ssid-missing", "Wi-Fi is on and has no name", "I-7.1")
WIFI_SSID = _refusal("wifi-ssid", "An SSID that IEEE 802.11 does not allow", "I-8.1")
WIFI_CHANNEL = _refusal("wifi-channel", "A channel that is not open to Wi-Fi in Europe", "I-8.1")
WIFI_SECURITY = _refusal("wifi-security", "A security mode that we do not run", "I-8.3")
WIFI_KEY_SOURCE = _refusal("wifi-key-source", "`key_from` names no source that we know", "I-8.3")
WIFI_KEY = _refusal("wifi-key", "The key behind `key_from` is absent, or Wi-Fi does not allow it", "I-8.1")

CPE_MISSING = _refusal("cpe-missing", "The operator supplies the router, and the form names none", "I-2")
CPE_NOT_OURS = _refusal("cpe-not-ours", "A router of ours on a formula with the customer's own", "I-1.1", "I-7.4")
CPE_PLATFORM = _refusal("cpe-platform", "A platform that cannot serve the formula", "I-1.1", "I-1.2")
ROUTER_LIMIT = _refusal("router-limit", "A value that the ordered router cannot be told", "I-2")
ONT_MISSING = _refusal("ont-missing", "A fibre line without an ONT", "X-13", "I-2")
ONT_ON_COPPER = _refusal("ont-on-copper", "A copper line with an ONT", "X-13", "I-2")
ONT_SERIAL = _refusal("ont-serial", "Not the serial number of an ONT", "X-13", "I-2")
ONT_PORT = _refusal("ont-port", "Not written as a port of an OLT", "X-13", "I-2")

LAN_NOT_OURS = _refusal("lan-not-ours", "A LAN on a formula with the customer's own router", "I-7.4")
LAN_MALFORMED = _refusal("lan-malformed", "Not an IPv4 subnet", "X-23", "I-4.2")
LAN_NOT_PRIVATE = _refusal("lan-not-private", "Not in RFC 1918 space", "X-23", "I-4.2")
LAN_TOO_LARGE = _refusal("lan-too-large", "Larger than a /16", "X-23", "I-4.5")
LAN_TOO_SMALL = _refusal("lan-too-small", "Smaller than a /30", "X-23", "I-4.5")
NEXT_HOP_MALFORMED = _refusal("next-hop-malformed", "The next hop is no interface identifier", "I-4.3", "X-14")
NEXT_HOP_TAKEN = _refusal("next-hop-taken", "The next hop is an address of the operator's router", "I-4.3", "X-14")
NEXT_HOP_WITHOUT_PACK = _refusal("next-hop-without-pack", "A next hop without an IP Pack", "I-4.3", "X-14")
CUSTOMER_FIREWALL = _refusal("customer-firewall", "A customer firewall without an IP Pack", "X-9", "I-4.3")

SERVERS_NOT_OURS = _refusal("servers-not-ours", "Openings where no router is ours", "X-9", "I-7.4")
PORT_MALFORMED = _refusal("port-malformed", "Not written as a port", "X-9", "I-5.1")
PORT_RESERVED = _refusal("port-reserved", "Port 23 is the operator's", "I-5.2")
PORTS_ALL = _refusal("ports-all", "`all` towards one LAN host, or beside other ports", "X-9", "I-5.1")
PORTS_NONE = _refusal("ports-none", "`none` towards a LAN host, or beside other ports", "X-9", "I-5.1")
PORTS_EMPTY = _refusal("ports-empty", "An empty list of ports", "X-9", "I-5.1")
PORT_CLAIMED_TWICE = _refusal("port-claimed-twice", "Two entries claim one port of the fixed IPv4", "X-9", "I-5.1")
TO_PORT_RANGE = _refusal("to-port-range", "A translation to a port that does not exist", "X-9", "I-5.1")
TO_PORT_PORTS = _refusal("to-port-ports", "A translation of other than one port or one range", "X-9", "I-5.1")
TO_PORT_FIREWALL = _refusal(
    "to-port-firewall", "A translation towards the customer's firewall, to which nothing is translated", "X-9", "I-4.3"
)
SOURCES_EMPTY = _refusal("sources-empty", "An empty list of sources", "X-9", "I-5.3")
SOURCE_MALFORMED = _refusal("source-malformed", "Not written as a network", "X-9", "I-5.3")
SOURCE_HOST_BITS = _refusal("source-host-bits", "An address with a mask that is too short for it", "X-9", "I-5.3")
SOURCE_EVERYBODY = _refusal("source-everybody", "A source that is everybody of its family", "X-9", "I-5.3")
SOURCE_FAMILY = _refusal("source-family", "An IPv6 source of an opening that is on IPv4 only", "X-9", "I-4.1")
SOURCE_TWICE = _refusal("source-twice", "A source that another of the same entry covers", "X-9", "I-5.3")
SOURCES_DIFFER = _refusal(
    "sources-differ", "Two entries lead to one port of a host, each from other sources", "X-9", "I-5.3"
)
TARGET_MALFORMED = _refusal("target-malformed", "Neither an IPv4 host nor `customer_firewall`", "X-9", "I-5.1")
TARGET_OUTSIDE_LAN = _refusal("target-outside-lan", "No host of the line's LAN", "X-9", "I-4.2")
TARGET_NO_FIREWALL = _refusal(
    "target-no-firewall", "Towards a customer firewall that the form does not announce", "X-9", "I-5.1"
)
OPENING_NO_ADDRESS = _refusal("opening-no-address", "An opening on a line without a fixed address", "X-11")

LINE_CEASED = _refusal("line-ceased", "The line is ceased", "I-10")
ORDER_NUMBER_REUSED = _refusal("order-number-reused", "The order number stands for another content", "I-7.1")
SERIAL_IN_USE = _refusal("serial-in-use", "The device already serves another line", "I-2")
LINE_UNKNOWN = _refusal("line-unknown", "No line has that id", "I-1")
OLT_UNKNOWN = _refusal("olt-unknown", "The OLT is not in the inventory", "X-13", "I-2")
OLT_PORT_UNKNOWN = _refusal("olt-port-unknown", "The inventory knows no such port on the OLT", "X-13", "I-2")
OLT_PORT_TOO_SLOW = _refusal("olt-port-too-slow", "The speed needs an XGS-PON port", "X-13", "I-2")
LAN_OVERLAPS = _refusal("lan-overlaps", "The LAN overlaps an address that the line is given", "I-4.2", "I-4.3")
ADDRESSES_GIVEN_UP = _warning(
    "addresses-given-up", "The line gives addresses back that the customer may still use", "I-4.3"
)
ROUTER_STAYS = _warning("router-stays", "The line ends, and its adopted router goes on as it is", "I-8.1")
RENUMBERED = _warning("renumbered", "The line gets other addresses than it had", "I-4.4")
