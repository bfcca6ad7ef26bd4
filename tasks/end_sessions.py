"""Ends the sessions that run through openings which were closed."""

from collections.abc import Sequence

from nornir.core.task import Result, Task

from provisioning.model.intent import AddressedIntent
from provisioning.model.opening import Opening
from provisioning.nornir_setup.router_connection import device_of


def end_sessions(task: Task, openings: Sequence[Opening], addressed: AddressedIntent) -> Result:
    """End the sessions through openings that are closed, and through nothing that is still open.

    Args:
        openings: that were closed, or left to fewer.
        addressed: the line as it is now.
    """
    ended = device_of(task).end_sessions(openings, addressed)
    return Result(host=task.host, changed=bool(ended.ended), result=ended)
