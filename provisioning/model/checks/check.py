"""What all checks have."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import ClassVar

from provisioning.model.proof import CheckKind
from provisioning.model.verdict import Viewpoint, Weight

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What all checks have.

    Attributes:
        id: stable, and unique within an expectation: `opening tcp/443 192.0.2.1`.
        subject: which one, in plain text for people.
        viewpoint: from where it is seen in the end. A gate that is seen from behind the router does not stand in the
            way where nobody could look from there.
        facts: sections of docs/service-facts.md.
    """

    kind: ClassVar[CheckKind]

    id: str
    subject: str
    viewpoint: Viewpoint
    weight: Weight
    facts: tuple[str, ...]
