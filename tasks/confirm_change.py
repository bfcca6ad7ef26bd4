"""Keeps a change that was proven."""

from nornir.core.task import Result, Task

from provisioning.nornir_setup.router_connection import device_of


def confirm_change(task: Task, digest: str) -> Result:
    """Keep the set of that digest in force."""
    device_of(task).confirm(digest)
    return Result(host=task.host, changed=True)
