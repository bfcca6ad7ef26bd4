"""Which lines a campaign drills, and which of them may be drilled together. Pure.

A line is due when its back-up was not proven for so many days. It is drilled in the period that its customer was told
of, and never while it is in trouble.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from provisioning.drills.preconditions import agreed_until
from provisioning.model.drill import Announcement, Drill, DrillState

_NEVER = datetime.min.replace(tzinfo=UTC)


class Turn(StrEnum):
    """Where a line stands in the policy.

    `proven`: its latest drill passed, and is young enough; `not-told`: it is due, and its customer was told of no
    period that is still to come; `told`: its period is to come; `now`: its period has begun, and enough of it is left;
    `trouble`: something stands in the way, whatever its period.
    """

    PROVEN = "proven"
    NOT_TOLD = "not-told"
    TOLD = "told"
    NOW = "now"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line with a mobile back-up.

    Attributes:
        latest: its latest drill; None when it was never drilled.
        announcements: periods that its customer was told of, and that are not over.
        trouble: what stands in the way, for people; empty when nothing does.
    """

    line: str
    customer: str
    latest: Drill | None
    announcements: tuple[Announcement, ...]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a campaign keeps to.

    Attributes:
        every: after which a line is due again.
        notice: between telling a customer and drilling his line.
        lasts: how much of a period a drill may take.
        at_once: lines at a time.
        per_cell: of these, lines of one mobile cell.
        failures: failed drills that stop a campaign.
    """

    every: timedelta
    notice: timedelta
    lasts: timedelta
    at_once: int
    per_cell: int
    failures: int


def turn_of(candidate: Candidate, now: datetime, rules: Rules) -> Turn:
    """Return where a line stands."""
    if not is_due(candidate, now, rules):
        return Turn.PROVEN
    if candidate.trouble:
        return Turn.TROUBLE
    until = agreed_until(candidate.announcements, now, rules.notice)
    if until is not None and now + rules.lasts <= until:
        return Turn.NOW
    return Turn.TOLD if any(_is_ahead(each, now, rules) for each in candidate.announcements) else Turn.NOT_TOLD


def _is_ahead(announcement: Announcement, now: datetime, rules: Rules) -> bool:
    """Return whether a period will do later: one that he was told of too late for now may do before it closes."""
    begins = max(announcement.opens_at, announcement.told_at + rules.notice)
    return begins > now and begins + rules.lasts <= announcement.closes_at


def is_due(candidate: Candidate, now: datetime, rules: Rules) -> bool:
    """Return whether nobody knows any more that the back-up works: only a drill that passed proves it."""
    latest = candidate.latest
    return latest is None or latest.state is not DrillState.PASSED or latest.begun_at + rules.every <= now


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return candidates as they are to be drilled: never drilled first, then those whose drill is the oldest."""
    return sorted(candidates, key=lambda each: each.latest.begun_at if each.latest else _NEVER)


def may_begin(customer: str, cell: str | None, busy: Sequence[tuple[str, str, str | None]], rules: Rules) -> bool:
    """Return whether a line may be drilled beside those that are being drilled.

    Args:
        cell: the mobile cell that it hangs on; None where its router does not tell: all of these count as one cell.
        busy: line, customer and cell of those.
    """
    if len(busy) >= rules.at_once or any(customer == theirs for _, theirs, _ in busy):
        return False
    return sum(cell == other for _, _, other in busy) < rules.per_cell
