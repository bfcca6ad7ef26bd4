"""The cables: veth pairs, each end born inside its node, so that a name is free in every lab."""

import subprocess
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from provisioning.errors import LabUnable
from provisioning.stands.lab.node import RunningNode
from provisioning.stands.lab.topology import Link, Node


def plug(links: Iterable[Link], nodes: Mapping[str, RunningNode]) -> None:
    """Connect the nodes.

    Raises:
        LabUnable: when the kernel refuses.
    """
    _ip(_line(link, nodes) for link in links)


def hand_over(names: Sequence[str], network: int, node: RunningNode, start: Callable[[], None]) -> None:
    """Take a node's ends of its cables out of a network namespace and put them into the one that it starts with.

    The other ends stay as they are, and see the link go down and up, as with a router that restarts.

    Args:
        names: of the interfaces.
        network: descriptor of the namespace that the node had.
        node: whose they are.
        start: starts the node anew.

    Raises:
        LabUnable: when the kernel refuses.
    """
    # Process 1 is the keeper: they wait in its namespace.
    _ip(
        (f"link set dev {name} netns 1 name waits{index}" for index, name in enumerate(names)),
        ("nsenter", f"--net=/proc/self/fd/{network}"),
        (network,),
    )
    start()
    _ip(f"link set dev waits{index} netns {node.holder.pid} name {name}" for index, name in enumerate(names))


def _ip(lines: Iterable[str], before: Sequence[str] = (), descriptors: Sequence[int] = ()) -> None:
    result = subprocess.run(
        [*before, "ip", "-batch", "-"],
        input="\n".join(lines) + "\n",
        pass_fds=descriptors,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise LabUnable(
            f"a link could not be made: {(result.stderr.splitlines() or ['it said nothing'])[0]}",
            where="ip link",
            remedy="`proviso lab check` tells whether this kernel has veth.",
        )


def set_ports(bridge: RunningNode, why: str, *, shut: Collection[str], opened: Collection[str]) -> None:
    """Have ports of a bridge drop packets while the links stay up, or let them pass again.

    Args:
        bridge: the node.
        why: its set of ports that are shut for one reason; a port passes packets when it is in none.
        shut: ports that are not in the set yet.
        opened: ports that are in it now.

    Raises:
        LabUnable: when the kernel refuses.
    """
    pairs = (("delete", opened), ("add", shut))
    text = "".join(f"{verb} element bridge lab {why} {{ {', '.join(names)} }}\n" for verb, names in pairs if names)
    result = bridge.run("nft", "-f", "-", text=text)
    if result.returncode:
        raise LabUnable(
            f"ports {', '.join((*shut, *opened))} stay as they are: {(result.stdout.splitlines() or [''])[0]}",
            where=bridge.node.name,
            remedy="`proviso lab status` shows whether the bridge still runs.",
        )


def _line(link: Link, nodes: Mapping[str, RunningNode]) -> str:
    (left, left_name), (right, right_name) = link.left, link.right
    return (
        f"link add name {left_name}{_mac(nodes[left].node, left_name)} netns {nodes[left].holder.pid} type veth "
        f"peer name {right_name}{_mac(nodes[right].node, right_name)} netns {nodes[right].holder.pid}"
    )


def _mac(node: Node, name: str) -> str:
    (mac,) = (each.mac for each in node.interfaces if each.name == name)
    return f" address {mac}" if mac else ""
