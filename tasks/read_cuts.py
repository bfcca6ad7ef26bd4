"""Asks which kinds of cut a router can make in its own fixed bearer."""

from nornir.core.task import Result, Task

from provisioning.nornir_setup.router_connection import backed_up_router_of


def read_cuts(task: Task) -> Result:
    """Return the kinds, as a set of Cut; nothing is sent."""
    return Result(host=task.host, result=backed_up_router_of(task).cuts)
