"""Simulated routers of the platform that customers have: a Linux with FRR, nftables, dnsmasq and our helper."""

from provisioning.stands.simulator.host_keys import HostKeys
from provisioning.stands.simulator.world import Plan, World


def build(world: World, plan: Plan, keys: HostKeys) -> None:
    """Add the routers of a world, each reached by its serial, and by whatever addresses it has."""
    from provisioning.stands.simulator.linux_cpe.kept import Disk
    from provisioning.stands.simulator.linux_cpe.router import Router
    from provisioning.stands.simulator.network import network_of
    from provisioning.stands.simulator.world import serial_of_cpe

    network = network_of(world)
    for number in range(1, plan.cpes + 1):
        serial = serial_of_cpe(number)
        disk = Disk(world.folder / "routers" / f"{serial}.json") if plan.kept else None
        router = Router(serial, number, keys.of(serial), plan.user_key, world, network, disk)
        network.routers[serial] = router
        world.add(router, f"cpe{number}")
    world.routed.append(network.find)
