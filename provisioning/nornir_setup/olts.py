"""Reads the OLTs from the project's inventory through Nornir's own plugin."""

import logging
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from provisioning.errors import UnreadableProject
from provisioning.model.olt import Olt, PortKind
from provisioning.validation import brief

OLT_PLATFORM = "huawei_smartax"
PLUGIN = "SimpleInventory"
_FILES = {
    "host_file": "inventory/hosts.yaml",
    "group_file": "inventory/groups.yaml",
    "defaults_file": "inventory/defaults.yaml",
}


class _OltData(BaseModel):
    model_config = ConfigDict(extra="ignore")

    ports: dict[str, PortKind] = Field(default_factory=dict)


def read_olts(project: Path, inventory: Mapping[str, object]) -> dict[str, Olt]:
    """Return the OLTs of the inventory by name.

    Args:
        project: the project's folder, which paths in `inventory` are taken from.
        inventory: the `inventory` block of nornir.yaml.

    Raises:
        UnreadableProject: when the inventory cannot be used.
    """
    from nornir.plugins.inventory import SimpleInventory
    from ruamel.yaml.error import YAMLError

    logging.getLogger("nornir").addHandler(logging.NullHandler())
    plugin = inventory.get("plugin", PLUGIN)
    if plugin != PLUGIN:
        raise UnreadableProject(
            f"the inventory plugin {brief(plugin)!r} is not one that this version works with",
            where=str(project / "nornir.yaml"),
            remedy=f"Write `plugin: {PLUGIN}`.",
        )
    options = inventory.get("options")
    stated = options if isinstance(options, dict) else {}
    files = {name: str(project / str(stated.get(name, default))) for name, default in _FILES.items()}
    try:
        hosts = SimpleInventory(**files).load().hosts
        found = {name: host.extended_data() for name, host in hosts.items() if host.platform == OLT_PLATFORM}
    except (OSError, YAMLError, KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        # Nornir lets whatever went wrong through, without the file.
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UnreadableProject(
            f"the inventory cannot be read: {reason}",
            where=files["host_file"],
            remedy="Compare it with the shipped inventory/hosts.yaml.",
        ) from None
    return {name: Olt(name, _ports(name, data, files["host_file"])) for name, data in found.items()}


def _ports(name: str, data: dict[str, object], where: str) -> Mapping[str, PortKind]:
    try:
        return _OltData.model_validate(data).ports
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        path = ".".join(str(part) for part in detail["loc"])
        raise UnreadableProject(
            f"{name}: data.{path}: {detail['msg']}", where=where, remedy="Write `0/1/3: gpon` or `0/2/0: xgs-pon`."
        ) from None
