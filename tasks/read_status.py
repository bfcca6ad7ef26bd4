"""Asks a router where it stands between two configurations."""

from nornir.core.task import Result, Task

from provisioning.nornir_setup.router_connection import device_of


def read_status(task: Task) -> Result:
    """Return where the router stands, as a DeviceStatus."""
    return Result(host=task.host, result=device_of(task).status())
