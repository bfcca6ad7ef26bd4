"""How the plan of a change request looks, to people and as JSON."""

from typing import TYPE_CHECKING

from provisioning.cli import output, show_run
from provisioning.cli.show_plan import some

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provisioning.changes.cover import Overlaps
    from provisioning.model.change_request import ChangePlan
    from provisioning.model.opening import Opening
    from provisioning.workflows.plan_change import PlannedChange

MOST_OPENINGS, ENDS = 40, 5
"""Openings that stay that are shown, and those of each end where there are more; what changes is always shown."""


def print_plan(planned: "PlannedChange") -> None:
    """Print what a request would do, and what to type next."""
    request, plan = planned.request, planned.plan
    print_whole(plan)
    for each in planned.planned.notes:
        output.print_line((each, "yellow"))
    if planned.behind:
        output.print_line((f"Planned on top of {', '.join(planned.behind)}, approved and not in force yet.", "yellow"))
    if planned.voided:
        output.print_line(("The approval of its plan before this one is void.", "yellow"))
    output.say()
    output.print_line(("plan digest  ", "bold"), (plan.digest, ""))
    output.say(f"Next: proviso change approve {request.id}")


def print_whole(plan: "ChangePlan") -> None:
    """Print a plan: the exact difference, the commands, the way back, and the openings before and after."""
    output.print_facts(
        (
            ("line", plan.line),
            ("router", plan.serial),
            ("playbook", plan.playbook),
            ("steps", ", ".join(str(each["task"]) for each in plan.steps)),
            ("in force", plan.base),
            ("would be", plan.wanted if plan.wanted != plan.base else "the same: nothing changes on the router"),
            *(("addresses", each) for each in plan.assignments),
        ),
        title=f"Plan of {plan.request}",
    )
    show_run.print_differences(plan.differences)
    output.print_facts(
        (*(("command", each) for each in some(plan.commands)), *(("rollback", each) for each in some(plan.rollback))),
        title="On the router",
    )
    _print_openings(plan)


def _print_openings(plan: "ChangePlan") -> None:
    rows = list(_openings(plan))
    if not rows:
        output.say("Nothing is open, before or after.")
        return
    styles = {"opens": "green", "closes": "red", "stays": ""}
    output.print_table(
        ("opening", "what becomes of it"),
        ((what, output.styled((state, styles.get(state, "")))) for what, state in rows),
        title="Openings",
        wraps=("opening",),
    )


def _rest_of(opening: "Opening", gone: "Overlaps") -> "Opening | None":
    """Return the opening of which one is what is left: whoever may connect by it could before."""
    from provisioning.changes.cover import kind_of, lets_in

    for each in gone.of(opening.ports):
        inside = each.ports.first <= opening.ports.first and opening.ports.last <= each.ports.last
        if inside and kind_of(each) == kind_of(opening) and lets_in(each.sources, opening.sources):
            return each
    return None


def _openings(plan: "ChangePlan") -> "Iterator[tuple[object, str]]":
    before, after = dict.fromkeys(plan.openings_before), dict.fromkeys(plan.openings_after)
    from provisioning.changes.cover import Overlaps

    gone = [each for each in before if each not in after]
    overlaps = Overlaps(gone)
    for each in after:
        if each not in before:
            whole = _rest_of(each, overlaps)
            yield each, f"stays, of {whole.ports}" if whole is not None else "opens"
    yield from ((each, "closes") for each in gone)
    stays = [each for each in before if each in after]
    if len(stays) <= MOST_OPENINGS:
        yield from ((each, "stays") for each in stays)
        return
    yield from ((each, "stays") for each in stays[:ENDS])
    yield f"… {len(stays) - 2 * ENDS} more, which --json has …", "stays"
    yield from ((each, "stays") for each in stays[-ENDS:])


def plan_data(planned: "PlannedChange") -> dict[str, object]:
    """Return a plan for JSON, with what to type next."""
    return {
        "request": planned.request.id,
        "state": planned.request.state,
        "plan": whole_data(planned.plan),
        "behind": planned.behind,
        "voided_approval": planned.voided,
        "notes": planned.planned.notes,
        "next": f"proviso change approve {planned.request.id}",
    }


def whole_data(plan: "ChangePlan") -> dict[str, object]:
    """Return a plan itself for JSON, secrets masked."""
    return {
        "digest": plan.digest,
        "line": plan.line,
        "serial": plan.serial,
        "before": plan.base,
        "after": plan.wanted,
        "playbook": plan.playbook,
        "playbook_digest": plan.playbook_digest,
        "steps": plan.steps,
        "differences": plan.differences,
        "commands": plan.commands,
        "rollback": plan.rollback,
        "openings_before": _data(plan.openings_before),
        "openings_after": _data(plan.openings_after),
        "assignments": plan.assignments,
        "planned_at": plan.planned_at,
        "planned_by": plan.planned_by,
    }


def _data(openings: "tuple[Opening, ...]") -> list[object]:
    from provisioning.model.opening import plain_opening

    return [plain_opening(each) for each in openings]
