"""Cuts, done: on the bridges behind which the customers are."""

import subprocess
from collections.abc import Iterable, Mapping

from provisioning.stands.lab import link
from provisioning.stands.lab.cuts import FLAP_SECONDS, Bearer, CutKind, Cuts, PortStates
from provisioning.stands.lab.node import RunningNode
from provisioning.stands.lab.topology import Node

BRIDGES = {Bearer.FIXED: "olt", Bearer.MOBILE: "mobile"}
"""The node whose ports lead to the CPEs."""

SETS = ("inbound", "outbound", "lossy")
"""Of the bridge's table, named as in PortStates."""

# `timeout` ends the wait with 124; only the end of standard input ends `cat` by itself.
FLAP = """
while ip link set dev "$1" down && ! timeout "$2" cat && ip link set dev "$1" up && ! timeout "$2" cat; do
    :
done
"""


class Cutter:
    """What is cut, and how it becomes what is asked for; asking twice changes nothing.

    Args:
        nodes: that run, by name.
    """

    def __init__(self, nodes: Mapping[str, RunningNode]) -> None:
        self.nodes = nodes
        self.cuts = Cuts()
        self._done = dict.fromkeys(Bearer, PortStates())
        self._flapping: dict[tuple[Bearer, str], subprocess.Popen[bytes]] = {}

    def cut(self, node: Node, bearer: str, kind: str, cpes: Iterable[str]) -> list[dict[str, str]]:
        """Cut a bearer of a CPE, or one for everybody; return what is cut at that node then.

        Args:
            node: of a kind that can be cut.
            bearer: empty where none is named.
            kind: likewise.
            cpes: names of all of the lab.

        Raises:
            BadInput: when bearer or kind are given for what dies for everybody.
            LabUnable: when the bridge does not do it.
        """
        return self._become(self.cuts.cut(node, *_choice(bearer, kind)), node, cpes)

    def heal(self, node: Node, bearer: str, cpes: Iterable[str]) -> list[dict[str, str]]:
        """End a cut; return what is still cut at that node.

        Raises:
            BadInput: when a bearer is given for what dies for everybody.
            LabUnable: when the bridge does not do it.
        """
        return self._become(self.cuts.heal(node, _choice(bearer, "")[0]), node, cpes)

    def _become(self, wanted: Cuts, node: Node, cpes: Iterable[str]) -> list[dict[str, str]]:
        names = list(cpes)
        for bearer in Bearer:
            self._play(bearer, wanted.ports(bearer, names))
        self.cuts = wanted
        return wanted.of(node)

    def _play(self, bearer: Bearer, wanted: PortStates) -> None:
        bridge, done = self.nodes[BRIDGES[bearer]], self._done[bearer]
        if wanted == done:
            return
        link.fill_sets(bridge, {each: getattr(wanted, each) for each in SETS})
        for port in done.flapping - wanted.flapping:
            if (flapping := self._flapping.pop((bearer, port), None)) is not None:
                RunningNode.end(flapping)
        link.set_links(bridge, "up", (done.down | done.flapping) - wanted.down - wanted.flapping)
        link.set_links(bridge, "down", wanted.down - done.down)
        for port in wanted.flapping - done.flapping:
            self._flapping[bearer, port] = bridge.attach("sh", "-c", FLAP, "flap", port, str(FLAP_SECONDS))
        self._done[bearer] = wanted


def _choice(bearer: str, kind: str) -> tuple[Bearer | None, CutKind | None]:
    return Bearer(bearer) if bearer else None, CutKind(kind) if kind else None
