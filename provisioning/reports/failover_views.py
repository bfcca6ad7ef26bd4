"""The parts of the report of drills, in words: what a template places, and nothing that it has to work out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from provisioning.model.drill import MISSED, Drill, DrillState, Figure, Loss, Outcome, StreamName, Weight
from provisioning.model.failover_report import FailoverReport
from provisioning.model.incident import Incident
from provisioning.reports.drill_timeline import Timeline, timeline
from provisioning.reports.failover_terms import (
    BEARERS,
    CUTS,
    FIGURES,
    INCIDENTS,
    OUTCOME_STATUSES,
    OUTCOMES,
    PHASES,
    STATES,
    STATUSES,
    STREAMS,
)
from provisioning.reports.nightly_views import size
from provisioning.reports.visible import one_line
from provisioning.reports.words import Words

MOST_DRILLS = 60
"""With a picture each; the JSON has them all."""

MOST_LINES = 500
"""In one table: a page of ten thousand is read by nobody, and the JSON has them all."""

EXACT_BELOW = 100
"""Nobody needs hundredths of a large number."""

NARROWEST = 70.0
"""Units of the picture below which the word of a phase does not fit into its place."""


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure with its target and what it is worth."""

    subject: str
    value: str
    target: str
    status: str
    outcome: str
    note: str


@dataclass(frozen=True, slots=True)
class DrillView:
    """A drill; `picture` is None where nothing was counted, `legend` has class and word of each phase in it."""

    id: str
    title: str
    meta: str
    status: str
    state: str
    reason: str
    picture: Timeline | None
    description: str
    lanes: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]
    figures: tuple[FigureView, ...]


def drills(report: FailoverReport, words: Words) -> Iterator[DrillView]:
    """Yield the drills, latest first."""
    customers = {each.line: each.customer for each in report.lines}
    for each in report.drills[:MOST_DRILLS]:
        yield _drill(each, customers.get(each.line, ""), words)


def _drill(drill: Drill, customer: str, words: Words) -> DrillView:
    result = drill.result
    picture = timeline(result) if result else None
    meta = [
        f"{words.date_of(drill.begun_at)}, {words.time(drill.begun_at)}",
        words.text(CUTS[drill.cut]),
        words.text("%(seconds)s s at most", seconds=words.number(drill.seconds)),
        one_line(drill.serial),
    ]
    if result and result.mobile_bytes is not None:
        meta.append(words.text("%(size)s over mobile", size=size(words, result.mobile_bytes)))
    return DrillView(
        id=drill.identifier,
        title=" · ".join(each for each in (drill.line, one_line(customer)) if each),
        meta=" · ".join(meta),
        status=STATUSES[drill.state],
        state=words.text(STATES[drill.state]),
        reason=_reason(drill, words),
        picture=picture,
        description=_described(drill, words),
        lanes=tuple(words.text(STREAMS[each.name]) for each in picture.lanes) if picture else (),
        legend=_legend(picture, words) if picture else (),
        figures=tuple(figure(each, words) for each in result.figures) if result else (),
    )


def _reason(drill: Drill, words: Words) -> str:
    """Return why a drill did not pass; which figures did not in the words of the page."""
    if drill.result is None or not drill.reason.startswith(MISSED):
        return one_line(drill.reason)
    bad = [each for each in drill.result.figures if each.weight is Weight.GATE and each.outcome is not Outcome.MET]
    return words.text("not met: %(figures)s", figures="; ".join(_subject(each, words) for each in bad))


def _legend(picture: Timeline, words: Words) -> tuple[tuple[str, str], ...]:
    """Return class and word of the phases that the picture shows, each once."""
    shown = {each.phase for each in picture.spans}
    return tuple((phase.name.lower(), words.text(text)) for phase, text in PHASES.items() if phase in shown)


def _described(drill: Drill, words: Words) -> str:
    if drill.result is None:
        return ""
    told = []
    for stream in drill.result.streams:
        longest = max(stream.losses, key=lambda each: each.packets, default=Loss(0.0, 0))
        told.append(
            words.text(
                "%(stream)s: %(lost)s of %(sent)s packets lost, longest gap %(gap)s s",
                stream=words.text(STREAMS[stream.name]),
                lost=words.number(stream.sent - stream.returned),
                sent=words.number(stream.sent),
                gap=words.number(longest.packets * stream.interval, 2),
            )
        )
    return "; ".join(told) + "." if told else ""


def figure(figure: Figure, words: Words) -> FigureView:
    """Return a figure in words."""
    target = ""
    if figure.target is not None and figure.unit:
        at = _value(figure.target, figure.unit, words)
        target = words.text("at least %(value)s", value=at) if figure.at_least else _at_most(at, words)
    return FigureView(
        subject=_subject(figure, words),
        value="–" if figure.value is None else _value(figure.value, figure.unit, words),
        target=target,
        status=OUTCOME_STATUSES[figure.outcome] if figure.target is not None or figure.value is None else "",
        outcome=words.text(OUTCOMES[figure.outcome]) if figure.target is not None or figure.value is None else "",
        note=one_line(figure.why_not),
    )


def _subject(figure: Figure, words: Words) -> str:
    key, _, stream = figure.key.partition(":")
    if stream:
        return words.text("longest gap of %(stream)s", stream=words.text(STREAMS[StreamName(stream)]))
    return words.text(FIGURES[key]) if key in FIGURES else one_line(figure.subject)


def _at_most(value: str, words: Words) -> str:
    return words.text("at most %(value)s", value=value)


def _value(value: float, unit: str, words: Words) -> str:
    if not unit:
        return words.text("yes") if value else words.text("no")
    if unit == "bytes":
        return size(words, value)
    return f"{words.number(value, 2 if value < EXACT_BELOW else 0)} {words.text(unit)}"


def overdue(report: FailoverReport) -> int:
    """Return how many lines were not drilled for too long, or never."""
    since = report.at - timedelta(days=report.every_days)
    return sum(each.drill is None or each.drill.begun_at < since for each in report.lines)


def latest(report: FailoverReport, words: Words) -> list[tuple[str, str, str, str]]:
    """Return the lines with their latest drill, those that need somebody first."""
    order = {None: 0, DrillState.FAILED: 1, DrillState.INTERRUPTED: 2, DrillState.RUNNING: 3, DrillState.PASSED: 4}
    ordered = sorted(report.lines, key=lambda each: order[each.drill.state if each.drill else None])
    return [
        (
            each.line,
            one_line(each.customer),
            words.minute(each.drill.begun_at, report.at) if each.drill else words.text("never"),
            words.text(STATES[each.drill.state]) if each.drill else words.text("not proven"),
        )
        for each in ordered[:MOST_LINES]
    ]


def incidents(report: FailoverReport, words: Words) -> list[tuple[str, str, str, str, str, str]]:
    """Return the incidents, as the rows of a table."""
    return [_incident(each, report, words) for each in report.incidents[:MOST_LINES]]


def _incident(incident: Incident, report: FailoverReport, words: Words) -> tuple[str, str, str, str, str, str]:
    return (
        incident.line,
        incident.identifier,
        f"{incident.priority.value}, {words.text(INCIDENTS[incident.kind])}",
        words.minute(incident.opened_at, report.at),
        words.minute(incident.due_at, report.at) if incident.due_at else "–",
        words.minute(incident.closed_at, report.at) if incident.closed_at else words.text("open"),
    )


def bearer_names(words: Words) -> dict[str, str]:
    """Return the words for bearers, by their identifiers."""
    return {name.value: words.text(text) for name, text in BEARERS.items()}
