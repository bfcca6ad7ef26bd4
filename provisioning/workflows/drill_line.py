"""Drilling the mobile back-up of a line: may it be, the drill itself, what it came to, and the record of it."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event

from provisioning.drills import codes
from provisioning.drills.preconditions import Asked, agreed_until, dead_man_seconds, refusals
from provisioning.errors import OutcomeUnknown, ProvisoError, ScopeBusy
from provisioning.model.drill import Announcement, Drill, DrillResult, DrillState
from provisioning.model.finding import Finding
from provisioning.store import announcements, drills, lines
from provisioning.workflows.auditing import audited
from provisioning.workflows.check_backup import BackupLook, look_at_backup, meant_line, router_of, snmp_secrets
from provisioning.workflows.drill_course import Course, Tell
from provisioning.workflows.drill_outcome import missed, result_of, verdict_of
from provisioning.workflows.drill_record import DrillRecord
from provisioning.workflows.drilled_router import DrilledRouter
from provisioning.workflows.intended_line import IntendedLine
from provisioning.workflows.prove_line import vantages
from provisioning.workflows.scope_lock import scope_lock
from provisioning.workflows.settle_drills import settle_line
from provisioning.workflows.surroundings import Surroundings

_LOG = logging.getLogger(__name__)

TOKEN_BYTES = 12


@dataclass(frozen=True, slots=True)
class Drilled:
    """What became of a drill that was asked for.

    Attributes:
        drill: None when it was refused.
        refusals: why it was, all reasons at once.
        error: what ended it early; None when nothing did.
        notes: what else people should know.
    """

    line: str
    drill: Drill | None
    refusals: tuple[Finding, ...] = ()
    error: ProvisoError | None = None
    notes: tuple[str, ...] = ()


def drill_line(
    line: str,
    asked: Asked,
    around: Surroundings,
    tell: Tell,
    stop: Event | None = None,
    *,
    because: str = "",
    campaign: int | None = None,
) -> Drilled:
    """Drill a line, or say why not; a drill of it that was left is settled first.

    Args:
        asked: the drill.
        tell: told what is being done.
        stop: set to end the drill; the fixed bearer is healed first.
        because: why it is drilled without waiting for the agreed period; empty when it does wait.
        campaign: number of the campaign that the drill belongs to; None for one that a person asked for.

    Raises:
        UnknownName: when there is no such line.
        EnvironmentTrouble: when the store cannot be used.
    """
    with around.store.read() as connection:
        lines.need_line(connection, line)
    try:
        with scope_lock(around.state, line):
            notes = tuple(each.told for each in settle_line(line, around))
            answer = _drill(line, asked, around, tell, stop or Event(), because, campaign)
            return replace(answer, notes=(*notes, *answer.notes))
    except ScopeBusy as error:
        return Drilled(line, None, (codes.BUSY.at(line, error.what, error.remedy),))


def _drill(
    line: str,
    asked: Asked,
    around: Surroundings,
    tell: Tell,
    stop: Event,
    because: str,
    campaign: int | None,
) -> Drilled:
    meant = meant_line(line, around)
    router = router_of(meant, around) if meant is not None else None
    try:
        look = look_at_backup(line, meant, router, around, ours=True)
        with around.store.read() as connection:
            told = announcements.list_announcements(connection, line=line, ends_after=around.clock.now())
        reasons = _reasons(look, told, asked, around)
        report = look.readiness.report
        if reasons or meant is None or router is None or report is None:
            return Drilled(line, None, reasons)
        # Whatever is missing is found out before anything is written down.
        line_secrets, _ = snmp_secrets(meant, around), around.vantages
        drill, seconds = _record_begin(meant, asked, told, around, because, campaign)
        with vantages({meant.cpe.serial}, around) as points:
            course = Course(
                drill=drill,
                asked=asked,
                seconds=seconds,
                meant=meant,
                secrets=line_secrets,
                router=DrilledRouter(router, meant, report.clock, stop),
                points=points,
                around=around,
                record=DrillRecord(report),
                tell=tell,
            )
            error = _go(course)
        return _over(course, error)
    finally:
        if router is not None:
            router.close()


def _reasons(
    look: BackupLook, told: Sequence[Announcement], asked: Asked, around: Surroundings
) -> tuple[Finding, ...]:
    return refusals(
        look.readiness,
        look.cuts,
        told,
        asked,
        now=around.clock.now(),
        notice=timedelta(hours=around.drills.notice_hours),
        hold_seconds=around.operator.routing.hold_seconds,
    )


def _record_begin(
    meant: IntendedLine,
    asked: Asked,
    told: Sequence[Announcement],
    around: Surroundings,
    because: str,
    campaign: int | None,
) -> tuple[Drill, int]:
    """Write down that a drill begins, before anything is cut; return it, and the seconds of the router's timer."""
    notice = timedelta(hours=around.drills.notice_hours)
    with audited(around) as audit:
        until: datetime | None = None if asked.at_once else agreed_until(told, audit.at, notice)
        seconds = dead_man_seconds(asked, now=audit.at, until=until)
        drill = drills.add_drill(
            audit.connection,
            line=meant.addressed.intent.line,
            serial=meant.cpe.serial,
            token=secrets.token_hex(TOKEN_BYTES),
            cut=asked.cut,
            seconds=seconds,
            actor=audit.actor.name,
            now=audit.at,
            campaign=campaign,
        )
        audit.add(
            "failover drill",
            drill.identifier,
            reason=because,
            details={
                "line": drill.line,
                "serial": drill.serial,
                "cut": asked.cut.value,
                "seconds": asked.seconds,
                "bounce": asked.bounce,
                "before_its_time": asked.at_once,
                **({"campaign": campaign} if campaign is not None else {}),
            },
        )
    return drill, seconds


def _go(course: Course) -> ProvisoError | None:
    """Go through a drill; return what ended it early, if anything did."""
    try:
        course.go()
    except ProvisoError as error:
        return error
    except Exception as mistake:
        return _mistake(mistake)
    return None


def _over(course: Course, error: ProvisoError | None) -> Drilled:
    """Write down what became of a drill; return it."""
    try:
        result = result_of(course)
    except Exception as mistake:
        error = _mistake(mistake)
        result = DrillResult(0, tuple(course.record.marks), course.router.events, (), ())
    state, reason = verdict_of(result, error)
    return Drilled(course.drill.line, _record_end(course.drill, state, reason, result, course.around), (), error)


def _record_end(drill: Drill, state: DrillState, reason: str, result: DrillResult, around: Surroundings) -> Drill:
    named = [each.key for each in missed(result.figures)]
    with audited(around) as audit:
        drills.end_drill(audit.connection, drill.identifier, state, reason, result, audit.at)
        audit.add(
            "failover drill end",
            drill.identifier,
            details={"line": drill.line, "to": state.value, **({"missed": named} if named else {})},
        )
        return drills.need_drill(audit.connection, drill.identifier)


def _mistake(error: Exception) -> ProvisoError:
    """Return a mistake in Proviso as an error of ours: the drill is recorded nevertheless."""
    _LOG.debug("a drill failed: a mistake in Proviso", exc_info=error)
    found = OutcomeUnknown(
        f"this should not happen: {type(error).__name__}",
        where="Proviso itself",
        remedy="Run it again with `proviso --debug …` and report what it prints.",
    )
    found.__cause__ = error
    return found
