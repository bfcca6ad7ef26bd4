"""Masks documents: a placeholder that tells secrets apart stands in place of each, and never the secret."""

import hashlib
import hmac
from collections.abc import Mapping

from provisioning.platforms.backup_readers import secret_spans
from provisioning.platforms.spans import Span, replaced

DIGITS = 12
"""Of a placeholder: two of a million secrets share one with a chance of 1 in 500 (2**-48 a pair)."""

SHORTEST_REPEATED = 8
"""Characters of a secret that is masked wherever else it stands; a shorter one may be any word."""


class Masker:
    """Masks documents under a key of its own.

    The same secret gives the same placeholder, in every document of every line, so a secret that was rotated shows as
    one changed line. Without the key, nobody can try secrets against a placeholder.

    Args:
        key: 32 random bytes, kept apart from the masked texts.
    """

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "Masker()"

    def mask(self, platform: str, name: str, text: str) -> str:
        """Return a document's text with `<secret:HEX12>` in place of each secret.

        Args:
            platform: of the router.
            name: of the document.
            text: as it stands on the router.

        Raises:
            UnknownName: when there is no such platform.
        """
        return self.mask_all(platform, {name: text})[name]

    def mask_all(self, platform: str, documents: Mapping[str, str]) -> dict[str, str]:
        """Return documents masked; a secret of one of them is masked in all, wherever it stands.

        Args:
            platform: of the router.
            documents: texts by name, as they stand on the router.

        Raises:
            UnknownName: when there is no such platform.
        """
        found = {name: secret_spans(platform, name, text) for name, text in documents.items()}
        secrets = {_plain(documents[name][slice(*span)]) for name, spans in found.items() for span in spans}
        repeated = sorted((each for each in secrets if len(each) >= SHORTEST_REPEATED), key=len, reverse=True)
        return {name: self._masked(text, found[name], repeated) for name, text in documents.items()}

    def placeholder(self, secret: str) -> str:
        """Return what stands in place of a secret; of a secret in quotes, the same as without."""
        return f"<secret:{self._digest(_octets(_plain(secret)))[:DIGITS]}>"

    def fingerprint(self, documents: Mapping[str, str]) -> str:
        """Return what is equal for equal documents only, and tells nothing else: an HMAC in hexadecimal digits.

        Args:
            documents: texts by name; their order means nothing.
        """
        mac = hmac.new(self._key, digestmod=hashlib.sha256)
        for name in sorted(documents):
            for octets in (_octets(name), _octets(documents[name])):
                mac.update(b"%d:" % len(octets))
                mac.update(octets)
        return mac.hexdigest()

    def _masked(self, text: str, spans: tuple[Span, ...], repeated: list[str]) -> str:
        masked = replaced(text, spans, self.placeholder)
        for secret in repeated:
            if secret in masked:
                masked = masked.replace(secret, self.placeholder(secret))
        return masked

    def _digest(self, octets: bytes) -> str:
        return hmac.digest(self._key, octets, "sha256").hex()


def _plain(secret: str) -> str:
    """Return a secret without blanks around it and without quotes."""
    bare = secret.strip()
    return bare[1:-1] if len(bare) > 1 and bare[0] in "\"'" and bare[0] == bare[-1] else bare


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
