"""The parts of the simulated world, put together: OLTs, routers, vantage hosts, and the one way in."""

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

from provisioning.stands.simulator import smartax
from provisioning.stands.simulator.host_keys import HostKeys
from provisioning.stands.simulator.ssh_server import Servers
from provisioning.stands.simulator.world import Plan, World

Progress = Callable[[str, int], None]

_ROOM = "provisioning.stands.simulator"


def build(world: World, plan: Plan, keys: HostKeys, progress: Progress) -> None:
    """Put everything of a plan into a world.

    Args:
        world: empty.
        plan: what there is to be.
        keys: of the hosts.
        progress: told each kind of thing and its number.

    Raises:
        OSError: when something that is kept cannot be read.
        ValueError: when it makes no sense.
    """
    progress("olts", len(plan.olts))
    smartax.build(world, plan, keys)
    for stage, name, number in (("routers", "linux_cpe", plan.cpes), ("vantages", "vantage", len(plan.vantages))):
        if (part := _part(name)) is not None:
            progress(stage, number)
            part.build(world, plan, keys)


async def listen(world: World, servers: Servers, user: str, password: str) -> int | None:
    """Open the way in; return its port on the loopback, or None when there is none."""
    if (part := _part("socks")) is None:
        return None
    server = await part.serve(world, servers, user, password)
    port: int = server.sockets[0].getsockname()[1]
    return port


def _part(name: str) -> Any:
    if importlib.util.find_spec(f"{_ROOM}.{name}") is None:
        return None
    return importlib.import_module(f"{_ROOM}.{name}")
