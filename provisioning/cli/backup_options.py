"""What several commands of `proviso backup` share."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import surroundings
from provisioning.cli.identity_file import warn_of_readers
from provisioning.cli.options import COMPLETED, describe, words
from provisioning.errors import BadInput, ProvisoError

if TYPE_CHECKING:
    from provisioning.backup_store.kept import KeptBackups
    from provisioning.backup_store.store import BackupStore


def store() -> "BackupStore":
    """Return the store of the backups."""
    from provisioning.backup_store.store import BackupStore

    return BackupStore(surroundings.backup_folder())


def kept() -> "KeptBackups":
    """Return the same for looking only: nothing is loaded that writes."""
    from provisioning.backup_store.kept import KeptBackups

    return KeptBackups(surroundings.backup_folder())


def complete_backed_up(incomplete: str) -> Iterator[str]:
    """Yield the lines that have backups and begin so."""
    with suppress(ProvisoError):
        yield from [each for each in kept().lines() if each.startswith(incomplete)][:COMPLETED]


def complete_version(context: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the versions of the line that stands before, newest first."""
    # Where an option is what lacks its value, the arguments before it are not taken apart yet.
    line = context.params.get("line") or next(iter(context.args), "")
    with suppress(ProvisoError):
        for each in kept().versions(str(line)):
            if each.id.startswith(incomplete):
                yield each.id, describe(each.cause.value)


def complete_document(context: typer.Context, incomplete: str) -> Iterator[str]:
    """Yield the documents of the latest version of the line that stands before, whose names begin so."""
    line = context.params.get("line") or next(iter(context.args), "")
    with suppress(ProvisoError):
        version = kept().find(str(line))
        yield from words(sorted((*version.documents, *version.withheld)), incomplete)


def complete_key(incomplete: str) -> Iterator[str]:
    """Yield the names of the keys that originals are encrypted to, and the keys themselves, which begin so."""
    with suppress(ProvisoError):
        recipients = store().recipients
        yield from words([each.name for each in recipients if each.name], incomplete)
        yield from words([each.key for each in recipients if not each.name or incomplete], incomplete)


BackedUpArgument = Annotated[
    str, typer.Argument(metavar="LINE", help="Id of the line.", autocompletion=complete_backed_up)
]
AtOption = Annotated[
    str | None,
    typer.Option(
        "--at",
        "--version",
        metavar="VERSION|DATE",
        help="Which version, or what was valid on a date (UTC), or `first`; without it, the latest.",
        autocompletion=complete_version,
    ),
]
IdentityOption = Annotated[
    Path | None,
    typer.Option(
        "--identity", metavar="FILE", help="age identity that opens the originals; else setting backup_identity_file."
    ),
]


def need_identity(named: Path | None) -> Path:
    """Return the file of the identity that opens originals.

    Raises:
        BadInput: when none is named.
    """
    found = named or surroundings.settings().backup_identity_file
    if found is None:
        raise BadInput(
            "no identity is named that opens the originals",
            where="--identity",
            remedy="Name its file; `proviso backup keys show` tells which keys they are encrypted to.",
        )
    return warn_of_readers(found)
