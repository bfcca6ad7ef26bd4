"""A world of the simulator in this process, in a thread of its own, and the command that is led into it."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

import asyncssh
from worlds import Command

from provisioning.stands.simulator import cisco_iosxe, linux_cpe, smartax, socks, vantage
from provisioning.stands.simulator.cisco_iosxe.router import IosRouter
from provisioning.stands.simulator.host_keys import HostKeys
from provisioning.stands.simulator.linux_cpe.router import Router
from provisioning.stands.simulator.network import OperatorNetwork, network_of
from provisioning.stands.simulator.smartax.olt import Olt
from provisioning.stands.simulator.ssh_server import Servers
from provisioning.stands.simulator.world import OltPlan, Plan, VantagePlan, World, known_hosts

USER, PASSWORD = "somebody", "canary-proxy-5150"
OLT_USER, OLT_PASSWORD = "proviso", "canary-olt-8086"
BRUSSELS, NAMUR = "olt-brussels-1", "olt-namur-1"
OLTS = (
    OltPlan(BRUSSELS, f"{BRUSSELS}.example.net", {**dict.fromkeys((f"0/1/{each}" for each in range(4)), "gpon")}),
    OltPlan(NAMUR, f"{NAMUR}.example.net", {"0/1/0": "gpon", "0/2/0": "xgs-pon"}),
)
"""As the shipped inventory names them; fewer ports."""
T = TypeVar("T")


@dataclass
class FakeClock:
    """The time of this machine, and what is added to it."""

    added: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.added


@dataclass
class Simulated:
    """A world that runs, and a state directory that is led into it."""

    proviso: Command
    world: World
    clock: FakeClock
    folder: Path
    loop: asyncio.AbstractEventLoop
    port: int = 0
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def proxy(self) -> str:
        return f"socks5://{USER}:{PASSWORD}@127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PROVISO_SSH_KEY_FILE": str(self.folder / "key"),
            "PROVISO_KNOWN_HOSTS_FILE": str(self.folder / "known_hosts"),
            "PROVISO_SOCKS_PROXY": self.proxy,
            "PROVISO_OLT_PASSWORD": OLT_PASSWORD,
            **self.extra,
        }

    @property
    def network(self) -> OperatorNetwork:
        return network_of(self.world)

    def router(self, number: int = 1) -> Router:
        return cast(Router, self.world.hosts[f"LX{100 + number:04}"])

    def cisco(self, number: int) -> IosRouter:
        return cast(IosRouter, self.world.hosts[f"FGL2600{100 + number:04}"])

    def olt(self, name: str = BRUSSELS) -> Olt:
        return cast(Olt, self.world.hosts[name])

    def do(self, action: Callable[[], T]) -> T:
        """Do something in the world's own thread."""

        async def done() -> T:
            return action()

        return self.wait(done())

    def wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(60)


def plan_of(cpes: int, key: asyncssh.SSHKey, olts: tuple[OltPlan, ...] = (), iosxe: int = 0) -> Plan:
    """Return the plan of a world with vantage hosts as the shipped inventory names them."""
    vantages = [VantagePlan("probe-internet-1", "internet", {"sees": "internet"})]
    for number in range(1, cpes + iosxe + 1):
        serial = f"LX{100 + number:04}" if number <= cpes else f"FGL2600{100 + number:04}"
        behind = {"cpe": serial, "interface": "eth0"}
        vantages.append(VantagePlan(f"probe-lan-{number}", f"lan{number}", {"sees": "lan", **behind}))
        firewall = {"sees": "customer-firewall", **behind}
        vantages.append(VantagePlan(f"probe-firewall-{number}", f"firewall{number}", firewall))
    return Plan(cpes, olts, tuple(vantages), key, OLT_USER, OLT_PASSWORD, iosxe=iosxe)


def user_key(folder: Path) -> asyncssh.SSHKey:
    """Return the key that gets into routers and vantage hosts, made at the first need."""
    path = folder / "key"
    if not path.exists():
        path.touch(0o600)
        path.write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_private_key())
    return asyncssh.read_private_key(path)


@contextmanager
def simulated(folder: Path, cpes: int = 4, *, olts: tuple[OltPlan, ...] = (), iosxe: int = 0) -> Iterator[Simulated]:
    """Yield a world of routers and vantage hosts; what it listens on ends with the block.

    Args:
        folder: of a world that was, which goes on as after a loss of power, or of none yet.
        olts: to be there besides, with an ONT for each customer.
        iosxe: number of further customers, who have Cisco routers.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / "state"
    clock, loop = FakeClock(), asyncio.new_event_loop()
    world = World(state / "simulator", state / "network", clock)
    keys = HostKeys(folder / "keys")
    plan = plan_of(cpes, user_key(folder).convert_to_public(), olts, iosxe)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    up = Simulated(Command(state), world, clock, folder, loop)

    def build() -> None:
        linux_cpe.build(world, plan, keys)
        cisco_iosxe.build(world, plan, keys)
        smartax.build(world, plan, keys)
        vantage.build(world, plan, keys)

    up.do(build)
    (folder / "known_hosts").write_text("".join(known_hosts(world)))
    server = up.wait(socks.serve(world, Servers(world), USER, PASSWORD))
    up.port = server.sockets[0].getsockname()[1]
    try:
        yield up
    finally:
        up.do(server.close)
        up.wait(server.wait_closed())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
