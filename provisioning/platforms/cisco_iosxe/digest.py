"""The digest of a router's configuration: of what is ours, whatever the device adds, sorts or leaves unsaid."""

import hashlib
from collections.abc import Mapping

from provisioning.model.config import Config
from provisioning.platforms.cisco_iosxe.canonical import ORDER, canonical

MOST_KNOWN = 256


def documents_digest(documents: Mapping[str, str]) -> str:
    """Return the digest of documents: of a set that was rendered, or of what was fetched.

    Args:
        documents: text by name.

    Returns:
        The SHA-256, in hexadecimal digits, of a line for each document that says anything.

    Raises:
        ValueError: when there is a document that the platform has not.
    """
    if strange := set(documents) - set(ORDER):
        raise ValueError(f"no documents of this platform: {', '.join(sorted(strange))}")
    found = {name: _digest(name, documents[name]) for name in ORDER if name in documents}
    lines = (f"{digest}  {name}\n" for name, digest in found.items() if digest)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def config_digest(config: Config) -> str:
    """Return the digest of what a device is told, secrets included but for SNMP's keys, which no device tells."""
    return documents_digest({each.name: each.reveal() for each in config.documents})


_known: dict[tuple[str, str], str] = {}
"""The digests of documents by the digest of what they were read as, and never by that, in which there are secrets."""


def _digest(name: str, text: str) -> str:
    """Return the digest of a document, empty for one that says nothing; a run asks for the same one many times."""
    key = name, _sha256(text)
    found = _known.get(key)
    if found is None:
        said = canonical(name, text)
        found = _sha256(said) if said else ""
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[key] = found
    return found


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
