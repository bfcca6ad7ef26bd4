"""What of a router's documents people may see.

What is masked by name is what we write, and what the same daemons call a secret beyond that: a router may have been
changed by somebody else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from provisioning.model.secret import REDACTED
from provisioning.platforms.linux_cpe.login_passwords import HASHED
from provisioning.platforms.spans import Span, folded, merged, replaced

_FLAGS = re.MULTILINE | re.IGNORECASE

_QUOTED = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|\S+"


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a daemon writes a secret.

    Attributes:
        hints: words of which each text that the pattern fits holds one, in lower case.
    """

    pattern: re.Pattern[str]
    hints: tuple[str, ...]


def _rule(pattern: str, *hints: str) -> _Rule:
    return _Rule(re.compile(pattern, _FLAGS), hints)


_BY_DOCUMENT: dict[str, tuple[_Rule, ...]] = {
    # hostapd's example hostapd.conf: everything that is called key, password or secret. Not wpa_key_mgmt and the like.
    "hostapd.conf": (
        _rule(
            r"^\s*(?:wpa_passphrase|wpa_psk|sae_password|wep_key\d|\w*shared_secret|\w*passwd|\w*password|ap_pin"
            r"|ft_\w*key|r[01]kh|\w*_private_key)=(?P<secret>.+)$",
            *("passphrase", "_psk", "passw", "key", "secret", "pin", "kh"),
        ),
    ),
    # snmpd.conf(5), snmpcmd(1), and snmpd's own usmUser lines.
    "snmpd.conf": (
        _rule(
            rf"^\s*createUser\s+(?:-e\s+\S+\s+)?(?:{_QUOTED})\s+(?:MD5|SHA\S*)\s+(?:-[lm]\s+)?(?P<secret>{_QUOTED})",
            "createuser",
        ),
        _rule(rf"^\s*createUser\s.*\s(?:DES|AES\S*)\s+(?:-[lm]\s+)?(?P<secret>{_QUOTED})\s*$", "createuser"),
        _rule(rf"^\s*(?:r[ow]community6?|trapcommunity)\s+(?P<secret>{_QUOTED})", "community"),
        _rule(rf"^\s*com2sec6?\s+\S+\s+\S+\s+(?P<secret>{_QUOTED})", "com2sec"),
        _rule(r"^\s*usmUser\s+(?P<secret>.+)$", "usmuser"),
        _rule(rf"^\s*(?:trap2?sink|informsink)\s+\S+\s+(?P<secret>{_QUOTED})", "sink"),
        _rule(rf"(?:^|\s)-[cAXkK]\s+(?P<secret>{_QUOTED})", "-c", "-a", "-x", "-k"),
    ),
    # FRR's manual: the terminals' passwords, and those of BGP, OSPF, IS-IS, RIP, NHRP and LDP.
    "frr.conf": (
        _rule(r"^\s*neighbor\s+\S+\s+password\s+(?P<secret>.+)$", "password"),
        _rule(r"^\s*(?:enable\s+)?password\s+(?P<secret>.+)$", "password"),
        _rule(r"^\s*(?:isis\s+|area-|domain-)password\s+(?:(?:clear|md5)\s+)?(?P<secret>\S+)", "password"),
        _rule(r"^[^\n#!]*\bmessage-digest-key\s+\d+\s+\S+\s+(?P<secret>.+)$", "message-digest-key"),
        _rule(r"^[^\n#!]*\b(?:authentication-key|key-string|psk)\s+(?P<secret>.+)$", "n-key", "key-string", "psk"),
        _rule(r"^\s*ip\s+(?:rip\s+authentication\s+string|nhrp\s+authentication)\s+(?P<secret>.+)$", "authentication"),
    ),
    # dhcpcd.conf(5).
    "dhcpcd.conf": (_rule(rf"^\s*authtoken\s+\S+\s+(?:{_QUOTED})\s+\S+\s+(?P<secret>.+)$", "authtoken"),),
    # wpa_passphrase(8).
    "network.sh": (_rule(rf"\bwpa_passphrase[ \t]+(?:{_QUOTED})[ \t]+(?P<secret>{_QUOTED})", "wpa_passphrase"),),
}

_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?P<secret>.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
)


def mask(name: str, text: str) -> str:
    """Return a document's text with `<secret>` in place of each secret.

    Args:
        name: of the document.
        text: as it stands on the device.
    """
    return replaced(text, secret_spans(name, text), lambda _: REDACTED)


def secrets_in(name: str, text: str) -> tuple[str, ...]:
    """Return the secrets of a document, quotes removed, so that they can be looked for in what a daemon says."""
    found = (text[first:last].strip() for first, last in sorted(_found(name, text)))
    return tuple(each[1:-1] if each[:1] in "\"'" and each[:1] == each[-1:] else each for each in found if each)


def secret_spans(name: str, text: str) -> tuple[Span, ...]:
    """Return where the secrets of a document stand, in order, none within another.

    Args:
        name: of the document.
        text: as it stands on the device.
    """
    return merged(_found(name, text))


def _found(name: str, text: str) -> Iterator[Span]:
    low = folded(text) if name in _BY_DOCUMENT else ""
    for rule in _BY_DOCUMENT.get(name, ()):
        if any(hint in low for hint in rule.hints):
            for match in rule.pattern.finditer(text):
                yield match.span("secret")
    if "$" in text:
        for match in HASHED.finditer(text):
            yield match.span()
    if "PRIVATE KEY-----" in text:
        for match in _PRIVATE_KEY.finditer(text):
            yield match.span("secret")
