"""Which incidents open and close with what is seen of a line.

Decided from how the line stands and what is open, never from a change alone, so that whoever was killed, or was away,
goes on from the store. Rules:

- An incident on the fixed line (P2) closes when the line is back on the fixed bearer and that is trusted: the router
  has watched it for the hold time (facts: I-6.1), so a bearer that flaps keeps the one incident.
- The line is down (P1) until it is back on a trusted fixed bearer, or has been on mobile for CALM. The P2 and P3 of
  its bearers stand beside it, so that their times run on.
- The mobile bearer has no hold: its incident (P3) opens when it has been dead for HICCUP, and closes when it has
  worked for CALM.
- A drill opens nothing but the failure of a mobile bearer that did not carry it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioning.incidents.condition import Seen
from provisioning.incidents.priority import kind_of
from provisioning.model.incident import Condition, IncidentKind

CALM = timedelta(seconds=60)
"""How long what has no hold of its own must be well before its incident closes."""

HICCUP = timedelta(seconds=10)
"""How long a mobile bearer may be dead while nobody needs it."""

SETTLED = timedelta(seconds=1)
"""A router that moves from one bearer to the other says for a moment that it has none."""

OPENS_AFTER: Mapping[IncidentKind, timedelta] = {
    IncidentKind.BACK_UP_ACTIVE: timedelta(0),
    IncidentKind.BACK_UP_FAILED: HICCUP,
    IncidentKind.LINE_DOWN: SETTLED,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows.

    Attributes:
        opens: incidents that begin.
        closes: incidents that end.
        again_at: when to decide again though nothing else is seen; None where there is nothing to wait for.
    """

    opens: tuple[IncidentKind, ...] = ()
    closes: tuple[IncidentKind, ...] = ()
    again_at: datetime | None = None


def decide(
    is_open: Collection[IncidentKind], seen: Seen, since: datetime, now: datetime, *, drilled: bool
) -> Decision:
    """Return which incidents open and close.

    Args:
        is_open: the kinds of the line's open incidents.
        since: when the line was first seen in this condition without another in between.
        drilled: whether a drill of ours is at work on the line; what the router says of drills counts as well.
    """
    if seen.condition is Condition.SILENT:
        return Decision()
    opens: list[IncidentKind] = []
    closes: list[IncidentKind] = []
    waits: list[datetime] = []
    wanted = _wanted(seen, drilled=drilled or seen.drilled)
    if wanted is not None and wanted not in is_open:
        _weigh(wanted, since + OPENS_AFTER[wanted], now, opens, waits)
    for kind in is_open:
        calm = _calm(kind, seen)
        if calm is not None:
            _weigh(kind, since + calm, now, closes, waits)
    return Decision(tuple(opens), tuple(closes), min(waits, default=None))


def _weigh(kind: IncidentKind, due: datetime, now: datetime, then: list[IncidentKind], waits: list[datetime]) -> None:
    if due <= now:
        then.append(kind)
    else:
        waits.append(due)


def _wanted(seen: Seen, *, drilled: bool) -> IncidentKind | None:
    """Return the incident that stands now."""
    if not drilled:
        return kind_of(seen.condition)
    return IncidentKind.BACK_UP_FAILED if seen.mobile_works is False else None


def _calm(kind: IncidentKind, seen: Seen) -> timedelta | None:
    """Return after how long of what is seen an incident is over; None while it is not."""
    match kind:
        case IncidentKind.BACK_UP_ACTIVE:
            return timedelta(0) if seen.trusted else None
        case IncidentKind.BACK_UP_FAILED:
            return CALM if seen.mobile_works else None
        case IncidentKind.LINE_DOWN:
            if seen.trusted:
                return timedelta(0)
            return CALM if seen.condition is Condition.ON_MOBILE else None
