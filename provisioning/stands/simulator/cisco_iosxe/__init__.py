"""Simulated routers of the platform for professional lines: a Cisco C1111 with IOS-XE 17."""

from provisioning.stands.simulator.host_keys import HostKeys
from provisioning.stands.simulator.world import Plan, World


def build(world: World, plan: Plan, keys: HostKeys) -> None:
    """Add the routers of a world, each reached by its serial, and by whatever addresses it has.

    Raises:
        OSError: when what one kept cannot be read.
        ValueError: when it is no such thing.
    """
    if not plan.iosxe:
        return
    from provisioning.stands.simulator.cisco_iosxe.kept import Disk
    from provisioning.stands.simulator.cisco_iosxe.router import IosRouter
    from provisioning.stands.simulator.network import network_of
    from provisioning.stands.simulator.world import serial_of_iosxe

    network = network_of(world)
    for number in range(plan.cpes + 1, plan.customers + 1):
        serial = serial_of_iosxe(number)
        disk = Disk(world.folder / "routers" / f"{serial}.json") if plan.kept else None
        router = IosRouter(serial, number, keys.of(serial), plan.user_key, world, network, disk)
        network.routers[serial] = router
        world.add(router, f"cpe{number}")
