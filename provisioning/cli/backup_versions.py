"""`proviso backup`: what is kept of each line, and how it changed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, show_backup, surroundings
from provisioning.cli.backup_options import (
    AtOption,
    BackedUpArgument,
    IdentityOption,
    complete_backed_up,
    complete_document,
    complete_version,
    kept,
)
from provisioning.cli.options import JsonOption
from provisioning.errors import BadInput, UnknownName

if TYPE_CHECKING:
    from provisioning.backup_store.kept import KeptBackups
    from provisioning.model.backup import BackupVersion

app = typer.Typer(rich_markup_mode=None)

SHOWN_AT_ONCE = 50

DocumentOption = Annotated[
    str | None,
    typer.Option(
        "--document", metavar="NAME", help="Only this document of the router.", autocompletion=complete_document
    ),
]
VersionArgument = Annotated[
    str | None,
    typer.Argument(metavar="VERSION", help="Version, date or `first`.", autocompletion=complete_version),
]


@app.command("list")
def list_versions(
    line: Annotated[
        str | None, typer.Argument(metavar="LINE", help="Id of the line.", autocompletion=complete_backed_up)
    ] = None,
    after: Annotated[
        str | None,
        typer.Option("--after", metavar="LINE", help="Go on after this line.", autocompletion=complete_backed_up),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most so many lines.")] = SHOWN_AT_ONCE,
    missed: Annotated[bool, typer.Option("--missed", help="Lines whose latest backup was missed, and why.")] = False,
    json: JsonOption = False,
) -> None:
    """List the versions of a line, newest first; without a line, the newest of each.

    A night without a change makes no version: what is listed was valid until the next one.

    \b
    Examples:
      proviso backup list
      proviso backup list L-1
      proviso backup list --after L-50 --limit 100 --json
      proviso backup list --missed
    """
    if missed:
        _list_missed(line, json=json)
        return
    from provisioning.backup_store.finding import no_backup

    found = kept()
    damaged = _warn_of_damage(found)
    if line is not None:
        _list_line(found.versions(line), line, damaged, json=json)
        return
    every = found.lines()
    if after is not None and after not in every:
        raise no_backup(after)
    begin = every.index(after) + 1 if after is not None else 0
    lines = every[begin : begin + limit]
    latest = found.latest(lines)
    shown = [latest[each] for each in lines if each in latest]
    if json:
        latest_data = [show_backup.version_data(each) for each in shown]
        output.print_json({"total": len(every), "lines": latest_data, "damaged": damaged})
        return
    if not every:
        output.say("There are no backups yet: `proviso backup run` takes them.")
        return
    show_backup.print_latest(shown)
    if begin + len(lines) < len(every):
        output.note(f"{len(every)} lines in all; go on with `proviso backup list --after {lines[-1]}`.")


def _warn_of_damage(found: "KeptBackups") -> tuple[str, ...]:
    """Say what a list alone would not, since it reads no masked text; return the files that are damaged."""
    from provisioning.backup_store.pack_glance import damaged_packs

    damaged = damaged_packs(found.layout)
    for each in damaged:
        output.note(f"Damaged: {each}. `proviso backup verify` says what is lost by it.")
    return damaged


def _list_line(versions: "Sequence[BackupVersion]", line: str, damaged: Sequence[str], *, json: bool) -> None:
    from provisioning.backup_store.finding import no_backup

    if not versions:
        raise no_backup(line)
    if json:
        every = [show_backup.version_data(each) for each in versions]
        output.print_json({"line": line, "versions": every, "damaged": damaged})
    else:
        show_backup.print_versions(versions)


def _list_missed(line: str | None, *, json: bool) -> None:
    from provisioning.model.backup import BackupOutcome
    from provisioning.store.backups import list_states

    around = surroundings.surroundings()
    with around.store.read() as connection:
        states = list_states(connection, outcome=BackupOutcome.MISSED)
    found = [each for each in states if line in (None, each.line)]
    if json:
        output.print_json({"missed": found})
    elif found:
        show_backup.print_missed(found)
    else:
        output.say("No line's latest backup was missed.")


@app.command("show")
def show(
    line: BackedUpArgument,
    at: AtOption = None,
    document: DocumentOption = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="The original, with its secrets.")] = False,
    identity: IdentityOption = None,
    to: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where the original goes: a file, or a folder for several documents."),
    ] = None,
    to_stdout: Annotated[
        bool, typer.Option("--to-stdout", help="Write the original to standard output, secrets and all.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Show a version of a line's backup, with a placeholder for each secret.

    The original is only for whoever has an identity: it goes to a file that nobody else may read (mode 0600).

    \b
    Examples:
      proviso backup show L-1
      proviso backup show L-1 --at 2026-11-20 --document running-config
      proviso backup show L-1 --reveal --identity restore.key --to ./L-1
    """
    found = kept()
    version = found.find(line, at)
    if reveal:
        from provisioning.cli.reveal_backup import reveal_backup

        reveal_backup(found, version, document=document, identity=identity, to=to, to_stdout=to_stdout)
        return
    if to is not None or identity is not None or to_stdout:
        raise BadInput("that is for the original", where="--to, --to-stdout, --identity", remedy="Add --reveal.")
    masked = dict(found.masked(version))
    names = need_documents(document, (*version.documents, *version.withheld), line)
    texts = {name: masked[name] for name in names if name in masked}
    if json:
        output.print_json({"version": show_backup.version_data(version), "documents": show_backup.readable(texts)})
    else:
        show_backup.print_version(version, texts, names)


@app.command("diff")
def diff(
    line: BackedUpArgument,
    first: VersionArgument = None,
    second: VersionArgument = None,
    document: DocumentOption = None,
    json: JsonOption = False,
) -> None:
    """Show how a line's configuration changed from one version to another.

    Without versions, the newest is compared with the one before it; with one, the newest with that. A secret that was
    changed shows as a changed placeholder.

    \b
    Examples:
      proviso backup diff L-1
      proviso backup diff L-1 2026-11-01
      proviso backup diff L-1 2026-11-01 2026-11-20 --document running-config
    """
    from provisioning.planning.difference import differences

    found = kept()
    new = found.find(line, second)
    versions = found.versions(line)
    old = found.find(line, first) if first is not None else versions[min(1, len(versions) - 1)]
    names = need_documents(document, sorted({*old.documents, *old.withheld, *new.documents, *new.withheld}), line)
    before, after = dict(found.masked(old)), dict(found.masked(new))
    shown_before, shown_after = show_backup.readable(before), show_backup.readable(after)
    hidden = {name: why for each in (old, new) for name, why in each.withheld.items() if name in names}
    # Against a text that is withheld, every line of the other one would seem to come or go.
    names = tuple(each for each in names if each not in hidden)
    changed = tuple(differences(names, before, after, shown_before, shown_after, (old.id, new.id)))
    if json:
        output.print_json({"from": old.id, "to": new.id, "differences": changed, "withheld": hidden})
        return
    if first is None and len(versions) == 1:
        output.say(f"{line} has one version only, {new.id}: there is none before it to compare it with.")
        return
    show_backup.print_differences(old, new, changed, hidden)


def need_documents(named: str | None, names: tuple[str, ...] | list[str], line: str) -> tuple[str, ...]:
    """Return the documents that somebody means: the named one, or all.

    Raises:
        UnknownName: when there is no such document.
    """
    if named is None:
        return tuple(names)
    if named not in names:
        raise UnknownName(
            f"there is no document {named!r} in it", where=line, remedy=f"It has: {', '.join(names) or 'none'}."
        )
    return (named,)
