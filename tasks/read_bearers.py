"""Asks a router with a mobile back-up how its bearers do."""

from nornir.core.task import Result, Task

from provisioning.nornir_setup.router_connection import backed_up_router_of


def read_bearers(task: Task) -> Result:
    """Return what the router says of its bearers, as a BearerReport."""
    return Result(host=task.host, result=backed_up_router_of(task).bearers())
