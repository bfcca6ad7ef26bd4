"""A router that Proviso took in: what was read of it, what was not, and how that fits the line's order form."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address

from provisioning.model.block import Block
from provisioning.model.intent import Role
from provisioning.model.read_intent import Sureness


@dataclass(frozen=True, slots=True)
class AdoptedFact:
    """Something that was read, for people; a secret shows as `<secret>`.

    Attributes:
        place: document and line.
    """

    name: str
    value: str
    place: str
    sure: Sureness


@dataclass(frozen=True, slots=True)
class AdoptedLine:
    """A line of the router's configuration that needs a person's eye; secrets are masked.

    Attributes:
        reason: why it is told.
    """

    place: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class AdoptedDifference:
    """Where the router does something else than the order form makes of its line."""

    name: str
    on_router: str
    by_form: str


@dataclass(frozen=True, slots=True)
class UnmanagedBlock:
    """A block that the router has and no pool of ours could give the line: a fact, and no assignment.

    Attributes:
        address: as people write it.
        reason: why it is no assignment.
    """

    role: Role
    block: Block
    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at a router brought.

    Attributes:
        facts: what was read.
        unread: what stands there and could not be read as part of a line's intent.
        beyond: lines that Proviso would not render for a line that does what was read.
        lacking: lines that Proviso would render, and the router has not.
        differences: between the router and what the order form makes of its line.
        whole: whether the form is accepted and says everything that the router does, but for `beyond`.
        missing: what stands against the form, one line each; empty when it is accepted.
        ssid: of the Wi-Fi network; None where there is none.
        channel: of it.
    """

    facts: tuple[AdoptedFact, ...]
    unread: tuple[AdoptedLine, ...]
    beyond: tuple[AdoptedLine, ...]
    lacking: tuple[AdoptedLine, ...]
    differences: tuple[AdoptedDifference, ...]
    whole: bool
    missing: tuple[str, ...]
    ssid: str | None = None
    channel: int | None = None


@dataclass(frozen=True, slots=True)
class Adoption:
    """A line that was taken in.

    Attributes:
        host: at which its router answered.
        management: address by which the router is reached while no pool of ours gave the line one.
        order: the number under which the adoption is registered; empty while the form is not accepted.
        read_at: when the router was looked at last.
    """

    line: str
    serial: str
    platform: str
    host: str
    management: IPv4Address | None
    order: str
    adopted_at: datetime
    read_at: datetime
    reading: Reading
    unmanaged: tuple[UnmanagedBlock, ...]
