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
from provisioning.stands.lab.node import RunningNode
from provisioning.stands.lab.player import Player
from provisioning.stands.lab.topology import Node, Topology

WORKERS = 8
"""Nodes that are prepared or booted at a time; most of it is waiting."""

ROUTING_SECONDS = 20.0
"""How long BGP between the BNG and the mobile core may take."""

BRIDGE = "olt"

NETWORK = "network"
"""The folder beside ours with what is exported of the lines."""

WHO_AM_I = ("whoami 198.18.1.11 80", "whoami 3fff:0:1::11 80")
"""Who asks there is told from which address he does."""

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
        self.cuts: set[str] = set()
        self.nodes: dict[str, RunningNode] = {}
        self.player = Player(folder.parent / NETWORK, topology, self.nodes)

    def start(self, progress: Progress) -> None:
        """Bring everything up.

        Raises:
            LabUnable: when a part does not start.
        """
        disks = self.folder / "disks"
        disks.mkdir()
        disk.mount_tmpfs(disks, "mode=755")
        key = disk.make_key(self.folder / "key")
        nodes = {each.name: RunningNode(each, disks / each.name) for each in self.topology.nodes}
        progress("nodes", len(nodes))
        self._each(nodes.values(), lambda node: self._prepare(node, key))
        for node in nodes.values():
            node.wait_until_ready()
        progress("links", len(self.topology.links))
        link.plug(self.topology.links, nodes)
        progress("boot", len(nodes))
        # The customers' routers ask the operator's for their addresses.
        self._each((each for each in nodes.values() if not each.node.number), RunningNode.boot)
        self._each((each for each in nodes.values() if each.node.number), RunningNode.boot)
        self.nodes.update(nodes)
        self._internet = nodes["internet"].serve(WHO_AM_I)
        self._remember_host_keys()
        progress("routing", sum(1 for each in self.topology.nodes if each.kind in FRR_KINDS))
        self._wait_for_routing()
        self.player.poll()

    def cut(self, name: str, *, heal: bool) -> Node:
        """Cut a CPE off at the access bridge, silently, or heal that; doing it twice changes nothing.

        Raises:
            UnknownName: when there is no such CPE.
            LabUnable: when the bridge does not do it.
        """
        cpe = self.topology.cpe(name)
        if (cpe.name in self.cuts) == heal:
            link.set_port(self.nodes[BRIDGE], cpe.name, passes=heal)
            self.cuts ^= {cpe.name}
        return cpe

    def restart(self, name: str) -> Node:
        """Kill a customer's node as a power cut does, and boot it again on the disk that it had.

        Raises:
            UnknownName: when there is no such node of a customer.
            LabUnable: when it has ended by itself, or does not start again.
        """
        node = self.topology.customer_node(name)
        running = self.nodes[node.name]
        network = running.kill()

        def start() -> None:
            running.start()
            running.wait_until_ready()

        try:
            link.hand_over([each.name for each in node.interfaces], network, running, start)
        finally:
            os.close(network)
        running.boot()
        self.player.forget(node.name)
        self.player.poll()
        return node

    def status(self) -> list[dict[str, object]]:
        """Return what each node is and how it is, as JSON knows it."""
        return [self._status(each) for each in self.topology.nodes]

    def _status(self, node: Node) -> dict[str, object]:
        return {
            "name": node.name,
            "kind": node.kind.value,
            "running": self.nodes[node.name].alive,
            "cut": node.name in self.cuts,
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
        (self.folder / "known_hosts").write_text("".join(lines))

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
    """Return whether every BGP session of a summary is established; there must be one for IPv4 and one for IPv6."""
    try:
        families = json.loads(summary)
    except ValueError:
        return False
    states = [
        peer.get("state")
        for family in families.values()
        if isinstance(family, dict)
        for peer in family.get("peers", {}).values()
    ]
    return len(states) >= len(FRR_KINDS) and set(states) == {"Established"}
