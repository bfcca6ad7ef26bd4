"""Asks a router what it is: versions, addresses."""

from nornir.core.task import Result, Task

from provisioning.nornir_setup.router_connection import device_of


def read_facts(task: Task) -> Result:
    """Return what the router says of itself, as DeviceFacts."""
    return Result(host=task.host, result=device_of(task).facts())
