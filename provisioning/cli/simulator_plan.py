"""What the simulator is to build: the OLTs and vantage points of the project's inventory, and so many customers."""

from pathlib import Path

from provisioning.cli import surroundings
from provisioning.errors import ProvisoError

OLT_USER = "proviso"


def simulator_plan(cpes: int, iosxe: int, *, round_trip: float) -> dict[str, object]:
    """Return what the simulator builds, as it is told by JSON.

    Args:
        cpes: number of customers, each with router and ONT.
        iosxe: number of further ones, whose routers run IOS-XE.
        round_trip: seconds that a packet takes there and back.

    Raises:
        UnreadableProject: when the inventory cannot be read.
    """
    from provisioning.nornir_setup.olts import read_olts
    from provisioning.nornir_setup.simple_inventory import read_hosts
    from provisioning.nornir_setup.vantages import read_vantages

    found = surroundings.settings()
    hosts, _ = read_hosts(found.project.root, found.inventory)
    olts = read_olts(found.project.root, found.inventory)
    vantages = read_vantages(found.project.root, found.inventory)
    users = {hosts[name].username or OLT_USER for name in olts}
    return {
        "cpes": cpes,
        "iosxe": iosxe,
        "olts": [
            {
                "name": name,
                "hostname": hosts[name].hostname or name,
                "ports": {port: kind.value for port, kind in olt.ports.items()},
            }
            for name, olt in olts.items()
        ],
        "vantages": [
            {
                "name": each.name,
                "hostname": each.host,
                "data": {"sees": each.viewpoint.value, "cpe": each.cpe, "interface": each.interface},
            }
            for each in vantages
        ],
        "olt_user": min(users, default=OLT_USER),
        "round_trip": round_trip,
        "waits": _waits(found.project.root / "examples" / "orders"),
    }


def _waits(orders: Path) -> dict[str, tuple[str, str]]:
    """Return where the ONTs of the example orders are plugged in: OLT and port by serial."""
    from provisioning.yaml_file import read_yaml

    places = {}
    for path in sorted(orders.glob("*.yaml")):
        try:
            data = read_yaml(path)
        except ProvisoError:
            continue  # an example that somebody is writing
        ont = data.get("ont") if isinstance(data, dict) else None
        if isinstance(ont, dict) and {"serial", "olt", "port"} <= ont.keys():
            places[str(ont["serial"])] = (str(ont["olt"]), str(ont["port"]))
    return places
