"""How drift looks, to people and as JSON."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from provisioning.cli import output, show_run
from provisioning.cli.counting import number_of

if TYPE_CHECKING:
    from provisioning.model.drift import DriftRun, DriftState

_STYLES = {"drift": "bold red", "none": "green", "missed": "yellow"}
_WORDS = {"drift": "drifts", "none": "as intended", "missed": "not seen"}
MOST_SHOWN = 200
REMEDY = "`proviso order activate` with its latest order brings an active line back, and proves it."


def remark(state: "DriftState", *, seen: bool) -> str:
    """Return what a look at a line is worth telling at once; empty when all is as it should be."""
    if not seen:
        return f"{state.line} {state.serial}  not seen: {state.message}"
    if state.drifts:
        return f"{state.line} {state.serial}  drifts: {state.where}"
    return f"{state.line} {state.serial}  {state.adopted[0]}" if state.adopted else ""


def show_none_chosen(*, narrowed: bool) -> None:
    """Say that there is nothing to look at."""
    if output.JSON_MODE.get():
        output.print_json({"lines": [], "summary": {"as intended": 0, "drifting": 0, "not seen": 0}, "causes": {}})
    elif narrowed:
        output.say("No line in service has such a router.")
    else:
        output.say(
            "No line in service has a router of ours yet: `proviso order activate FILE` brings one into service."
        )


def show_found(found: "DriftRun") -> None:
    """Show what a look at many lines found."""
    missed = frozenset(found.missed)
    if output.JSON_MODE.get():
        output.print_json(
            {
                "lines": [{**_data(each), "seen": each.line not in missed} for each in found.states],
                "summary": found.counts,
                "causes": dict(found.causes),
                "seconds": round(found.seconds, 3),
                "stopped": found.stopped,
            }
        )
        return
    if found.drifting:
        _print_table(found.drifting)
    adopted = sum(bool(each.adopted) for each in found.states)
    counts = found.counts
    parts = [f"{number:,} {what}" for what, number in counts.items() if number]
    output.say(f"{number_of(len(found.states), 'router')} in {found.seconds:.1f} s: {', '.join(parts)}.")
    if found.causes:
        output.say("Not seen: " + ", ".join(f"{number:,} {cause}" for cause, number in found.causes.items()) + ".")
    if adopted:
        output.say(
            f"On {adopted:,} the customer changed Wi-Fi settings: that is no drift, and is kept (facts: I-8.1)."
        )
    if found.drifting:
        output.note(f"`proviso drift show LINE` shows how. {REMEDY}")


def show_lines(states: "Sequence[DriftState]") -> bool:
    """Show where lines stand; return whether one drifts."""
    drifting = [each for each in states if each.drifts]
    if output.JSON_MODE.get():
        output.print_json({"lines": [_data(each) for each in states], "summary": _summary(states)})
        return bool(drifting)
    shown = [each for each in states if each.drifts or each.cause]
    if not states:
        output.say("Nobody has looked yet: `proviso drift run` does.")
        return False
    if shown:
        _print_table(shown[:MOST_SHOWN])
        if len(shown) > MOST_SHOWN:
            output.note(f"{len(shown) - MOST_SHOWN:,} more; `--json` has them all.")
    counts = _summary(states)
    parts = [f"{counts[each]:,} {_WORDS[each]}" for each in ("none", "drift", "missed") if counts.get(each)]
    latest = max(each.looked_at for each in states)
    output.say(f"{number_of(len(states), 'line')}: {', '.join(parts)}; looked at until {latest:%Y-%m-%d %H:%M} UTC.")
    if drifting:
        output.note(f"`proviso drift show LINE` shows how. {REMEDY}")
    return bool(drifting)


def show_line(line: str, state: "DriftState | None", order: str) -> bool:
    """Show how one line differs and what would bring it back; return whether it does.

    Args:
        state: None when nobody has looked.
        order: number of the line's latest order.
    """
    if output.JSON_MODE.get():
        output.print_json({"line": line, "drift": _data(state) if state else None, "order": order})
        return state is not None and state.drifts
    if state is None:
        output.say(f"Nobody has looked at {line} yet: `proviso drift run {line}` does.")
        return False
    _print_facts(state)
    if not state.drifts:
        return False
    # Nobody can plan from a masked text.
    from_backup = not state.commands
    output.say()
    output.say(f"How it differs: - is in force, + is {'in the backup' if from_backup else 'wanted'}", "bold")
    show_run.print_differences(state.differences)
    _print_commands("What would bring it back", state.commands)
    _print_commands("What would take that back", state.rollback)
    output.say()
    if from_backup:
        output.say("Nobody has said yet what this line is meant to be, so it is held against its backup.")
        output.say("`proviso line adopt` takes the router as it is now. To bring it back, complete its order form")
        output.say(f"(`proviso line adopt --form FILE`), then `proviso backup restore {line} --at VERSION`.")
    else:
        output.say(f"To bring it back, and prove it: activate its order {order} again, `proviso order activate FILE`.")
    return True


def _print_facts(state: "DriftState") -> None:
    output.print_facts(
        (
            ("state", output.styled((_WORDS[state.outcome.value], _STYLES[state.outcome.value]))),
            ("router", state.serial),
            ("since", f"{state.since:%Y-%m-%d %H:%M} UTC"),
            ("looked at", f"{state.looked_at:%Y-%m-%d %H:%M} UTC" if state.outcome.value != "missed" else None),
            ("differs in", state.where),
            ("customer's", "\n".join(state.adopted)),
            ("latest look", f"failed: {state.message}" if state.cause else None),
        ),
        title=f"Drift of {state.line}",
    )


def _print_commands(title: str, commands: Sequence[str]) -> None:
    if commands:
        output.say()
        output.say(title, "bold")
    for each in commands:
        output.say(f"  {each}")


def _print_table(states: "Sequence[DriftState]") -> None:
    output.print_table(
        ("line", "router", "state", "since (UTC)", "what"),
        (
            (
                each.line,
                each.serial,
                output.styled((_WORDS[each.outcome.value], _STYLES[each.outcome.value])),
                f"{each.since:%Y-%m-%d %H:%M}",
                "; ".join(filter(None, (each.where, f"latest look failed: {each.message}" if each.cause else ""))),
            )
            for each in states
        ),
        wraps=("what",),
    )


def _summary(states: "Sequence[DriftState]") -> dict[str, int]:
    return dict(Counter(each.outcome.value for each in states))


def _data(state: "DriftState") -> dict[str, object]:
    return {
        "line": state.line,
        "serial": state.serial,
        "outcome": state.outcome,
        "since": state.since,
        "looked_at": state.looked_at,
        "differences": state.differences,
        "commands": state.commands,
        "rollback": state.rollback,
        "adopted": state.adopted,
        "cause": state.cause,
        "message": state.message,
    }
