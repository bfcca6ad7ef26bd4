"""What `proviso drift run` does."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from provisioning.cli import output, show_drift, surroundings
from provisioning.cli.counted import counted
from provisioning.cli.counting import number_of
from provisioning.cli.stoppable import stoppable
from provisioning.errors import ExitCode

if TYPE_CHECKING:
    from provisioning.model.drift import DriftState


def look_for_drift(
    lines: Sequence[str], *, formulas: Sequence[str], platforms: Sequence[str], customers: Sequence[str]
) -> None:
    """Look how routers differ, show it, tell whoever wants to be alerted, and end with the exit code for it.

    Raises:
        ProvisoError: when a name is not known, or the store cannot be used.
    """
    from provisioning.workflows.choose_routers import choose_routers
    from provisioning.workflows.find_drift import changes_of, find_drift
    from provisioning.workflows.tell_alert import tell_alerts

    around = surroundings.surroundings()
    devices = choose_routers(lines, around, formulas=formulas, platforms=platforms, customers=customers)
    if not devices:
        show_drift.show_none_chosen(narrowed=bool(formulas or platforms or customers))
        return
    with counted("looking at routers", len(devices)) as shown, stoppable() as stop:

        def tell(state: "DriftState", seen: bool) -> None:
            shown.step(show_drift.remark(state, seen=seen))

        found = find_drift(devices, around, tell=tell, stop=stop)
    show_drift.show_found(found)
    told = tell_alerts(changes_of(found), around)
    for trouble in told.troubles:
        output.note(trouble)
    if found.stopped:
        output.note(f"Stopped: not looked at: {number_of(len(devices) - len(found.states), 'router')}.")
    surroundings.finish(_exit_code(found.counts, stopped=found.stopped))


def _exit_code(counts: dict[str, int], *, stopped: bool) -> ExitCode:
    if counts["drifting"]:
        return ExitCode.REFUSED
    return ExitCode.ENVIRONMENT if counts["not seen"] or stopped else ExitCode.DONE
