"""The digest of a set of documents, as the helper on the router computes it (`proviso-documents`, `digest`)."""

import hashlib
from collections.abc import Mapping

from provisioning.model.config import Config
from provisioning.platforms.linux_cpe.documents import DOCUMENTS

ORDER = tuple(each.name for each in DOCUMENTS)
"""The names of all documents, in the order in which they are applied."""


def documents_digest(documents: Mapping[str, str]) -> str:
    """Return the digest of documents: of a set that was rendered, of what was fetched, or of a factory-new router.

    Args:
        documents: text by name; undecodable bytes as surrogates (`surrogateescape`).

    Returns:
        The SHA-256, in hexadecimal digits, of a line for each document in the order of application.

    Raises:
        ValueError: when there is a document that the platform has not.
    """
    if strange := set(documents) - set(ORDER):
        raise ValueError(f"no documents of this platform: {', '.join(sorted(strange))}")
    lines = (f"{_sha256(documents[name])}  {name}\n" for name in ORDER if name in documents)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def config_digest(config: Config) -> str:
    """Return the digest of what a device is told, secrets included."""
    return documents_digest({each.name: each.reveal() for each in config.documents})


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
