"""Telling customers of drills: the agreed period is written down, and so is the message for the customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from provisioning.errors import BadInput, Refused, UnknownName
from provisioning.model.drill import Announcement
from provisioning.model.line import Line, LineState
from provisioning.reports.drill_message import announcement_message, withdrawal_message
from provisioning.store import announcements, lines
from provisioning.workflows.auditing import Audit, audited
from provisioning.workflows.message_file import write_message_file
from provisioning.workflows.surroundings import Surroundings
from provisioning.workflows.watched_lines import has_backup

LONGEST = timedelta(days=31)
"""Of a period: a customer cannot keep himself ready for longer."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What was written down.

    Attributes:
        message: the file with the message for the customer.
        early_enough: whether a drill at the begin of the period has the notice that the operator wants.
        known: whether it was announced before.
    """

    announcement: Announcement
    message: Path
    early_enough: bool
    known: bool = False


def announce_drills(
    named: Sequence[str],
    opens_at: datetime,
    closes_at: datetime,
    around: Surroundings,
    *,
    agreed_with: str = "",
    language: str = "en",
) -> list[Announced]:
    """Write down that customers are told of a period in which their lines may be drilled; return each.

    All of them are announced, or none is. What was announced before stays as it is.

    Args:
        named: lines.
        agreed_with: the representative who agreed; empty where the operator chose the period.
        language: of the message.

    Raises:
        UnknownName: when there is no such line.
        BadInput: when the period makes no sense.
        Refused: when a line is not in service, or has no mobile back-up, or nobody of that name may speak for its
            customer.
    """
    _need_period(opens_at, closes_at, around.clock.now())
    with audited(around) as audit:
        answers = []
        for name in dict.fromkeys(named):
            line = lines.need_line(audit.connection, name)
            _need_service(line)
            _need_backup(line)
            _need_representative(line, agreed_with)
            known = found = _announced_before(audit, line.id, opens_at, closes_at)
            if found is None:
                found = announcements.add_announcement(
                    audit.connection,
                    line=line.id,
                    opens_at=opens_at,
                    closes_at=closes_at,
                    told_by=audit.actor.name,
                    agreed_with=agreed_with,
                    language=language,
                    now=audit.at,
                )
                details = {"opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat()}
                if agreed_with:
                    details["agreed_with"] = agreed_with
                audit.add("failover announce", line.id, details={**details, "announcement": found.number})
            answers.append((line, found, known is not None))
    return [
        Announced(each, _write(each, _representatives(line), around), _early_enough(each, around), known)
        for line, each, known in answers
    ]


def _announced_before(audit: Audit, line: str, opens_at: datetime, closes_at: datetime) -> Announcement | None:
    """Return the announcement of just this period that holds; None when there is none."""
    held = announcements.list_announcements(audit.connection, line=line)
    return next((each for each in held if (each.opens_at, each.closes_at) == (opens_at, closes_at)), None)


def withdraw_drill(number: int, around: Surroundings) -> Announced:
    """Withdraw an announcement: no drill rests on it any more; done twice, it changes nothing.

    Raises:
        UnknownName: when there is none of that number.
    """
    with audited(around) as audit:
        found = announcements.find_announcement(audit.connection, number)
        if found is None:
            raise UnknownName(
                f"there is no announcement {number}",
                where="announcement",
                remedy="`proviso failover announcements` shows them.",
            )
        line = lines.need_line(audit.connection, found.line)
        known = not announcements.withdraw_announcement(audit.connection, number, audit.at)
        if not known:
            audit.add("failover withdraw", found.line, details={"announcement": number})
        found = announcements.find_announcement(audit.connection, number) or found
    return Announced(found, _write(found, _representatives(line), around), early_enough=False, known=known)


def _need_period(opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    if closes_at <= opens_at:
        raise BadInput("the period ends before it begins", where="--until", remedy="Give a later moment.")
    if closes_at <= now:
        raise BadInput("the period is over", where="--until", remedy="Give a moment to come.")
    if closes_at - opens_at > LONGEST:
        raise BadInput(
            f"a period may last {LONGEST.days} days at most", where="--until", remedy="Announce a shorter one."
        )


def _need_service(line: Line) -> None:
    if line.state not in (LineState.ACTIVE, LineState.ADOPTED):
        raise Refused(
            f"the line is {line.state.value}",
            where=line.id,
            remedy="A line is drilled once it is in service: `proviso order activate`.",
        )


def _need_backup(line: Line) -> None:
    if not has_backup(line):
        raise Refused(
            "the line has no mobile back-up (facts: I-6.1)",
            where=line.id,
            remedy="There is nothing to drill: `proviso line show LINE` tells what was ordered.",
        )


def _need_representative(line: Line, agreed_with: str) -> None:
    known = _representatives(line)
    if agreed_with and agreed_with not in known:
        raise Refused(
            f"{agreed_with!r} is no representative of the customer (facts: I-8.6)",
            where=line.id,
            remedy=f"Those who are: {', '.join(known)}." if known else "The order form names none.",
        )


def _representatives(line: Line) -> tuple[str, ...]:
    customer = line.form.get("customer")
    listed = customer.get("representatives") if isinstance(customer, Mapping) else None
    return tuple(str(each) for each in listed) if isinstance(listed, list) else ()


def _early_enough(announcement: Announcement, around: Surroundings) -> bool:
    return announcement.told_at + timedelta(hours=around.drills.notice_hours) <= announcement.opens_at


def _write(announcement: Announcement, representatives: Sequence[str], around: Surroundings) -> Path:
    """Write the message for the customer, whole or not at all; return the file."""
    to = announcement.agreed_with or ", ".join(representatives)
    compose = announcement_message if announcement.withdrawn_at is None else withdrawal_message
    about = {"announcement": announcement.number, "line": announcement.line}
    written = compose(announcement, to, seconds=around.drills.seconds)
    return write_message_file(f"drill-{announcement.number}", about, written, around.state)
