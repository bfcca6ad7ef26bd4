"""What `proviso backup run` does and shows."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from provisioning.cli import output, surroundings
from provisioning.cli.counted import Counted, counted
from provisioning.cli.show_backup import size
from provisioning.cli.stoppable import stoppable
from provisioning.errors import ExitCode, ProvisoError

if TYPE_CHECKING:
    from provisioning.model.backup import BackupState
    from provisioning.model.line_backup import LineBackup
    from provisioning.workflows.back_up_fleet import Begun, NightOver
    from provisioning.workflows.backup_scope import Scope
    from provisioning.workflows.surroundings import Surroundings

NAMED = 10
"""Lines that are named in a row; the others are counted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines; an empty tuple leaves everything in. And whether they may hold much less than before."""

    lines: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    smaller: bool = False


def back_up(asked: Asked, *, anew: bool, if_due: bool) -> None:
    """Back up, show what came of it, and end with the exit code for it.

    Args:
        asked: which lines.
        anew: do not go on with a run that was killed or stopped.
        if_due: only if the latest night is over for long enough.

    Raises:
        ProvisoError: when a name is not known, another run is under way, or nothing can be kept.
    """
    from provisioning.model.backup import BackupCause
    from provisioning.workflows.backup_scope import choose_backups, is_due

    around = surroundings.surroundings(create=True)
    scope = choose_backups(
        asked.lines,
        around,
        formulas=asked.formulas,
        platforms=asked.platforms,
        customers=asked.customers,
        smaller=asked.smaller,
    )
    if if_due and not is_due(around):
        output.note("Nothing is due: a run over all lines began within the last 24 hours, and ended.")
        return
    if not scope.devices:
        _show_none(scope)
        return
    with stoppable() as stop:
        over = _followed(scope, around, stop, anew=anew)
    if scope.cause is BackupCause.NIGHTLY and not over.stopped:
        _prune_if_due(around)
    if output.JSON_MODE.get():
        output.print_json(_data(over))
    else:
        _show(over)
    for trouble in over.troubles:
        output.note(trouble)
    surroundings.finish(ExitCode.REFUSED if over.night.missed or over.stopped else ExitCode.DONE)


def _prune_if_due(around: "Surroundings") -> None:
    """Drop what is past its time, once a week; a night is no worse for it when that cannot be done."""
    from provisioning.backup_store.prune import is_due, prune
    from provisioning.backup_store.store import BackupStore

    store, now = BackupStore(around.backups.folder), around.clock.now()
    try:
        if is_due(store, now):
            prune(store, now)
    except ProvisoError as error:
        output.note(f"Backups past their time were not dropped: {error}. `proviso backup prune` tries again.")


def _followed(scope: "Scope", around: "Surroundings", stop: Event, *, anew: bool) -> "NightOver":
    from provisioning.model.backup import BackupCause
    from provisioning.workflows.back_up_fleet import back_up_fleet

    with ExitStack() as stack:
        shown: list[Counted] = []
        known: dict[str, BackupState] = {}

        def begun(what: "Begun") -> None:
            if what.skipped:
                output.note(
                    f"{what.night.id} goes on where it was: {what.skipped:,} of {what.night.total:,} lines are done."
                )
            known.update(what.known)
            shown.append(stack.enter_context(counted("backing up", len(what.devices))))

        def tell(done: "LineBackup") -> None:
            # Whoever asks for lines asks for the reason as well; a night tells what is new.
            before = known.get(done.line) if scope.cause is BackupCause.NIGHTLY else None
            shown[0].step(_remark(done, before))

        return back_up_fleet(scope, around, anew=anew, tell=tell, begun=begun, stop=stop)


def _remark(done: "LineBackup", known: "BackupState | None") -> str:
    """Return what is told of a line at once: why it is missed, when it was not missed before for the same reason."""
    if done.good or (known is not None and known.cause == done.cause):
        return ""
    return f"{done.line} {done.serial}  {done.cause}: {done.message}"


def _show_none(scope: "Scope") -> None:
    if output.JSON_MODE.get():
        output.print_json({"run": None, "out_of_scope": scope.out_of_scope})
        return
    output.say("There is nothing to back up: no line that was asked for is in service and has a nightly backup.")
    if scope.out_of_scope:
        output.note(
            f"{scope.out_of_scope:,} lines have other formulas: the setting backup_formulas adds some; "
            "a line that is named is backed up whatever its formula."
        )


def _show(over: "NightOver") -> None:
    night = over.night
    done = night.kept + night.unchanged
    rate = (done + night.missed) / night.seconds if night.seconds else 0.0
    output.print_line(
        (f"{night.id}  ", "bold"),
        (f"{done:,} of {night.total:,} lines backed up", "green" if done == night.total else "bold red"),
        (f": {night.kept:,} changed, {night.unchanged:,} as before", ""),
    )
    output.say(f"  {size(night.bytes)} in {night.seconds:,.1f} s, {rate:,.1f} lines a second")
    if over.causes:
        output.print_table(("missed", "lines"), tuple(over.causes.items()), right=("lines",))
        output.note("`proviso backup list --missed` and `proviso report nightly` tell which, and why.")
    if over.slow_key_exchanges:
        output.say(f"  only slow key exchanges: {_named(over.slow_key_exchanges)}")
    if over.withheld:
        output.say(f"  masked text withheld, something looks like a secret: {_named(over.withheld)}")
    for each in over.told.splitlines():
        output.note(f"Told: {each}")
    if over.stopped:
        left = night.total - done - night.missed
        them = "1 line was" if left == 1 else f"{left:,} lines were"
        output.note(f"Stopped: {them} not backed up. The next run over all lines goes on.")


def _named(lines: Iterable[str]) -> str:
    names = list(lines)
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _data(over: "NightOver") -> dict[str, object]:
    return {
        "run": over.night,
        "skipped": over.skipped,
        "stopped": over.stopped,
        "missed_by_cause": dict(over.causes),
        "slow_key_exchanges": dict(over.slow_key_exchanges),
        "withheld": over.withheld,
        "told": over.told,
        "troubles": over.troubles,
    }
