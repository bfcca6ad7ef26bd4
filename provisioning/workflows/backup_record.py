"""Writing down what became of backups: where each line stands, and what a run over the fleet has come to."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from time import monotonic

from provisioning.backups.alerts import Standing, StateChange, Subject
from provisioning.model.backup import BackupOutcome, BackupState, Missed, Night
from provisioning.model.line_backup import LineBackup
from provisioning.store import backups
from provisioning.workflows.surroundings import Surroundings

WRITTEN_AT_ONCE = 200
WRITTEN_AFTER_SECONDS = 1.0
"""What was done is written down by then, so that a run that is killed has lost next to nothing."""


class Record:
    """Writes down what becomes of a run, several lines in one transaction.

    Args:
        night: the run, as it stands.
        known: where the backups of its lines stood.

    Attributes:
        changes: how lines stand that something is wrong with, or was, for whoever is told of changes.
    """

    def __init__(self, night: Night, known: Mapping[str, BackupState], around: Surroundings) -> None:
        self.night = night
        self.changes: list[StateChange] = []
        self._known = known
        self._around = around
        self._waiting: list[LineBackup] = []
        self._written = self._begun = monotonic()
        self._seconds_before = night.seconds

    def add(self, done: LineBackup) -> None:
        """Take in what became of a line."""
        self.night = _counted(self.night, done)
        self._waiting.append(done)
        self.changes += changes_of(done, self._known.get(done.line))
        self.write_what_is_due()

    def write_what_is_due(self) -> None:
        """Write down what is not yet, when it is much, or has waited long enough."""
        late = monotonic() - self._written > WRITTEN_AFTER_SECONDS
        if len(self._waiting) >= WRITTEN_AT_ONCE or (late and self._waiting):
            self.write()

    def write(self, *, ended: datetime | None = None) -> None:
        """Write down what is not yet.

        Args:
            ended: when the run ended; None while it goes on.
        """
        waiting, self._waiting = self._waiting, []
        seconds = self._seconds_before + monotonic() - self._begun
        self.night = replace(self.night, ended_at=ended, seconds=seconds)
        missed = [Missed(each.line, each.serial, each.cause, each.message) for each in waiting if not each.good]
        with self._around.store.write() as connection:
            backups.keep_states(connection, (state_after(each, self._known.get(each.line)) for each in waiting))
            backups.add_misses(connection, self.night.id, missed)
            backups.keep_night(connection, self.night)
        self._written = monotonic()


def keep_record(done: Iterable[LineBackup], around: Surroundings) -> tuple[StateChange, ...]:
    """Write down what became of lines outside a run over the fleet; return how they stand, for whoever is told."""
    each_done = tuple(done)
    with around.store.write() as connection:
        known = backups.states_of(connection, [each.line for each in each_done])
        backups.keep_states(connection, (state_after(each, known.get(each.line)) for each in each_done))
    return tuple(change for each in each_done for change in changes_of(each, known.get(each.line)))


def state_after(done: LineBackup, known: BackupState | None) -> BackupState:
    """Return where the backup of a line stands now: what was good before stays known when the line is missed."""
    was_good = known is not None and known.outcome is not BackupOutcome.MISSED
    since = known.since if known is not None and was_good is done.good else done.at
    if done.good:
        return BackupState(
            line=done.line,
            serial=done.serial,
            outcome=done.outcome,
            since=since,
            tried_at=done.at,
            good_at=done.at,
            version=done.version,
            size=done.size,
            cause="",
            message="",
            remark=done.remark,
        )
    return BackupState(
        line=done.line,
        serial=done.serial,
        outcome=done.outcome,
        since=since,
        tried_at=done.at,
        good_at=known.good_at if known is not None else None,
        # Of a line whose ONT nobody could look at, what its router has is kept all the same.
        version=done.version or (known.version if known is not None else ""),
        size=done.size or (known.size if known is not None else 0),
        cause=done.cause,
        message=done.message,
        remark="",
    )


def changes_of(done: LineBackup, known: BackupState | None) -> list[StateChange]:
    """Return how a line stands, where something is wrong with it, or was."""
    state = state_after(done, known)
    before = Standing.WELL if known is None or known.outcome is not BackupOutcome.MISSED else Standing.WRONG
    changes = []
    if not done.good:
        changes.append(
            StateChange(
                done.line, Subject.BACKUP, before, Standing.WRONG, state.since, cause=done.cause, message=done.message
            )
        )
    elif before is Standing.WRONG:
        changes.append(StateChange(done.line, Subject.BACKUP, before, Standing.WELL, state.since))
    if done.withheld:
        message = "; ".join(f"{name}: {why}" for name, why in done.withheld.items())
        changes.append(
            StateChange(done.line, Subject.REDACTION, Standing.WELL, Standing.WRONG, done.at, message=message)
        )
    elif done.shown_again:
        changes.append(StateChange(done.line, Subject.REDACTION, Standing.WRONG, Standing.WELL, done.at))
    return changes


def _counted(night: Night, done: LineBackup) -> Night:
    return replace(
        night,
        kept=night.kept + (done.outcome is BackupOutcome.KEPT),
        unchanged=night.unchanged + (done.outcome is BackupOutcome.UNCHANGED),
        missed=night.missed + (done.outcome is BackupOutcome.MISSED),
        bytes=night.bytes + done.size,
    )
