"""Incidents of mobile back-ups: opened, closed, and their clocks stopped, each with who did it (facts: I-9)."""

from dataclasses import replace
from datetime import datetime

from provisioning.catalogue import FORMULAS, Level, level_named
from provisioning.errors import BadInput, Refused
from provisioning.incidents.due import due_at, due_of, restoration_of
from provisioning.incidents.priority import priority_of
from provisioning.model.incident import Incident, IncidentKind
from provisioning.model.line import Line, LineState
from provisioning.store import incidents, lines
from provisioning.workflows.auditing import Audit, audited
from provisioning.workflows.surroundings import Surroundings
from provisioning.workflows.watched_lines import has_backup

LONGEST_REASON = 1_000


def level_of(line: Line) -> Level:
    """Return the service level of a line, by its order as it stands now (facts: I-9.2)."""
    options = line.form.get("options")
    wanted = options.get("sla") if isinstance(options, dict) else None
    return level_named(FORMULAS[line.formula].levels.value, wanted)


def open_incident(audit: Audit, line: str, kind: IncidentKind, *, at: datetime, reason: str) -> Incident:
    """Open an incident of a line; return it, with its due time.

    Args:
        reason: what was seen.
    """
    level, priority = level_of(lines.need_line(audit.connection, line)), priority_of(kind)
    restoration = restoration_of(level, priority)
    found = incidents.open_incident(
        audit.connection,
        line=line,
        kind=kind,
        priority=priority,
        level=level.name,
        window=level.window,
        restoration=restoration or "",
        opened_at=at,
        due_at=due_at(level.hours, restoration, at),
        reason=reason,
    )
    audit.add(
        "failover incident open",
        found.identifier,
        details={"line": line, "kind": kind, "priority": priority, "seen": reason},
    )
    return found


def close_incident(audit: Audit, incident: Incident, *, at: datetime, closing: str) -> Incident:
    """Close an incident; return it as it is then.

    Args:
        closing: what was seen.
    """
    incidents.close_incident(audit.connection, incident.number, at=at, closing=closing)
    closed = incidents.need_incident(audit.connection, incident.identifier)
    if closed.due_at is None:
        # Its clock stood still: whether it was over in time is told by what that gave.
        closed = replace(closed, due_at=due_of(closed))
        incidents.keep_due(audit.connection, closed.number, closed.due_at)
    audit.add("failover incident close", incident.identifier, details={"line": incident.line, "seen": closing})
    return closed


def close_left(around: Surroundings) -> list[Incident]:
    """Close the incidents of lines that ceased, or have no mobile back-up any more, and return them."""
    with around.store.read() as connection:
        still_open = incidents.list_incidents(connection, only_open=True)
        left = []
        for each in still_open:
            line = lines.need_line(connection, each.line)
            if line.state is LineState.CEASED:
                left.append((each, "the line is not in service any more"))
            elif not has_backup(line):
                left.append((each, "the line has no mobile back-up any more"))
    if not left:
        return []
    with audited(around) as audit:
        return [close_incident(audit, each, at=audit.at, closing=why) for each, why in left]


def stop_clock(identifier: str, reason: str, around: Surroundings) -> Incident:
    """Begin a time that does not count for an incident; asked again while it lasts, it changes nothing.

    Args:
        identifier: `F-` and digits.
        reason: what delays it: the customer, a third party, force majeure, planned works (facts: I-9.2).

    Raises:
        BadInput: when no reason is given.
        Refused: when it is closed.
        UnknownName: when there is no such incident.
    """
    if not reason.strip():
        raise BadInput("a clock is stopped for a reason", where="--reason", remedy="Say what delays the repair.")
    if len(reason) > LONGEST_REASON:
        raise BadInput(
            f"the reason is longer than {LONGEST_REASON} characters", where="--reason", remedy="Say it shorter."
        )
    with audited(around) as audit:
        found = _need_open(audit, identifier)
        if _stands_still(found):
            return found
        incidents.stop_clock(audit.connection, found.number, at=audit.at, reason=reason.strip())
        incidents.keep_due(audit.connection, found.number, None)
        audit.add("failover stop-clock", found.identifier, reason=reason.strip(), details={"line": found.line})
        return incidents.need_incident(audit.connection, identifier)


def resume_clock(identifier: str, around: Surroundings) -> Incident:
    """Let an incident's clock go on, with the due time that follows; where it runs, nothing changes.

    Raises:
        Refused: when it is closed.
        UnknownName: when there is no such incident.
    """
    with audited(around) as audit:
        found = _need_open(audit, identifier)
        if not _stands_still(found):
            return found
        incidents.resume_clock(audit.connection, found.number, at=audit.at)
        resumed = incidents.need_incident(audit.connection, identifier)
        due = due_of(resumed)
        incidents.keep_due(audit.connection, found.number, due)
        audit.add("failover resume-clock", found.identifier, details={"line": found.line})
        return replace(resumed, due_at=due)


def _need_open(audit: Audit, identifier: str) -> Incident:
    found = incidents.need_incident(audit.connection, identifier)
    if found.closed_at is not None:
        raise Refused(
            f"incident {identifier} is closed: its time has ended",
            where=identifier,
            remedy="`proviso failover incidents --open` lists those that are open.",
        )
    return found


def _stands_still(incident: Incident) -> bool:
    return any(each.resumed_at is None for each in incident.stops)
