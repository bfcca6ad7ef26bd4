"""Reads the OLTs from the project's inventory."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from provisioning.errors import UnreadableProject
from provisioning.model.olt import Olt, PortKind
from provisioning.model.secret import Secret
from provisioning.nornir_setup.simple_inventory import read_hosts
from provisioning.ports import Secrets

OLT_PLATFORM = "huawei_smartax"
SSH_PORT = 22


class _OltData(BaseModel):
    model_config = ConfigDict(extra="ignore")

    ports: dict[str, PortKind] = Field(default_factory=dict)
    password_from: str = Field("", pattern=r"^(env:.+)?$")
    service_vlan: int = Field(100, ge=2, le=4094)
    user_vlan: int = Field(10, ge=2, le=4094)


def read_olts(project: Path, inventory: Mapping[str, object]) -> dict[str, Olt]:
    """Return the OLTs of the inventory by name.

    Args:
        project: the project's folder, which paths in `inventory` are taken from.
        inventory: the `inventory` block of nornir.yaml.

    Raises:
        UnreadableProject: when the inventory cannot be used.
    """
    hosts, where = read_hosts(project, inventory)
    olts = {}
    for name, host in hosts.items():
        if host.platform == OLT_PLATFORM:
            data = _data(name, host.extended_data(), where)
            olts[name] = Olt(
                name=name,
                ports=data.ports,
                host=host.hostname or name,
                port=host.port or SSH_PORT,
                user=host.username or "",
                password_from=data.password_from,
                service_vlan=data.service_vlan,
                user_vlan=data.user_vlan,
            )
    return olts


def olt_password(olt: Olt, secrets: Secrets) -> Secret:
    """Return the password of our account on an OLT.

    Raises:
        UnreadableProject: when the inventory names no account or no source, or there is nothing behind it.
    """
    if not olt.user or not olt.password_from:
        missing = "username" if not olt.user else "data.password_from"
        raise UnreadableProject(
            f"the inventory does not say who logs in there: `{missing}`",
            where=olt.name,
            remedy="See the group `olt` of the shipped inventory/groups.yaml.",
        )
    password = secrets.read(olt.password_from)
    if password is None or not password.reveal():
        variable = olt.password_from.removeprefix("env:")
        raise UnreadableProject(
            f"there is no password behind `{olt.password_from}`", where=olt.name, remedy=f"Set {variable}."
        )
    return password


def _data(name: str, data: dict[str, object], where: str) -> _OltData:
    try:
        return _OltData.model_validate(data)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        path = ".".join(str(part) for part in detail["loc"])
        remedy = "Write `0/1/3: gpon` or `0/2/0: xgs-pon`." if path.startswith("ports") else "See groups.yaml."
        raise UnreadableProject(f"{name}: data.{path}: {detail['msg']}", where=where, remedy=remedy) from None
