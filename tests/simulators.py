"""The simulator as tests use it: a world whose hosts are reached on ports of the loopback."""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import asyncssh

from provisioning.stands.simulator import smartax
from provisioning.stands.simulator.host_keys import HostKeys
from provisioning.stands.simulator.smartax.olt import Olt
from provisioning.stands.simulator.ssh_server import Servers
from provisioning.stands.simulator.world import Host, OltPlan, Plan, World

T = TypeVar("T")

USER = "proviso"
PASSWORD = "not-the-real-one"
OLT = "olt-brussels-1"
PORTS = {"0/1/0": "gpon", "0/1/1": "gpon", "0/1/2": "gpon", "0/1/3": "gpon", "0/2/0": "xgs-pon", "0/2/1": "xgs-pon"}


def plan(cpes: int = 3) -> Plan:
    """Return a plan of one OLT."""
    key = asyncssh.generate_private_key("ssh-ed25519").convert_to_public()
    return Plan(cpes, (OltPlan(OLT, f"{OLT}.example.net", PORTS),), (), key, USER, PASSWORD)


@dataclass
class Simulated:
    """A world that runs in a thread of its own."""

    world: World
    servers: Servers
    loop: asyncio.AbstractEventLoop
    ports: dict[str, int] = field(default_factory=dict)

    @property
    def olt(self) -> Olt:
        host = self.world.hosts[OLT]
        assert isinstance(host, Olt)
        return host

    def do(self, act: Callable[[], T]) -> T:
        """Return what a function returns that is called where the world lives."""

        async def call() -> T:
            return act()

        return self.wait(call())

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what some work in the world comes to."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def port(self, name: str = OLT) -> int:
        """Return the port on which a host is reached."""
        if name not in self.ports:
            self.ports[name] = self.wait(self._listen(self.world.named(name)))
        return self.ports[name]

    async def _listen(self, host: Host) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.setblocking(False)
        self.loop.create_task(self._accept(listener, host))
        port: int = listener.getsockname()[1]
        return port

    async def _accept(self, listener: socket.socket, host: Host) -> None:
        tasks = set()
        with listener:
            while True:
                connection, _ = await self.loop.sock_accept(listener)
                task = self.loop.create_task(self.servers.serve(connection, host))
                tasks.add(task)
                task.add_done_callback(tasks.discard)


@contextmanager
def simulated(folder: Path, cpes: int = 3) -> Iterator[Simulated]:
    """Yield a world with one OLT, until the end of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    world = World(folder / "simulator", folder / "network")
    made = Simulated(world, Servers(world), loop)
    try:
        made.do(lambda: smartax.build(world, plan(cpes), HostKeys(folder / "simulator" / "host_keys")))
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(_end(made), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(made: Simulated) -> None:
    """Close every connection, so that nothing is left to the garbage collector, and end what still runs."""
    for host in made.world:
        made.world.end_connections(host.name)
    while any(made.world.connections(host.name) for host in made.world):
        await asyncio.sleep(0)
    tasks = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
    for each in tasks:
        each.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for _ in range(10):  # what was aborted closes its socket in the next turns of the loop
        await asyncio.sleep(0)
