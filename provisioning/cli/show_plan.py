"""How the planned change of a router looks, to people and as JSON."""

from typing import TYPE_CHECKING

from provisioning.cli import output, show_run

MOST_LINES, ENDS = 24, 4
"""Lines that are shown, and those of each end where there are more."""

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from provisioning.model.change import Difference
    from provisioning.workflows.plan_line import Planned
    from provisioning.workflows.rehearse_access import AccessRehearsal
    from provisioning.workflows.restore_as_it_was import PlannedAsItWas


def print_access(rehearsal: "AccessRehearsal", *, diff: bool) -> None:
    """Print what would happen to an ONT."""
    change = rehearsal.change
    commands = change.commands if change is not None else ()
    output.print_facts(
        (
            (
                "planned against",
                f"an OLT without this ONT: {rehearsal.assumed}" if rehearsal.assumed else "what is in force",
            ),
            ("refused", output.styled((rehearsal.refused, "bold red")) if rehearsal.refused else None),
            ("nothing to do", "it has what is wanted" if change is not None and change.empty else None),
            *(("command", each) for each in commands),
            *(("rollback", each) for each in (change.rollback if change is not None else ())),
        ),
        title=f"ONT at {rehearsal.scope}",
    )
    if diff and change is not None:
        show_run.print_differences(change.differences)


def access_data(rehearsal: "AccessRehearsal") -> dict[str, object]:
    """Return what would happen to an ONT for JSON."""
    change = rehearsal.change
    return {
        "scope": rehearsal.scope,
        "assumed": rehearsal.assumed or None,
        "refused": rehearsal.refused or None,
        "before": change.base if change else None,
        "after": change.wanted if change else None,
        "differences": change.differences if change else [],
        "commands": change.commands if change else [],
        "rollback": change.rollback if change else [],
    }


def print_plan(planned: "Planned | PlannedAsItWas | str", *, configuration: bool, diff: bool) -> None:
    """Print what would happen to the router."""
    if isinstance(planned, str):
        output.say()
        output.print_line(("Router", "bold"), (f"  {planned}", ""))
        return
    change = planned.change
    changed = {each.document: each for each in change.differences}
    output.print_table(
        ("document", "on the router", "lines", "change"),
        (
            (each.name, each.path, len(each.shown.splitlines()), _change(changed.get(each.name)))
            for each in change.config.documents
        ),
        title=f"Configuration of {change.device}",
        right=("lines",),
        wraps=("on the router",),
    )
    output.print_facts(
        (
            ("planned against", f"a factory-new router: {planned.assumed}" if change.assumed else "what is in force"),
            ("scope", change.scope),
            *(("command", each) for each in some(change.commands)),
            *(("rollback", each) for each in some(change.rollback)),
        )
    )
    for note in planned.notes:
        output.print_line((note, "yellow"))
    if configuration:
        for each in change.config.documents:
            output.say()
            output.print_line((f"==> {each.path}", "bold"))
            output.print_document(each.shown)
    if diff:
        show_run.print_differences(change.differences)
    if not configuration and not diff:
        output.note("--configuration shows the documents, --diff how they change.")


def some(lines: "Sequence[str]") -> "Iterator[str]":
    """Yield lines, or of many the first and the last: a Cisco router is told hundreds."""
    if len(lines) <= MOST_LINES:
        yield from lines
        return
    yield from lines[:ENDS]
    yield f"… {len(lines) - 2 * ENDS} more, which --json has …"
    yield from lines[-ENDS:]


def _change(difference: "Difference | None") -> str:
    if difference is None:
        return ""
    if difference.secret:
        return "a secret"
    lines = [line for line in difference.text.splitlines() if not line.startswith(("+++", "---"))]
    return f"+{sum(line.startswith('+') for line in lines)} -{sum(line.startswith('-') for line in lines)}"


def plan_data(planned: "Planned | PlannedAsItWas | str") -> dict[str, object]:
    """Return a plan for JSON, secrets masked."""
    if isinstance(planned, str):
        return {"nothing": planned}
    change = planned.change
    return {
        "device": change.device,
        "platform": change.platform,
        "scope": change.scope,
        "assumed": change.assumed,
        "assumed_because": planned.assumed or None,
        "before": change.base,
        "after": change.wanted,
        "documents": [
            {"name": each.name, "path": each.path, "mode": f"{each.mode:04o}", "text": each.shown}
            for each in change.config.documents
        ],
        "differences": change.differences,
        "commands": change.commands,
        "rollback": change.rollback,
        "notes": planned.notes,
    }
