"""`proviso failover schedule`: mobile back-ups are drilled by policy, by hand or by the machine itself."""

from contextlib import ExitStack
from typing import TYPE_CHECKING

from provisioning.cli import output, surroundings
from provisioning.cli.options import JsonOption
from provisioning.cli.schedule_group import Job, schedule_group
from provisioning.errors import ExitCode
from provisioning.schedules.schedule import EveryMinutes

if TYPE_CHECKING:
    from provisioning.workflows.drill_campaign import CampaignOver, LineOver

app = schedule_group(
    Job(
        name="drills",
        group="failover",
        help="Drill mobile back-ups by policy: what is due, in the periods that customers were told of.",
        description="Proviso drills mobile back-ups that are due",
        command=("failover", "schedule", "run"),
        when=EveryMinutes(5),
    )
)


@app.command("due")
def due(json: JsonOption = False) -> None:
    """Show where each line stands: proven, due and told, due and not told, in trouble.

    A back-up is due when no drill of it has passed for `drill_every_days`, and is drilled in a period that its
    customer was told of at least `drill_notice_hours` before (`proviso failover announce`).

    \b
    Examples:
      proviso failover schedule due
      proviso failover schedule due --json
    """
    from provisioning.cli.show_campaign import print_places
    from provisioning.workflows.campaign_policy import policy_of, standings

    around = surroundings.surroundings()
    print_places(standings(around), policy_of(around))


@app.command("run")
def run(json: JsonOption = False) -> None:
    """Drill what is due now: several lines at once, never two of one customer, few of one mobile cell.

    Lines in trouble are left out. When `drill_failures` drills have failed, no other begins. Exit code 1 when a drill
    failed, a line was left out, or it was stopped. Ctrl-C ends the drills under way, and each fixed line is healed.

    \b
    Examples:
      proviso failover schedule run
      proviso failover schedule run --json
    """
    from provisioning.cli.counted import Counted, counted
    from provisioning.cli.show_campaign import print_campaign, remark
    from provisioning.cli.stoppable import stoppable
    from provisioning.workflows.drill_campaign import run_campaign

    around = surroundings.surroundings(create=True)
    shown: list[Counted] = []
    with ExitStack() as stack, stoppable() as stop:

        def begun(number: int) -> None:
            shown.append(stack.enter_context(counted("drilling", number)))

        def tell(over: "LineOver") -> None:
            shown[0].step(remark(over))

        found = run_campaign(around, tell, begun, stop)
    print_campaign(found)
    surroundings.finish(_code(found))


def _code(found: "CampaignOver") -> int:
    from provisioning.model.drill import DrillState

    bad = any(
        each.drilled is None or each.drilled.drill is None or each.drilled.drill.state is not DrillState.PASSED
        for each in found.lines
    )
    if bad or found.stopped:
        output.note(
            "`proviso failover show D-…` shows what a drill found, `proviso failover check` what is in the way."
        )
        return ExitCode.REFUSED
    return ExitCode.DONE
