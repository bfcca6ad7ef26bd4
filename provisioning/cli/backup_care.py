"""`proviso backup`: whether all of it is whole, what is past its time, and a copy for another place."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, show_backup, surroundings
from provisioning.cli.backup_options import IdentityOption, store
from provisioning.cli.identity_file import warn_of_readers
from provisioning.cli.options import JsonOption
from provisioning.errors import BadInput, ExitCode

if TYPE_CHECKING:
    from provisioning.backup_store.opening import Opened
    from provisioning.backup_store.verified import Verified

app = typer.Typer(rich_markup_mode=None)

FINDINGS_SHOWN = 50


def _share(text: str) -> float:
    """Return a share of all as a fraction."""
    try:
        share = float(text.removesuffix("%")) / 100
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise BadInput(
            f"{text!r} is no share", where="--share", remedy="Write a percentage from 1 to 100, such as 5%."
        )
    return share


@app.command("verify")
def verify(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="A copy of the backups; without it, the backups themselves."),
    ] = None,
    identity: IdentityOption = None,
    share: Annotated[
        str, typer.Option(metavar="PERCENT", help="With an identity: how much of the originals to decrypt.")
    ] = "100%",
    json: JsonOption = False,
) -> None:
    """Verify the backups, or any copy of them: all there, nothing changed, nothing foreign; exit code 1 if not.

    That needs no identity and no store. With an identity, originals are decrypted too, and compared with their
    fingerprints where the masking key is at hand. What is wrong is told with what is lost by it.

    \b
    Examples:
      proviso backup verify
      proviso backup verify /mnt/copy/proviso-backups
      proviso backup verify --identity restore.key --share 5%
    """
    from provisioning.backup_store.verify import verify as verify_folder
    from provisioning.cli.counting import counting

    wanted = _share(share)
    found_settings = surroundings.settings()
    identity = identity or found_settings.backup_identity_file
    where = folder or found_settings.backups
    with counting("verifying") as tell:
        found = verify_folder(where, tell)
        opened = _opened(where, found, warn_of_readers(identity), wanted, tell) if identity is not None else None
    findings = (*found.findings, *(opened.findings if opened else ()))
    if json:
        output.print_json(
            {
                "folder": str(where),
                "whole": not findings,
                "lines": found.lines,
                "versions": len(found.versions),
                "objects": found.objects,
                "decrypted": opened.number if opened else None,
                "compared": opened.compared if opened else None,
                "findings": findings,
                "remarks": found.remarks,
            }
        )
    else:
        _print_verified(found, opened)
    surroundings.finish(ExitCode.REFUSED if findings else ExitCode.DONE)


def _opened(
    folder: Path, found: "Verified", identity: Path, share: float, tell: "Callable[[str, int], None]"
) -> "Opened":
    from provisioning.backup_store.masking_key import FILE_NAME, masking_key
    from provisioning.backup_store.opening import open_originals
    from provisioning.backups.placeholders import Masker

    state = surroundings.settings().state
    fingerprint = Masker(masking_key(state)).fingerprint if (state / FILE_NAME).exists() else None
    return open_originals(folder, found.versions, identity, share=share, fingerprint=fingerprint, tell=tell)


def _print_verified(found: "Verified", opened: "Opened | None") -> None:
    findings = (*found.findings, *(opened.findings if opened else ()))
    output.say(f"{found.lines} lines, {len(found.versions)} versions, {found.objects} objects of the repository")
    if opened is not None:
        compared = f", {opened.compared} compared with their fingerprints" if opened.compared else ""
        output.say(f"{opened.number} originals decrypted{compared}")
    for each in findings[:FINDINGS_SHOWN]:
        output.say()
        output.print_line((each.where, "bold"))
        output.print_line((f"  {each.what}", "red"))
        if each.lost:
            output.say(f"  lost: {each.lost}")
    if len(findings) > FINDINGS_SHOWN:
        output.say(f"and {len(findings) - FINDINGS_SHOWN} more: --json has all of them")
    for remark in found.remarks:
        output.note(remark)
    if findings:
        output.say()
        output.print_line((_number_wrong(len(findings)), "bold red"))
    else:
        output.print_line(("All of it is whole.", "green"))


@app.command("prune")
def prune(
    plan: Annotated[bool, typer.Option("--plan", help="Show what would go, and drop nothing.")] = False,
    json: JsonOption = False,
) -> None:
    """Drop versions past their time: all of 30 days stay, weekly ones for a year, first and last for ever.

    A version stays as long as it was valid on one of those days. What is dropped is gone from the history of the
    repository too; what killed processes left goes with it.

    \b
    Examples:
      proviso backup prune --plan
      proviso backup prune
    """
    from provisioning.backup_store.prune import prune as prune_store
    from provisioning.clock import SystemClock

    found = store()
    if not found.folder.is_dir():
        output.print_json({"dropped": [], "left": 0}) if json else output.say("There are no backups yet.")
        return
    done = prune_store(found, SystemClock().now(), only_tell=plan)
    if json:
        dropped = [{"line": line, "version": version} for line, version in done.versions]
        output.print_json(
            {"dropped": dropped, "left": done.left, "left_over": done.left_over, "bytes": done.bytes, "plan": plan}
        )
        return
    verb = "would go" if plan else "went"
    lines = len({line for line, _ in done.versions})
    output.say(
        f"{len(done.versions)} versions of {lines} lines {verb} ({show_backup.size(done.bytes)}); {done.left} stay."
    )
    if done.left_over:
        output.say(f"{len(done.left_over)} files that killed processes left {verb}.")


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The bundle; it must not exist yet.")],
    json: JsonOption = False,
) -> None:
    """Write everything of the backups into one file for another place; the same backups give the same bytes.

    It is a tar archive with mode 0600. Unpacked, `proviso backup verify FOLDER` accepts it; with its originals
    encrypted and its texts masked, it is still the business of few. Backups that are damaged are exported as they
    are, with exit code 1.

    \b
    Examples:
      proviso backup export backups.tar
      tar -xf backups.tar && proviso backup verify proviso-backups
    """
    from provisioning.backup_store.export import export as export_store
    from provisioning.cli.counting import counting

    with counting("exporting") as tell:
        bundle = export_store(store(), file, tell)
    if json:
        output.print_json(
            {
                "file": str(file),
                "files": bundle.files,
                "bytes": bundle.bytes,
                "sha256": bundle.digest,
                "whole": not bundle.findings,
                "findings": bundle.findings,
            }
        )
    else:
        output.say(f"{file}: {bundle.files} files, {show_backup.size(bundle.bytes)}")
        output.say(f"SHA-256 {bundle.digest}")
    if bundle.findings:
        output.note(
            f"Damaged: {_number_wrong(len(bundle.findings))} with the backups, and so with what was exported. "
            "`proviso backup verify` says what, and what is lost by it. An earlier export may be whole: keep it."
        )
    surroundings.finish(ExitCode.REFUSED if bundle.findings else ExitCode.DONE)


def _number_wrong(findings: int) -> str:
    return "1 thing is wrong" if findings == 1 else f"{findings} things are wrong"
