"""What looks like a secret in a masked Cisco configuration, and is none.

Sources: Cisco IOS Security, BGP, NTP, SNMP and Master Command References, Catalyst 9800 Command Reference. Each idiom
is of a command whose value names something, counts something, or is published.
"""

import re
from collections.abc import Iterator

from provisioning.platforms.spans import MASKED, Span, section_of

_COMMUNITY = (
    r"(?:(?:rt|soo|none|additive|internet|local-as|no-advertise|no-export|gshut|cost|\d+|[\d.]+:\d+(?::\d+)?) ?)+"
)
_NO_VALUE = r"(?!.*(?:password|secret|key|token|psk|pmk|pin) \S)"

# What may follow the first word of a command.
_IDIOMS = {
    "addressed-key": r"\S+(?: \w+)?",
    "aaa": rf"{_NO_VALUE}(?:authentication|authorization|accounting|group|session-id|new-model|server|local)\b.*",
    "address": r"prefix\b.*",
    "authentication": r"(?:local |remote )?(?:pre-share|rsa-sig|rsa-encr|ecdsa-sig|eap)|key-chain \S+",
    "bgp": r"dmzlink-bw|\S+ community\b.*",
    "class": r".*",
    "class-map": r".*",
    "crypto": r"(?:key|pki|ca|keyring|ikev2 keyring|map|ipsec|dynamic-map)\b(?!.*\b(?:pass\w*|secret|pem) \S).*"
    r"|isakmp (?:keepalive|policy|profile|identity|enable|aggressive-mode|nat|invalid)\b.*",
    "cts": rf"credentials id \S+ password (?:\d )?{MASKED}",
    "hostname": r"\S+",
    "identity": r"(?:local |remote )?key-id \S+",
    "ip": r"ssh (?:pubkey-chain|rsa keypair-name \S+|(?:server|client) algorithm .*)|bgp-community new-format"
    r"|(?:ext|large)?community-list (?:standard|expanded|\d+)(?: \S+)?(?: \d+)? (?:permit|deny) .*"
    r"|(?:access-list|prefix-list) .*",
    "ipv6": r"(?:access-list|prefix-list) .*",
    "key": r"chain \S+(?: \S+)?|\d+",
    "key-hash": r"ssh-\S+ [0-9a-f]{32}(?: \S+)?",
    "key-server": r"priority \d+",
    "keyring": r"(?:local |aaa )?\S+(?: \S+)?",
    "match": r"(?:ext|large)?community(?: \S+){1,8}|identity (?:remote )?key-id \S+"
    r"|(?:access-group|class-map|ip|ipv6)\b.*",
    "mka": r"\S+(?: \S+)?",
    "named-key": r"\S+(?: \w+)?",
    "neighbor": r"\S+ (?:send-community(?: \S+)?|route-map .*)",
    "ntp": r"(?:server|peer|broadcast|multicast)\b.* key \d+"
    r"(?: (?:prefer|source|version|maxpoll|minpoll|burst|iburst)\b.*)?"
    r"|(?:trusted-key|broadcast key) \d+(?: - \d+)?",
    "object-group": r".*",
    "password": r"encryption aes|logging",
    "policy-map": r".*",
    "privilege": rf"{_NO_VALUE}.*",
    "rekey": r"(?:authentication mypubkey rsa|retransmit|algorithm|lifetime|transport|address|sig-hash) .*",
    "rd": r"[\d.]+:\d+",
    "route-map": r".*",
    "route-target": r"(?:import |export |both )?[\d.]+:\d+",
    "rsakeypair": r"\S+(?: \d+)*",
    # An SSID is on the air; what the method is called is no key.
    "security": r"(?:wpa|ft|pmf|dot1x|web-auth)\b"
    rf"(?:(?!.* set-key ).*|.* set-key (?:ascii|hex) \d {MASKED})|passwords .*",
    "send-community": r"\S*",
    "service": r"password-\S+",
    "service-policy": r".*",
    "set": rf"(?:ext|large)?community {_COMMUNITY}|comm-list \S+ delete",
    "snmp-server": r"enable traps .*|group \S+ v.*|engineid (?:local|remote \S+(?: udp-port \d+)?) [0-9a-f]+",
    "tunnel": r"key \d+",
    "username": r"\S+(?: privilege \d+| view \S+| nopassword| autocommand \S+)*",
    "wlan": r"\S+ \d+ .*",
    "zone": r".*",
    "zone-pair": r".*",
}
_HARMLESS = {word: re.compile(rf"(?:{rest})[ \t\r]*") for word, rest in _IDIOMS.items()}

_BEGINNING = re.compile(r"[ \t]*(?:no )?(?:\d+ |sequence \d+ )?(?P<word>\S+) ?")
_KEY_CHAIN = re.compile(r".*\bkey-chain(?: \S+){1,3}[ \t\r]*")

_WORDS_FOR_PEOPLE = re.compile(
    r"[ \t]*(?:!|(?:\d+ )?(?:sequence \d+ )?remark\b|description\b|snmp-server (?:location|contact|chassis-id)\b"
    r"|name\b|title\b|banner\b|ip (?:dhcp pool|domain name|host)\b|alias\b)"
)

_BANNER = re.compile(r"^banner \S+ +(?P<delimiter>\^c|\S)", re.MULTILINE)

# Where certificates and public keys stand in the open.
_PUBLIC_SECTIONS = (
    *("crypto pki certificate chain", "crypto pki trustpool", "crypto key pubkey-chain", "ip ssh pubkey-chain"),
)
_BODY = re.compile(r"[ \t]*(?:[0-9a-f]{2,8}(?: [0-9a-f]{2,8})*|(?:ssh-\S+ )?[a-z0-9+/]{20,}={0,2}(?: \S+)?)[ \t\r]*")


def is_public(name: str, low: str, span: Span) -> bool:
    """Return whether a line that a secret may stand in is known to hold none.

    Args:
        name: of the document; commands are alike in all of them.
        low: the document in lower case, `MASKED` in place of each secret.
        span: of the line in it.
    """
    line = low[span[0] : span[1]]
    found = _BEGINNING.match(line)
    if found is None:
        return False
    known = _HARMLESS.get(found["word"])
    if known is not None and known.fullmatch(line, found.end()):
        return True
    if _KEY_CHAIN.fullmatch(line):
        return True
    return _BODY.fullmatch(line) is not None and section_of(low, span[0]).startswith(_PUBLIC_SECTIONS)


def is_for_people(name: str, low: str, span: Span) -> bool:
    """Return whether a line says something to people, in words that mean nothing to the router.

    Args:
        name: of the document; commands are alike in all of them.
        low: the document in lower case.
        span: of the line in it.
    """
    return _WORDS_FOR_PEOPLE.match(low, *span) is not None or any(
        first <= span[0] <= last for first, last in _banners(low)
    )


def _banners(low: str) -> Iterator[Span]:
    """Yield where the texts of banners stand; of one that does not end, nothing."""
    if "banner " not in low:
        return
    for found in _BANNER.finditer(low):
        last = low.find(found["delimiter"], found.end())
        if last >= 0:
            yield found.start(), last
