"""What of an ONT's service people may see.

Sources: MA5600T/MA5800 command reference, "ont add", "ont wan-config", "ont wlan-config": how an ONT is known by a
password, a LOID and its check code, and what it is told of PPPoE and Wi-Fi.
"""

import re

from provisioning.model.secret import REDACTED
from provisioning.platforms.spans import Span, merged, replaced

_SECRET = re.compile(
    r"\b(?:password-auth|loid-auth|checkcode-auth|checkcode|password|user-password|pre-shared-key|wpa-key|wep-key"
    r"|psk)[ \t]+(?:(?:cipher|simple|irreversible-cipher)[ \t]+)?(?P<secret>\"[^\"\n]*\"|\S+)",
    re.IGNORECASE,
)

_PUBLIC = re.compile(r".*\bsn-auth[ \t]+\"?(?:[0-9a-f]{16}|[a-z]{4}[0-9a-f]{8})\"?(?:[ \t].*)?")


def secret_spans(text: str) -> tuple[Span, ...]:
    """Return where the secrets of an ONT's commands stand, in order, none within another."""
    return merged(found.span("secret") for found in _SECRET.finditer(text))


def masked(text: str) -> str:
    """Return an ONT's commands as people may see them."""
    return replaced(text, secret_spans(text), lambda secret: REDACTED)


def is_public(low: str, span: Span) -> bool:
    """Return whether a line that looks like a secret authorises an ONT by its serial, which its label has."""
    return _PUBLIC.fullmatch(low, *span) is not None
