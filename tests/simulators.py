"""The simulator as tests use it: a world whose hosts are reached on ports of the loopback."""

import asyncio
import re
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

import asyncssh
import pytest

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
    world = World(folder / "simulator", folder / "network")
    with running_world(world) as made:
        made.do(lambda: smartax.build(world, plan(cpes), HostKeys(folder / "simulator" / "host_keys")))
        world.fibre.waits.clear()
        yield made


@contextmanager
def running_world(world: World) -> Iterator[Simulated]:
    """Yield a world that runs in a thread of its own, until the end of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    made = Simulated(world, Servers(world), loop)
    try:
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


SETUP = """\
config
traffic table ip name proviso-350m cir 350016 pir 350016 priority 0 priority-policy local-setting
traffic table ip name proviso-100m cir 100032 pir 100032 priority 0 priority-policy local-setting
dba-profile add profile-name proviso-gpon-up type4 max 1024000
ont-lineprofile gpon profile-name p-line
tcont 1 dba-profile-name proviso-gpon-up
gem add 1 eth tcont 1
gem mapping 1 0 vlan 10
commit
quit
ont-srvprofile gpon profile-name p-srv
ont-port pots adaptive eth adaptive
port vlan eth 1 10
commit
quit
"""
"""What an operator's OLT has before the first customer; ends in the config mode."""

ONT = """\
interface gpon 0/1
ont add 3 5 sn-auth "4857544300000101" omci ont-lineprofile-name p-line ont-srvprofile-name p-srv desc "L-1"
ont port native-vlan 3 5 eth 1 vlan 10 priority 0
quit
"""

FLOW = (
    "service-port vlan 100 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 10 tag-transform translate "
    "inbound traffic-table name proviso-100m outbound traffic-table name proviso-350m"
)

PROMPT = re.compile(rf"{OLT}(?:\([a-z0-9/-]+\))?[>#]$")


class Typed(ABC):
    """A terminal of a simulated device, at which tests type as a person at a real SSH client does."""

    PROMPT: ClassVar["re.Pattern[str]"]

    def __init__(self, simulated: Simulated) -> None:
        self._simulated = simulated
        self.seen = ""

    @abstractmethod
    def _port(self) -> int:
        """Return the port of the device, which listens from now on."""

    @abstractmethod
    async def _open(self, port: int) -> tuple[asyncssh.SSHClientConnection, asyncssh.SSHClientProcess[bytes]]:
        """Return a connection, and a terminal on it."""

    @abstractmethod
    def say(self, line: str) -> str:
        """Return what is answered to a line, its echo left out."""

    def __enter__(self) -> Self:
        self._connection, self._process = self._simulated.wait(self._open(self._port()))
        try:
            self.until(self.PROMPT)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.abort()
        self._simulated.wait(self._connection.wait_closed())

    def send(self, text: str | bytes) -> None:
        data = text.encode() if isinstance(text, str) else text
        with suppress(OSError):  # that it is gone is told to who reads
            self._simulated.do(lambda: self._process.stdin.write(data))

    def until(self, pattern: "re.Pattern[str] | str", seconds: float = 10.0) -> str:
        """Return what was said up to where a pattern ends it; raises EOFError when the session ends before that."""
        wanted = re.compile(pattern) if isinstance(pattern, str) else pattern
        self.seen = ""

        async def read() -> str:
            while not wanted.search(self.seen):
                data = await asyncio.wait_for(self._process.stdout.read(65536), seconds)
                if not data:
                    raise EOFError(self.seen)
                self.seen += data.decode()
            return self.seen

        try:
            return self._simulated.wait(read())
        except TimeoutError:
            raise
        except (asyncssh.ConnectionLost, OSError) as error:
            raise EOFError(self.seen) from error

    def all(self, lines: str) -> str:
        """Return what is answered to several lines."""
        return "".join(self.say(line) for line in lines.splitlines())


class Dialogue(Typed):
    """A terminal of the OLT."""

    PROMPT = PROMPT

    def __init__(self, simulated: Simulated, password: str = PASSWORD) -> None:
        super().__init__(simulated)
        self._password = password

    def _port(self) -> int:
        return self._simulated.port()

    async def _open(self, port: int) -> tuple[asyncssh.SSHClientConnection, asyncssh.SSHClientProcess[bytes]]:
        connection = await asyncssh.connect(
            "127.0.0.1",
            port,
            username=USER,
            password=self._password,
            known_hosts=None,
            client_keys=None,
            config=None,
        )
        process = await connection.create_process(
            term_type="vt100", term_size=(511, 1000), encoding=None, stderr=asyncssh.STDOUT
        )
        return connection, process

    def say(self, line: str, until: "re.Pattern[str] | str" = PROMPT) -> str:
        """Return what is answered to a line, its echo left out."""
        self.send(line + "\n")
        answer = self.until(until)
        echo, _, rest = answer.partition("\r\n")
        assert line in echo.replace(" \x1b[1D", ""), answer
        return rest

    def quiet(self) -> "Dialogue":
        """Switch questions and pages off, and stand in the privileged mode."""
        for line in ("undo smart", "scroll 512", "enable"):
            self.say(line)
        return self


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulated]:
    with simulated(tmp_path) as made:
        yield made


@pytest.fixture
def terminal(simulator: Simulated) -> Iterator[Dialogue]:
    with Dialogue(simulator) as made:
        yield made.quiet()
