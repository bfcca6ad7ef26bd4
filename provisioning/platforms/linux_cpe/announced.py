"""Reads what `proviso-drill announced` says on a router (docs/helper.md, "Bearers")."""

from ipaddress import ip_network

from provisioning.model.bearer import Announced, BearerName, Network, in_order
from provisioning.platforms.linux_cpe.bearers import END


def parse_announced(text: str) -> Announced:
    """Return what the neighbours of each bearer are told; None for a bearer of which FRR did not answer for each.

    Args:
        text: as the helper printed it.

    Raises:
        ValueError: when it makes no sense, was cut, or tells of fewer networks than FRR counted.
    """
    if not text.endswith(END):
        raise ValueError("it was cut")
    networks: dict[BearerName, list[Network]] = {each: [] for each in BearerName}
    counts: dict[tuple[BearerName, int], int] = {}
    silent: set[BearerName] = set()
    for line in text.removesuffix(END).splitlines():
        match line.split():
            case ["announced", bearer, prefix]:
                networks[BearerName(bearer)].append(ip_network(prefix))
            case ["told", bearer, family, number]:
                counts[BearerName(bearer), int(family)] = int(number)
            case ["silent", bearer, _]:
                silent.add(BearerName(bearer))
            case _:
                raise ValueError(f"it has a line that is not known: {line}")
    # A default route that is made up for the neighbour is told, and not counted by every version.
    for (name, version), count in counts.items():
        if sum(each.version == version for each in networks[name]) < count:
            raise ValueError(f"FRR counts {count} networks, and not all of them were understood")
    told = {name for name, _ in counts} - silent
    return {each: in_order(networks[each]) if each in told else None for each in BearerName}
