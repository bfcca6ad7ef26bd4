"""Tells of addresses that a customer has used so far and will not have any more."""

from collections.abc import Iterator, Mapping

from provisioning.model.finding import Finding
from provisioning.model.intent import Role
from provisioning.model.line import Line, LineState
from provisioning.orders import codes
from provisioning.store.assigning import Assigned, Step


def moved_addresses(assigned: list[Assigned], unmanaged: Mapping[Role, str]) -> Iterator[Finding]:
    """Tell of addresses that the customer has used so far and will not have any more.

    Args:
        assigned: what became of each role.
        unmanaged: what an adopted line's router has and no pool of ours could give the line.
    """
    for each in assigned:
        if each.assignment.space not in ("ipv4", "ipv6") or each.assignment.role is Role.MANAGEMENT:
            continue
        where = "options.ip_pack" if each.assignment.role is Role.IP_PACK else "formula"
        if each.step is Step.RENUMBERED and each.before is not None:
            yield codes.RENUMBERED.at(
                where,
                f"{each.assignment.role} changes from {each.before.address} to {each.assignment.address}: the "
                "neighbouring addresses are taken.",
                "Tell the customer before the change, who must renumber.",
            )
        elif each.step is Step.ASSIGNED and each.assignment.role in unmanaged:
            yield codes.RENUMBERED.at(
                where,
                f"{each.assignment.role} changes from {unmanaged[each.assignment.role]}, which the adopted router has "
                f"and no pool of ours, to {each.assignment.address}.",
                "Tell the customer before the change, or add a pool with the old one and adopt the router again.",
            )
        elif each.step is Step.SHRUNK and each.before is not None:
            yield codes.ADDRESSES_GIVEN_UP.at(
                where,
                f"Of {each.before.address} only {each.assignment.address} stays.",
                "See to it that the customer has left the other addresses.",
            )
        elif each.step is Step.RELEASED:
            yield codes.ADDRESSES_GIVEN_UP.at(
                where,
                f"{each.assignment.role} {each.assignment.address} goes back.",
                "See to it that the customer has left these addresses.",
            )


def router_stays(line: Line) -> Iterator[Finding]:
    """Tell of a router that goes on as it is when its line ends, because we never configured it."""
    if line.state is LineState.ADOPTED:
        yield codes.ROUTER_STAYS.at(
            "line",
            f"The router of {line.id} was adopted and never activated: it keeps its configuration and its addresses.",
            "Take it out of service by hand before others are given its addresses, or activate the line first.",
        )
