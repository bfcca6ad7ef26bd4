"""What the line's devices say of themselves: its router by SNMP and by what it has in force, its ONT on its OLT."""

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import ClassVar

from provisioning.model.checks.check import Check
from provisioning.model.ont import OntScope
from provisioning.model.proof import CheckKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementCheck(Check):
    """The router is read by SNMPv3 at its management address, and is the one of this line.

    Attributes:
        name: what its sysName must be (RFC 3418).
        interface: whose ifOperStatus (RFC 2863) must be up.
    """

    kind: ClassVar[CheckKind] = CheckKind.MANAGEMENT

    address: IPv4Address
    user: str
    name: str
    interface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OntCheck(Check):
    """The line's ONT is up, and has on its OLT what was ordered (facts: X-13).

    Attributes:
        scope: where it hangs.
    """

    kind: ClassVar[CheckKind] = CheckKind.ONT

    serial: str
    scope: OntScope


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationCheck(Check):
    """What the router has in force is what was planned.

    Attributes:
        digest: of what was planned.
    """

    kind: ClassVar[CheckKind] = CheckKind.CONFIGURATION

    digest: str
