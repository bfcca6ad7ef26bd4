"""A simulated SmartAX OLT: its own grammar, modes, wording, running and saved state."""

from provisioning.stands.simulator.host_keys import HostKeys
from provisioning.stands.simulator.smartax.olt import Olt
from provisioning.stands.simulator.world import Plan, World, serial_of_ont


def build(world: World, plan: Plan, keys: HostKeys) -> None:
    """Put the OLTs of a plan into a world, and an ONT for each customer.

    Raises:
        ValueError: when what an OLT saved cannot be read.
    """
    places = [(olt.name, port) for olt in plan.olts for port in olt.ports]
    for number in range(1, plan.customers + 1):
        serial = serial_of_ont(number)
        world.fibre.onts.add(serial)
        if places:
            world.fibre.waits[serial] = plan.waits.get(serial, places[number % len(places)])
    for each in plan.olts:
        olt = Olt(
            each.name,
            each.ports,
            host_key=keys.of(each.name),
            user=plan.olt_user,
            password=plan.olt_password,
            saved=world.folder / "olts" / f"{each.name}.json",
            fibre=world.fibre,
            faults=lambda name=each.name: world.faults_of(name),  # type: ignore[misc]  # mypy infers no default of a lambda
            now=world.now,
        )
        world.add(olt, each.hostname)
