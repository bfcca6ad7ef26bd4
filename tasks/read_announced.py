"""Asks a router with a mobile back-up what it announces on each of its bearers."""

from nornir.core.task import Result, Task

from provisioning.nornir_setup.router_connection import backed_up_router_of


def read_announced(task: Task) -> Result:
    """Return what the BGP neighbours of each bearer are told, as `Announced`; nothing is changed."""
    return Result(host=task.host, result=backed_up_router_of(task).announced())
