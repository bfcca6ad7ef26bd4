"""What looks like a secret in a masked Cisco configuration, and is none.

Sources: Cisco IOS Security, BGP, NTP, SNMP and Master Command References; each idiom is of a command whose value names
something, counts something, or is published.
"""

import re

from provisioning.platforms.spans import Span, section_of

_NAMES_OR_COUNTS = (
    r"key chain \S+(?: \S+)?",
    r"key \d+",
    r".*\bkey-chain \S+(?: \S+)?",  # authentication by the chain of that name
    r"crypto (?:key|pki|ca|keyring|ikev2 keyring|map|ipsec|dynamic-map) .*",
    r"crypto isakmp (?:keepalive|policy|profile|identity|enable|aggressive-mode|nat|invalid).*",
    r"keyring (?:local |aaa )?\S+(?: \S+)?",
    r"authentication (?:local |remote )?(?:pre-share|rsa-sig|rsa-encr|ecdsa-sig|eap)",
    r"rsakeypair \S+(?: \d+)*",
    r"ip ssh (?:pubkey-chain|rsa keypair-name \S+|(?:server|client) algorithm .*|.*publickey.*)",
    r"key-hash ssh-\S+ [0-9a-f]{32}(?: \S+)?",
    r"(?:ntp|sntp) (?:server|peer|broadcast|multicast)\b.* key \d+"
    r"(?: (?:prefer|source|version|maxpoll|minpoll|burst|iburst)\b.*)?",
    r"ntp (?:trusted-key|broadcast key) \d+(?: - \d+)?",
    r"service password-\S+",
    r"security passwords .*",
    r"password encryption aes",
    r"(?:password logging|no password encryption aes)",
    r"security (?:wpa|ft|pmf|dot1x|web-auth|static-wep-key|wep)\b"
    r"(?:(?!.* set-key ).*|.* set-key (?:ascii|hex) \d <secret:[0-9a-f]{12}>)",
    r"set (?:ext|large)?comm(?:unity|-list)\b(?: (?:rt|soo|none|additive|internet|local-as|no-advertise|no-export"
    r"|gshut|cost|\d+|[\d.]+:\d+(?::\d+)?|\S+ delete))*",
    r"match (?:ext|large)?community(?: \S+){1,8}",
    r"ip (?:ext|large)?community-list (?:standard|expanded|\d+)(?: \S+)?(?: \d+)? (?:permit|deny) .*",
    r"neighbor \S+ send-community(?: \S+)?",
    r"(?:ip bgp-community new-format|bgp dmzlink-bw|send-community(?: \S+)?)",
    r"tunnel key \d+",
    r"snmp-server enable traps .*",
    r"aaa (?:authentication|authorization|accounting|group|session-id|new-model|server|local)\b"
    r"(?!.*(?:password|key) \S*\d).*",
    r"(?:mka|macsec)\b.*\bkey-server priority \d+",
    r"key-server priority \d+",
    r"wlan \S+ \d+ .*",  # an SSID is on the air
    r"(?:hostname|class-map|policy-map|route-map|object-group|ip access-list|ipv6 access-list|ip prefix-list"
    r"|match access-group|zone|zone-pair|class|service-policy|neighbor \S+ route-map)\b.*",
    r"username \S+(?: privilege \d+| view \S+| nopassword| autocommand \S+)*",
    r"(?:cts|dot1x|mab|login|logging|archive|privilege)\b(?!.*(?:password|secret|key|token|pmk) \S).*",
)

_HARMLESS = re.compile(
    rf"[ \t]*(?:\d+ )?(?:sequence \d+ )?(?:no )?(?:{'|'.join(_NAMES_OR_COUNTS)})[ \t\r]*", re.IGNORECASE
)

_WORDS_FOR_PEOPLE = re.compile(
    r"[ \t]*(?:!|(?:\d+ )?remark\b|description\b|snmp-server (?:location|contact|chassis-id)\b|name\b|title\b|banner\b"
    r"|ip (?:dhcp pool|domain name|host)\b|alias\b)",
    re.IGNORECASE,
)

# Where certificates and public keys stand in the open.
_PUBLIC_SECTIONS = (
    "crypto pki certificate chain",
    "crypto key pubkey-chain",
    "ip ssh pubkey-chain",
    "crypto pki trustpool",
)
_BODY = re.compile(r"[ \t]*(?:[0-9A-Fa-f]{2,8}(?: [0-9A-Fa-f]{2,8})*|(?:AAAA)?[A-Za-z0-9+/]{20,}={0,2})[ \t\r]*")


def is_public(name: str, text: str, span: Span) -> bool:
    """Return whether a line that a secret may stand in is known to hold none.

    Args:
        name: of the document; commands are alike in all of them.
        text: of the document.
        span: of the line in it.
    """
    line = text[span[0] : span[1]]
    if _HARMLESS.fullmatch(line):
        return True
    return bool(_BODY.fullmatch(line)) and section_of(text, span[0]).startswith(_PUBLIC_SECTIONS)


def is_for_people(line: str) -> bool:
    """Return whether a line says something to people, in words that mean nothing to the router."""
    return _WORDS_FOR_PEOPLE.match(line) is not None
