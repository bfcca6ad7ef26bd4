"""Fetches what is in force for one ONT on an OLT."""

from nornir.core.task import Result, Task

from provisioning.model.ont import OntScope, OntService
from provisioning.nornir_setup.router_connection import access_node_of


def fetch_access(task: Task, scope: OntScope, wanted: OntService | None) -> Result:
    """Return an AccessRunning.

    Args:
        wanted: what is going to be asked of the OLT, so that what it needs is looked for.
    """
    return Result(host=task.host, result=access_node_of(task).fetch(scope, wanted))
