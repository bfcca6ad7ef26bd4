"""Makes an OLT keep its configuration through a restart."""

from nornir.core.task import Result, Task

from provisioning.nornir_setup.router_connection import access_node_of


def save_access(task: Task) -> Result:
    """Save the OLT's configuration, all of it: it knows no other way."""
    access_node_of(task).save()
    return Result(host=task.host)
