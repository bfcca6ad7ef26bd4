"""`proviso backup rehearse`: backups restored onto stand-ins."""

import re
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, surroundings
from provisioning.cli.backup_restore import IdentityOption, with_identity
from provisioning.cli.options import JsonOption, complete_line
from provisioning.errors import BadInput, ExitCode

if TYPE_CHECKING:
    from provisioning.backups.sample import Coverage
    from provisioning.cli.progress import Progress
    from provisioning.model.backup import BackupVersion, RestoreProof
    from provisioning.workflows.rehearse_backups import StandIn
    from provisioning.workflows.surroundings import Surroundings

app = typer.Typer(rich_markup_mode=None)

JOBS = 4

_OUTCOMES = {"restored": "green", "differs": "bold red", "failed": "bold red"}
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s*%")


@app.command("rehearse")
def rehearse(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[LINE]...", help="Lines; without any, a sample.", autocompletion=complete_line),
    ] = None,
    share: Annotated[str, typer.Option(metavar="PERCENT", help="Of each platform's lines, at least one.")] = "5%",
    identity: IdentityOption = None,
    jobs: Annotated[int, typer.Option(metavar="N", min=1, max=64, help="So many at a time.")] = JOBS,
    show: Annotated[bool, typer.Option("--show", help="Rehearse nothing; show what is known to restore.")] = False,
    json: JsonOption = False,
) -> None:
    """Restore a sample of the backups onto stand-ins of the same platform, and compare.

    The least recently proven ones come first. A stand-in is told a backup as a customer's router would be, under its
    timer; what it has then, and after a loss of power, must be what the backup holds. Exit code 1 if any differs.

    \b
    Examples:
      proviso backup rehearse --identity rehearsal.age
      proviso backup rehearse L-1 L-7
      proviso backup rehearse --share 20%
      proviso backup rehearse --show
    """
    from provisioning.backups.alerts import changes_of_proofs
    from provisioning.backups.sample import coverage, sample
    from provisioning.workflows.open_backup import check_identity
    from provisioning.workflows.rehearse_backups import candidates, fleet
    from provisioning.workflows.tell_alert import tell_alerts

    part = _share(share)
    around = with_identity(surroundings.surroundings(create=not show), identity)
    proofs: list[RestoreProof] = []
    if not show:
        found = candidates(around, tuple(dict.fromkeys(names or ())))
        chosen = sample((each for each, _ in found.values()), 1.0 if names else part)
        if chosen:
            versions = [found[each.line][1] for each in chosen]
            check_identity(versions, around)
            proofs = _rehearse(versions, around, jobs)
            for trouble in tell_alerts(changes_of_proofs(proofs), around).troubles:
                output.note(trouble)
    known = coverage(fleet(around), around.clock.now())
    _print(proofs, known, show=show, json=json)
    failed = any(each.outcome.value != "restored" for each in proofs)
    surroundings.finish(ExitCode.REFUSED if failed else ExitCode.DONE)


def _share(written: str) -> float:
    found = _SHARE.fullmatch(written.strip())
    share = float(found[1]) / 100 if found else 0.0
    if not 0 < share <= 1:
        raise BadInput(
            f"no share of the fleet: {written}", where="--share", remedy="Write a percentage such as 5% or 0.5%."
        )
    return share


def _rehearse(versions: "Sequence[BackupVersion]", around: "Surroundings", jobs: int) -> "list[RestoreProof]":
    from provisioning.cli.progress import progress
    from provisioning.cli.stand_ins import AT_ONCE

    output.note(f"{len(versions)} {'backup' if len(versions) == 1 else 'backups'} to rehearse")
    with progress() as shown:
        parts = [versions[at : at + AT_ONCE] for at in range(0, len(versions), AT_ONCE)]
        return [proof for some in parts for proof in _on_stand_ins(some, around, jobs, shown)]


def _on_stand_ins(
    versions: "Sequence[BackupVersion]", around: "Surroundings", jobs: int, shown: "Progress"
) -> "Iterator[RestoreProof]":
    from collections import Counter

    from provisioning.cli.carrying_out import in_turn
    from provisioning.cli.stand_ins import stand_ins
    from provisioning.workflows.preload import preload
    from provisioning.workflows.rehearse_backups import rehearse_backup

    preload()
    with stand_ins(Counter(each.platform for each in versions)) as stands:
        free = {platform: iter(some) for platform, some in stands.items()}
        work = [(each, next(free[each.platform])) for each in versions]

        def do(pair: "tuple[BackupVersion, StandIn]", stop: threading.Event) -> "RestoreProof":
            version, stand = pair
            shown.begin(version.line, version.serial)
            proof = rehearse_backup(version, stand, around, lambda step, text: shown.tell(version.line, step, text))
            shown.end(version.line, proof.outcome.value, proof.message)
            return proof

        for proof in in_turn(work, do, jobs=jobs):
            if proof is not None:
                yield proof


def _print(proofs: "Sequence[RestoreProof]", known: "Sequence[Coverage]", *, show: bool, json: bool) -> None:
    if json:
        output.print_json({"rehearsed": proofs, "coverage": [_coverage_data(each) for each in known]})
        return
    if proofs:
        output.print_table(
            ("outcome", "line", "version", "platform", "seconds", "what came of it"),
            (
                (
                    output.styled((each.outcome.value, _OUTCOMES[each.outcome.value])),
                    each.line,
                    each.version,
                    each.platform,
                    f"{each.seconds:.1f}",
                    each.message,
                )
                for each in proofs
            ),
            title="Rehearsed",
            right=("seconds",),
            wraps=("what came of it",),
        )
    if not any(each.backed_up for each in known):
        output.say("There are no backups yet: `proviso backup run` takes them.")
        return
    output.print_table(
        ("platform", "lines", "backed up", "proven", "share", "failed", "median age", "oldest"),
        (
            (
                each.platform,
                each.fleet,
                each.backed_up,
                each.proven,
                f"{100 * each.share:.1f} %",
                output.styled((each.failed, "bold red" if each.failed else "")),
                _age(each.median),
                _age(each.oldest),
            )
            for each in known
        ),
        title="Known to restore",
        right=("lines", "backed up", "proven", "share", "failed"),
    )
    lines, proven = sum(each.fleet for each in known), sum(each.proven for each in known)
    output.say(f"{100 * proven / lines:.1f} % of the fleet is proven to restore: {proven} of {lines} lines.")
    if show and not any(each.proven or each.failed for each in known):
        output.note("No backup has been brought back yet: `proviso backup rehearse` does it on stand-ins.")


def _age(age: timedelta | None) -> str:
    if age is None:
        return "no proof"
    hours = age.total_seconds() / 3600
    if hours < 2:
        return f"{hours * 60:.0f} min"
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} h"


def _coverage_data(each: "Coverage") -> dict[str, object]:
    return {
        "platform": each.platform,
        "fleet": each.fleet,
        "backed_up": each.backed_up,
        "proven": each.proven,
        "share": round(each.share, 4),
        "failed": each.failed,
        "oldest_seconds": each.oldest.total_seconds() if each.oldest is not None else None,
        "median_seconds": each.median.total_seconds() if each.median is not None else None,
    }
