"""How drills look, to people and as JSON."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from provisioning.cli import output
from provisioning.cli.counting import number_of
from provisioning.errors import Stopped

if TYPE_CHECKING:
    from provisioning.model.drill import Drill, DrillResult, Figure
    from provisioning.workflows.drill_line import Drilled

STATES = {"running": "cyan", "passed": "green", "failed": "bold red", "interrupted": "yellow"}
_OUTCOMES = {"met": "green", "missed": "bold red", "not measured": "yellow"}
MOST_EVENTS = 30


def word_of(answer: "Drilled") -> str:
    """Return in one word what became of a drill that was asked for."""
    if answer.drill is not None:
        return answer.drill.state.value
    if isinstance(answer.error, Stopped):
        return "interrupted"
    return "failed" if answer.error is not None else "refused"


def print_drilled(answers: "Sequence[Drilled]") -> None:
    """Print what became of drills."""
    for number, each in enumerate(answers):
        if number:
            output.say()
        _print_one(each)
    if len(answers) > 1:
        passed = sum(word_of(each) == "passed" for each in answers)
        output.say()
        output.say(f"{passed} of {len(answers)} passed.")


def _print_one(answer: "Drilled") -> None:
    word = word_of(answer)
    told = f"  drill {answer.drill.identifier}" if answer.drill is not None else ""
    output.print_line((f"{word:<12}", STATES.get(word, "bold red")), (answer.line, "bold"), (told, ""))
    for note in answer.notes:
        output.print_line((f"  {note}", "yellow"))
    for finding in answer.refusals:
        facts = f" (facts: {', '.join(finding.facts)})" if finding.facts else ""
        output.print_wrapped(f"{finding.code}: {finding.reason}{facts}", indent=2)
        if finding.remedy:
            output.print_wrapped(finding.remedy, indent=4)
    if answer.drill is not None:
        # What ended it early is told below, with what to do.
        if answer.drill.reason and answer.error is None:
            output.print_wrapped(answer.drill.reason, indent=2)
        if answer.drill.result is not None and answer.drill.result.figures:
            print_figures(answer.drill.result.figures)
    if answer.error is not None:
        output.print_error(answer.error)


def drilled_data(answer: "Drilled") -> dict[str, object]:
    """Return what became of a drill that was asked for, for JSON."""
    return {
        "line": answer.line,
        "outcome": word_of(answer),
        "refusals": answer.refusals,
        "notes": answer.notes,
        "drill": drill_data(answer.drill) if answer.drill is not None else None,
        **({"error": output.error_data(answer.error)} if answer.error is not None else {}),
    }


def drill_data(drill: "Drill", *, whole: bool = True) -> dict[str, object]:
    """Return a drill for JSON; without `whole`, without what was measured."""
    return {
        "id": drill.identifier,
        "line": drill.line,
        "serial": drill.serial,
        "cut": drill.cut,
        "seconds": drill.seconds,
        "state": drill.state,
        "reason": drill.reason,
        "actor": drill.actor,
        "begun_at": drill.begun_at,
        "ended_at": drill.ended_at,
        "campaign": drill.campaign,
        **({"result": drill.result} if whole else {}),
    }


def print_drills(drills: "Sequence[Drill]") -> None:
    """Print drills as a table."""
    output.print_table(
        ("drill", "line", "cut", "began (UTC)", "state", "why"),
        (
            (
                each.identifier,
                each.line,
                each.cut.value,
                f"{each.begun_at:%m-%d %H:%M:%S}",
                output.styled((each.state.value, STATES[each.state.value])),
                each.reason,
            )
            for each in drills
        ),
        wraps=("why",),
    )


def print_drill(drill: "Drill") -> None:
    """Print one drill in full."""
    seconds = (drill.ended_at - drill.begun_at).total_seconds() if drill.ended_at else None
    result = drill.result
    output.print_facts(
        (
            ("state", output.styled((drill.state.value, STATES[drill.state.value]))),
            ("why", drill.reason),
            ("line", drill.line),
            ("router", drill.serial),
            ("cut", drill.cut.value),
            ("the router's timer", f"{drill.seconds} s"),
            ("hold time", f"{result.hold_seconds} s" if result else None),
            ("by", drill.actor),
            ("campaign", drill.campaign),
            ("began", f"{drill.begun_at:%Y-%m-%d %H:%M:%S} UTC"),
            ("took", f"{seconds:.0f} s" if seconds is not None else None),
            ("over mobile", f"{result.mobile_bytes:,} bytes" if result and result.mobile_bytes is not None else None),
        ),
        title=f"Drill {drill.identifier}",
    )
    if result is not None:
        _print_result(result)


def _print_result(result: "DrillResult") -> None:
    if result.figures:
        print_figures(result.figures)
    if result.marks:
        output.say()
        output.say("What was done", "bold")
        for mark in result.marks:
            output.say(f"  {mark.at:7.1f} s  {mark.phase.value:<12} {mark.text}")
    if result.events:
        output.say()
        output.say("What the router saw, by its own clock", "bold")
        for event in result.events[:MOST_EVENTS]:
            output.say(f"  {event.uptime:9.2f} s  {event.bearer.value:<7} {event.kind.value}")
        if len(result.events) > MOST_EVENTS:
            output.note(f"{number_of(len(result.events) - MOST_EVENTS, 'more event')}; `--json` has them all.")
    if result.streams:
        output.say()
        output.say("What was sent and came back", "bold")
        for stream in result.streams:
            lost = sum(each.packets for each in stream.losses)
            seen = f", seen as {', '.join(stream.seen_as)}" if stream.seen_as else ""
            output.say(f"  {stream.name.value:<13} {stream.returned:,} of {stream.sent:,}, {lost:,} lost{seen}")


def print_figures(figures: "Sequence[Figure]") -> None:
    """Print what was measured, each figure with its target and what it is worth."""
    output.print_table(
        ("figure", "value", "target", "outcome"),
        (
            (
                each.key,
                _value(each.value, each.unit),
                _target(each),
                output.styled((_outcome(each), _OUTCOMES[each.outcome.value])),
            )
            for each in figures
        ),
        right=("value",),
        wraps=("outcome",),
    )


def _outcome(figure: "Figure") -> str:
    told = figure.outcome.value
    if figure.why_not:
        told += f": {figure.why_not}"
    return told if figure.weight.value == "gate" else f"{told} (told only)"


def _target(figure: "Figure") -> str:
    if figure.target is None:
        return ""
    if not figure.unit:
        return _value(figure.target, "")
    return f"{'at least' if figure.at_least else 'at most'} {_value(figure.target, figure.unit)}"


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    if not unit:
        return "yes" if value else "no"
    number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return f"{number} {unit}"
