"""How a run and its verdict look, to people and as JSON."""

from typing import TYPE_CHECKING

from provisioning.cli import output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provisioning.model.change import Difference
    from provisioning.model.listed import RunListed, RunListedWhole
    from provisioning.model.run import Run
    from provisioning.model.verdict import CheckResult, Figure, Verdict

_STATES = {
    "proven": "green",
    "recorded": "green",
    "running": "cyan",
    "went back": "yellow",
    "interrupted": "yellow",
    "failed": "bold red",
    "unknown": "bold red",
}
_OUTCOMES = {"passed": "green", "failed": "bold red", "not observed": "yellow"}
DIGITS = 12
"""Of a digest, for people."""


def print_run_line(run: "Run") -> None:
    """Print one run in a line."""
    output.print_line(
        (f"{run.state.value:<12}", _STATES[run.state.value]),
        (run.order, "bold"),
        (f"  line {run.line}, run {run.id}: {run.message}", ""),
    )


def print_runs(runs: "Sequence[Run | RunListed]") -> None:
    """Print runs as a table."""
    output.print_table(
        ("run", "line", "order", "device", "began (UTC)", "state", "what became of it"),
        (
            (
                each.id,
                each.line,
                each.order,
                each.scope,
                f"{each.started_at:%m-%d %H:%M:%S}",
                output.styled((str(each.state), _STATES[str(each.state)])),
                each.message,
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
            ("device", run.scope),
            ("stage", run.stage.value),
            ("began", f"{run.started_at:%Y-%m-%d %H:%M:%S} UTC"),
            ("took", f"{seconds:.0f} s" if seconds is not None else None),
            ("before", run.base[:DIGITS]),
            ("after", run.wanted[:DIGITS]),
        ),
        title=f"Run {run.id}",
    )
    if diff:
        print_differences(run.differences)
    elif run.differences:
        names = ", ".join(each.document for each in run.differences)
        output.note(f"It changes {names}; --diff shows how.")
    if run.verdict is not None:
        print_verdict(run.verdict)


def print_differences(differences: "tuple[Difference, ...]") -> None:
    """Print how documents change, secrets masked."""
    styles = {"+": "green", "-": "red", "@": "cyan"}
    for each in differences:
        output.say()
        if each.secret:
            output.print_line((each.document, "bold"), ("  only a secret in it changes", ""))
            continue
        for line in each.text.splitlines():
            output.print_line((line, styles.get(line[:1], "")))


def print_verdict(verdict: "Verdict") -> None:
    """Print every check with what was found."""
    output.print_table(
        ("outcome", "check", "seen from", "what was found"),
        (
            (
                output.styled((each.outcome.value, _OUTCOMES[each.outcome.value])),
                f"{each.kind} {each.subject}".strip(),
                each.viewpoint.value,
                _found(each),
            )
            for each in verdict.results
        ),
        title="Proof",
        wraps=("check", "what was found"),
    )


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
        "differences": run.differences,
        "proven": run.verdict.proven if run.verdict else None,
        "checks": run.verdict.results if run.verdict else [],
    }


def listed_data(listed: "RunListedWhole") -> dict[str, object]:
    """Return a run of a list for JSON, with the keys of `run_data`."""
    return {
        **_what_a_list_has(listed.run),
        "differences": listed.differences,
        "proven": listed.proven,
        "checks": listed.checks,
    }


def _what_a_list_has(run: "Run | RunListed") -> dict[str, object]:
    return {
        "id": run.id,
        "line": run.line,
        "order": run.order,
        "scope": run.scope,
        "stage": run.stage,
        "state": run.state,
        "message": run.message,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "before": run.base,
        "after": run.wanted,
    }
