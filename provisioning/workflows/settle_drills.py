"""Settling drills that somebody has left: their process is gone, and the router ends the cut by itself.

Whoever looks at drills does this first. The router is asked to end the cut now, which changes nothing where it has.
"""

from dataclasses import dataclass
from datetime import timedelta

from provisioning.drills.tokens import tokens_of
from provisioning.errors import ProvisoError, Refused
from provisioning.model.drill import Drill, DrillState
from provisioning.store import drills
from provisioning.workflows.auditing import audited
from provisioning.workflows.check_backup import bearers_of, meant_line, router_of
from provisioning.workflows.scope_lock import hold_if_free, is_held
from provisioning.workflows.surroundings import Surroundings
from tasks.end_drill import end_drill

PREPARATION = timedelta(seconds=120)
"""Between the record of a drill and its cut, at most: by then vantage points have answered, or are done without."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a drill that was left.

    Attributes:
        drill: as it stands now: still `running` where the router did not answer, and its timer may still run.
        told: for people.
    """

    drill: Drill
    told: str


def left_drills(around: Surroundings, *, line: str | None = None) -> list[Drill]:
    """Return the drills whose process has ended without a word, the oldest first."""
    with around.store.read() as connection:
        running = drills.running_drills(connection, line=line)
    return [each for each in running if not is_held(around.state, each.line)]


def settle_left_drills(around: Surroundings, *, line: str | None = None) -> list[Settled]:
    """Settle the drills whose process has ended without a word; return what became of each.

    Args:
        line: only of this line.
    """
    found = []
    for each in left_drills(around, line=line):
        with hold_if_free(around.state, each.line) as ours:
            if ours and (settled := settle_drill(each, around)) is not None:
                found.append(settled)
    return found


def settle_line(line: str, around: Surroundings) -> list[Settled]:
    """Settle the drills of a line that were left; the caller holds the line's lock."""
    with around.store.read() as connection:
        running = drills.running_drills(connection, line=line)
    return [settled for each in running if (settled := settle_drill(each, around)) is not None]


def settle_drill(drill: Drill, around: Surroundings) -> Settled | None:
    """Settle one drill; return None when somebody else has done so. The caller holds the line's lock."""
    told, heard = _end_cut(drill, around)
    ends = drill.begun_at + PREPARATION + timedelta(seconds=drill.seconds)
    if not heard and around.clock.now() < ends:
        return Settled(
            drill, f"{drill.identifier} was left, and {told}; its own timer ends the cut by {ends:%H:%M} UTC"
        )
    reason = f"its process ended without a word; {told}"
    with audited(around) as audit:
        if not drills.end_drill(
            audit.connection, drill.identifier, DrillState.INTERRUPTED, reason, drill.result, audit.at
        ):
            return None
        audit.add("failover drill end", drill.identifier, details={"line": drill.line, "to": "interrupted"})
        now = drills.need_drill(audit.connection, drill.identifier)
    return Settled(now, f"{drill.identifier} was left: {told}")


def _end_cut(drill: Drill, around: Surroundings) -> tuple[str, bool]:
    """Ask the router to end the cut of a drill; return what it says, and whether it said anything."""
    meant = meant_line(drill.line, around)
    if meant is None or meant.cpe.serial != drill.serial:
        return f"router {drill.serial} serves the line no more", True
    router = router_of(meant, around)
    try:
        held = bearers_of(router).drill
        for token in tokens_of(drill.token):
            router.do(end_drill, token=token)
    except Refused as error:
        return f"router {drill.serial} refused to tell: {error.what}", False
    except ProvisoError as error:
        return f"router {drill.serial} does not answer ({error.what})", False
    finally:
        router.close()
    if held is not None and held.token in tokens_of(drill.token):
        return "the router still held the cut, which was ended now", True
    return "the router held no cut of it", True
