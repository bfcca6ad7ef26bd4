"""Plays the operator's systems and the customers: does in the nodes what is exported of the lines, as soon as it is.

The files are others' and may be anything: one that cannot be read counts as not there.
"""

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from provisioning.errors import LabUnable
from provisioning.stands.lab import link, operator_side
from provisioning.stands.lab.access import delegation_configuration
from provisioning.stands.lab.access_ports import Passing, Port, own_ont, plugged, ports
from provisioning.stands.lab.customer_side import Setup, customer_firewall, lan_host
from provisioning.stands.lab.exported_line import Damaged, ExportedLine, parse
from provisioning.stands.lab.node import RunningNode
from provisioning.stands.lab.topology import Kind, Topology

MAX_FILE = 1024 * 1024

DARK = "dark"
"""The bridge's set of ports whose ONT may pass nothing."""

NODES_OF_KIND = {Kind.BNG: "bng", Kind.MOBILE_CORE: "mobile"}

Stamp = tuple[tuple[str, int, int, int], ...]


class Player:
    """What is played now, and how it becomes what the files ask for.

    Args:
        folder: of the files; it need not be there.
        topology: of the lab.
        nodes: that run, by name.
    """

    def __init__(self, folder: Path, topology: Topology, nodes: Mapping[str, RunningNode]) -> None:
        self.folder = folder
        self.topology = topology
        self.nodes = nodes
        self.lines: dict[int, ExportedLine] = {}
        self.onts = {each.number: own_ont(each.number) for each in topology.cpes}
        self.passing: Mapping[str, Passing] = {}
        self.ports: dict[str, Port] = {}
        self.damaged: dict[str, str] = {}
        self._stamp: Stamp | None = None
        self._routes: frozenset[str] = frozenset()
        self._filters: dict[Kind, str] = {}
        self._dark: frozenset[str] = frozenset()
        self._limits: dict[str, tuple[str, ...]] = {}
        self._prefixes = delegation_configuration(topology.cpes)
        self._setups: dict[str, Setup] = {}
        self._servers: dict[str, subprocess.Popen[bytes]] = {}

    def poll(self) -> bool:
        """Look at the folder, and play what has changed; return whether something has."""
        stamp = self._look()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        self._read(each for each, *_ in stamp)
        for play in (
            self._play_routes,
            self._play_filters,
            self._play_ports,
            self._play_prefixes,
            self._play_customers,
        ):
            self._try(play)
        return True

    def _try(self, play: Callable[[], None]) -> None:
        try:
            play()
        except (OSError, subprocess.SubprocessError, LabUnable) as error:
            # A node that has ended is told by its status; the others are played on.
            self.damaged[play.__name__] = str(error)

    def let_pass(self, passing: Mapping[str, Passing]) -> None:
        """Play at once what the OLTs let each ONT pass."""
        self.passing = passing
        self._try(self._play_ports)

    def plug(self, number: int, ont: str) -> None:
        """Play at once that a customer has another ONT at the end of his fibre.

        Raises:
            BadInput: when that is no serial of an ONT, or another customer's.
        """
        self.onts = plugged(self.onts, number, ont)
        self._try(self._play_ports)

    def forget(self, name: str) -> None:
        """Forget what a customer's node had, as it was restarted; the next poll gives it back."""
        self._setups.pop(name, None)
        self._stamp = None

    def status(self) -> dict[str, object]:
        """Return what is played, as JSON knows it."""
        played = [{"line": line.line, "cpe": f"cpe{number}"} for number, line in sorted(self.lines.items())]
        return {"lines": played, "damaged": self.damaged, "fibres": list(self._fibres())}

    def _fibres(self) -> Iterator[dict[str, object]]:
        for cpe in self.topology.cpes:
            port = self.ports.get(cpe.name, Port())
            line = self.lines[cpe.number].line if port.ont else None
            passing = self.passing.get(port.ont)
            told: dict[str, object] = {"cpe": cpe.name, "ont": self.onts[cpe.number], "line": line}
            told |= {"passes": passing is not None, "olt": None, "port": None, "down": None, "up": None}
            if passing is not None:
                down, up = passing.rate
                told |= {"olt": passing.olt, "port": passing.port, "down": down, "up": up}
            yield told

    def _look(self) -> Stamp:
        found = []
        try:
            with os.scandir(self.folder) as entries:
                for each in entries:
                    if each.name.endswith(".json"):
                        state = each.stat()
                        found.append((each.name, state.st_mtime_ns, state.st_size, state.st_ino))
        except OSError:
            # Gone at this very moment, or never there.
            return tuple(sorted(found))
        return tuple(sorted(found))

    def _read(self, names: Iterable[str]) -> None:
        self.lines, self.damaged = {}, {}
        numbers = {each.serial: each.number for each in self.topology.cpes}
        for name in names:
            try:
                with (self.folder / name).open(encoding="utf-8") as file:
                    line = parse(file.read(MAX_FILE))
            except (OSError, UnicodeDecodeError, RecursionError, Damaged) as error:
                self.damaged[name] = str(error)
                continue
            if (number := numbers.get(line.cpe or "")) is None:
                continue
            if number in self.lines:
                self.damaged[name] = f"{line.cpe} is that of {self.lines[number].line} as well"
                continue
            self.lines[number] = line

    def _play_routes(self) -> None:
        wanted = operator_side.routes(self.lines)
        gone, new = self._routes - wanted, wanted - self._routes
        self._batch(
            "bng", "ip", [*(f"route delete {each}" for each in gone), *(f"route replace {each}" for each in new)]
        )
        self._routes = wanted

    def _play_filters(self) -> None:
        for kind, name in NODES_OF_KIND.items():
            wanted = operator_side.source_filter(kind, self.topology.cpes, self.lines)
            if wanted != self._filters.get(kind, ""):
                if (said := self.nodes[name].run("nft", "-f", "-", text=wanted)).returncode:
                    self.damaged[f"source filter of {name}"] = said.stdout
                self._filters[kind] = wanted

    def _play_ports(self) -> None:
        cpes = self.topology.cpes
        self.ports = ports(cpes, self.lines, self.onts, self.passing)
        commands: list[str] = []
        wanted = operator_side.shaping(cpes, self.ports)
        for cpe in cpes:
            limits, present = wanted[cpe.name], self._limits.get(cpe.name, ())
            if limits != present:
                commands += [*(operator_side.no_limits(cpe) if present else ()), *limits]
        self._batch("olt", "tc", commands)
        self._limits = wanted
        dark = frozenset(name for name, port in self.ports.items() if not port.passes)
        if dark != self._dark:
            link.fill_sets(self.nodes["olt"], {DARK: dark})
            self._dark = dark

    def _play_prefixes(self) -> None:
        blocks = {number: str(line.ipv6.block) for number, line in self.lines.items() if line.ipv6 is not None}
        wanted = delegation_configuration(self.topology.cpes, blocks)
        if wanted != self._prefixes:
            (self.nodes["bng"].folder / "etc" / "kea" / "kea-dhcp6.conf").write_text(wanted)
            self.nodes["bng"].run("pkill", "-HUP", "-x", "kea-dhcp6")
            self._prefixes = wanted

    def _play_customers(self) -> None:
        for number in (each.number for each in self.topology.cpes):
            line = self.lines.get(number)
            self._play_host(f"lan{number}", lan_host(line))
            self._play_host(f"firewall{number}", customer_firewall(line))

    def _play_host(self, name: str, wanted: Setup) -> None:
        present = self._setups.get(name, Setup())
        if wanted == present:
            return
        self._batch(name, "ip", [*present.undone(), *wanted.commands()])
        self._setups[name] = wanted
        if (serving := self._servers.pop(name, None)) is not None:
            RunningNode.end(serving)
        if wanted.services:
            self._servers[name] = self.nodes[name].serve(wanted.services)

    def _batch(self, name: str, program: str, commands: list[str]) -> None:
        """Run all commands, those after one that fails too: what is gone already needs not go."""
        if commands:
            self.nodes[name].run(program, "-force", "-batch", "-", text="\n".join(commands) + "\n")
