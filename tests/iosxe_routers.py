"""A simulated IOS-XE router as tests use it: on a port of the loopback, asked by real NAPALM, netmiko and SSH."""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Network
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncssh
from simulators import Simulated, Typed, running_world

from provisioning.model.proxy import Proxy
from provisioning.stands.simulator.cisco_iosxe.flash import FLASH, Place
from provisioning.stands.simulator.cisco_iosxe.kept import Disk
from provisioning.stands.simulator.cisco_iosxe.router import IosRouter
from provisioning.stands.simulator.faults import Faults
from provisioning.stands.simulator.network import network_of
from provisioning.stands.simulator.world import World

if TYPE_CHECKING:
    from provisioning.devices.iosxe_connection import IosxeDriver

SERIAL = "FGL26000121"
PROMPT = re.compile(r"(?:^|\n)[\w.-]+(?:\([\w-]+\))?[>#]$")

BOOTSTRAPPED = """\
archive
 path bootflash:archive
 maximum 5
ip scp server enable
file prompt quiet
"""
"""What the operator's bootstrap adds to a staged router, for as far as its device is concerned."""


@dataclass
class Clock:
    """A clock that tests turn."""

    time: datetime = datetime(2026, 12, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def passes(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Reached:
    """An operator's network in which every router is reached."""

    def reached(self, *_: object) -> bool:
        return True

    def delegated(self, *_: object) -> IPv6Network:
        return IPv6Network("3fff:1:0:1500::/56")

    def bearers(self, *_: object) -> tuple[str, ...]:
        return ("fixed",)


@dataclass
class Bench:
    """A world with one router.

    Attributes:
        key: path of the private key that gets in.
    """

    simulated: Simulated
    router: IosRouter
    clock: Clock
    key: Path
    connections: list[Any] = field(default_factory=list)

    @property
    def port(self) -> int:
        return self.simulated.port(SERIAL)

    def fault(self, faults: Faults) -> None:
        self.simulated.world.faults[SERIAL] = faults

    def text(self) -> str:
        return self.simulated.do(lambda: self.router.device.text)

    def configure(self, lines: str) -> None:
        """Add lines to what is configured, past all sessions, and keep them."""

        def act() -> None:
            assert self.router.device.merge(lines + "end\n", "test") == []
            assert self.router.device.save("test") == ""

        self.simulated.do(act)

    def put(self, name: str, text: str) -> None:
        """Write a file into the router's flash memory."""

        def act() -> None:
            self.router.device.write(Place(FLASH, name, name), text.encode())

        self.simulated.do(act)

    def let_in(self, user: str) -> None:
        """Let another user in with the same key."""
        key = next(each for each in self.text().splitlines() if "key-hash" in each).strip()
        self.configure(f"username {user} privilege 15\nip ssh pubkey-chain\n  username {user}\n   {key}\n")

    def run(self, command: str) -> str:
        """Return what a command says that is run without a terminal."""

        async def act() -> str:
            async with asyncssh.connect(
                "127.0.0.1", port, username="root", client_keys=[str(self.key)], known_hosts=None, config=None
            ) as connection:
                return str((await connection.run(command)).stdout)

        port = self.port
        return self.simulated.wait(act())

    @contextmanager
    def paramiko(self) -> Iterator[Any]:
        """Yield a connection of the library that netmiko uses."""
        import paramiko

        with paramiko.SSHClient() as client:
            client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
            client.connect("127.0.0.1", self.port, "root", key_filename=str(self.key), look_for_keys=False)
            yield client

    @contextmanager
    def command_lines(self) -> "Iterator[Callable[[], IosxeDriver]]":
        """Yield what opens a command line as Proviso does, as often as it is asked; all are closed at the end."""
        from provisioning.devices.iosxe_connection import open_command_line

        kind, text = self.router.host_key.export_public_key().decode().split()[:2]
        known = self.key.with_name("known_hosts")
        known.write_text(f"[127.0.0.1]:{self.port} {kind} {text}\n")
        with ExitStack() as stack:

            def opened() -> "IosxeDriver":
                driver = open_command_line(
                    "127.0.0.1", port=self.port, user="root", key_file=self.key, known_hosts=known, seconds=5
                )
                stack.callback(driver.close)
                return driver

            yield opened

    def napalm(self, **options: object) -> Any:
        """Return an open NAPALM driver; it is closed with the bench."""
        from napalm import get_network_driver

        driver = get_network_driver("ios")(
            "127.0.0.1",
            "root",
            "",
            timeout=30,
            optional_args={
                "port": self.port,
                "use_keys": True,
                "key_file": str(self.key),
                "auto_file_prompt": False,
                "fast_cli": True,
                **options,
            },
        )
        driver.open()
        self.connections.append(driver)
        return driver


@contextmanager
def bench(folder: Path, *, bootstrapped: bool = True, networked: bool = False) -> Iterator[Bench]:
    """Yield a router in a world whose clock stands still.

    Args:
        bootstrapped: whether it has what the operator's bootstrap configures.
        networked: whether it stands in the operator's network, not where everybody reaches it.
    """
    private = asyncssh.generate_private_key("ssh-ed25519")
    key = folder / "key"
    key.write_bytes(private.export_private_key())
    key.chmod(0o600)
    clock = Clock()
    world = World(folder / "simulator", folder / "network", clock.now)
    with running_world(world) as simulated:

        def build() -> IosRouter:
            disk = Disk(folder / "simulator" / "routers" / f"{SERIAL}.json")
            host_key = asyncssh.generate_private_key("ssh-ed25519")
            operator = network_of(world) if networked else Reached()
            router = IosRouter(SERIAL, 21, host_key, private.convert_to_public(), world, operator, disk)
            world.add(router)
            if networked:
                network_of(world).routers[SERIAL] = router
                world.routed.append(network_of(world).find)
            return router

        made = Bench(simulated, simulated.do(build), clock, key)
        if bootstrapped:
            made.configure(BOOTSTRAPPED)
        try:
            yield made
        finally:
            for each in made.connections:
                each.close()


class Terminal(Typed):
    """A terminal of the router.

    Args:
        through: a proxy, and the host that it leads to; None for the router's own port.
    """

    PROMPT = PROMPT

    def __init__(self, made: Bench, user: str = "root", through: tuple[Proxy, str] | None = None) -> None:
        super().__init__(made.simulated)
        self._through = through
        self.bench = made
        self._user = user

    def _port(self) -> int:
        return self.bench.port

    async def _open(self, port: int) -> tuple[asyncssh.SSHClientConnection, asyncssh.SSHClientProcess[bytes]]:
        sock = await self._way(*self._through) if self._through is not None else None
        connection = await asyncssh.connect(
            "" if sock is not None else "127.0.0.1",
            () if sock is not None else port,
            sock=sock,
            username=self._user,
            client_keys=[str(self.bench.key)],
            known_hosts=None,
            config=None,
            login_timeout=10,
        )
        process = await connection.create_process(term_type="vt100", encoding=None, stderr=asyncssh.STDOUT)
        return connection, process

    @staticmethod
    async def _way(proxy: Proxy, host: str) -> socket.socket:
        """Return a connection to a host of the world, through the proxy."""
        from python_socks.async_.asyncio import Proxy as Way

        assert proxy.user is not None and proxy.password is not None
        way = Way.from_url(f"socks5://{proxy.user}:{proxy.password.reveal()}@{proxy.host}:{proxy.port}")
        found: socket.socket = await way.connect(dest_host=host, dest_port=22, timeout=5)
        return found

    def say(self, line: str, until: "re.Pattern[str] | str" = PROMPT) -> str:
        """Return what is answered to a line, its echo left out."""
        self.send(line + "\n")
        answer = self.until(until)
        echo, _, rest = answer.partition("\r\n")
        assert line in echo, answer
        return rest.replace("\r\n", "\n")
