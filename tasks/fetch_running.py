"""Fetches what is in force on a router."""

from nornir.core.task import Result, Task

from provisioning.nornir_setup.router_connection import device_of


def fetch_running(task: Task) -> Result:
    """Return what is in force, as a Running."""
    return Result(host=task.host, result=device_of(task).fetch())
