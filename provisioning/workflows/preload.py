"""Loads what every run needs, before several threads do: two that load one at once may each find half of it."""

from importlib import import_module

LIBRARIES = (
    "filelock",
    "jinja2",
    "netmiko",
    "nornir.plugins.inventory",
    "paramiko",
    "pysnmp.hlapi.v3arch.asyncio",
    "python_socks.sync",
    "textfsm",
    "provisioning.devices.bootstrap",
    "provisioning.devices.linux_cpe",
    "provisioning.devices.open_router",
    "provisioning.devices.reach",
    "provisioning.devices.smartax",
    "provisioning.devices.smartax_connection",
)


def preload() -> None:
    """Load them; the second time there is nothing to do."""
    for each in LIBRARIES:
        import_module(each)
