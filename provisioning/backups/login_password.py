"""Takes out what is not kept at all: the passwords of a router's own accounts (facts: X-8)."""

from collections.abc import Mapping

from provisioning.platforms.backup_readers import ONT, reader_of


def without_login_passwords(platform: str, documents: Mapping[str, str]) -> dict[str, str]:
    """Return documents without the passwords of the router's accounts; a comment says where one stood.

    Args:
        platform: of the router.
        documents: texts by name, as they stand on the router.

    Raises:
        UnknownName: when there is no such platform.
    """
    take_out = reader_of(platform).without_login_passwords
    return {name: text if name == ONT else take_out(name, text) for name, text in documents.items()}
