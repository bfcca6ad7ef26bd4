"""What `proviso backup restore` does of an adopted line whose order form is not whole."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from provisioning.cli import output, show_plan, surroundings
from provisioning.cli.progress import progress
from provisioning.cli.stoppable import stoppable
from provisioning.errors import ExitCode

if TYPE_CHECKING:
    from provisioning.model.backup import RestoreProof
    from provisioning.workflows.restore_as_it_was import AsItWas, PlannedAsItWas
    from provisioning.workflows.surroundings import Surroundings


def restore_as_it_was(
    wanted: "AsItWas", around: "Surroundings", *, plan: bool, ask: Callable[[], object] | None, json: bool
) -> None:
    """Show what would change, bring the version back unless only that is asked for, and end with the exit code for it.

    Args:
        ask: asks whether it is meant; None when nobody need be asked.
    """
    from provisioning.workflows.restore_as_it_was import preview_as_it_was

    if plan or ask is not None:
        planned = preview_as_it_was(wanted, around)
        if plan and json:
            output.print_json({"version": wanted.version, "warnings": wanted.warnings, **show_plan.plan_data(planned)})
            return
        if not json:
            _print_preview(wanted, planned)
        if plan:
            return
        if ask is not None:
            ask()
    elif not json:
        for each in wanted.warnings:
            output.note(each)
    proof = _carry_out(wanted, around)
    _show(wanted, proof, json=json)


def _print_preview(wanted: "AsItWas", planned: "PlannedAsItWas") -> None:
    version = wanted.version
    output.print_facts(
        (
            ("version", version.id),
            ("taken", f"{version.taken_at:%Y-%m-%d %H:%M:%S} UTC ({version.cause.value})"),
            ("of router", version.serial),
            ("comes to", wanted.serial),
        ),
        title=f"Restore of {wanted.line}",
    )
    show_plan.print_plan(planned, configuration=False, diff=True)
    if planned.change.empty:
        output.say("The router has what the backup holds.")
    for each in wanted.warnings:
        output.print_line((each, "yellow"))


def _carry_out(wanted: "AsItWas", around: "Surroundings") -> "RestoreProof":
    from provisioning.workflows.restore_as_it_was import restore_as_it_was as restore

    with progress() as shown, stoppable() as stop:
        shown.begin(wanted.line, wanted.serial)
        proof = restore(wanted, around, lambda step, text: shown.tell(wanted.line, step, text), stop)
        shown.end(wanted.line, proof.outcome.value, proof.message)
    return proof


def _show(wanted: "AsItWas", proof: "RestoreProof", *, json: bool) -> None:
    from provisioning.model.backup import ProofOutcome
    from provisioning.workflows.restore_as_it_was import SAID

    restored = proof.outcome is ProofOutcome.RESTORED
    if json:
        output.print_json({"run": None, "proof": proof, "version": wanted.version.id, "notes": wanted.warnings})
    else:
        output.print_line(
            (f"{wanted.line}  ", "bold"),
            (proof.outcome.value, "green" if restored else "bold red"),
            (f"  {proof.message}", ""),
        )
        if restored:
            output.note(SAID)
    surroundings.finish(ExitCode.DONE if restored else ExitCode.REFUSED)
