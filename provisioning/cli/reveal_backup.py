"""The original of a backup, for whoever has an identity: into a file of their own, and onto no screen by mistake."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from provisioning.cli import output
from provisioning.cli.backup_options import need_identity
from provisioning.errors import BadInput, EnvironmentTrouble, UnknownName

if TYPE_CHECKING:
    from provisioning.backup_store.kept import KeptBackups
    from provisioning.model.backup import BackupVersion


def reveal_backup(
    store: "KeptBackups",
    version: "BackupVersion",
    *,
    document: str | None,
    identity: Path | None,
    to: Path | None,
    to_stdout: bool,
) -> None:
    """Write the documents of a version with their secrets to where somebody asked for them.

    Raises:
        BadInput: when no place is named, or the identity does not open it.
        UnknownName: when it has no such document.
        EnvironmentTrouble: when it cannot be written.
    """
    from provisioning.backup_store.sealing import unseal

    if (to is None) == (not to_stdout):
        raise BadInput(
            "the original needs one place to go to",
            where="--reveal",
            remedy="Name a file with --to FILE, or write it to standard output with --to-stdout.",
        )
    documents = unseal(store.sealed(version), need_identity(identity))
    if document is not None and document not in documents:
        raise UnknownName(
            f"there is no document {document!r} in it",
            where=f"{version.line} {version.id}",
            remedy=f"It has: {', '.join(sorted(documents))}.",
        )
    wanted = {document: documents[document]} if document is not None else documents
    if to is not None:
        written = _write(to, wanted)
        if output.JSON_MODE.get():
            output.print_json({"version": version.id, "files": [str(each) for each in written]})
        else:
            count = len(written)
            what = "1 document with its secrets" if count == 1 else f"{count} documents with their secrets"
            output.say(f"{version.line} {version.id}: {what} in {to}, mode 0600")
    elif len(wanted) > 1:
        raise BadInput(
            "several documents do not fit on standard output",
            where="--to-stdout",
            remedy=f"Name one with --document: {', '.join(sorted(wanted))}.",
        )
    else:
        for text in wanted.values():
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))


def _write(to: Path, documents: Mapping[str, str]) -> list[Path]:
    """Write one document into a file, several into a folder; nothing that is there already is overwritten."""
    several = len(documents) > 1
    try:
        if several:
            to.mkdir(mode=0o700, parents=True, exist_ok=True)
        paths = {to / Path(name).name if several else to: text for name, text in documents.items()}
        for path, text in paths.items():
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode("utf-8", "surrogateescape"))
    except FileExistsError as error:
        raise BadInput(
            "there is such a file already", where=str(error.filename), remedy="Name one that does not exist."
        ) from None
    except OSError as error:
        reason = (error.strerror or "cannot be written").lower()
        raise EnvironmentTrouble(reason, where=str(error.filename or to), remedy="Name another file.") from None
    return list(paths)
