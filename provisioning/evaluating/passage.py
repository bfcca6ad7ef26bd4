"""What becomes of a packet."""

from dataclasses import dataclass
from enum import StrEnum

from provisioning.evaluating.packet import Address


class Answer(StrEnum):
    """Whether a packet is let through. What cannot be told is never a yes, and never a no."""

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Passage:
    """What becomes of a packet.

    Attributes:
        let_in: whether it is let through, to a neighbour or to the router itself.
        source: after translation; None when nobody can tell, as with an address that the router learns.
        source_port: likewise, as far as it is told: a port that many hosts share may become another.
        destination: after translation.
        destination_port: likewise.
        leaves_by: the interfaces by one of which it leaves; empty when it does not, or is for the router itself.
        next_hop: the neighbour that it is handed to; None where it is for the router, or the neighbour is learned.
        inspected: whether the firewall remembers the session, so that its answers pass.
        why: lines of the configuration that decided, in order; what a list does at its end stands in brackets.
        not_understood: lines that may matter, and that nobody here can read.
    """

    let_in: Answer
    source: Address | None
    source_port: int
    destination: Address
    destination_port: int
    leaves_by: tuple[str, ...]
    next_hop: Address | None
    inspected: bool
    why: tuple[str, ...]
    not_understood: tuple[str, ...] = ()
