"""One simulated router: its files, interfaces, daemons and helper, reached by SSH."""

import asyncio
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import asyncssh

from provisioning.stands.simulator.customer_router import CustomerRouter, RouterSurroundings
from provisioning.stands.simulator.faults import Dropped
from provisioning.stands.simulator.linux_cpe import checkers, settings_files
from provisioning.stands.simulator.linux_cpe.backed_up import BackedUp
from provisioning.stands.simulator.linux_cpe.commands import COMMANDS
from provisioning.stands.simulator.linux_cpe.documents import FACTORY, PLACES
from provisioning.stands.simulator.linux_cpe.helper import Helper
from provisioning.stands.simulator.linux_cpe.interfaces import Links
from provisioning.stands.simulator.linux_cpe.kept import Disk
from provisioning.stands.simulator.linux_cpe.networking import ALWAYS, SNMP, Operator
from provisioning.stands.simulator.linux_cpe.nft_parser import read_ruleset
from provisioning.stands.simulator.linux_cpe.nft_rules import Ruleset
from provisioning.stands.simulator.linux_cpe.nft_words import NftError
from provisioning.stands.simulator.linux_cpe.shell import Shell
from provisioning.stands.simulator.linux_cpe.shell_types import Command, Streams
from provisioning.stands.simulator.linux_cpe.snmpd import engine_of, managed_by
from provisioning.stands.simulator.linux_cpe.units import WANTS, programs, systemctl
from provisioning.stands.simulator.radio import RadioState, radio_of
from provisioning.stands.simulator.snmp_agent import Agent
from provisioning.stands.simulator.terminal import serve_terminal
from provisioning.stands.simulator.way import CAME_BY

HELPER = "/usr/local/sbin/proviso-helper"
DOCUMENTS = "/usr/local/sbin/proviso-documents"
SERIAL_FILE = "/etc/device-serial"
SSH = 22

BEFORE = timedelta(days=1)
"""How long a router has run that was there before the simulator."""

LOOKS, LISTENS = 0.2, 5.0
"""Seconds between two looks for events that somebody follows, and between two words that he is still told them."""

Process = asyncssh.SSHServerProcess[bytes]


class Router(BackedUp):
    """A router with a serial.

    Args:
        number: of the customer, from 1.
        user_key: the public key that root logs in with.
        operator: whose network it is connected to.
        disk: where its files are kept; without one they go with the simulator.
    """

    kind = "router"

    def __init__(
        self,
        name: str,
        number: int,
        host_key: asyncssh.SSHKey,
        user_key: asyncssh.SSHKey,
        world: RouterSurroundings,
        operator: Operator,
        disk: Disk | None = None,
    ) -> None:
        super().__init__(name, number, operator)
        self.host_key = host_key
        self._user_key = user_key.public_data
        self._world = world
        self._moment: datetime | None = None
        self._booted = world.now() - BEFORE
        self.helper = Helper(self)
        self._agent: Agent | None = None
        self.tree.write(SERIAL_FILE, f"{name}\n".encode())
        for document, text in FACTORY.items():
            self.tree.make_folder(PLACES[document].path.rpartition("/")[0])
            self.tree.write(PLACES[document].path, text, PLACES[document].mode)
        self._disk = disk
        if disk is not None and disk.load(self.tree):
            self.lose_power()
        else:
            self._refresh()

    def shown(self) -> str:
        """Return in a few words how it is, for people."""
        return "in service" if f"{WANTS}/proviso.service" in self.tree.files else ""

    # --- SSH ---

    def lets_in(self, user: str, *, password: str | None, key: asyncssh.SSHKey | None) -> bool:
        """Let root in with the operator's key, as sshd's configuration allows."""
        allowed = dict(self.settings("sshd_config", " ", lower=True)).get("allowusers", "root").split()
        return user == "root" and user in allowed and key is not None and key.public_data == self._user_key

    def answers_at(self, address: str, protocol: str, port: int) -> bool | None:
        """Return whether somebody answers there, for who comes from where routers are managed."""
        return self._operator.reached(self, address, protocol, port)

    async def datagram(self, port: int, data: bytes) -> bytes | None:
        """Return what the SNMP agent answers."""
        if port != SNMP or "snmpd" not in self.active:
            return None
        if self._agent is None:
            self._agent = Agent(engine_of(self.name), self.now())
        return self._agent.answer(data, managed_by(self.text("snmpd.conf"), self.links.links), self.now())

    async def execute(self, command: str, process: Process) -> int:
        """Run a command in the router's shell; the connection is lost when the router's firewall shuts its way.

        Raises:
            Dropped: when it is lost, before the command or before its answer.
        """
        follows = command.endswith(f"{HELPER} events-follow")
        given = b"" if follows else await process.stdin.read()
        streams = Streams(io.BytesIO(given), bytearray(), bytearray())
        with self._at_one_moment():
            self._require_way()
            code = self.run(command, streams)
            self._require_way()
        if follows and code == 0:
            await self._tell_events(process)
        process.stdout.write(bytes(streams.out))
        process.stderr.write(bytes(streams.err))
        return code

    @contextmanager
    def _at_one_moment(self) -> Iterator[None]:
        """Let no time pass on it, however long this machine takes.

        A router answers `apply` in milliseconds and changes its network after that: were what is due in a third of a
        second done as soon as a busy machine is so late, the answer would go with the network.
        """
        self._moment = self._world.now()
        try:
            yield
        finally:
            self._moment = None

    async def _tell_events(self, process: Process) -> None:
        """Tell what happens to the bearers, as it happens, until nobody listens any more."""
        loop, last, alive = asyncio.get_running_loop(), 0, 0.0
        while not process.is_closing():
            self.tick()
            self._require_way()
            for number, line in list(self.helper.drills.events(last)):
                process.stdout.write(f"{line}\n".encode())
                last = number
            if loop.time() >= alive:
                alive = loop.time() + LISTENS
                process.stdout.write(f"alive {self.uptime(self.now()):.2f}\n".encode())
            # What happens to bearers follows from the clock of the world, which wakes nobody.
            await asyncio.sleep(LOOKS)

    def _require_way(self) -> None:
        address = CAME_BY.get()
        if address and not self.answers_at(address, "tcp", SSH):
            raise Dropped

    async def converse(self, process: Process) -> None:
        """Serve a shell on a terminal."""

        def run(line: str) -> bytes:
            streams = Streams(io.BytesIO(), bytearray(), bytearray())
            self.run(line, streams)
            return bytes(streams.out + streams.err)

        await serve_terminal(process, f"root@{self.name}:~# ", run)

    def run(self, command: str, streams: Streams) -> int:
        """Run a command; return its exit code."""
        self.tick()
        try:
            return Shell(self.tree, self._commands(), {"PATH": "/usr/bin:/bin", "HOME": "/root"}).run(command, streams)
        finally:
            self._keep()

    def _commands(self) -> dict[str, Command]:
        found = {**COMMANDS, **programs(self.name), "ip": self.links.ip, "systemctl": systemctl(self)}
        self.tree.files.pop("/proc/uptime", None)
        self.tree.folders.add("/proc")
        self.tree.write("/proc/uptime", f"{self.uptime(self.now()):.2f} 0.00\n".encode())
        mode = self.tree.files[HELPER].mode if HELPER in self.tree.files else 0
        if mode & 0o100 and DOCUMENTS in self.tree.files:
            found[HELPER] = self.helper.command
        return found

    # --- what the helper works on ---

    def now(self) -> datetime:
        """Return the time of the world; while a command is carried out, when it came."""
        return self._moment or self._world.now()

    def uptime(self, moment: datetime) -> float:
        """Return how many seconds after its start a moment was."""
        return (moment - self._booted).total_seconds()

    def check(self, name: str, text: bytes) -> str:
        """Return what the daemon complains of a document."""
        faults = self._world.faults_of(self.name)
        for number, line in enumerate(text.decode("utf-8", "replace").splitlines(), 1):
            if faults.reject and faults.rejects(line):
                return f"{checkers.STAGED}/{name}: line {number}: rejected: {line.strip()}"
        return checkers.check(name, text)

    def load(self, name: str, text: bytes | None) -> str:
        """Put a document in force, or take it away; return what failed."""
        said = ""
        match name:
            case "nftables.conf":
                said = self._load_rules(text)
            case "sysctl.conf":
                self.sysctl = settings_files.sysctl_of(text.decode("utf-8", "replace")) if text is not None else {}
            case "network.sh":
                said = self._load_network(down=text is None)
            case _:
                unit = PLACES[name].unit
                if text or unit in ALWAYS:
                    self.active.add(unit)
                elif name != "daemons":
                    self.active.discard(unit)
        self._asked = None
        self._refresh()
        return said

    def _load_rules(self, text: bytes | None) -> str:
        try:
            self.rules = read_ruleset(text.decode("utf-8", "surrogateescape")) if text is not None else Ruleset()
        except NftError as error:
            return error.shown(PLACES["nftables.conf"].path, "")
        return ""

    def _load_network(self, *, down: bool) -> str:
        path = PLACES["network.sh"].path
        if path not in self.tree.files:
            return ""
        streams = Streams(io.BytesIO(), bytearray(), bytearray())
        shell = Shell(self.tree, self._commands(), arguments=["down"] if down else [], name=path)
        code = shell.run(self.tree.read(path).decode("utf-8", "surrogateescape"), streams)
        said = (streams.out + streams.err).decode("utf-8", "replace").strip()
        return (said or f"exit code {code}") if code else ""

    # --- the network around it ---

    def radio(self) -> RadioState:
        """Return how the mobile modem does."""
        return radio_of(self.number, self._world.faults_of(self.name))

    @property
    def _me(self) -> CustomerRouter:
        return self

    def _refresh(self) -> None:
        self.ask_for_addresses(self._operator.delegated(self))

    # --- time and power ---

    def tick(self) -> None:
        """Have done what was due until now."""
        self.tree.full = self._world.faults_of(self.name).disk_full
        self.helper.tick()
        self._refresh()
        self.failover.advance()

    def lose_power(self) -> None:
        """Boot anew: what the kernel had is gone, what stands on the disk is loaded."""
        for path in [each for each in self.tree.files if each.startswith("/run/")]:
            self.tree.remove(path)
        self.links, self.rules, self.sysctl = Links(), Ruleset(), {}
        self.live.clear()
        self._packets.clear()
        self._booted = self.now()
        self.failover.begin()
        self.active = set(ALWAYS)
        if f"{WANTS}/proviso.service" in self.tree.files:
            self.helper.boot()
        self._refresh()
        self._keep()

    def _keep(self) -> None:
        if self._disk is not None:
            self._disk.save(self.tree)
