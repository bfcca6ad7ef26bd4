"""What became of a run whose process ended without a word: decided from its row and from what the router says."""

from provisioning.model.device import DeviceStatus
from provisioning.model.run import Run, RunState


def settle(run: Run, status: DeviceStatus | None) -> tuple[RunState, str]:
    """Return how such a run stands, and a line for people.

    Args:
        run: as its process left it.
        status: of its router; None when that does not answer.
    """
    if not run.wanted:
        return RunState.FAILED, "its process ended before anything was planned; nothing was changed"
    if status is None:
        return RunState.INTERRUPTED, (
            "its process ended, and the router does not answer; what was not confirmed, it takes back by itself"
        )
    if status.pending:
        return _pending(run, status)
    if status.confirmed == run.wanted == status.live:
        if run.verdict is not None and run.verdict.proven:
            return RunState.PROVEN, "its process ended after the router had confirmed; the proof is on record"
        if run.base == run.wanted:
            return RunState.FAILED, "its process ended before the proof; the router had already what was wanted"
        return RunState.UNKNOWN, "the router has confirmed it, and no proof is on record: activate the order again"
    if status.live == run.base:
        return RunState.WENT_BACK, "its process ended before the router had confirmed; the router is as before"
    return (
        RunState.UNKNOWN,
        "the router has neither what was before nor what was wanted: see `proviso device diff`",
    )


def _pending(run: Run, status: DeviceStatus) -> tuple[RunState, str]:
    if status.pending != run.wanted:
        return RunState.WENT_BACK, "its process ended; a later change is pending on the router"
    until = f" at {status.deadline:%H:%M:%S} UTC" if status.deadline else ""
    return RunState.INTERRUPTED, f"its process ended; the router goes back by itself{until} unless it is confirmed"
