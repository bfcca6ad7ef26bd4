"""How incidents and the bearers of lines look, to people and as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from provisioning.cli import output
from provisioning.cli.counting import number_of
from provisioning.cli.show_backup import moment
from provisioning.model.incident import Condition, IncidentKind, Priority

if TYPE_CHECKING:
    from provisioning.model.incident import BearerState, Incident
    from provisioning.workflows.watch_bearers import LineNow, Moved

KINDS = {
    IncidentKind.BACK_UP_ACTIVE: "back-up active",
    IncidentKind.BACK_UP_FAILED: "back-up failed",
    IncidentKind.LINE_DOWN: "line down",
}
STYLES = {
    Condition.ON_FIXED: "green",
    Condition.ON_MOBILE: "yellow",
    Condition.MOBILE_FAILED: "yellow",
    Condition.DOWN: "bold red",
    Condition.SILENT: "magenta",
}
URGENT = {Priority.P1: "bold red", Priority.P2: "yellow"}
COLUMNS = ("id", "line", "", "what", "opened, UTC", "to be over", "state")


def show_incidents(found: "Sequence[Incident]", now: datetime, *, only_open: bool) -> None:
    """Show incidents, the newest first."""
    if output.JSON_MODE.get():
        output.print_json({"incidents": [incident_data(each, now) for each in found]})
        return
    if not found:
        output.say("No incident is open." if only_open else "There has been no incident yet.")
        return
    output.print_table(COLUMNS, (_row(each, now) for each in found), wraps=("what",))
    late = sum(is_late(each, now) for each in found)
    open_ones = sum(each.closed_at is None for each in found)
    output.say(f"{number_of(len(found), 'incident')}, {open_ones:,} open" + (f", {late:,} late." if late else "."))


def show_incident(incident: "Incident", now: datetime) -> None:
    """Show one incident."""
    if output.JSON_MODE.get():
        output.print_json({"incident": incident_data(incident, now)})
        return
    output.print_facts(
        (
            ("line", incident.line),
            ("priority", incident.priority),
            ("seen", incident.reason),
            ("opened, UTC", moment(incident.opened_at)),
            ("level", incident.level),
            ("window", incident.window),
            ("restored in", incident.restoration or "best effort"),
            ("to be over", _due(incident, now)),
            ("closed", moment(incident.closed_at) if incident.closed_at is not None else ""),
            ("seen then", incident.closing),
            ("told", "yes" if incident.told else "no"),
        ),
        title=f"{incident.identifier}: {KINDS[incident.kind]}",
    )
    if incident.stops:
        output.print_table(
            ("clock stopped", "went on", "why"),
            (
                (moment(each.stopped_at), moment(each.resumed_at) if each.resumed_at else "-", each.reason)
                for each in incident.stops
            ),
            title="Time that does not count",
            wraps=("why",),
        )


def incident_data(incident: "Incident", now: datetime) -> dict[str, object]:
    """Return an incident for JSON."""
    return {
        "id": incident.identifier,
        "line": incident.line,
        "kind": incident.kind,
        "priority": incident.priority,
        "level": incident.level,
        "window": incident.window,
        "restoration": incident.restoration or None,
        "opened_at": incident.opened_at,
        "due_at": incident.due_at,
        "late": is_late(incident, now),
        "closed_at": incident.closed_at,
        "reason": incident.reason,
        "closing": incident.closing or None,
        "told": incident.told,
        "stops": [
            {"stopped_at": each.stopped_at, "resumed_at": each.resumed_at, "reason": each.reason}
            for each in incident.stops
        ],
    }


def is_late(incident: "Incident", now: datetime) -> bool:
    """Return whether an incident was, or is, not over in time."""
    return incident.due_at is not None and (incident.closed_at or now) > incident.due_at


def moved_data(state: "BearerState", moved: "Moved | None", now: datetime) -> dict[str, object]:
    """Return how a line stands, and what that did, for JSON."""
    return {
        "at": now,
        "line": state.line,
        "serial": state.serial,
        "condition": state.condition,
        "since": state.since,
        "reason": state.reason,
        "opened": [incident_data(each, now) for each in moved.opened] if moved is not None else [],
        "closed": [incident_data(each, now) for each in moved.closed] if moved is not None else [],
    }


def moved_lines(state: "BearerState", moved: "Moved | None", now: datetime) -> list[str]:
    """Return the same for people: a line for how it stands, and one for each incident."""
    at = f"{now:%H:%M:%S}"
    found = [f"{at}  {state.line}  {state.condition}  {state.reason}"]
    if moved is not None:
        for each in moved.opened:
            due = f", to be over by {moment(each.due_at)}" if each.due_at is not None else ""
            found.append(f"{at}  {each.line}  {each.identifier} opens: {each.priority}, {KINDS[each.kind]}{due}")
        for each in moved.closed:
            late = ", late" if is_late(each, now) else ""
            found.append(f"{at}  {each.line}  {each.identifier} closes: {KINDS[each.kind]}{late}")
    return found


def now_cells(line: "LineNow", now: datetime) -> "tuple[output.Styled, ...]":
    """Return the cells of a line in a table that lives."""
    state = line.state
    if state is None:
        word, style, since, reason = "-", "dim", "", "not heard yet"
    else:
        word, style, since, reason = (
            state.condition.value,
            STYLES[state.condition],
            ago(state.since, now),
            state.reason,
        )
        if not line.heard:
            style, reason = "dim", f"before: {reason}"
    if line.drilled:
        word += ", drill"
    worst = line.incidents[0] if line.incidents else None
    incident = f"{worst.identifier} {worst.priority}" if worst is not None else ""
    return (
        output.styled((line.line, "bold")),
        output.styled((word, style)),
        output.styled((since, "")),
        output.styled((incident, URGENT.get(worst.priority, "") if worst is not None else "")),
        output.styled((_due(worst, now) if worst is not None else "", "")),
        output.styled((reason, "")),
    )


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago a moment was, in two characters and a unit at most."""
    seconds = max(0, int((now - at).total_seconds()))
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _row(incident: "Incident", now: datetime) -> tuple[object, ...]:
    return (
        incident.identifier,
        incident.line,
        output.styled((incident.priority, URGENT.get(incident.priority, ""))),
        KINDS[incident.kind],
        f"{incident.opened_at:%m-%d %H:%M}",
        _due(incident, now, short=True),
        _state(incident, now),
    )


def _state(incident: "Incident", now: datetime) -> str:
    late = "late" if is_late(incident, now) else ""
    if incident.closed_at is None:
        return ", ".join(filter(None, ("open", late)))
    return ", ".join(filter(None, ("closed", late, ago(incident.opened_at, incident.closed_at))))


def _due(incident: "Incident", now: datetime, *, short: bool = False) -> str:
    """Return when an incident is to be over; short, without the year, and without whether it is late."""
    if incident.closed_at is None and any(each.resumed_at is None for each in incident.stops):
        return "clock stopped"
    if incident.due_at is None:
        return "best effort"
    if short:
        return f"{incident.due_at:%m-%d %H:%M}"
    return moment(incident.due_at) + (", late" if is_late(incident, now) else "")
