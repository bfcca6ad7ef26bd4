"""Reads the hosts of the project's inventory through Nornir's own plugin."""

import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from provisioning.errors import UnreadableProject
from provisioning.validation import brief

if TYPE_CHECKING:
    from nornir.core.inventory import Hosts, Inventory

PLUGIN = "SimpleInventory"
OURS = "ProvisoInventory"
"""Our own plugin: its options name the files of the operator's devices as SimpleInventory's do."""

FILES = {
    "host_file": "inventory/hosts.yaml",
    "group_file": "inventory/groups.yaml",
    "defaults_file": "inventory/defaults.yaml",
}


def read_hosts(project: Path, inventory: Mapping[str, object]) -> "tuple[Hosts, str]":
    """Return the operator's own hosts by name, for reading only, and the file that they stand in.

    Files that are as they were are not parsed again: that takes 40 ms each time, and a run asks for OLTs and for
    vantage points.

    Args:
        project: the project's folder, which paths in `inventory` are taken from.
        inventory: the `inventory` block of nornir.yaml.

    Raises:
        UnreadableProject: when the inventory cannot be used.
    """
    files = _files(project, inventory)
    return _parsed(files, tuple(_content(each) for each in files)).hosts, files[0]


def read_inventory(project: Path, inventory: Mapping[str, object]) -> "tuple[Inventory, str]":
    """Return the operator's own hosts with their groups and defaults, and the file that the hosts stand in.

    Args:
        project: the project's folder, which paths in `inventory` are taken from.
        inventory: the `inventory` block of nornir.yaml.

    Raises:
        UnreadableProject: when the inventory cannot be used.
    """
    files = _files(project, inventory)
    return _load(files), files[0]


@lru_cache(maxsize=8)
def _parsed(files: tuple[str, str, str], _contents: "tuple[bytes | None, ...]") -> "Inventory":
    return _load(files)


def _content(path: str) -> bytes | None:
    """Return what a file holds; None where it cannot be read, which is told when it is parsed."""
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError):
        return None


def _files(project: Path, inventory: Mapping[str, object]) -> tuple[str, str, str]:
    """Return the files of hosts, groups and defaults."""
    plugin = inventory.get("plugin", PLUGIN)
    if plugin not in (PLUGIN, OURS):
        raise UnreadableProject(
            f"the inventory plugin {brief(plugin)!r} is not one that this version works with",
            where=str(project / "nornir.yaml"),
            remedy=f"Write `plugin: {PLUGIN}`, or `plugin: {OURS}`.",
        )
    options = inventory.get("options")
    stated = options if isinstance(options, dict) else {}
    hosts, groups, defaults = (str(project / str(stated.get(name, default))) for name, default in FILES.items())
    return hosts, groups, defaults


def _load(files: tuple[str, str, str]) -> "Inventory":
    from nornir.plugins.inventory import SimpleInventory
    from ruamel.yaml.error import YAMLError

    logging.getLogger("nornir").addHandler(logging.NullHandler())
    try:
        found = SimpleInventory(*files).load()
        for host in found.hosts.values():
            host.extended_data()  # where its data make no sense, this says so
    except (OSError, YAMLError, KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        # Nornir lets whatever went wrong through, without the file.
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UnreadableProject(
            f"the inventory cannot be read: {reason}",
            where=files[0],
            remedy="Compare it with the shipped inventory/hosts.yaml.",
        ) from None
    return found
