"""The form of a change request: where it becomes typed (the keys are described in docs/change-requests.md).

Types and shapes are judged here, and a request that fails is unreadable (exit code 2). What a value *means* is judged
by the rules, which tell all reasons at once (exit code 1).
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from provisioning.model.change_request import ChangeAction
from provisioning.orders.form import Block, LineIdentifier, OrderNumber, Text, Value

Reference = OrderNumber
Email = Annotated[Text, StringConstraints(max_length=254)]

MOST_ITEMS = 10_000


class OpenItem(Block):
    """Ports to open, and whom they lead to (facts: I-8.5, X-9)."""

    ports: list[Value] = Field(max_length=MOST_ITEMS)
    to: Value
    to_port: int | None = None
    sources: list[Value] | None = Field(default=None, max_length=MOST_ITEMS, alias="from")
    until: Value | None = None


class CloseItem(Block):
    """Ports to close, and whom they lead to (facts: I-8.5)."""

    ports: list[Value] = Field(max_length=MOST_ITEMS)
    to: Value
    sources: list[Value] | None = Field(default=None, max_length=MOST_ITEMS, alias="from")


class PackRequest(Block):
    """Another block for the IP Pack; the old one stays beside it for a while (facts: I-4.3, I-4.4)."""

    block: Literal["new"]
    side_by_side: Value | None = None


class RequestForm(Block):
    """One change request for one line."""

    schema_version: int = Field(default=1, ge=1, le=1, alias="schema")
    request: Reference
    line: LineIdentifier
    requester: Email
    wanted: Value | None = None
    language: Literal["en", "fr", "nl"] = "en"
    on_overlap: Literal["refuse", "merge"] = "refuse"
    open: list[OpenItem] | None = Field(default=None, max_length=MOST_ITEMS)
    close: list[CloseItem] | None = Field(default=None, max_length=MOST_ITEMS)
    fixed_ipv4: Literal["new"] | None = None
    ip_pack: PackRequest | None = None
    next_hop: Value | None = None

    @property
    def actions(self) -> tuple[ChangeAction, ...]:
        """What the form asks for; one of them, where it is a good form."""
        ports = ChangeAction.OPEN_PORT if self.open else ChangeAction.CLOSE_PORT if self.close else None
        asked = (
            ports,
            ChangeAction.CHANGE_ADDRESS if self.fixed_ipv4 else None,
            ChangeAction.RENUMBER_IP_PACK if self.ip_pack else None,
            ChangeAction.CHANGE_NEXT_HOP if self.next_hop is not None else None,
        )
        return tuple(each for each in asked if each is not None)
