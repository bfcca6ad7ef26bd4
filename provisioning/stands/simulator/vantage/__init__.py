"""Simulated vantage hosts: they answer the probe's requests from the state of the simulated network."""

from provisioning.stands.simulator.host_keys import HostKeys
from provisioning.stands.simulator.world import Plan, World


def build(world: World, plan: Plan, keys: HostKeys) -> None:
    """Add the vantage hosts of the inventory; those behind routers that are not simulated are left out."""
    from provisioning.stands.simulator.network import network_of
    from provisioning.stands.simulator.vantage.host import VantageHost

    network = network_of(world)
    for each in plan.vantages:
        sees, cpe = each.data.get("sees", ""), each.data.get("cpe", "")
        if cpe and cpe not in network.routers:
            continue
        key = keys.of(each.hostname)
        world.add(VantageHost(each.hostname, key, plan.user_key, network, sees, cpe, lambda: world.now()), each.name)
