"""Changes one ONT on an OLT."""

from nornir.core.task import Result, Task

from provisioning.model.ont import OntChange
from provisioning.nornir_setup.router_connection import access_node_of


def write_access(task: Task, change: OntChange) -> Result:
    """Run the commands of a change; the first that is refused ends it."""
    access_node_of(task).run(change.commands)
    return Result(host=task.host, changed=not change.empty)
