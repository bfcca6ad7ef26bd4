"""Has a router end the cut of a drill."""

from nornir.core.task import Result, Task

from provisioning.nornir_setup.router_connection import backed_up_router_of


def end_drill(task: Task, token: str) -> Result:
    """End the cut of that token; asked again, nothing changes."""
    backed_up_router_of(task).end_drill(token)
    return Result(host=task.host, changed=True)
