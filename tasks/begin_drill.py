"""Has a router cut its own fixed bearer for a drill, under its own dead-man timer."""

from nornir.core.task import Result, Task

from provisioning.model.bearer import Cut
from provisioning.nornir_setup.router_connection import backed_up_router_of


def begin_drill(task: Task, token: str, cut: Cut, seconds: int) -> Result:
    """Begin the cut of that token; asked again, nothing changes."""
    backed_up_router_of(task).begin_drill(token, cut, seconds=seconds)
    return Result(host=task.host, changed=True)
