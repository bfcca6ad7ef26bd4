"""From the documents of one router to a version that is kept, or why there is none.

The login passwords go first (facts: X-8). What is byte for byte what the latest version holds is only seen. The rest
must be a backup (facts: I-8.3) before it takes the place of one, is masked for people, encrypted, and kept.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from provisioning.backup_store.masking_key import masking_key
from provisioning.backup_store.store import BackupStore
from provisioning.backups.completeness import examine_backup, size_of
from provisioning.backups.login_password import without_login_passwords
from provisioning.backups.placeholders import Masker
from provisioning.backups.volatile import without_volatile
from provisioning.backups.withhold import why_withheld
from provisioning.errors import EnvironmentTrouble, ProvisoError, cause_of
from provisioning.model.backup import (
    BackupCause,
    BackupOutcome,
    BackupVersion,
    Fetched,
    Missed,
    NewVersion,
)
from provisioning.model.intent import AddressedIntent
from provisioning.model.line_backup import LineBackup
from provisioning.model.product import OntDevice
from provisioning.store.delivered import Delivered, delivered_line, delivered_lines
from provisioning.workflows.in_step import in_step
from provisioning.workflows.intended_line import intended_line
from provisioning.workflows.keep_ont import INCOMPLETE, Lack, lack_of, lacking, ont_before, ont_of
from provisioning.workflows.surroundings import Surroundings

NOT_KEPT = "not kept"

SHORTCOMINGS_TOLD = 3
"""In the message of one line; who looks at the router sees the rest."""

_LOG = logging.getLogger(__name__)

_Result = TypeVar("_Result")


class Keeper:
    """Makes versions of what was fetched; what all lines of a run share is read once.

    Args:
        lines: whose latest versions are looked up beforehand, all at once; those of others when they come.
        smaller: whether what holds much less than the version before is taken: somebody has looked at it.

    Raises:
        BadInput: when there are no recipients: nobody could read what is encrypted.
        StoreUnusable: when the backups cannot be read.
    """

    def __init__(
        self, around: Surroundings, cause: BackupCause, lines: Iterable[str], *, smaller: bool = False
    ) -> None:
        self._around = around
        self._smaller = smaller
        self._cause = cause
        self.store = BackupStore(around.backups.folder)
        # Asked for nothing, to be told before a fleet was fetched from in vain.
        self.store.seal({})
        self._recipients = frozenset(each.key for each in self.store.recipients)
        self._masker = Masker(masking_key(around.state))
        self._latest = dict(self.store.latest(lines))

    def keep(self, fetched: Fetched) -> LineBackup:
        """Keep what was fetched from a router, if it is a backup and none of it is kept yet.

        Raises:
            EnvironmentTrouble: when nothing can be kept any more: no space, no permission, a damaged repository.
        """
        return self.keep_all((fetched,))[0]

    def keep_all(self, fetched: Sequence[Fetched]) -> list[LineBackup]:
        """Do the same with what was fetched from several routers, each of another line: on disk when this returns.

        One that cannot be kept stops no other.
        """
        now = self._around.clock.now()
        compared = [self._guarded(each, now, partial(self._compare, each, now)) for each in fetched]
        meant = self._meant_all([each.fetched.line for each in compared if isinstance(each, _Changed)])
        steps = [
            partial(self._guarded, each.fetched, now, partial(next, self._make(each, meant, now)))
            for each in compared
            if isinstance(each, _Changed)
        ]
        came = iter(in_step(steps))
        made = [next(came) if isinstance(each, _Changed) else each for each in compared]
        kept = iter(self._put_by([each for each in made if isinstance(each, _Made)], now))
        return [next(kept) if isinstance(each, _Made) else each for each in made]

    def missed(self, missed: Missed) -> LineBackup:
        """Return what became of a line whose router could not be fetched from."""
        return _missed(missed, self._around.clock.now(), missed.cause, missed.message)

    def _guarded(self, whose: Fetched, now: datetime, work: Callable[[], _Result]) -> _Result | LineBackup:
        """Return what comes of work, or that the line is missed."""
        try:
            return work()
        except EnvironmentTrouble:
            raise
        except ProvisoError as error:
            return _missed(whose, now, cause_of(error), str(error))
        except Exception as error:
            # A mistake in Proviso with one line must not end a night of ten thousand; `--debug` shows what is logged.
            _LOG.debug("keeping a backup failed: a mistake in Proviso", exc_info=error)
            return _missed(whose, now, NOT_KEPT, f"this should not happen: {type(error).__name__}")

    def _compare(self, fetched: Fetched, now: datetime) -> "_Changed | LineBackup":
        """Return what was fetched, unless the latest version holds it."""
        documents = without_volatile(fetched.platform, without_login_passwords(fetched.platform, fetched.documents))
        before, lack = self._latest.get(fetched.line), lack_of(fetched, self._ont_of_line)
        if lack is None:
            present = documents = {**documents, **ont_of(fetched)}
        else:
            present = {**documents, **ont_before(before, self.store)}
        fingerprint = self._masker.fingerprint(present)
        holds = before is not None and self._holds(before, fetched, fingerprint)
        if before is not None and holds and self.store.has_original(before):
            return lacking(self._seen(fetched, before, size_of(present), now), lack)
        if present is not documents:
            fingerprint = self._masker.fingerprint(documents)
        return _Changed(fetched, documents, fingerprint, before, lack, lost=holds)

    def _make(
        self, changed: "_Changed", meant: Mapping[str, Delivered], now: datetime
    ) -> "Iterator[_Made | LineBackup | None]":
        """Yield the version that comes of it, or why it is no backup; before that None, once for each step."""
        fetched, documents = changed.fetched, changed.documents
        shortcomings, items = self._examine(fetched, documents, changed.before, self._meant(fetched.line, meant))
        if shortcomings:
            yield _missed(fetched, now, INCOMPLETE, shortcomings)
        yield None
        masked = self._masker.mask_all(fetched.platform, documents)
        yield None
        withheld = why_withheld(fetched.platform, masked)
        yield None
        new = NewVersion(
            line=fetched.line,
            serial=fetched.serial,
            platform=fetched.platform,
            taken_at=now,
            cause=self._cause,
            masked={name: text for name, text in masked.items() if name not in withheld},
            withheld=withheld,
            fingerprint=changed.fingerprint,
            size=size_of(documents),
            sealed=self.store.seal(documents),
            items=items,
            before=changed.before.id if changed.before is not None else "",
        )
        yield _Made(changed, new)

    def _put_by(self, made: Sequence["_Made"], now: datetime) -> list[LineBackup]:
        """Keep versions together; where there is something wrong with one of them, each by itself."""
        try:
            versions = self.store.keep_all([each.new for each in made])
        except EnvironmentTrouble:
            raise
        except Exception:
            if len(made) > 1:
                return [done for each in made for done in self._put_by((each,), now)]
            return [self._guarded(each.changed.fetched, now, partial(self._put, each)) for each in made]
        self._latest.update((version.line, version) for version in versions)
        return [_kept(each, version) for each, version in zip(made, versions, strict=True)]

    def _put(self, made: "_Made") -> LineBackup:
        version = self.store.keep(made.new)
        self._latest[version.line] = version
        return _kept(made, version)

    def _ont_of_line(self, line: str) -> OntDevice | None:
        addressed, _ = self._meant(line, {})
        return addressed.intent.ont if addressed is not None else None

    def _holds(self, before: BackupVersion, fetched: Fetched, fingerprint: str) -> bool:
        """Return whether a version was made of what was fetched, and all who should can read it."""
        return (
            before.fingerprint == fingerprint
            and before.serial == fetched.serial
            and self._recipients.issubset(before.recipients)
        )

    def _seen(self, fetched: Fetched, before: BackupVersion, size: int, now: datetime) -> LineBackup:
        return LineBackup(
            line=fetched.line,
            serial=fetched.serial,
            outcome=BackupOutcome.UNCHANGED,
            at=now,
            version=before.id,
            size=size,
            remark=_remark(fetched, before.withheld),
            withheld=before.withheld,
        )

    def _examine(
        self,
        fetched: Fetched,
        documents: Mapping[str, str],
        before: BackupVersion | None,
        meant: tuple[AddressedIntent | None, datetime | None],
    ) -> tuple[str, tuple[str, ...]]:
        """Return what is wrong with what was fetched, for people, and the items that it holds."""
        addressed, delivered_at = meant
        # What was changed on purpose since, or is on another router, may well be smaller.
        changed = before is not None and (
            before.serial != fetched.serial or (delivered_at is not None and delivered_at > before.taken_at)
        )
        size = before.size if before is not None and not changed and not self._smaller else None
        found = examine_backup(addressed, fetched.platform, documents, before=size)
        told = [str(each) for each in found.shortcomings[:SHORTCOMINGS_TOLD]]
        if len(found.shortcomings) > SHORTCOMINGS_TOLD:
            told.append(f"and {len(found.shortcomings) - SHORTCOMINGS_TOLD} more")
        return "; ".join(told), tuple(each.value for each in found.items)

    def _meant_all(self, lines: Sequence[str]) -> Mapping[str, Delivered]:
        """Return what lines were delivered as last, where that can be read of all of them at once."""
        if len(lines) < 2:
            return {}
        try:
            with self._around.store.read() as connection:
                return delivered_lines(connection, lines)
        except EnvironmentTrouble:
            raise
        except Exception:  # of one of them: which one shows when each is read by itself
            return {}

    def _meant(self, line: str, known: Mapping[str, Delivered]) -> tuple[AddressedIntent | None, datetime | None]:
        """Return what a line was delivered as last, and when; of one that nothing was delivered of, what it should be.

        An order that was accepted and not activated yet is no reason to miss anything on the router.
        """
        delivered = known.get(line)
        if delivered is None:
            with self._around.store.read() as connection:
                delivered = delivered_line(connection, line)
        if delivered is not None:
            return delivered.addressed, delivered.at
        try:
            return intended_line(line, self._around).addressed, None
        except ProvisoError:
            return None, None


@dataclass(frozen=True, slots=True)
class _Changed:
    """What was fetched, and is not what the latest version holds.

    Attributes:
        documents: as they will be kept.
        before: the latest version.
        lack: why the line's ONT is not among them; None where it is, or the line has none.
        lost: whether that version was made of the same, and its original is missing or damaged.
    """

    fetched: Fetched
    documents: Mapping[str, str]
    fingerprint: str
    before: BackupVersion | None
    lack: Lack | None
    lost: bool


@dataclass(frozen=True, slots=True)
class _Made:
    """A version that is about to be kept."""

    changed: _Changed
    new: NewVersion


def _kept(made: _Made, version: BackupVersion) -> LineBackup:
    changed, before = made.changed, made.changed.before
    lost = before.id if before is not None and changed.lost else ""
    done = LineBackup(
        line=version.line,
        serial=version.serial,
        outcome=BackupOutcome.KEPT,
        at=made.new.taken_at,
        version=version.id,
        size=version.size,
        remark=_remark(changed.fetched, version.withheld, lost),
        withheld=version.withheld,
        shown_again=before is not None and bool(before.withheld) and not version.withheld,
    )
    return lacking(done, changed.lack)


def _missed(whose: Fetched | Missed, now: datetime, cause: str, message: str) -> LineBackup:
    return LineBackup(whose.line, whose.serial, BackupOutcome.MISSED, now, cause=cause, message=message)


def _remark(fetched: Fetched, withheld: Mapping[str, str], lost: str = "") -> str:
    remarks = [f"only slow key exchanges: {fetched.slow_key_exchange}"] if fetched.slow_key_exchange else []
    remarks += [f"masked text of {name} withheld: {why}" for name, why in withheld.items()]
    remarks += [f"kept anew: the original of {lost} is missing or damaged"] if lost else []
    return "; ".join(remarks)
