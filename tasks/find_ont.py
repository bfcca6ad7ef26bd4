"""Finds where on an OLT an ONT is registered."""

from nornir.core.task import Result, Task

from provisioning.nornir_setup.router_connection import access_node_of


def find_ont(task: Task, serial: str) -> Result:
    """Return the scopes in which an ONT is registered."""
    return Result(host=task.host, result=access_node_of(task).find(serial))
