"""Reads the vantage points from the project's inventory: hosts of the group `vantage`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from provisioning.errors import UnreadableProject
from provisioning.model.verdict import Viewpoint
from provisioning.nornir_setup.simple_inventory import read_hosts

GROUP = "vantage"


@dataclass(frozen=True, slots=True)
class VantagePoint:
    """A host of the inventory from which lines are observed.

    Attributes:
        host: name or address by which it is reached.
        user: account there; root, since raw packets are sent and seen.
        cpe: serial of the router that it stands behind; empty for a host of the internet.
        interface: its own, on the customer's side.
        carries: Mbit/s that can be measured from it at most; None where nothing there limits that.
    """

    name: str
    host: str
    user: str
    viewpoint: Viewpoint
    cpe: str
    interface: str
    carries: float | None = None


class _VantageData(BaseModel):
    model_config = ConfigDict(extra="ignore")

    sees: Literal["internet", "lan", "customer-firewall"]
    cpe: str = ""
    interface: str = "eth0"
    carries: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _stands_behind_a_router(self) -> "_VantageData":
        if (self.sees == "internet") != (not self.cpe):
            raise ValueError("a host that sees lan or customer-firewall needs `cpe`, and only such a host")
        return self


def read_vantages(project: Path, inventory: Mapping[str, object]) -> tuple[VantagePoint, ...]:
    """Return the vantage points of the inventory.

    Raises:
        UnreadableProject: when the inventory cannot be used.
    """
    hosts, where = read_hosts(project, inventory)
    found = []
    for name, host in hosts.items():
        if GROUP not in {group.name for group in host.groups}:
            continue
        try:
            data = _VantageData.model_validate(host.extended_data())
        except ValidationError as error:
            raise UnreadableProject(
                f"{name}: {_reason(error)}",
                where=where,
                remedy="Write `data: {sees: internet}`, or `data: {sees: lan, cpe: SERIAL}`.",
            ) from None
        point = VantagePoint(
            name,
            host.hostname or name,
            host.username or "root",
            Viewpoint(data.sees),
            data.cpe,
            data.interface,
            data.carries,
        )
        found.append(point)
    return tuple(found)


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    return ": ".join([*map(str, first["loc"]), first["msg"].removeprefix("Value error, ")])
