"""How Nornir's tasks get at a device: a connection plugin that hands over what is open already."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from nornir.core import Nornir
from nornir.core.configuration import Config
from nornir.core.inventory import Defaults, Groups, Host, Hosts, Inventory
from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir.core.state import GlobalState
from nornir.core.task import Task
from nornir.plugins.runners import SerialRunner

from provisioning.errors import UnreadableProject
from provisioning.model.proxy import Proxy
from provisioning.ports import AccessNode, BackedUpRouter, Device

CONNECTION = "proviso"
"""The plugin's name; registered under the entry point `nornir.plugins.connections` too."""

SECONDS = 10.0
"""How long each step of a connection may take."""


@dataclass(frozen=True, slots=True)
class RouterAccess:
    """How a router is reached that nobody has reached yet.

    Attributes:
        management: address of its line; None when there is none.
        staging: its name on the staging network.
        host_key: `type key` as recorded at bootstrap; None when it never was.
        key_file: setting `ssh_key_file`.
        known_hosts: setting `known_hosts_file`.
        proxy: setting `socks_proxy`.
    """

    serial: str
    platform: str
    management: str | None
    staging: str
    host_key: str | None
    key_file: Path | None
    known_hosts: Path | None
    proxy: Proxy | None = None


class DeviceConnection:
    """Hands a device to Nornir, which closes it: one that is open already, or one that is opened at first use."""

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
        """Take the device that the host's options hold, or open the one that they tell of.

        Raises:
            DeviceUnreachable: when it answers nowhere.
            HostKeyDiffers: when its key is not the one on record.
            UnreadableProject: when a setting is missing, or the host is no router of ours.
        """
        given = extras or {}
        if "device" in given:
            self.connection = given["device"]
        elif isinstance(given.get("access"), RouterAccess):
            self.connection = _open(given["access"])
        else:
            raise UnreadableProject(
                "it is no router that Proviso knows how to reach",
                where=str(hostname),
                remedy="Select routers with the inventory plugin ProvisoInventory (docs/inventory.md).",
            )

    def close(self) -> None:
        """End the connection."""
        self.connection.close()


def _open(access: RouterAccess) -> Device:
    from provisioning.devices.open_router import open_router
    from provisioning.devices.reach import Access

    return open_router(
        access.platform,
        access.serial,
        Access(access.key_file, access.known_hosts, SECONDS, access.proxy),
        # A router whose key nobody has recorded was never configured by us.
        management=access.management if access.host_key else None,
        staging=access.staging,
        host_key=access.host_key,
    ).device


def device_of(task: Task) -> Device:
    """Return the router that a task is for."""
    return cast(Device, task.host.get_connection(CONNECTION, task.nornir.config))


def backed_up_router_of(task: Task) -> BackedUpRouter:
    """Return the router that a task is for, which has a mobile back-up."""
    return cast(BackedUpRouter, device_of(task))


def access_node_of(task: Task) -> AccessNode:
    """Return the OLT that a task is for."""
    return cast(AccessNode, task.host.get_connection(CONNECTION, task.nornir.config))


def nornir_for(name: str, platform: str, address: str, device: Device | AccessNode) -> Nornir:
    """Return a Nornir of one host, a device that is reached already; its tasks run one after the other."""
    ConnectionPluginRegister.register(CONNECTION, DeviceConnection)
    # Without a handler, Python prints on standard error what Nornir logs of a task that fails; our errors tell it.
    logging.getLogger("nornir").addHandler(logging.NullHandler())
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
