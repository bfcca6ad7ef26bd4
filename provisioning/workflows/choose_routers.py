"""Which routers a command over the fleet is about: those of ours that serve a line which is in service."""

from collections.abc import Sequence

from provisioning.catalogue import FORMULAS
from provisioning.errors import UnknownName
from provisioning.model.line import LineState
from provisioning.platforms.routers import ROUTERS
from provisioning.store import lines
from provisioning.store.selection import MOST_NAMES, SelectedDevice, Selection, select_devices, unknown_customers
from provisioning.workflows.surroundings import Surroundings


def choose_routers(
    named: Sequence[str],
    around: Surroundings,
    *,
    formulas: Sequence[str] = (),
    platforms: Sequence[str] = (),
    customers: Sequence[str] = (),
) -> list[SelectedDevice]:
    """Return the routers that are asked for, by line.

    Args:
        named: lines; none of them stands for all.
        formulas: only of these.
        platforms: only of these.
        customers: only of these.

    Raises:
        UnknownName: when a line, formula, platform or customer does not exist, or a line that is named has no such
            router.
    """
    _need("formula", formulas, tuple(FORMULAS), "`proviso catalogue` lists the formulas.")
    _need("platform", platforms, tuple(ROUTERS), f"Those of ours: {', '.join(ROUTERS)}.")
    if len(named) > MOST_NAMES:
        raise UnknownName(
            f"more than {MOST_NAMES:,} lines are named", where="lines", remedy="Name none: that looks at all."
        )
    wanted = Selection(
        lines=tuple(dict.fromkeys(named)),
        customers=tuple(customers),
        formulas=tuple(formulas),
        platforms=tuple(platforms) or tuple(ROUTERS),
        states=(LineState.ACTIVE, LineState.ADOPTED),
    )
    with around.store.read() as connection:
        for each in wanted.lines:
            lines.need_line(connection, each)
        if strange := unknown_customers(connection, customers):
            raise UnknownName(
                f"no line is of the customer {strange[0]!r}", where="customer", remedy="`proviso line list` has them."
            )
        found = select_devices(connection, wanted)
    there = {each.line for each in found}
    without = [each for each in wanted.lines if each not in there]
    if without:
        raise UnknownName(
            "no router of ours that is asked for is in service there",
            where=", ".join(without[:5]) + (f" and {len(without) - 5} more" if len(without) > 5 else ""),
            remedy="`proviso line show LINE` tells what a line has, and whether it is active.",
        )
    return found


def _need(what: str, given: Sequence[str], known: Sequence[str], remedy: str) -> None:
    for each in given:
        if each not in known:
            raise UnknownName(f"there is no {what} {each!r}", where=what, remedy=remedy)
