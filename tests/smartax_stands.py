"""A simulated OLT, how it is reached, and ONTs that it may have: fixtures of the tests of its driver."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from simulators import OLT, PASSWORD, USER, Simulated, simulated

from provisioning.devices.smartax import SmartAx, open_smartax
from provisioning.model.olt import PortKind
from provisioning.model.ont import OntChange, OntScope, OntService
from provisioning.model.secret import Secret
from provisioning.platforms.huawei_smartax import names
from provisioning.platforms.huawei_smartax.differ import plan_ont
from provisioning.stands.simulator.faults import FaultKind, changed

SCOPE = OntScope(OLT, "0/1/3", 5)
LINE = "L-1"
NEW = OntService(
    serial="HWTC00000101",
    line=LINE,
    line_profile=names.line_profile_name(PortKind.GPON, 10),
    service_profile=names.service_profile_name(10),
    down_table="proviso-350m",
    up_table="proviso-100m",
    vlan=100,
    service_port=True,
    user_vlan=10,
)
FASTER = replace(NEW, down_table="proviso-1000m", up_table="proviso-500m")
REPLACED = replace(NEW, serial="HWTC00000102")


@dataclass
class Stand:
    """A simulated OLT, and how it is reached."""

    world: Simulated
    known_hosts: Path

    def open(self, *, password: str = PASSWORD, seconds: float = 10.0) -> SmartAx:
        return open_smartax(
            "127.0.0.1",
            port=self.world.port(),
            user=USER,
            password=Secret(password),
            known_hosts=self.known_hosts,
            seconds=seconds,
            name=OLT,
        )

    @contextmanager
    def session(self) -> Iterator[SmartAx]:
        with closing(self.open()) as olt:
            yield olt

    @contextmanager
    def fault(self, kind: FaultKind, value: str | None = None) -> Iterator[None]:
        faults = self.world.world.faults
        was = faults.get(OLT)
        faults[OLT] = changed(self.world.world.faults_of(OLT), kind, value, clear=False)
        try:
            yield
        finally:
            if was is None:
                del faults[OLT]
            else:
                faults[OLT] = was

    def now(self) -> OntService | None:
        with self.session() as olt:
            return olt.fetch(SCOPE, None).service

    def reach(self, wanted: OntService | None) -> OntChange:
        with self.session() as olt:
            return reach(olt, wanted)


def reach(olt: SmartAx, wanted: OntService | None) -> OntChange:
    """Bring our ONT to what is wanted, from wherever it is."""
    change = plan_ont(olt.fetch(SCOPE, wanted), wanted, line=LINE)
    olt.run(change.commands)
    assert olt.fetch(SCOPE, None).service == wanted
    return change


@pytest.fixture(scope="module")
def olt_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(tmp_path_factory.mktemp("olt")) as up:
        yield up


def stand_on(world: Simulated, folder: Path) -> Stand:
    key = world.olt.host_key.convert_to_public().export_public_key().decode().split()
    known_hosts = folder / "known_hosts"
    known_hosts.write_text(f"[127.0.0.1]:{world.port()} {key[0]} {key[1]}\n")
    return Stand(world, known_hosts)


@pytest.fixture
def stand(olt_up: Simulated, tmp_path: Path) -> Iterator[Stand]:
    """The OLT, without our ONT before and after."""
    made = stand_on(olt_up, tmp_path)
    yield made
    made.reach(None)
