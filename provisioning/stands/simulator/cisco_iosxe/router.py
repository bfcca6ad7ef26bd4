"""A simulated Cisco C1111 with IOS-XE 17, reached by SSH."""

import asyncio
import hashlib
from collections.abc import Callable
from ipaddress import IPv4Interface, IPv6Interface, IPv6Network, ip_address

import asyncssh

from provisioning.stands.simulator.cisco_iosxe import reading, scp
from provisioning.stands.simulator.cisco_iosxe.configuration import Configuration, factory_new
from provisioning.stands.simulator.cisco_iosxe.device import Device
from provisioning.stands.simulator.cisco_iosxe.failover.following import Following
from provisioning.stands.simulator.cisco_iosxe.forwarding.networking import Operator
from provisioning.stands.simulator.cisco_iosxe.interpreter import Interpreter
from provisioning.stands.simulator.cisco_iosxe.kept import Disk
from provisioning.stands.simulator.cisco_iosxe.session import LoggedOut, Reloaded, Session
from provisioning.stands.simulator.cisco_iosxe.show_system import SOFTWARE
from provisioning.stands.simulator.cisco_iosxe.snmp import managed_by
from provisioning.stands.simulator.cisco_iosxe.terminal import Terminal
from provisioning.stands.simulator.customer_router import CustomerRouter, RouterSurroundings
from provisioning.stands.simulator.faults import Count, Dropped
from provisioning.stands.simulator.live_calls import LiveCall
from provisioning.stands.simulator.packets import BEARERS, ECHO, Packet
from provisioning.stands.simulator.snmp_agent import Agent
from provisioning.stands.simulator.way import CAME_BY

SSH, SNMP = 22, 161
ACCOUNT = "root"
SESSIONS = 16
"""Virtual terminal lines of a C1111, `line vty 0 15`."""

TCP_SECONDS, TCP_STEP_SECONDS = 20.0, 0.1
"""How long a connection outlives the way that it came by, and how often it tries."""

LOOK_SECONDS, SHORTEST_SECONDS = 1.0, 0.02
"""How often it is looked for what happened around a router, while somebody watches its log: at most, and at least."""

Process = asyncssh.SSHServerProcess[bytes]


class IosRouter(Following):
    """A router with a serial.

    Args:
        number: of the customer, from 1.
        user_key: the public key that the factory's configuration lets in.
        operator: whose network it is connected to.
        disk: where it keeps what outlives a loss of power; without one that goes with the simulator.
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
        super().__init__(name, number, operator, lambda: world.faults_of(name))
        self.host_key = host_key
        self._world = world
        self._agent: Agent | None = None
        self._ends: dict[int, Callable[[], None]] = {}
        self.device = Device(name, number, _factory(name, user_key), world.now, lambda: world.faults_of(name), disk)
        self.device.lent, self.device.network = self._lent, self
        self.begin()

    def shown(self) -> str:
        """Return in a few words how it is, for people; empty for one that nobody has asked for anything."""
        device = self.device
        if not device.is_read:
            return "" if device.is_new else reading.value(device.startup or "", "hostname")
        state = "to be confirmed" if device.rollback.pending is not None else "" if device.is_saved else "not saved"
        return f"{device.hostname}, {state}" if state else device.hostname

    # --- SSH ---

    def lets_in(self, user: str, *, password: str | None, key: asyncssh.SSHKey | None) -> bool:
        """Return whether a user gets in: with a key that `ip ssh pubkey-chain` has of him."""
        text = self.device.text
        if key is None or self._privilege(user) is None:
            return False
        return (key.get_algorithm(), digest_of(key)) in keys_of(text, user)

    def _privilege(self, user: str) -> int | None:
        """Return the level of a user, None when there is no such one.

        With the new model of AAA nobody is given his own level unless `aaa authorization exec` says so (Security
        Configuration Guide: Authentication, Authorization, and Accounting, "Configuring Authorization").
        """
        text = self.device.text
        own = next((each for each in reading.values(text, "username") if each.split()[0] == user), None)
        if own is None:
            return None
        authorized = "local" in reading.value(text, "aaa authorization exec default").split()
        words = own.split()
        if words[1:2] != ["privilege"] or (reading.has(text, "aaa new-model") and not authorized):
            return 1
        return int(words[2])

    async def execute(self, command: str, process: Process) -> int:
        """Carry out a command of an exec channel: secure copy, or one of EXEC mode.

        Raises:
            Dropped: when the router is reached no more.
        """
        user = process.get_extra_info("username")
        privilege = self._privilege(user) or 1
        self.tick()
        await self._require_way()
        if scp.is_scp(command):
            code = await scp.serve(command, process, self.device, privilege)
            await self._require_way()
            return code
        session = Session(self.device, user, -1, _origin(process), self.device.now(), privilege, terminal=False)

        async def ask(_question: str) -> str:
            return ""

        try:
            said = await Interpreter(session, ask).run(command)
        except LoggedOut:
            said = ""
        except Reloaded:
            self.reload()
            raise Dropped from None
        await self._require_way()
        process.stdout.write(said.replace("\n", "\r\n").encode("utf-8", "replace"))
        return 0

    async def converse(self, process: Process) -> None:
        """Serve a terminal."""
        connection = process.channel.get_connection()
        user = process.get_extra_info("username")
        lines = [each for each in range(SESSIONS) if each not in self._ends]
        if not lines:
            return
        session = Session(self.device, user, lines[0], _origin(process), self.device.now(), self._privilege(user) or 1)
        self._ends[session.line] = session.hang_up = connection.abort
        self.device.sessions.append(session)
        loop = asyncio.get_running_loop()
        self.device.rollback.later = lambda seconds, act: _later(loop, seconds, lambda: self._due(act))
        count = connection.get_extra_info("commands") or Count()
        connection.set_extra_info(commands=count)
        watching = loop.create_task(self._show_what_happens(session))
        try:
            await Terminal(process, session, lambda: self._world.faults_of(self.name), count, self._before).run()
        except Reloaded:
            self.reload()
        finally:
            watching.cancel()
            session.leave_configuration()
            self.device.sessions.remove(session)
            self.device.rest()
            self._ends.pop(session.line, None)

    async def _show_what_happens(self, session: Session) -> None:
        """Have what is logged appear on a terminal when it happens, while `terminal monitor` holds there."""
        while True:
            due = self.machine.next_due() if session.monitor else None
            left = (due - self.device.now()).total_seconds() if due is not None else LOOK_SECONDS
            await asyncio.sleep(min(max(left, SHORTEST_SECONDS), LOOK_SECONDS))
            if session.monitor:
                self.tick()

    def _due(self, act: Callable[[], None]) -> None:
        self.tick()
        act()
        self.tick()

    async def _before(self) -> None:
        self.tick()
        await self._require_way()

    async def _require_way(self) -> None:
        """Wait for the way that who is connected came by, as TCP does, while it may come back by another bearer.

        Raises:
            Dropped: when it does not.
        """
        address = CAME_BY.get()
        if not address:
            return
        patience = TCP_SECONDS
        while not self.answers_at(address, "tcp", SSH):
            if not self.machine.is_moving or patience <= 0:
                raise Dropped
            await asyncio.sleep(TCP_STEP_SECONDS)
            patience -= TCP_STEP_SECONDS

    def answers_at(self, address: str, protocol: str, port: int) -> bool | None:
        """Return whether somebody answers there, for who comes from where routers are managed."""
        return self._operator.reached(self, address, protocol, port)

    # --- what packets meet ---

    def running_config(self) -> str:
        """Return the configuration in force."""
        return self.device.text

    @property
    def _me(self) -> CustomerRouter:
        return self

    @property
    def live(self) -> list[LiveCall]:
        """Calls from outside that go on."""
        return self.device.live

    def delegated(self) -> IPv6Network | None:
        """Return the prefix that the operator delegates to it, if it asks for one."""
        return self._operator.delegated(self)

    def bearers(self) -> tuple[str, ...]:
        """Return the bearers that pass packets at the moment, by side, the best one first."""
        return self._operator.bearers(self)

    def pings(self, target: str) -> bool | None:
        """Return whether somebody answers the router's ping; None when the target is no address."""
        try:
            address = ip_address(target)
        except ValueError:
            return None
        protocol, kind = ECHO[address.version]
        passage = self.call(Packet(address.version, protocol, 0, int(address), kind=kind))
        return passage.where in BEARERS or self.owns(target)

    async def datagram(self, port: int, data: bytes) -> bytes | None:
        """Return what the SNMP agent answers."""
        if port != SNMP:
            return None
        device = self.device
        if self._agent is None:
            self._agent = Agent(bytes.fromhex(device.engine_id), device.booted)
        managed = managed_by(device.text, device.snmp_users, device.interfaces(), SOFTWARE)
        return self._agent.answer(data, managed, device.now())

    def _lent(self, interface: str) -> tuple[IPv4Interface | IPv6Interface, ...]:
        found = self.plane().interfaces.get(interface)
        return tuple(found.addresses) if found is not None else ()

    # --- power ---

    def reload(self) -> None:
        """Start again as a user asked for it: connections end."""
        self._start("Reload Command")

    def lose_power(self) -> None:
        """Start again with what was saved."""
        self._start("PowerOn")

    def _start(self, reason: str) -> None:
        for each in list(self._ends.values()):
            each()
        self.device.boot(reason)
        self.begin()
        self._agent = None


def digest_of(key: asyncssh.SSHKey) -> str:
    """Return what IOS keeps of a public key: the MD5 digest of what it is made of."""
    return hashlib.md5(key.public_data, usedforsecurity=False).hexdigest().upper()


def _factory(serial: str, user_key: asyncssh.SSHKey) -> Callable[[], Configuration]:
    """Return what makes the configuration that the operator's staging gives a router: his account and his key."""
    public = user_key.export_public_key().decode().strip()
    return lambda: factory_new(serial, ACCOUNT, public)


def _later(loop: asyncio.AbstractEventLoop, seconds: float, act: Callable[[], None]) -> None:
    """Have something done later; at once only when all that is being done is done."""
    loop.call_later(max(0.0, seconds), act)


def keys_of(text: str, user: str) -> set[tuple[str, str]]:
    """Return type and MD5 digest of the keys that a configuration has of a user."""
    found: set[tuple[str, str]] = set()
    inside = False
    for line in reading.lines_below(text, "ip ssh pubkey-chain"):
        match line.split():
            case ["username", name]:
                inside = name == user
            case ["key-hash", kind, digest, *_] if inside:
                found.add((kind, digest.upper()))
            case _:
                pass
    return found


def _origin(process: Process) -> str:
    peer = process.get_extra_info("peername")
    return str(peer[0]) if peer else "0.0.0.0"  # noqa: S104 - nobody told
