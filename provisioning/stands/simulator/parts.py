"""The parts of the simulated world, put together: OLTs, routers, vantage hosts, and the one way in."""

from collections.abc import Callable

from provisioning.stands.simulator import cisco_iosxe, linux_cpe, smartax, socks, vantage
from provisioning.stands.simulator.host_keys import HostKeys
from provisioning.stands.simulator.ssh_server import Servers
from provisioning.stands.simulator.world import Plan, World

Progress = Callable[[str, int], None]


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
    progress("routers", plan.customers)
    linux_cpe.build(world, plan, keys)
    cisco_iosxe.build(world, plan, keys)
    progress("vantages", len(plan.vantages))
    vantage.build(world, plan, keys)


async def listen(world: World, servers: Servers, user: str, password: str) -> int:
    """Open the way in, and return its port on the loopback."""
    server = await socks.serve(world, servers, user, password)
    port: int = server.sockets[0].getsockname()[1]
    return port
