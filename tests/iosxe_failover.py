"""A line with mobile back-up on a simulated Cisco router, whose time is moved by hand, and whose bearers are cut."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import asyncssh
from iosxe_renderings import cisco_config
from renderings import example

from provisioning.planning.network_record import network_record
from provisioning.stands.simulator.cisco_iosxe.router import IosRouter
from provisioning.stands.simulator.faults import Faults
from provisioning.stands.simulator.network import OperatorNetwork, network_of
from provisioning.stands.simulator.operator_side import INTERNET
from provisioning.stands.simulator.packets import LAN, TCP, Packet
from provisioning.stands.simulator.world import World

ORDER = "internet-pro-plus-cisco"
"""On copper: no ONT decides whether packets pass."""

FIXED_IPV4 = "192.0.2.1"
BEGIN = datetime(2026, 12, 1, 12, 0, 2, tzinfo=UTC)


@dataclass
class SetClock:
    """A clock that stands where it was set."""

    added: timedelta = timedelta()

    def __call__(self) -> datetime:
        return BEGIN + self.added


@dataclass
class Line:
    """The line, and the network around it."""

    world: World
    router: IosRouter
    network: OperatorNetwork
    clock: SetClock
    fixed: str = FIXED_IPV4
    said: list[str] = field(default_factory=list)

    def passes(self, seconds: float, step: float = 0.1) -> None:
        """Let time pass, while somebody looks at the router every now and then."""
        left = seconds
        while left > 1e-9:
            self.clock.added += timedelta(seconds=min(step, left))
            left -= step
            self.router.tick()

    def fault(self, **faults: bool) -> None:
        self.world.faults[self.router.name] = Faults(**faults)  # type: ignore[arg-type]

    def reached(self) -> bool:
        """Whether the fixed IPv4 is reached from the internet."""
        return self.network.ping(INTERNET[4], self.fixed)

    def way_in(self) -> str:
        return self.network.way(self.router, ip_address(self.fixed))

    def way_out(self) -> str:
        packet = Packet(4, TCP, int(ip_address("192.168.1.77")), int(INTERNET[4]), 40000, 443)
        host = next(each for each in self.router.addresses_on(LAN) if each.version == 4)
        packet = Packet(4, TCP, int(host) + 8, int(INTERNET[4]), 40000, 443)
        return self.router.forward(packet, LAN).where

    def way(self) -> tuple[str, str]:
        """By which bearer packets go out, and come in."""
        return self.way_out(), self.way_in()

    def tracks(self) -> dict[str, bool]:
        return dict(self.router.machine.up)

    def logged(self, words: str) -> int:
        """How many lines of the log hold some words."""
        return sum(words in each for each in self.router.device.log.lines)


@contextmanager
def backed_up_line(folder: Path, clock: SetClock | None = None) -> Iterator[Line]:
    """Yield a line in service, in a world whose clock stands still unless another one is given."""
    record = example(ORDER)
    assert record.intent.cpe is not None
    serial = record.intent.cpe.serial or ""
    (folder / "network").mkdir()
    (folder / "network" / "L-1.json").write_text(json.dumps(network_record(record, "PX-1")))
    clock = clock or SetClock()
    world = World(folder / "simulator", folder / "network", clock)
    network = network_of(world)
    key = asyncssh.generate_private_key("ssh-ed25519")
    router = IosRouter(serial, 21, key, key.convert_to_public(), world, network)
    network.routers[serial] = router
    world.add(router)
    text = cisco_config(ORDER)["running-config"].reveal()
    # As the change from what it comes with has it.
    assert router.device.merge(f"interface Cellular0/2/0\n no shutdown\n{text}", "root") == []
    assert router.device.save("root") == ""
    router.follow()
    yield Line(world, router, network, clock, str(record.fixed_ipv4))
