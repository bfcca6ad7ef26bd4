"""The digest of a router's configuration: of what is ours, whatever the device adds, sorts or leaves unsaid."""

import hashlib
from collections.abc import Mapping

from provisioning.model.config import Config
from provisioning.platforms.cisco_iosxe.canonical import ORDER, canonical


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
    texts = {name: canonical(name, documents[name]) for name in ORDER if name in documents}
    lines = (f"{_sha256(text)}  {name}\n" for name, text in texts.items() if text)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def config_digest(config: Config) -> str:
    """Return the digest of what a device is told, secrets included but for SNMP's keys, which no device tells."""
    return documents_digest({each.name: each.reveal() for each in config.documents})


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
