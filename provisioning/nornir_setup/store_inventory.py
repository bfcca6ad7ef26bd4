"""The inventory plugin: Nornir gets to know the customers' routers and ONTs that its options select, and no others.

Registered under the entry point `nornir.plugins.inventory`, so that `InitNornir(config_file=…)` finds it by its name.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from nornir.core.inventory import (
    ConnectionOptions,
    Defaults,
    Group,
    Groups,
    Host,
    Hosts,
    Inventory,
    ParentGroups,
)

from provisioning.clock import SystemClock
from provisioning.devices.reach import staging_name
from provisioning.nornir_setup.inventory_options import InventoryOptions, read_options, selection_of
from provisioning.nornir_setup.olts import OLT_PLATFORM
from provisioning.nornir_setup.router_connection import CONNECTION, RouterAccess
from provisioning.nornir_setup.simple_inventory import FILES, read_inventory
from provisioning.settings import Settings, load_settings
from provisioning.store.engine import Store
from provisioning.store.selection import SelectedDevice, select_devices


class ProvisoInventory:
    """Nornir's inventory from the store.

    Args:
        options: those of InventoryOptions.

    Raises:
        UnreadableProject: when an option or a setting cannot be used.
    """

    def __init__(self, **options: object) -> None:
        self._options = read_options(options)

    def load(self) -> Inventory:
        """Return the selected devices, a host each, by serial, with the groups and defaults of the operator's files.

        Raises:
            UnknownName: when an option names what there is not.
            UnreadableProject: when the project or its inventory cannot be used.
            EnvironmentTrouble: when the store cannot be used.
        """
        options = self._options
        settings = load_settings(
            project=options.project, state=options.state_folder, environment=os.environ, current=Path.cwd()
        )
        own = _operators(options, settings)
        operators = own.hosts
        selected = _select(options, settings, operators)
        if not options.operator_hosts:
            own.hosts = Hosts()
        for device in selected:
            own.hosts[device.serial] = _host(device, settings, operators, own.groups, own.defaults)
        return own


def _operators(options: InventoryOptions, settings: Settings) -> Inventory:
    """Return the operator's own inventory, without its hosts where nothing asks for them."""
    stated = _stated(settings.inventory)
    files = {name: options.files.get(name, stated.get(name, default)) for name, default in FILES.items()}
    if options.kind != "ont" and not options.olt and not options.operator_hosts:
        files["host_file"] = os.devnull
    return read_inventory(settings.project.root, {"options": files})[0]


def _stated(inventory: Mapping[str, object]) -> Mapping[str, object]:
    options = inventory.get("options")
    return options if isinstance(options, dict) else {}


def _select(options: InventoryOptions, settings: Settings, own: Hosts) -> list[SelectedDevice]:
    olts = [name for name, host in own.items() if host.platform == OLT_PLATFORM]
    store = Store.existing_or_empty(
        settings.state, now=SystemClock().now(), lock_timeout=settings.lock_timeout_seconds
    )
    try:
        with store.read() as connection:
            return select_devices(connection, selection_of(connection, options, olts))
    finally:
        store.close()


def _host(device: SelectedDevice, settings: Settings, own: Hosts, groups: Groups, defaults: Defaults) -> Host:
    if device.platform not in groups:
        groups[device.platform] = Group(name=device.platform, defaults=defaults)
    staging = staging_name(settings.staging_host, device.serial)
    host = Host(
        name=device.serial,
        hostname=str(device.management or staging),
        platform=device.platform,
        groups=ParentGroups([groups[device.platform]]),
        data={
            "line": device.line,
            "state": device.state.value,
            "formula": device.formula,
            "customer": device.customer,
            "site": device.site,
            "kind": device.kind,
        },
        defaults=defaults,
    )
    if device.olt is not None:
        host.data |= {"olt": device.olt, "port": device.port}
        # An ONT is reached by way of its OLT.
        host.hostname = own[device.olt].hostname if device.olt in own else device.olt
    else:
        host.connection_options[CONNECTION] = ConnectionOptions(extras={"access": _access(device, settings, staging)})
    return host


def _access(device: SelectedDevice, settings: Settings, staging: str) -> RouterAccess:
    return RouterAccess(
        serial=device.serial,
        platform=device.platform,
        management=str(device.management) if device.management is not None else None,
        staging=staging,
        host_key=device.host_key,
        key_file=settings.ssh_key_file,
        known_hosts=settings.known_hosts_file,
        proxy=settings.socks_proxy,
    )
