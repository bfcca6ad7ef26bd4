"""The order form: the one place where outside data becomes typed (the keys are described in docs/order-form.md).

Types and shapes are judged here, and a form that fails is unreadable (exit code 2). What a value *means*, whether
the formula exists or the subnet is private, is judged by the rules, which tell all reasons at once (exit code 1).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from provisioning.orders.serials import ROUTER_SERIAL

_CONTROL = r"\x00-\x1f\x7f-\x9f\x{2028}\x{2029}"

Text = Annotated[str, StringConstraints(max_length=500, pattern=rf"^[^{_CONTROL}]*[^\s{_CONTROL}][^{_CONTROL}]*$")]
"""One line of text without control characters, not blank."""

Value = Annotated[str, StringConstraints(max_length=500)]
"""Text whose content a rule judges."""

OrderNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$")]
LineIdentifier = Annotated[str, StringConstraints(pattern=r"^L-[1-9][0-9]{0,17}$")]

Serial = Annotated[str, StringConstraints(pattern=ROUTER_SERIAL)]

Kind = Literal["new", "change", "move", "cease"]
Coverage = Literal["good", "weak", "none", "unknown"]


class Block(BaseModel):
    """A block of the form: no unknown keys, no conversion of types.

    Every key may be absent here, since a change names only what changes; a rule sees to it that the whole is complete.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Contact(Block):
    """Whom the technician calls (facts: I-7.2)."""

    name: Text | None = None
    email: Text | None = None
    phone: Text | None = None


class Customer(Block):
    """The subscriber, and who may ask for changes (facts: I-8.6)."""

    name: Text | None = None
    contact: Contact | None = None
    representatives: list[Text] | None = Field(default=None, max_length=100)


class Site(Block):
    """Where the line ends, and what the study of indoor coverage found (facts: I-6.4)."""

    address: Text | None = None
    mobile_coverage: Coverage | None = None


class IpPackOption(Block):
    """A further pool of fixed addresses (facts: I-4.3, I-4.4, X-5)."""

    addresses: int | None = None
    assessment: Value | None = None
    ripe_488: Value | None = None


class RushOption(Block):
    """Rush provisioning with the requested ready-for-service date (facts: I-7.3)."""

    rfs: Value | None = None


class Options(Block):
    """What is ordered on top of the formula (facts: I-1.6). False or null is the same as absent."""

    speed: Value | None = None
    sla: Value | None = None
    fixed_ipv4: bool | None = None
    ip_pack: IpPackOption | None = None
    mobile_backup: bool | None = None
    standard_changes: bool | None = None
    router_choice: bool | None = None
    volume_pack: bool | None = None
    rush: RushOption | None = None


class LineSpeed(Block):
    """The speed in Mbit/s where the contract states none (facts: X-6)."""

    down: int | None = Field(default=None, gt=0, le=100_000)
    up: int | None = Field(default=None, gt=0, le=100_000)


class Wifi(Block):
    """Wi-Fi on or off (facts: I-7.1), and the three things that the customer may change later (facts: I-8.1)."""

    enabled: bool | None = None
    ssid: Value | None = None
    channel: int | None = None
    security: Value | None = None
    key_from: Value | None = None


class Lan(Block):
    """The customer's private scheme (facts: I-4.2, X-23)."""

    subnet: Value | None = None
    customer_firewall: bool | None = None
    next_hop: Value | None = None


class Server(Block):
    """An opening: ports, the host that receives them, and who may connect (facts: X-9)."""

    to: Value
    ports: list[Value] | None = Field(default=None, max_length=10_000)
    to_port: int | None = None
    sources: list[Value] | None = Field(default=None, max_length=10_000, alias="from")


class Cpe(Block):
    """The router that the operator supplies."""

    platform: Value | None = None
    serial: Serial | None = None


class Ont(Block):
    """The ONT and the port of the OLT that it hangs on (facts: X-13)."""

    serial: Value | None = None
    olt: Text | None = None
    port: Value | None = None


class OrderForm(Block):
    """One order for one line."""

    schema_version: int = Field(default=1, ge=1, le=1, alias="schema")
    order: OrderNumber
    kind: Kind = "new"
    line: LineIdentifier | None = None
    customer: Customer | None = None
    site: Site | None = None
    formula: Value | None = None
    term_months: int | None = Field(default=None, ge=1, le=60)
    line_speed: LineSpeed | None = None
    options: Options | None = None
    wifi: Wifi | None = None
    lan: Lan | None = None
    servers: list[Server] | None = Field(default=None, max_length=10_000)
    cpe: Cpe | None = None
    ont: Ont | None = None

    @property
    def named(self) -> frozenset[str]:
        """The top-level keys that the form states with a value."""
        return frozenset(
            "schema" if key == "schema_version" else key
            for key in self.model_fields_set
            if getattr(self, key) is not None
        )
