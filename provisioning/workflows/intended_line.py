"""What a line is meant to be now, judged afresh from its order as the store has it."""

from dataclasses import dataclass
from ipaddress import IPv4Address

from provisioning.addressing.address import address
from provisioning.clock import contract_date
from provisioning.errors import Refused
from provisioning.intent import intend
from provisioning.model.intent import AddressedIntent
from provisioning.model.product import CpeDevice, Product
from provisioning.orders.amend import stored
from provisioning.orders.check import check_whole
from provisioning.store import assignments, lines
from provisioning.workflows.claim_blocks import blocks_of_line, needs_known
from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class IntendedLine:
    """A line with a router of ours, as its order says.

    Attributes:
        management: address of its router; None when the line holds none.
    """

    product: Product
    addressed: AddressedIntent
    cpe: CpeDevice
    management: IPv4Address | None


def intended_line(line: str, around: Surroundings) -> IntendedLine:
    """Return what a line is meant to be.

    Raises:
        UnknownName: when there is no such line.
        Refused: when its order cannot be judged any more, or it has no router of ours.
    """
    with around.store.read() as connection:
        found = lines.need_line(connection, line)
        held = blocks_of_line(connection, line)
        management = assignments.management_of(connection, line)
    judgement = check_whole(stored(found.form, line), contract_date(around.clock), sold=found.formula)
    if judgement.product is None or judgement.product.cpe is None:
        if found.adopted_at is not None:
            raise Refused(
                f"line {line} was adopted, and its order form is not whole, or not accepted as it stands",
                where=line,
                remedy="`proviso line adopt ROUTER --write FILE` writes it; complete it, hand it back with `--form`.",
            )
        raise Refused(
            f"the order of line {line} is not accepted any more", where=line, remedy="Look at it with `order check`."
        )
    intent = intend(judgement.product, line)
    if found.adopted_at is not None:
        intent, lacking = needs_known(intent, held)
        if lacking:
            raise Refused(
                f"line {line} was adopted, and its router shows no {', no '.join(lacking)}, which its order needs",
                where=line,
                remedy="`proviso line show` tells what was read; `proviso line adopt` reads the router again.",
            )
    addressed = address(intent, held)
    return IntendedLine(judgement.product, addressed, judgement.product.cpe, management)
