"""Takes out what changes on a router though nobody changed anything: it would make every night a new version."""

from collections.abc import Mapping

from provisioning.platforms.backup_readers import ONT, reader_of


def without_volatile(platform: str, documents: Mapping[str, str]) -> dict[str, str]:
    """Return documents without the lines that a router writes by itself, such as when it was saved.

    Args:
        platform: of the router.
        documents: texts by name, as they stand on the router.

    Raises:
        UnknownName: when there is no such platform.
    """
    take_out = reader_of(platform).without_volatile
    return {
        name: text if name == ONT or take_out is None else take_out(name, text) for name, text in documents.items()
    }
