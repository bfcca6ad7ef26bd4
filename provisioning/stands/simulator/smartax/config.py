"""What a SmartAX has configured, as plain records, and how that is kept on its disk.

Factory values of traffic tables and DBA profiles: `display traffic table ip from-index 0`, `display dba-profile all`
of MA5608T and MA5800 in public transcripts.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class TrafficTable:
    """A traffic table: rates in kbit/s, bursts in bytes; None where it limits nothing."""

    index: int
    name: str
    cir: int | None
    cbs: int | None
    pir: int | None
    pbs: int | None
    priority: int
    policy: str


@dataclass(frozen=True, slots=True)
class DbaProfile:
    """A profile of upstream bandwidth, kbit/s."""

    index: int
    name: str
    kind: int
    fix: int = 0
    assure: int = 0
    max: int = 0


@dataclass(frozen=True, slots=True)
class LineProfile:
    """A line profile.

    Attributes:
        tconts: index of the DBA profile by T-CONT.
        gems: T-CONT by GEM port.
        mappings: VLAN by GEM port and mapping index.
    """

    index: int
    name: str
    tconts: Mapping[int, int] = field(default_factory=dict)
    gems: Mapping[int, int] = field(default_factory=dict)
    mappings: Mapping[tuple[int, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServiceProfile:
    """A service profile.

    Attributes:
        pots: number of ports, or "adaptive".
        eth: the same.
        vlans: VLANs that pass on an Ethernet port, by its number; user VLAN by service VLAN.
        transparent: whether the ONT passes everything as it is.
    """

    index: int
    name: str
    pots: str = "0"
    eth: str = "0"
    vlans: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    transparent: bool = False


@dataclass(frozen=True, slots=True)
class Ont:
    """An ONT that is registered.

    Attributes:
        port: frame/slot/port.
        serial: vendor and eight digits, "HWTC1A2B3C4D"; 16 digits where the vendor is no text.
        native: VLAN and priority of untagged frames, by Ethernet port.
    """

    port: str
    ont_id: int
    serial: str
    line_profile: int
    service_profile: int
    description: str
    active: bool = True
    native: Mapping[int, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServicePort:
    """A service flow; `inbound` is from the customer, `outbound` towards him; None limits nothing."""

    index: int
    vlan: int
    port: str
    ont_id: int
    gem: int
    user_vlan: str
    transform: str
    inbound: int | None = None
    outbound: int | None = None
    enabled: bool = True


@dataclass(slots=True)
class Config:
    """Everything that is configured; the records in it are never changed, only replaced."""

    tables: dict[int, TrafficTable] = field(default_factory=dict)
    dba: dict[int, DbaProfile] = field(default_factory=dict)
    lines: dict[int, LineProfile] = field(default_factory=dict)
    services: dict[int, ServiceProfile] = field(default_factory=dict)
    onts: dict[tuple[str, int], Ont] = field(default_factory=dict)
    flows: dict[int, ServicePort] = field(default_factory=dict)
    vlans: dict[int, str] = field(default_factory=dict)
    uplinks: set[tuple[int, str]] = field(default_factory=set)
    autofind_off: set[str] = field(default_factory=set)

    def ont_of(self, serial: str) -> Ont | None:
        """Return the ONT that is registered with a serial number, or None."""
        return next((each for each in self.onts.values() if each.serial == serial), None)

    def flows_of(self, port: str, ont_id: int | None = None) -> list[ServicePort]:
        """Return the service ports of a port, or of one ONT there, by index."""
        return [flow for _, flow in sorted(self.flows.items()) if flow.port == port and ont_id in (None, flow.ont_id)]

    def to_json(self) -> str:
        """Return it as it is kept on the disk."""
        data = {
            "tables": [asdict(each) for each in self.tables.values()],
            "dba": [asdict(each) for each in self.dba.values()],
            "lines": [_line_data(each) for each in self.lines.values()],
            "services": [asdict(each) for each in self.services.values()],
            "onts": [asdict(each) for each in self.onts.values()],
            "flows": [asdict(each) for each in self.flows.values()],
            "vlans": self.vlans,
            "uplinks": sorted(self.uplinks),
            "autofind_off": sorted(self.autofind_off),
        }
        return json.dumps(data, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Config":
        """Return what was kept.

        Raises:
            ValueError: when it is no such thing.
        """
        try:
            return _read(json.loads(text))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no saved configuration: {error}") from None


def _line_data(profile: LineProfile) -> dict[str, Any]:
    # asdict keeps the pairs that are keys, which JSON has not.
    return {
        "index": profile.index,
        "name": profile.name,
        "tconts": dict(profile.tconts),
        "gems": dict(profile.gems),
        "mappings": [[gem, index, vlan] for (gem, index), vlan in profile.mappings.items()],
    }


def _numbers(data: Mapping[str, int]) -> dict[int, int]:
    return {int(key): value for key, value in data.items()}


def _read(data: dict[str, Any]) -> Config:
    lines = [
        LineProfile(
            each["index"],
            each["name"],
            _numbers(each["tconts"]),
            _numbers(each["gems"]),
            {(gem, index): vlan for gem, index, vlan in each["mappings"]},
        )
        for each in data["lines"]
    ]
    services = [
        ServiceProfile(**{**each, "vlans": {int(port): _numbers(vlans) for port, vlans in each["vlans"].items()}})
        for each in data["services"]
    ]
    onts = [
        Ont(**{**each, "native": {int(port): (vlan, priority) for port, (vlan, priority) in each["native"].items()}})
        for each in data["onts"]
    ]
    return Config(
        tables={each["index"]: TrafficTable(**each) for each in data["tables"]},
        dba={each["index"]: DbaProfile(**each) for each in data["dba"]},
        lines={each.index: each for each in lines},
        services={each.index: each for each in services},
        onts={(each.port, each.ont_id): each for each in onts},
        flows={each["index"]: ServicePort(**each) for each in data["flows"]},
        vlans={int(vlan): kind for vlan, kind in data["vlans"].items()},
        uplinks={(vlan, port) for vlan, port in data["uplinks"]},
        autofind_off=set(data["autofind_off"]),
    )


UPLINK = "0/9/0"

CUSTOMERS_VLAN = 100
"""The service VLAN that the operator has built; which one is his, not the product's."""

_TABLES = (
    (0, 1024, 34768, 2048, 69536, 6, "tag-pri"),
    (1, 2496, 81872, 4992, 163744, 6, "tag-pri"),
    (2, 512, 18384, 1024, 36768, 0, "tag-pri"),
    (3, 576, 20432, 1152, 40864, 2, "tag-pri"),
    (4, 64, 4048, 128, 8096, 4, "tag-pri"),
    (5, 2048, 67536, 4096, 135072, 0, "tag-pri"),
    (6, None, None, None, None, 0, "tag-pri"),
)

_DBA = (
    DbaProfile(0, "dba-profile_0", 3, assure=8192, max=20480),
    DbaProfile(1, "dba-profile_1", 1, fix=5120),
    DbaProfile(2, "dba-profile_2", 1, fix=1024),
    DbaProfile(3, "dba-profile_3", 4, max=32768),
    DbaProfile(4, "dba-profile_4", 1, fix=1024000),
    DbaProfile(5, "dba-profile_5", 1, fix=32768),
    DbaProfile(6, "dba-profile_6", 1, fix=102400),
    DbaProfile(7, "dba-profile_7", 2, assure=32768),
    DbaProfile(8, "dba-profile_8", 2, assure=102400),
    DbaProfile(9, "dba-profile_9", 3, assure=32768, max=65536),
)


def factory() -> Config:
    """Return what an OLT has before anybody provisions a customer: the factory's, and the operator's VLAN."""
    return Config(
        tables={row[0]: TrafficTable(row[0], f"ip-traffic-table_{row[0]}", *row[1:]) for row in _TABLES},
        dba={each.index: each for each in _DBA},
        lines={0: LineProfile(0, "line-profile_default_0", {0: 1})},
        services={0: ServiceProfile(0, "srv-profile_default_0")},
        vlans={1: "smart", CUSTOMERS_VLAN: "smart"},
        uplinks={(CUSTOMERS_VLAN, UPLINK)},
    )
