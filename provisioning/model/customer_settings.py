"""What the customer may change on the router himself (facts: I-8.1)."""

from dataclasses import dataclass

from provisioning.model.secret import Secret


@dataclass(frozen=True, slots=True)
class CustomerSettings:
    """The three things that the customer may change.

    Attributes:
        ssid: octets that are no UTF-8 stand in it as surrogates.
        channel: None lets the router choose.
        key: 8 to 63 printable ASCII characters, or 64 hexadecimal digits.
    """

    ssid: str
    channel: int | None
    key: Secret
