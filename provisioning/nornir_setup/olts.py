"""Reads the OLTs from the project's inventory."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from provisioning.errors import UnreadableProject
from provisioning.model.olt import Olt, PortKind
from provisioning.nornir_setup.simple_inventory import read_hosts

OLT_PLATFORM = "huawei_smartax"


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
    hosts, where = read_hosts(project, inventory)
    found = {name: host.extended_data() for name, host in hosts.items() if host.platform == OLT_PLATFORM}
    return {name: Olt(name, _ports(name, data, where)) for name, data in found.items()}


def _ports(name: str, data: dict[str, object], where: str) -> Mapping[str, PortKind]:
    try:
        return _OltData.model_validate(data).ports
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        path = ".".join(str(part) for part in detail["loc"])
        raise UnreadableProject(
            f"{name}: data.{path}: {detail['msg']}", where=where, remedy="Write `0/1/3: gpon` or `0/2/0: xgs-pon`."
        ) from None
