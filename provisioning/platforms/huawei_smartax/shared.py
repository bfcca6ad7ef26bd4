"""What an OLT's ONTs share: traffic tables, DBA, line and service profiles. They are only ever added.

Each has a key (`traffic-table proviso-350m`) and parts in the order in which they are made. One that exists with some
of its parts is what a run that died left behind, and is gone on with; one with other parts is somebody else's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from provisioning.errors import DeviceRefused
from provisioning.model.olt import PortKind
from provisioning.model.ont import OntService
from provisioning.platforms.huawei_smartax import commands, names

RATE_STEP = 64
"""Kbit/s. The OLT rounds a rate down to a multiple of it (command reference, "traffic table ip", `cir`)."""

GRANTED_KBIT = {PortKind.GPON: 1_024_000, PortKind.XGS_PON: 2_048_000}
"""Up to how much an ONT is granted upstream: more than any rate that is sold on that kind of port (facts: I-1.3,
X-13), less than what the port has (1.244 and 9.953 Gbit/s: ITU-T G.984.2, G.9807.1)."""

COMMIT = "commit"


class SharedKind(StrEnum):
    """Kinds of shared objects, in the order in which they need each other."""

    TRAFFIC_TABLE = "traffic-table"
    DBA_PROFILE = "dba-profile"
    LINE_PROFILE = "line-profile"
    SERVICE_PROFILE = "service-profile"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a shared object holds.

    Attributes:
        says: as it is read back.
        command: that makes it, inside a profile; empty where the object is made in one go.
    """

    says: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class SharedObject:
    """A shared object as wanted.

    Attributes:
        opening: the command that makes it, or that opens the profile.
    """

    kind: SharedKind
    name: str
    opening: str
    parts: tuple[Part, ...]

    @property
    def key(self) -> str:
        """Its kind and name, by which a running OLT's are known."""
        return f"{self.kind} {self.name}"

    @property
    def content(self) -> str:
        """All its parts, as they are read back."""
        return content_of(each.says for each in self.parts)


def content_of(parts: "Iterator[str] | tuple[str, ...]") -> str:
    """Return parts as one text, in which objects are compared."""
    return "; ".join(sorted(parts))


def rounded_rate(mbit: int) -> int:
    """Return what a rate in Mbit/s is on an OLT, in kbit/s: rounded up, so that nobody gets less than he pays for."""
    return -(-mbit * 1000 // RATE_STEP) * RATE_STEP


def shared_by(service: OntService) -> tuple[SharedObject, ...]:
    """Return the objects of ours that a service needs, in the order in which they are made.

    What is not called as ours is left to whoever made it.
    """
    return tuple(_shared_by(service))


def _shared_by(service: OntService) -> Iterator[SharedObject]:
    for table in dict.fromkeys((service.down_table, service.up_table)):
        rate = names.table_rate(table)
        if rate is not None:
            kbit = rounded_rate(rate)
            parts = (Part(f"cir {kbit}"), Part(f"pir {kbit}"))
            yield SharedObject(SharedKind.TRAFFIC_TABLE, table, commands.add_traffic_table(table, kbit), parts)
    says = names.line_profile_says(service.line_profile)
    if says is not None:
        yield _dba_profile(says.kind)
        yield _line_profile(service.line_profile, says)
    vlan = names.service_profile_vlan(service.service_profile)
    if vlan is not None:
        yield _service_profile(service.service_profile, vlan)


def _dba_profile(kind: PortKind) -> SharedObject:
    profile, most = names.dba_profile_name(kind), GRANTED_KBIT[kind]
    parts = (Part("type 4"), Part(f"max {most}"))
    return SharedObject(SharedKind.DBA_PROFILE, profile, commands.add_dba_profile(profile, most), parts)


def _line_profile(profile: str, says: names.LineProfileName) -> SharedObject:
    gem = commands.GEM_PORT
    lines = (
        f"tcont 1 dba-profile-name {names.dba_profile_name(says.kind)}",
        f"gem add {gem} eth tcont 1",
        f"gem mapping {gem} 0 vlan {says.vlan}",
    )
    parts = tuple(Part(each, each) for each in lines)
    return SharedObject(SharedKind.LINE_PROFILE, profile, commands.edit_line_profile(profile), parts)


def _service_profile(profile: str, vlan: int) -> SharedObject:
    lines = ("ont-port pots adaptive eth adaptive", f"port vlan eth {commands.ETH_PORT} {vlan}")
    parts = tuple(Part(each, each) for each in lines)
    return SharedObject(SharedKind.SERVICE_PROFILE, profile, commands.edit_service_profile(profile), parts)


def additions(service: OntService, running: Mapping[str, str], where: str) -> tuple[str, ...]:
    """Return the commands that add what a service needs and the OLT has not, in global configuration mode.

    Args:
        running: what the OLT has, content by key.
        where: the OLT, for errors.

    Raises:
        DeviceRefused: when there is one under our name that holds something else.
    """
    return tuple(command for each in shared_by(service) for command in _addition(each, running.get(each.key), where))


def _addition(wanted: SharedObject, running: str | None, where: str) -> tuple[str, ...]:
    if running == wanted.content:
        return ()
    held = set(running.split("; ")) if running else set()
    strange = held - {each.says for each in wanted.parts}
    in_one_go = not any(each.command for each in wanted.parts)
    if strange or (running is not None and in_one_go):
        raise DeviceRefused(
            f"its {wanted.key} holds `{running}`, not `{wanted.content}`: somebody changed it",
            where=where,
            remedy="Other lines may use it. Compare them, and put it right by hand.",
        )
    if in_one_go:
        return (wanted.opening,)
    missing = tuple(each.command for each in wanted.parts if each.says not in held)
    return (wanted.opening, *missing, COMMIT, commands.QUIT)
