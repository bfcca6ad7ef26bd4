"""A line, its orders and its devices, as the store has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LineState(StrEnum):
    """Where a line stands.

    `accepted`: ordered and addressed; `adopted`: in service, taken in from somebody else, and not proven by us;
    `active`: in service, brought there and proven by us; `ceased`: over, its addresses resting.
    """

    ACCEPTED = "accepted"
    ADOPTED = "adopted"
    ACTIVE = "active"
    CEASED = "ceased"


@dataclass(frozen=True, slots=True)
class Line:
    """A line.

    Attributes:
        form: the whole order form as the line stands now, in plain data.
        activated_at: when it was in service for the first time.
        adopted_at: when its router, which we had not activated, was taken in; None where we brought it into service.
    """

    id: str
    state: LineState
    formula: str
    customer: str
    site: str
    form: Mapping[str, object]
    created_at: datetime
    ceased_at: datetime | None
    activated_at: datetime | None = None
    adopted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ServiceOrder:
    """An accepted order.

    Attributes:
        digest: of the form's content, whatever file format it came in.
        form: the form as it was handed in, in plain data.
        warnings: codes of the warnings that were told.
    """

    number: str
    sequence: int
    line: str
    kind: str
    digest: str
    form: Mapping[str, object]
    warnings: tuple[str, ...]
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class Device:
    """A CPE or an ONT on a line.

    Attributes:
        kind: `cpe` or `ont`.
        olt: for an ONT, the OLT and its port.
    """

    kind: str
    serial: str
    platform: str
    olt: str | None
    port: str | None
    since: datetime
    until: datetime | None
