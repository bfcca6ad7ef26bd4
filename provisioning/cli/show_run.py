"""How a run and its verdict look, to people and as JSON."""

from typing import TYPE_CHECKING

from provisioning.cli import output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provisioning.model.change import Difference
    from provisioning.model.listed import RunListed, RunListedWhole
    from provisioning.model.run import Run, RunChange
    from provisioning.model.verdict import CheckResult, Figure, Verdict

_STATES = {
    "proven": "green",
    "recorded": "green",
    "ceased": "green",
    "running": "cyan",
    "went back": "yellow",
    "interrupted": "yellow",
    "failed": "bold red",
    "unknown": "bold red",
}
_CHANGE_STATES = {"planned": "", "begun": "cyan", "kept": "green", "taken back": "yellow"}
_OUTCOMES = {"passed": "green", "failed": "bold red", "not observed": "yellow"}


def print_run_line(run: "Run") -> None:
    """Print one run in a line."""
    output.print_line(
        (f"{run.state.value:<12}", _STATES[run.state.value]),
        (run.request or run.order, "bold"),
        (f"  line {run.line}, run {run.id}: {run.message}", ""),
    )


def print_runs(runs: "Sequence[Run | RunListed]") -> None:
    """Print runs as a table."""
    output.print_table(
        ("run", "line", "order", "device", "began (UTC)", "what became of it"),
        (
            (
                each.id,
                each.line,
                each.request or each.order,
                each.scope,
                f"{each.started_at:%m-%d %H:%M:%S}",
                output.styled(
                    (str(each.state), _STATES[str(each.state)]), (f": {each.message}" if each.message else "", "")
                ),
            )
            for each in runs
        ),
        wraps=("what became of it",),
    )


def print_run(run: "Run", *, diff: bool) -> None:
    """Print one run in full."""
    seconds = (run.ended_at - run.started_at).total_seconds() if run.ended_at else None
    output.print_facts(
        (
            ("state", output.styled((run.state.value, _STATES[run.state.value]))),
            ("what became of it", run.message),
            ("line", run.line),
            ("order", run.order),
            ("request", run.request),
            ("for", run.kind.value),
            ("device", run.scope),
            ("stage", run.stage.value),
            ("began", f"{run.started_at:%Y-%m-%d %H:%M:%S} UTC"),
            ("took", f"{seconds:.0f} s" if seconds is not None else None),
        ),
        title=f"Run {run.id}",
    )
    if run.changes:
        _print_changes(run.changes)
    if diff:
        for change in run.changes:
            print_differences(change.differences)
    elif any(each.differences for each in run.changes):
        output.note("--diff shows how.")
    if run.verdict is not None:
        print_verdict(run.verdict)


def _print_changes(changes: "tuple[RunChange, ...]") -> None:
    output.print_table(
        ("device", "scope", "what changes", "state"),
        (
            (
                each.device,
                each.scope,
                ", ".join(one.document for one in each.differences) or "nothing",
                output.styled((each.state.value, _CHANGE_STATES[each.state.value])),
            )
            for each in changes
        ),
        title="Changes",
        wraps=("what changes",),
    )


def print_differences(differences: "tuple[Difference, ...]") -> None:
    """Print how documents change, secrets masked."""
    for each in differences:
        output.say()
        if each.secret:
            output.print_line((each.document, "bold"), ("  only a secret in it changes", ""))
            continue
        output.print_document(each.text, output.DIFFERENCE)


def print_verdict(verdict: "Verdict") -> None:
    """Print every check with what was found."""
    output.print_table(
        ("outcome", "check", "seen from", "what was found"),
        (
            (
                output.styled((each.outcome.value, _OUTCOMES[each.outcome.value])),
                f"{each.kind} {each.subject}".strip(),
                "evaluated" if each.evaluated else each.viewpoint.value,
                _found(each),
            )
            for each in verdict.results
        ),
        title="Proof",
        wraps=("check", "what was found"),
    )
    if verdict.evaluated:
        output.say(f"{verdict.sources} from the configuration that the router has in force.")


def _found(result: "CheckResult") -> str:
    figures = ", ".join(_figure(each) for each in result.figures)
    return f"{result.finding}: {figures}" if figures else result.finding


def _figure(figure: "Figure") -> str:
    target = f" of {figure.target:g}" if figure.target is not None else ""
    note = f" ({figure.note})" if figure.note else ""
    return f"{figure.name} {figure.value:g}{target} {figure.unit}{note}"


def run_data(run: "Run") -> dict[str, object]:
    """Return a run for JSON."""
    return {
        **_what_a_list_has(run),
        "changes": [_change_data(each) for each in run.changes],
        "proven": run.verdict.proven if run.verdict else None,
        "checks": run.verdict.results if run.verdict else [],
    }


def listed_data(listed: "RunListedWhole") -> dict[str, object]:
    """Return a run of a list for JSON, with the keys of `run_data` but for its changes."""
    return {
        **_what_a_list_has(listed.run),
        "proven": listed.proven,
        "checks": listed.checks,
    }


def _what_a_list_has(run: "Run | RunListed") -> dict[str, object]:
    return {
        "id": run.id,
        "line": run.line,
        "order": run.order,
        "request": run.request or None,
        "kind": run.kind,
        "scope": run.scope,
        "stage": run.stage,
        "state": run.state,
        "message": run.message,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "trouble": run.trouble,
    }


def _change_data(change: "RunChange") -> dict[str, object]:
    return {
        "device": change.device,
        "platform": change.platform,
        "scope": change.scope,
        "state": change.state,
        "before": change.base,
        "after": change.wanted,
        "differences": change.differences,
        "commands": change.commands,
        "rollback": change.rollback,
    }
