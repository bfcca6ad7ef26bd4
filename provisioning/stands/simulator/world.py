"""What is simulated: hosts by name and address, the fibre between OLTs and ONTs, faults, the clock."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import asyncssh

from provisioning.errors import UnknownName
from provisioning.stands.simulator.faults import Faults
from provisioning.stands.simulator.fibre import Fibre


class Host(Protocol):
    """Something that is reached by SSH."""

    name: str
    """What it is called in the world: "LX0101", "olt-brussels-1", "internet"."""

    host_key: asyncssh.SSHKey

    def lets_in(self, user: str, *, password: str | None, key: asyncssh.SSHKey | None) -> bool:
        """Return whether a user gets in, who shows either a password or a public key."""

    async def execute(self, command: str, process: asyncssh.SSHServerProcess[bytes]) -> int:
        """Carry out a command of an exec channel; return its exit code."""

    async def converse(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        """Serve a shell on a terminal until it ends."""

    def lose_power(self) -> None:
        """Go back to what is kept over a loss of power; the connections are ended by whoever calls."""


@dataclass(frozen=True, slots=True)
class OltPlan:
    """An OLT of the project's inventory.

    Attributes:
        name: in the inventory.
        hostname: what it is reached by.
        ports: kind ("gpon" or "xgs-pon") by frame/slot/port.
    """

    name: str
    hostname: str
    ports: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VantagePlan:
    """A vantage host of the project's inventory.

    Attributes:
        name: in the inventory.
        hostname: what it is reached by.
        data: as the inventory has it: `sees`, `cpe`, `interface`.
    """

    name: str
    hostname: str
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a world is built from.

    Attributes:
        cpes: number of customers with a router of the platform linux_cpe: LX0101 and on, ONTs HWTC00000101 and on.
        olts: of the inventory.
        vantages: of the inventory.
        user_key: the public key that gets into routers and vantage hosts as root.
        olt_user: account on the OLTs.
        olt_password: its password.
        waits: OLT and port where some ONTs are seen; the others are spread.
        iosxe: number of further customers, whose routers are of the platform cisco_iosxe: their numbers follow on.
        kept: whether routers keep what they save in files; else it goes with the simulator.
    """

    cpes: int
    olts: tuple[OltPlan, ...]
    vantages: tuple[VantagePlan, ...]
    user_key: asyncssh.SSHKey
    olt_user: str
    olt_password: str
    waits: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    iosxe: int = 0
    kept: bool = True

    @property
    def customers(self) -> int:
        """Number of all customers."""
        return self.cpes + self.iosxe


def serial_of_cpe(number: int) -> str:
    """Return the serial of the router of the customer with that number, from 1."""
    return f"LX{100 + number:04}"


def serial_of_iosxe(number: int) -> str:
    """Return the serial of the Cisco router of the customer with that number."""
    return f"FGL2600{100 + number:04}"


def serial_of_ont(number: int) -> str:
    """Return the serial of the ONT of the customer with that number, from 1."""
    return f"HWTC{100 + number:08}"


def utc_now() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)


@dataclass(slots=True)
class World:
    """Everything that is simulated.

    Attributes:
        folder: where hosts keep what outlives a loss of power: STATE/simulator.
        network: where the product tells the operator's side of the lines: STATE/network.
        now: the clock.
        hosts: by name.
        fibre: which ONT hangs where, and what each may pass.
        faults: by name of the host.
        routed: asked who has an address that nobody was added with: addresses that move with what is configured.
        shared: what hosts of several kinds have in common, by name.
    """

    folder: Path
    network: Path
    now: Callable[[], datetime] = utc_now
    hosts: dict[str, Host] = field(default_factory=dict)
    fibre: Fibre = field(default_factory=Fibre)
    faults: dict[str, Faults] = field(default_factory=dict)
    routed: list[Callable[[str], Host | None]] = field(default_factory=list)
    shared: dict[str, object] = field(default_factory=dict)
    _reached: dict[str, str] = field(default_factory=dict)
    _ends: dict[str, set[Callable[[], None]]] = field(default_factory=dict)

    def add(self, host: Host, *addresses: str) -> None:
        """Take in a host, which is reached by its name and by these addresses and names."""
        self.hosts[host.name] = host
        self._reached[host.name.lower()] = host.name
        self.reach(host.name, *addresses)

    def reach(self, name: str, *addresses: str) -> None:
        """Let a host be reached by more addresses or names; an address moves to whom it is given last."""
        for each in addresses:
            self._reached[each.lower()] = name

    def unreach(self, name: str, *addresses: str) -> None:
        """Let a host be reached by some addresses no more."""
        for each in addresses:
            if self._reached.get(each.lower()) == name:
                del self._reached[each.lower()]

    def find(self, name_or_address: str) -> Host | None:
        """Return the host of a name or an address, or None."""
        name = self._reached.get(name_or_address.lower().rstrip("."))
        if name is not None:
            return self.hosts[name]
        return next((found for ask in self.routed if (found := ask(name_or_address)) is not None), None)

    def named(self, name_or_address: str) -> Host:
        """Return the host of a name or an address.

        Raises:
            UnknownName: when nothing answers to it.
        """
        if (found := self.find(name_or_address)) is None:
            raise UnknownName(
                f"nothing in the simulator is called `{name_or_address}`",
                where="simulator",
                remedy="`proviso simulator status` lists what there is.",
            )
        return found

    def addresses_of(self, name: str) -> list[str]:
        """Return what a host is reached by, its own name left out."""
        return [address for address, reached in self._reached.items() if reached == name and address != name.lower()]

    def faults_of(self, name: str) -> Faults:
        """Return the faults of a host that are in force."""
        return self.faults.get(name, _NONE)

    def lose_power(self, name: str) -> None:
        """Let a host lose its power: its connections end, and it goes back to what it kept."""
        self.end_connections(name)
        self.hosts[name].lose_power()

    def end_connections(self, name: str) -> None:
        """End every connection of a host; nobody is told why."""
        for end in list(self._ends.get(name, ())):
            end()

    def connected(self, name: str, end: Callable[[], None]) -> Callable[[], None]:
        """Note a connection of a host and how to end it; return what to call when it has ended."""
        self._ends.setdefault(name, set()).add(end)
        return lambda: self._ends[name].discard(end)

    def connections(self, name: str) -> int:
        """Return how many connections a host has."""
        return len(self._ends.get(name, ()))

    def __iter__(self) -> Iterator[Host]:
        return iter(self.hosts.values())


_NONE = Faults()


def known_hosts(world: World) -> Iterable[str]:
    """Yield a line of a known_hosts file for each host."""
    for host in world:
        public = host.host_key.export_public_key().decode().split()
        names = ",".join(dict.fromkeys((*world.addresses_of(host.name), host.name)))
        yield f"{names} {public[0]} {public[1]}\n"
