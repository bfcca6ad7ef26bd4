"""Which ONTs of a line change, and in which order: `access_steps(previous, target)`. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from provisioning.model.intent import AddressedIntent
from provisioning.model.ont import OntScope
from provisioning.model.run import Snapshot


@dataclass(frozen=True, slots=True)
class AccessStep:
    """What has to become of one place on an OLT.

    Attributes:
        addressed: the line whose ONT is to work there; None when none of ours is to stay there.
    """

    scope: OntScope
    addressed: AddressedIntent | None


@dataclass(frozen=True, slots=True)
class AccessSteps:
    """What happens on OLTs.

    Attributes:
        first: before the line is proven.
        last: after it is proven, and kept: what the customer has left behind.
    """

    first: tuple[AccessStep, ...]
    last: tuple[AccessStep, ...]


def place_of(snapshot: Snapshot | None) -> OntScope | None:
    """Return where the ONT of a line hangs; None for a line without one."""
    if snapshot is None or snapshot.product.ont is None or snapshot.addressed.ont_id is None:
        return None
    return OntScope(snapshot.product.ont.olt, snapshot.product.ont.port, snapshot.addressed.ont_id)


def access_steps(previous: Snapshot | None, target: Snapshot | None) -> AccessSteps:
    """Return what has to happen on OLTs to bring a line from one state to another.

    An OLT knows a serial once only, so an ONT that moves with its customer leaves its old place first. Any other
    place that the line leaves is cleared after the new one is proven.

    Args:
        previous: the line as it was delivered last; None when it never was.
        target: the line as it shall be; None when it ceases.
    """
    old, new = place_of(previous), place_of(target)
    return AccessSteps(tuple(_first(previous, target, old, new)), tuple(_last(previous, target, old, new)))


def _first(
    previous: Snapshot | None, target: Snapshot | None, old: OntScope | None, new: OntScope | None
) -> Iterator[AccessStep]:
    if old is not None and new is not None and old != new and _same_ont(previous, target):
        yield AccessStep(old, None)
    if new is not None and target is not None:
        yield AccessStep(new, target.addressed)


def _last(
    previous: Snapshot | None, target: Snapshot | None, old: OntScope | None, new: OntScope | None
) -> Iterator[AccessStep]:
    if old is not None and old != new and not (new is not None and _same_ont(previous, target)):
        yield AccessStep(old, None)


def _same_ont(previous: Snapshot | None, target: Snapshot | None) -> bool:
    one = previous.product.ont if previous is not None else None
    other = target.product.ont if target is not None else None
    return one is not None and other is not None and (one.serial, one.olt) == (other.serial, other.olt)
