"""Begins to put a change in force, under the router's revert timer."""

from nornir.core.task import Result, Task

from provisioning.model.change import Change
from provisioning.nornir_setup.router_connection import device_of


def apply_change(task: Task, change: Change, seconds: int) -> Result:
    """Check the change on the router, start the timer and begin; the router goes back by itself unless confirmed."""
    device_of(task).apply(change, seconds=seconds)
    return Result(host=task.host, changed=True)
