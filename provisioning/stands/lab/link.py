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


def fill_sets(bridge: RunningNode, sets: Mapping[str, Collection[str]]) -> None:
    """Say at once which ports of a bridge are in which sets of its table, whatever was in them.

    Raises:
        LabUnable: when the kernel refuses.
    """
    text = "".join(
        f"flush set bridge lab {name}\n"
        + (f"add element bridge lab {name} {{ {', '.join(sorted(ports))} }}\n" if ports else "")
        for name, ports in sets.items()
    )
    result = bridge.run("nft", "-f", "-", text=text)
    if result.returncode:
        raise LabUnable(
            f"its ports stay as they are: {(result.stdout.splitlines() or [''])[0]}",
            where=bridge.node.name,
            remedy="`proviso lab status` shows whether the bridge still runs.",
        )


def set_links(bridge: RunningNode, state: str, ports: Collection[str]) -> None:
    """Set ports of a bridge `up` or `down`, which gives or takes the carrier at the other ends of their cables.

    Raises:
        LabUnable: when the kernel refuses.
    """
    if not ports:
        return
    text = "".join(f"link set dev {each} {state}\n" for each in sorted(ports))
    if (result := bridge.run("ip", "-batch", "-", text=text)).returncode:
        raise LabUnable(
            f"ports {', '.join(sorted(ports))} are not {state}: {(result.stdout.splitlines() or [''])[0]}",
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
