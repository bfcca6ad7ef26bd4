"""The nightly run: every line in scope is fetched from, checked, masked, encrypted and kept, each as it arrives.

What was kept is on disk at once, so a run that is killed, or stopped, has lost nothing of it. The next nightly run
goes on where that one ended: lines that it has a good backup of are left out. One run at a time.
"""

import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic

from provisioning.errors import ProvisoError, ScopeBusy
from provisioning.model.backup import BackupCause, BackupOutcome, BackupState, Fetched, Missed, Night
from provisioning.model.line_backup import LineBackup
from provisioning.store import backups
from provisioning.store.selection import SelectedDevice
from provisioning.workflows.backup_record import Record
from provisioning.workflows.backup_scope import Scope
from provisioning.workflows.fleet_onts import delivered_onts
from provisioning.workflows.keep_backup import Keeper
from provisioning.workflows.look_at_fleet import look_at_fleet
from provisioning.workflows.scope_lock import hold_if_free, lock_file
from provisioning.workflows.surroundings import Surroundings
from provisioning.workflows.tell_alert import tell_alerts

LOCK = "backup run"

SAME_NIGHT = timedelta(hours=12)
"""A nightly run that began longer ago than this is not gone on with: its lines are due again."""

COMMITTED_AT_ONCE = 500
"""Versions that wait for the repository at most, so that no commit holds up the run for long; until then they are in
its journal."""

KEPT_AT_ONCE = 64
KEPT_AFTER_SECONDS = 0.5
"""What was fetched is on disk by then: several together, which costs one turn of the disk instead of three each."""

Look = Callable[[Sequence[SelectedDevice]], Iterator[Fetched | Missed]]
Tell = Callable[[LineBackup], object]


@dataclass(frozen=True, slots=True)
class NightOver:
    """What came of a run.

    Attributes:
        skipped: lines that an earlier part of the same run had dealt with.
        causes: lines missed, by cause, the most frequent first.
        slow_key_exchanges: lines whose router offers only slow ones, with the name.
        withheld: lines of which a masked text is not kept.
        stopped: whether it was told to stop: then it has not ended, and the next one goes on.
        told: what people were told of, for people; empty when nothing.
        troubles: why somebody could not be told.
    """

    night: Night
    skipped: int = 0
    causes: Mapping[str, int] = field(default_factory=dict)
    slow_key_exchanges: Mapping[str, str] = field(default_factory=dict)
    withheld: tuple[str, ...] = ()
    stopped: bool = False
    told: str = ""
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Begun:
    """What a run is about to do.

    Attributes:
        devices: that are to be fetched from.
        known: where the backups of lines stood before.
        skipped: lines that an earlier part of the same run had dealt with.
    """

    night: Night
    devices: tuple[SelectedDevice, ...]
    known: Mapping[str, BackupState]
    skipped: int


def back_up_fleet(
    scope: Scope,
    around: Surroundings,
    *,
    anew: bool = False,
    tell: Tell = lambda done: None,
    begun: Callable[[Begun], object] = lambda what: None,
    stop: Event | None = None,
    look: Look | None = None,
) -> NightOver:
    """Back up the routers of lines; a line that cannot be backed up stops no other.

    Args:
        anew: do not go on with a run that was killed or stopped.
        tell: is told what became of each line, as that is known.
        begun: is told what is going to be done, once.
        stop: set to end it: what was kept stays kept.
        look: fetches what is in force.

    Raises:
        ScopeBusy: when another run is under way; tells which process that is.
        BadInput: when nobody could read what is encrypted, or no key to log in with is set.
        EnvironmentTrouble: when nothing can be kept any more; what was kept before stays kept.
    """
    stop = stop or Event()
    with only_run(around):
        keeper = Keeper(around, scope.cause, [each.line for each in scope.devices], smaller=scope.smaller)
        what = _begin(scope, around, anew=anew)
        begun(what)
        run = _Run(keeper, Record(what.night, what.known, around), tell)
        if look is not None:
            results = look(what.devices)
        else:
            at_once, idle = around.backups.at_once, run.idle
            onts = delivered_onts(what.devices, around)
            results = look_at_fleet(what.devices, around, at_once=at_once, stop=stop, idle=idle, onts=onts)
        run.follow(results, stop)
        over = None if stop.is_set() else around.clock.now()
        run.record.write(ended=over)
    alerts = tell_alerts(run.record.changes, around)
    return NightOver(
        night=run.record.night,
        skipped=what.skipped,
        causes=dict(run.causes.most_common()),
        slow_key_exchanges=run.slow,
        withheld=tuple(run.withheld),
        stopped=over is None,
        told=alerts.text,
        troubles=alerts.troubles,
    )


@contextmanager
def only_run(around: Surroundings) -> Iterator[None]:
    """Be the one run over the fleet.

    Raises:
        ScopeBusy: when another process is; tells which.
    """
    who = lock_file(around.state, LOCK).with_suffix(".who")
    with hold_if_free(around.state, LOCK) as held:
        if not held:
            raise ScopeBusy(
                f"the backups of the fleet are being taken already{_who(who)}",
                where="backup run",
                remedy="Wait until it has ended, or end it; the next run goes on where it was.",
            )
        who.write_text(f"process {os.getpid()} since {around.clock.now():%Y-%m-%d %H:%M:%S} UTC", "utf-8")
        try:
            yield
        finally:
            who.unlink(missing_ok=True)


def _who(file: Path) -> str:
    try:
        return f": {file.read_text('utf-8')}"
    except OSError:
        return ""


def _begin(scope: Scope, around: Surroundings, *, anew: bool) -> Begun:
    """Begin a run, or go on with one that was killed or stopped the same night."""
    now = around.clock.now()
    with around.store.write() as connection:
        known = backups.states_of(connection, [each.line for each in scope.devices])
        goes_on = scope.cause is BackupCause.NIGHTLY and not anew
        left = backups.left_night(connection, scope.cause, since=now - SAME_NIGHT) if goes_on else None
        if left is None:
            return Begun(
                backups.begin_night(connection, scope.cause, len(scope.devices), now), scope.devices, known, 0
            )
        devices = tuple(each for each in scope.devices if not _done_since(left, known.get(each.line)))
        night = backups.carry_on_night(connection, left, len(scope.devices))
        return Begun(night, devices, known, len(scope.devices) - len(devices))


def _done_since(left: Night, state: BackupState | None) -> bool:
    return state is not None and state.good_at is not None and state.good_at >= left.started_at


@dataclass
class _Run:
    """Takes results as they come.

    Attributes:
        slow: name of the slow key exchange by line.
        withheld: lines of which a masked text is not kept.
    """

    keeper: Keeper
    record: Record
    tell: Tell
    causes: Counter[str] = field(default_factory=Counter)
    slow: dict[str, str] = field(default_factory=dict)
    withheld: list[str] = field(default_factory=list)
    _found: list[Fetched | Missed] = field(default_factory=list)
    _since: float = 0.0
    _uncommitted: int = 0

    def follow(self, results: Iterator[Fetched | Missed], stop: Event) -> None:
        """Take all results, until told to stop; whatever ends it, what was kept is written down."""
        try:
            for found in results:
                self._take(found)
                if stop.is_set():
                    break
            self._keep()
            self._commit()
        except ProvisoError:
            with suppress(ProvisoError):
                self._keep()
                self.record.write()
            raise
        finally:
            if isinstance(results, Generator):
                results.close()

    def idle(self) -> None:
        """Use the time in which nothing arrives."""
        self._keep()
        self.record.write_what_is_due()

    def _take(self, found: Fetched | Missed) -> None:
        if not self._found:
            self._since = monotonic()
        self._found.append(found)
        if len(self._found) >= KEPT_AT_ONCE or monotonic() - self._since > KEPT_AFTER_SECONDS:
            self._keep()

    def _keep(self) -> None:
        """Keep what has arrived: what is said of a line is said when it is on disk."""
        found, self._found = self._found, []
        kept = iter(self.keeper.keep_all([each for each in found if isinstance(each, Fetched)]))
        for each in found:
            self._count(each, self.keeper.missed(each) if isinstance(each, Missed) else next(kept))
        if self._uncommitted >= COMMITTED_AT_ONCE:
            self._commit()

    def _count(self, found: Fetched | Missed, done: LineBackup) -> None:
        if done.cause:
            self.causes[done.cause] += 1
        if isinstance(found, Fetched) and found.slow_key_exchange:
            self.slow[found.line] = found.slow_key_exchange
        if done.withheld:
            self.withheld.append(done.line)
        self._uncommitted += bool(done.version) and done.outcome is not BackupOutcome.UNCHANGED
        self.record.add(done)
        self.tell(done)

    def _commit(self) -> None:
        self._uncommitted = 0
        self.keeper.store.commit(f"{self.record.night.id}: {self.record.night.cause}")
