"""The lab as the keeper holds it: nodes, cables, cuts."""

import json
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from provisioning.errors import LabUnable
from provisioning.stands.lab import disk, link
from provisioning.stands.lab.boot import FRR_KINDS
from provisioning.stands.lab.cutter import Cutter
from provisioning.stands.lab.layout import TELEPHONY, fibre_end
from provisioning.stands.lab.node import RunningNode
from provisioning.stands.lab.olts import Olts
from provisioning.stands.lab.player import Player
from provisioning.stands.lab.routing import SPEAKERS
from provisioning.stands.lab.topology import Kind, Node, Topology

WORKERS = 8
"""Nodes that are prepared or booted at a time; most of it is waiting."""

ROUTING_SECONDS = 60.0
"""How long BGP between the BNG and the mobile core may take."""

BRIDGE = "olt"

NETWORK = "network"
"""The folder beside ours with what is exported of the lines."""

WHO_AM_I = ("whoami 198.18.1.11 80", "whoami 3fff:0:1::11 80")
"""Who asks there is told from which address he does."""

RTP_PORTS = range(16384, 16394)

CALLS = tuple(
    f"{what} {address} {port}"
    for address in TELEPHONY
    for what, port in (("sip", 5060), *(("echo", each) for each in RTP_PORTS))
)

Progress = Callable[[str, int], None]
"""Told a stage and its number of things when it begins."""


class Lab:
    """A running lab.

    Args:
        topology: what it has.
        folder: of the run; holds the key, the known host keys, and the mount point of the nodes' files.
    """

    def __init__(self, topology: Topology, folder: Path) -> None:
        self.topology = topology
        self.folder = folder
        self.nodes: dict[str, RunningNode] = {}
        self.cutter = Cutter(self.nodes)
        self.player = Player(folder.parent / NETWORK, topology, self.nodes)

    def start(self, progress: Progress) -> None:
        """Bring everything up.

        Raises:
            LabUnable: when a part does not start.
        """
        disks = self.folder / "disks"
        disks.mkdir()
        disk.mount_tmpfs(disks, "mode=755")
        key = self._key = disk.make_key(self.folder / "key")
        nodes = {each.name: RunningNode(each, disks / each.name) for each in self.topology.nodes}
        progress("nodes", len(nodes))
        self._each(nodes.values(), lambda node: self._prepare(node, key))
        for node in nodes.values():
            node.wait_until_ready()
        # They take their time to come up, while others do.
        onts = {serial: fibre_end(number) for number, serial in self.player.onts.items()}
        self.olts = Olts(nodes[BRIDGE], self.folder, self.topology.olts, onts)
        progress("links", len(self.topology.links))
        link.plug(self.topology.links, nodes)
        progress("boot", len(nodes))
        # The customers' routers ask the operator's for their addresses.
        self._each((each for each in nodes.values() if not each.node.number), RunningNode.boot)
        self._each((each for each in nodes.values() if each.node.number), RunningNode.boot)
        self.nodes.update(nodes)
        self._internet = nodes["internet"].serve(WHO_AM_I), nodes["internet"].serve(CALLS, by="telephony")
        progress("routing", sum(1 for each in self.topology.nodes if each.kind in FRR_KINDS))
        self._wait_for_routing()
        self.olts.wait_until_ready()
        self._remember_host_keys()
        self.player.poll()

    def hear_olts(self) -> None:
        """Take in what the OLTs tell, and let the access bridge obey."""
        self.olts.read()
        self.player.let_pass(self.olts.passing)

    def cut(self, name: str, bearer: str, kind: str) -> dict[str, object]:
        """Cut a bearer of a CPE, or one for everybody; doing it twice changes nothing.

        Args:
            name: name or serial of the CPE, `bng` or `mobile`.
            bearer: of a CPE; empty means fixed.
            kind: of a CPE's cut; empty means silent.

        Returns:
            The node, and all that is cut there now, as JSON knows it.

        Raises:
            UnknownName: when there is no such node that can be cut.
            BadInput: when bearer or kind are given for what dies for everybody.
            LabUnable: when the bridge does not do it.
        """
        node = self.topology.cuttable(name)
        return {"node": node.name, "cuts": self.cutter.cut(node, bearer, kind, self._cpes())}

    def heal(self, name: str, bearer: str) -> dict[str, object]:
        """End a cut; return and raise as `cut` does."""
        node = self.topology.cuttable(name)
        return {"node": node.name, "cuts": self.cutter.heal(node, bearer, self._cpes())}

    def _cpes(self) -> list[str]:
        return [each.name for each in self.topology.cpes]

    def restart(self, name: str) -> str:
        """Kill a customer's node as a power cut does, and boot it again on the disk that it had; return its name.

        An OLT comes back with what was saved on it.

        Raises:
            UnknownName: when there is no such OLT or node of a customer.
            LabUnable: when it has ended by itself, or does not start again.
        """
        if (olt := self.topology.olt(name)) is not None:
            self.olts.lose_power(olt.name)
            self.player.let_pass(self.olts.passing)
            return olt.name
        node = self.topology.customer_node(name)
        self._power_cycle(node, lambda: None)
        return node.name

    def replace(self, name: str, serial: str) -> Node:
        """Put a factory-new router in the place of a CPE, on the same cables.

        Raises:
            UnknownName: when there is no such CPE.
            BadInput: when another CPE has that serial, or it can be none.
            LabUnable: when it does not start.
        """
        topology = self.topology.with_router(name, serial)
        old = self.topology.cpe(name)
        new = next(each for each in topology.cpes if each.number == old.number)
        running = self.nodes[new.name]

        def exchange() -> None:
            running.node = new
            disk.discard(running.folder)
            disk.prepare(new, topology, running.folder, self._key)

        self._power_cycle(old, exchange)
        self.topology = self.player.topology = topology
        for each in self.nodes.values():
            disk.write_hosts(topology, each.folder)
        self._remember_host_keys()
        self.player.forget(new.name)
        self.player.poll()
        # It asks for a prefix under another identity, and would not be given what the old router still holds.
        self.nodes["bng"].run("pkill", "-HUP", "-x", "kea-dhcp6")
        return new

    def plug(self, name: str, ont: str) -> Node:
        """Put another ONT at the end of a customer's fibre.

        Raises:
            UnknownName: when there is no such CPE.
            BadInput: when that is no serial of an ONT, or another customer's.
        """
        cpe = self.topology.cpe(name)
        old = self.player.onts[cpe.number]
        self.player.plug(cpe.number, ont)
        if ont != old:
            self.olts.plug(old, ont, fibre_end(cpe.number))
            self.player.let_pass(self.olts.passing)
        return cpe

    def _power_cycle(self, node: Node, between: Callable[[], None]) -> None:
        """Kill a node, do something to what is left of it, and boot it again on its cables."""
        running = self.nodes[node.name]
        network = running.kill()

        def start() -> None:
            between()
            running.start()
            running.wait_until_ready()

        try:
            link.hand_over([each.name for each in node.interfaces], network, running, start)
        finally:
            os.close(network)
        running.boot()
        self.player.forget(node.name)
        self.player.poll()

    def status(self) -> dict[str, object]:
        """Return what each node and OLT is and how it is, and what is played, as JSON knows it."""
        olts = [
            {"name": each.name, "hostname": each.hostname, "address": each.address, "running": self.olts.running}
            for each in self.topology.olts
        ]
        nodes = [self._status(each) for each in self.topology.nodes]
        return {"nodes": nodes, "olts": olts, "network": self.player.status()}

    def _status(self, node: Node) -> dict[str, object]:
        return {
            "name": node.name,
            "kind": node.kind.value,
            "running": self.nodes[node.name].alive,
            "cut": bool(cuts := self.cutter.cuts.of(node)),
            "cuts": cuts,
            "reached_at": node.reached_at,
            "serial": node.serial or None,
            "addresses": [str(each) for each in (*node.addresses, *node.leased)],
            "interfaces": list(node.interface_names),
        }

    def _prepare(self, node: RunningNode, key: str) -> None:
        disk.prepare(node.node, self.topology, node.folder, key)
        node.start()

    def _each(self, nodes: Iterable[RunningNode], action: Callable[[RunningNode], None]) -> None:
        with ThreadPoolExecutor(WORKERS) as pool:
            for done in [pool.submit(action, each) for each in nodes]:
                done.result()

    def _remember_host_keys(self) -> None:
        lines = []
        for name, running in self.nodes.items():
            if running.node.reached_at is not None:
                public = (running.folder / "etc/ssh/ssh_host_ed25519_key.pub").read_text().split()
                leased = (str(each.ip) for each in running.node.leased)
                names = dict.fromkeys((running.node.reached_at, *leased, name, running.node.serial))
                lines.append(f"{','.join(filter(None, names))} {public[0]} {public[1]}\n")
        lines += (
            f"{each.hostname},{each.name},{each.address} {' '.join(self.olts.keys[each.name])}\n"
            for each in self.topology.olts
        )
        partial = self.folder / ".known_hosts"
        partial.write_text("".join(lines))
        partial.replace(self.folder / "known_hosts")

    def _wait_for_routing(self) -> None:
        deadline = time.monotonic() + ROUTING_SECONDS
        while time.monotonic() < deadline:
            summary = self.nodes["bng"].run("vtysh", "-c", "show bgp summary json").stdout
            if _established(summary) and self._has_learned_routes():
                return
            # FRR tells nobody outside what it has learned; each question costs it a little.
            time.sleep(0.1)
        raise LabUnable(
            f"the BNG and the mobile core did not learn each other's routes within {ROUTING_SECONDS:.0f} s",
            where="node bng",
            remedy="The machine may be too busy: try again.",
        )

    def _has_learned_routes(self) -> bool:
        """Return whether the kernels have what BGP told: an established session alone passes no packets."""
        return all(
            self.nodes[name].run("ip", family, "route", "show", "proto", "bgp").stdout.strip()
            for name in ("bng", "mobile")
            for family in ("-4", "-6")
        )


def _established(summary: str) -> bool:
    """Return whether the BNG's BGP sessions with the mobile core are established, for IPv4 and for IPv6.

    Args:
        summary: of all its neighbours; no CPE has to be one that calls.
    """
    try:
        families = json.loads(summary)
    except ValueError:
        return False
    core = SPEAKERS[Kind.BNG]
    states = [
        peer.get("state")
        for family in families.values()
        if isinstance(family, dict)
        for address, peer in family.get("peers", {}).items()
        if address in (core.peer, core.peer6)
    ]
    return len(states) >= len(FRR_KINDS) and set(states) == {"Established"}
