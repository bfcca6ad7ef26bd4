"""The cables: veth pairs, each end born inside its node, so that a name is free in every lab."""

import subprocess
from collections.abc import Iterable, Mapping

from provisioning.errors import LabUnable
from provisioning.stands.lab.node import RunningNode
from provisioning.stands.lab.topology import Link


def plug(links: Iterable[Link], nodes: Mapping[str, RunningNode]) -> None:
    """Connect the nodes.

    Raises:
        LabUnable: when the kernel refuses.
    """
    lines = [_line(link, nodes) for link in links]
    result = subprocess.run(
        ["ip", "-batch", "-"], input="\n".join(lines) + "\n", capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise LabUnable(
            f"a link could not be made: {result.stderr.splitlines()[0]}",
            where="ip link add type veth",
            remedy="`proviso lab check` tells whether this kernel has veth.",
        )


def set_port(bridge: RunningNode, port: str, *, passes: bool) -> None:
    """Let a port of a bridge pass packets that were dropped, or drop them while the link stays up.

    Raises:
        LabUnable: when the kernel refuses.
    """
    verb = "delete" if passes else "add"
    result = bridge.run("nft", verb, "element", "bridge", "lab", "cut", f"{{ {port} }}")
    if result.returncode:
        raise LabUnable(
            f"port {port} stays as it is: {result.stderr.splitlines()[0]}",
            where=bridge.node.name,
            remedy="`proviso lab status` shows whether the bridge still runs.",
        )


def _line(link: Link, nodes: Mapping[str, RunningNode]) -> str:
    (left, left_name), (right, right_name) = link.left, link.right
    return (
        f"link add name {left_name} netns {nodes[left].holder.pid} type veth "
        f"peer name {right_name} netns {nodes[right].holder.pid}"
    )
