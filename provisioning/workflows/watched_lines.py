"""Which lines have a mobile back-up, and how their routers are reached (facts: I-6.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from provisioning.catalogue import FORMULAS, Availability
from provisioning.errors import Refused
from provisioning.model.intent import Role
from provisioning.model.line import Line
from provisioning.store import assignments, lines
from provisioning.store.selection import SelectedDevice
from provisioning.workflows.choose_routers import choose_routers
from provisioning.workflows.surroundings import Surroundings

if TYPE_CHECKING:
    from provisioning.fleet.target import Target


@dataclass(frozen=True, slots=True)
class WatchedLine:
    """A line with a mobile back-up that is in service.

    Attributes:
        fixed_ipv4: by which the internet reaches it; None where it has none.
    """

    line: str
    customer: str
    router: SelectedDevice
    fixed_ipv4: IPv4Address | None


def has_backup(line: Line) -> bool:
    """Return whether a line has a mobile back-up, by its order as it stands now."""
    formula = FORMULAS.get(line.formula)
    if formula is not None and formula.mobile_backup.value is Availability.INCLUDED:
        return True
    options = line.form.get("options")
    return isinstance(options, dict) and bool(options.get("mobile_backup"))


def watched_lines(
    named: Sequence[str],
    around: Surroundings,
    *,
    formulas: Sequence[str] = (),
    platforms: Sequence[str] = (),
    customers: Sequence[str] = (),
) -> list[WatchedLine]:
    """Return the lines with a mobile back-up that are asked for, by line.

    Args:
        named: none of them stands for all.
        formulas: only of these.
        platforms: only of these.
        customers: only of these.

    Raises:
        Refused: when a line that is named has no mobile back-up.
        UnknownName: when a line, formula, platform or customer does not exist, or a line has no router of ours.
    """
    routers = choose_routers(named, around, formulas=formulas, platforms=platforms, customers=customers)
    found, without = [], []
    with around.store.read() as connection:
        for router in routers:
            line = lines.need_line(connection, router.line)
            if not has_backup(line):
                without.append(line.id)
                continue
            held = {each.role: each.block for each in assignments.held_by(connection, line.id)}
            block = held.get(Role.FIXED_IPV4)
            address = IPv4Address(block.first) if block is not None else None
            found.append(WatchedLine(line.id, line.customer, router, address))
    if named and without:
        raise Refused(
            "the line has no mobile back-up", where=", ".join(without[:5]), remedy="`proviso line show LINE` tells."
        )
    return found


def target_of(watched: WatchedLine, around: Surroundings) -> "Target":
    """Return how the router of a line is reached."""
    from provisioning.devices.reach import staging_name
    from provisioning.fleet.target import Target

    router = watched.router
    return Target(
        line=router.line,
        serial=router.serial,
        platform=router.platform,
        # A router whose key nobody has recorded was never configured by us.
        management=str(router.management) if router.management is not None and router.host_key is not None else None,
        staging=staging_name(around.access.staging_host, router.serial),
        host_key=router.host_key,
    )
