"""How Nornir's tasks get at a device: a connection plugin that hands over what is open already."""

from typing import Any, cast

from nornir.core import Nornir
from nornir.core.configuration import Config
from nornir.core.inventory import Defaults, Groups, Host, Hosts, Inventory
from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir.core.state import GlobalState
from nornir.core.task import Task
from nornir.plugins.runners import SerialRunner

from provisioning.ports import AccessNode, Device

CONNECTION = "proviso"


class DeviceConnection:
    """Hands the device that is already open to Nornir, which closes it."""

    connection: Device | AccessNode

    def open(
        self,
        hostname: str | None,
        username: str | None,
        password: str | None,
        port: int | None,
        platform: str | None,
        extras: dict[str, Any] | None = None,
        configuration: Config | None = None,
    ) -> None:
        """Take the device that the host's options hold."""
        self.connection = (extras or {})["device"]

    def close(self) -> None:
        """End the connection."""
        self.connection.close()


def device_of(task: Task) -> Device:
    """Return the router that a task is for."""
    return cast(Device, task.host.get_connection(CONNECTION, task.nornir.config))


def access_node_of(task: Task) -> AccessNode:
    """Return the OLT that a task is for."""
    return cast(AccessNode, task.host.get_connection(CONNECTION, task.nornir.config))


def nornir_for(name: str, platform: str, address: str, device: Device | AccessNode) -> Nornir:
    """Return a Nornir of one host, a device that is reached already; its tasks run one after the other."""
    ConnectionPluginRegister.register(CONNECTION, DeviceConnection)
    defaults = Defaults()
    host = Host(name=name, hostname=address, platform=platform, defaults=defaults)
    nornir = Nornir(
        inventory=Inventory(hosts=Hosts({name: host}), groups=Groups(), defaults=defaults),
        config=Config(),
        data=GlobalState(),
        runner=SerialRunner(),
    )
    host.open_connection(CONNECTION, nornir.config, extras={"device": device}, default_to_host_attributes=False)
    return nornir
