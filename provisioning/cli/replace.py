"""`proviso line replace-cpe` and `replace-ont`."""

from threading import Event
from typing import TYPE_CHECKING, Literal

from provisioning.cli import output, show_run, surroundings
from provisioning.cli.carrying_out import in_turn, teller, teller_of_others
from provisioning.cli.progress import progress
from provisioning.errors import ExitCode

if TYPE_CHECKING:
    from provisioning.workflows.begin_run import Ended


def replace(line: str, serial: str, device: Literal["cpe", "ont"]) -> None:
    """Replace a device of a line; print what became of it, and end with an exit code."""
    from provisioning.model.run import DELIVERED
    from provisioning.workflows.executor import executor
    from provisioning.workflows.replace_device import replace_cpe, replace_ont

    work = replace_cpe if device == "cpe" else replace_ont
    around = surroundings.surroundings(create=True)
    with progress() as shown, executor(around, teller_of_others(shown)) as up:
        shown.begin(line, serial)

        def do(name: str, stop: Event) -> "Ended":
            return work(name, serial, up, teller(shown, name), stop)

        (ended,) = in_turn([line], do, jobs=1)
    if ended is None:
        return
    if ended.error is not None and ended.run.state not in DELIVERED:
        raise ended.error
    if output.JSON_MODE.get():
        output.print_json({"run": show_run.run_data(ended.run), "notes": ended.notes})
    else:
        show_run.print_run_line(ended.run)
        for note in ended.notes:
            output.print_line((f"  {note}", "yellow"))
        if ended.run.verdict is not None:
            show_run.print_verdict(ended.run.verdict)
    surroundings.finish(ExitCode.DONE if ended.run.state in DELIVERED else ExitCode.REFUSED)
