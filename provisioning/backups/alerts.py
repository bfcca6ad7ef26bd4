"""What people are told of, and when: once when something goes wrong, and once when it is well again.

A line that fails every night is told of once. What became of the telling is kept by channel, so that what could not be
told is told the next time, and a channel that is new hears of all that is wrong. Pure: values in, values out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from provisioning.model.backup import ProofOutcome, RestoreProof

LINES_NAMED = 100
"""In one group: nobody reads more, and `proviso backup list` and `proviso drift show` have them all."""


class Subject(StrEnum):
    """What a state is of."""

    BACKUP = "backup"
    DRIFT = "drift"
    REDACTION = "redaction"
    REHEARSAL = "rehearsal"
    LINE_DOWN = "line-down"
    BACK_UP_ACTIVE = "back-up-active"
    BACK_UP_FAILED = "back-up-failed"


class Standing(StrEnum):
    """How it stands."""

    WELL = "well"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class StateChange:
    """How something of a line stood, and how it stands now.

    Attributes:
        line: `L-` and digits.
        before: how it stood; who does not know says WELL, since what was told before decides.
        after: how it stands now.
        since: when that began.
        cause: of the trouble, in a word or two; empty when there is none.
        message: one line for people, without secrets.
    """

    line: str
    what: Subject
    before: Standing
    after: Standing
    since: datetime
    cause: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of one thing of one line, and who was told what.

    Attributes:
        now: how it stands.
        told: by channel, how it stood when that was told last; a channel that was never told anything took it for
            well.
    """

    line: str
    what: Subject
    now: Standing
    since: datetime
    cause: str
    message: str
    told: Mapping[str, Standing]

    @property
    def key(self) -> tuple[Subject, str]:
        """What tells it apart."""
        return self.what, self.line

    def told_to(self, channel: str) -> Standing:
        """Return how it stood when that was told a channel last."""
        return self.told.get(channel, Standing.WELL)


@dataclass(frozen=True, slots=True)
class AlertGroup:
    """What changed in the same way for the same cause.

    Attributes:
        lines: in the order of their numbers, with the message of each; at most LINES_NAMED.
        count: of all lines.
        since: the earliest.
    """

    what: Subject
    after: Standing
    cause: str
    count: int
    since: datetime
    lines: tuple[tuple[str, str], ...]


def changes_of_proofs(proofs: Iterable[RestoreProof]) -> tuple[StateChange, ...]:
    """Return how backups stand that were restored on stand-ins."""
    return tuple(
        StateChange(
            each.line,
            Subject.REHEARSAL,
            Standing.WELL,
            Standing.WELL if each.outcome is ProofOutcome.RESTORED else Standing.WRONG,
            each.at,
            cause="" if each.outcome is ProofOutcome.RESTORED else each.outcome.value,
            message="" if each.outcome is ProofOutcome.RESTORED else each.message,
        )
        for each in proofs
    )


def take_in(known: Iterable[Watched], changes: Iterable[StateChange]) -> tuple[Watched, ...]:
    """Return what is known after some changes, or looks that found the same as before.

    What is well, and was never told to be anything else, is forgotten: there is nothing to tell.
    """
    watched = {each.key: each for each in known}
    for change in changes:
        earlier = watched.get((change.what, change.line))
        if earlier is None:
            told: Mapping[str, Standing] = {}
        elif earlier.now is change.after:
            # It stands as before: since when, is what was said first.
            watched[earlier.key] = replace(earlier, cause=change.cause, message=change.message)
            continue
        else:
            told = earlier.told
        new = Watched(change.line, change.what, change.after, change.since, change.cause, change.message, told)
        watched[new.key] = new
    return tuple(each for each in watched.values() if not _is_over(each))


def due(watched: Iterable[Watched], channel: str) -> tuple[StateChange, ...]:
    """Return what a channel has to be told: what stands otherwise than when it was told last."""
    return tuple(
        StateChange(each.line, each.what, each.told_to(channel), each.now, each.since, each.cause, each.message)
        for each in watched
        if each.now is not each.told_to(channel)
    )


def mark_told(watched: Iterable[Watched], told: Iterable[StateChange], channel: str) -> tuple[Watched, ...]:
    """Return what is known once a channel was told of some changes."""
    said = {(each.what, each.line): each.after for each in told}
    marked = (
        replace(each, told={**each.told, channel: said[each.key]}) if each.key in said else each for each in watched
    )
    return tuple(each for each in marked if not _is_over(each))


def group(changes: Iterable[StateChange]) -> tuple[AlertGroup, ...]:
    """Return changes by what they are of, what became of it and why: what went wrong first, large groups first."""
    in_order = sorted(changes, key=lambda each: (*_kind(each), _number(each.line)))
    groups = [_group_of(list(each)) for _, each in groupby(in_order, key=_kind)]
    return tuple(sorted(groups, key=lambda each: (each.after is Standing.WELL, -each.count)))


def alert_text(groups: Sequence[AlertGroup]) -> str:
    """Return what groups say, a line each."""
    return "\n".join(_said(each) for each in groups)


def alert_data(groups: Sequence[AlertGroup], *, at: datetime) -> dict[str, object]:
    """Return what a command or webhook is told, as JSON knows values; `text` is the same for people."""
    return {
        "schema": 1,
        "from": "proviso",
        "at": at.isoformat(timespec="seconds"),
        "text": alert_text(groups),
        "changes": [
            {
                "what": each.what.value,
                "from": (Standing.WELL if each.after is Standing.WRONG else Standing.WRONG).value,
                "to": each.after.value,
                "cause": each.cause,
                "since": each.since.isoformat(timespec="seconds"),
                "count": each.count,
                "lines": [{"line": line, "message": message} for line, message in each.lines],
            }
            for each in groups
        ],
    }


_WRONG = {
    Subject.BACKUP: "no backup",
    Subject.DRIFT: "drift",
    Subject.REDACTION: "masked text withheld: something looks like a secret",
    Subject.REHEARSAL: "the backup does not restore",
    Subject.LINE_DOWN: "the line is down",
    Subject.BACK_UP_ACTIVE: "the mobile back-up is active, the fixed line failed",
    Subject.BACK_UP_FAILED: "the mobile back-up failed",
}
_WELL = {
    Subject.BACKUP: "backed up again",
    Subject.DRIFT: "as intended again",
    Subject.REDACTION: "masked text kept again",
    Subject.REHEARSAL: "the backup restores again",
    Subject.LINE_DOWN: "the line is up again",
    Subject.BACK_UP_ACTIVE: "back on the fixed line",
    Subject.BACK_UP_FAILED: "the mobile back-up works again",
}


def _said(group: AlertGroup) -> str:
    what = (_WRONG if group.after is Standing.WRONG else _WELL)[group.what]
    cause = f" ({group.cause})" if group.cause else ""
    if group.count == 1:
        ((line, message),) = group.lines
        return f"{line}: {what}{cause}" + (f": {message}" if message else "")
    named = ", ".join(line for line, _ in group.lines[:10])
    more = f" and {group.count - 10:,} more" if group.count > 10 else ""
    return f"{group.count:,} lines: {what}{cause}: {named}{more}"


def _group_of(changes: list[StateChange]) -> AlertGroup:
    first = changes[0]
    return AlertGroup(
        what=first.what,
        after=first.after,
        cause=first.cause,
        count=len(changes),
        since=min(each.since for each in changes),
        lines=tuple((each.line, each.message) for each in changes[:LINES_NAMED]),
    )


def _is_over(watched: Watched) -> bool:
    return watched.now is Standing.WELL and all(each is Standing.WELL for each in watched.told.values())


def _kind(change: StateChange) -> tuple[str, str, str]:
    return change.what, change.after, change.cause


def _number(line: str) -> tuple[int, str]:
    digits = line.rpartition("-")[2]
    return (int(digits) if digits.isdecimal() else 0), line
