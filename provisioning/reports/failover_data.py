"""The report of drills and incidents as JSON knows values; the keys are stable."""

from collections.abc import Sequence
from datetime import datetime

from provisioning.model.drill import Drill, DrillResult, Figure
from provisioning.model.failover_report import BackedUpLine, FailoverReport
from provisioning.model.incident import Incident

SCHEMA = 1
"""Counts up when a key changes its meaning or goes away; new keys may come at any time."""


def failover_data(report: FailoverReport) -> dict[str, object]:
    """Return the report's content as dictionaries, lists, text, numbers, true, false and null."""
    return {
        "schema": SCHEMA,
        "made_at": _moment(report.at),
        "line": report.line,
        "month": f"{report.month:%Y-%m}" if report.month else None,
        "drilled_again_after_days": report.every_days,
        "lines": [_line(each) for each in report.lines],
        "drills": [_drill(each) for each in report.drills],
        "incidents": [_incident(each) for each in report.incidents],
    }


def _line(line: BackedUpLine) -> dict[str, object]:
    return {
        "line": line.line,
        "customer": line.customer,
        "serial": line.serial,
        "drill": line.drill.identifier if line.drill else None,
        "state": line.drill.state.value if line.drill else None,
        "drilled_at": _moment(line.drill.begun_at if line.drill else None),
    }


def _drill(drill: Drill) -> dict[str, object]:
    return {
        "drill": drill.identifier,
        "line": drill.line,
        "serial": drill.serial,
        "cut": drill.cut.value,
        "seconds": drill.seconds,
        "state": drill.state.value,
        "actor": drill.actor,
        "campaign": drill.campaign,
        "begun_at": _moment(drill.begun_at),
        "ended_at": _moment(drill.ended_at),
        "reason": drill.reason,
        **(_result(drill.result) if drill.result else {}),
    }


def _result(result: DrillResult) -> dict[str, object]:
    return {
        "hold_seconds": result.hold_seconds,
        "mobile_bytes": result.mobile_bytes,
        "figures": _figures(result.figures),
        "marks": [{"at": each.at, "phase": each.phase.value, "text": each.text} for each in result.marks],
        "events": [
            {"number": each.number, "uptime": each.uptime, "kind": each.kind.value, "bearer": each.bearer.value}
            for each in result.events
        ],
        "rates": [
            {"at": each.at, "seconds": each.seconds, "bearer": each.bearer.value, "down": each.down, "up": each.up}
            for each in result.rates
        ],
        "streams": [
            {
                "stream": each.name.value,
                "family": each.family,
                "interval": each.interval,
                "begun_at": _moment(each.begun_at),
                "sent": each.sent,
                "returned": each.returned,
                "losses": [{"at": loss.at, "packets": loss.packets} for loss in each.losses],
                "buckets": [
                    [bucket.at, bucket.sent, bucket.returned, bucket.round_trip_ms] for bucket in each.buckets
                ],
            }
            for each in result.streams
        ],
    }


def _figures(figures: Sequence[Figure]) -> list[dict[str, object]]:
    return [
        {
            "key": each.key,
            "subject": each.subject,
            "value": each.value,
            "unit": each.unit,
            "target": each.target,
            "at_least": each.at_least,
            "weight": each.weight.value,
            "outcome": each.outcome.value,
            "why_not": each.why_not or None,
            "facts": list(each.facts),
        }
        for each in figures
    ]


def _incident(incident: Incident) -> dict[str, object]:
    return {
        "incident": incident.identifier,
        "line": incident.line,
        "kind": incident.kind.value,
        "priority": incident.priority.value,
        "level": incident.level,
        "window": incident.window,
        "restoration": incident.restoration,
        "opened_at": _moment(incident.opened_at),
        "due_at": _moment(incident.due_at),
        "closed_at": _moment(incident.closed_at),
        "reason": incident.reason,
        "closing": incident.closing,
        "stops": [
            {"stopped_at": _moment(each.stopped_at), "resumed_at": _moment(each.resumed_at), "reason": each.reason}
            for each in incident.stops
        ],
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
