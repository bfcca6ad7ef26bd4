"""The platforms of routers, as far as their backups are concerned."""

from collections.abc import Mapping

from provisioning.errors import UnknownName
from provisioning.platforms.backup_contents import BackupReader
from provisioning.platforms.cisco_iosxe import backup_items as cisco_iosxe
from provisioning.platforms.huawei_smartax import redaction as huawei_smartax
from provisioning.platforms.linux_cpe import backup_items as linux_cpe
from provisioning.platforms.spans import Span

READERS: Mapping[str, BackupReader] = {"linux_cpe": linux_cpe.READER, "cisco_iosxe": cisco_iosxe.READER}
"""By name."""

ONT = "ont"
"""The name of the document of the line's ONT, which may stand beside those of its router: commands of its OLT."""


def reader_of(platform: str) -> BackupReader:
    """Return the reader of a platform.

    Raises:
        UnknownName: when there is no such platform of routers.
    """
    try:
        return READERS[platform]
    except KeyError:
        raise UnknownName(
            f"there is no platform of routers {platform!r}",
            where="backups",
            remedy=f"It is one of {', '.join(sorted(READERS))}.",
        ) from None


def secret_spans(platform: str, name: str, text: str) -> tuple[Span, ...]:
    """Return where the secrets of a document stand, in order, none within another.

    Args:
        platform: of the router.
        name: of the document, which may be the ONT's.
        text: as it stands on the device.

    Raises:
        UnknownName: when there is no such platform.
    """
    return huawei_smartax.secret_spans(text) if name == ONT else reader_of(platform).secret_spans(name, text)


def is_public(platform: str, name: str, low: str, span: Span) -> bool:
    """Return whether a line of a masked document that a secret may stand in is known to hold none.

    Args:
        platform: of the router.
        name: of the document, which may be the ONT's.
        low: the document in lower case, `MASKED` in place of each secret.
        span: of the line in it.

    Raises:
        UnknownName: when there is no such platform.
    """
    return huawei_smartax.is_public(low, span) if name == ONT else reader_of(platform).is_public(name, low, span)
