"""Putting together what the acceptance report of a run tells, from what the store kept."""

from itertools import pairwise

from provisioning.errors import Refused
from provisioning.model.acceptance import AcceptanceReport, StageTiming
from provisioning.model.run import Run, RunStage
from provisioning.store import runs
from provisioning.workflows.surroundings import Surroundings


def report_run(identifier: str, around: Surroundings) -> AcceptanceReport:
    """Return the acceptance report of a run.

    Raises:
        UnknownName: when there is no such run.
        Refused: when it ended before anything was proven.
    """
    with around.store.read() as connection:
        run = runs.need_run(connection, identifier)
    if run.snapshot is None or run.verdict is None or run.ended_at is None:
        raise Refused(
            f"nothing was proven in it: {run.message or run.state.value}",
            where=run.id,
            remedy="`proviso run list` shows the runs; those that are proven have a report.",
        )
    return AcceptanceReport(
        product=run.snapshot.product,
        addressed=run.snapshot.addressed,
        run=run.id,
        started=run.started_at,
        ended=run.ended_at,
        serial=run.scope if run.snapshot.addressed.intent.cpe else "",
        digest=run.router_change.wanted if run.router_change else "",
        verdict=run.verdict,
        open_before=run.open_before,
        timings=_timings(run),
    )


def _timings(run: Run) -> tuple[StageTiming, ...]:
    if run.ended_at is None:
        return ()
    begun = [(each.stage, each.at) for each in run.stages]
    ends = pairwise([*begun, (RunStage.RECORD, run.ended_at)])
    return tuple(StageTiming(stage, (end - at).total_seconds()) for (stage, at), (_, end) in ends)
