"""What answers to a scan, and whether a change has left the rest as it was."""

from dataclasses import dataclass
from typing import ClassVar

from provisioning.model.checks.check import Address, Check
from provisioning.model.opening import Network
from provisioning.model.port_range import PortRange
from provisioning.model.proof import CheckKind


@dataclass(frozen=True, slots=True)
class LimitedPorts:
    """Ports that may answer to some."""

    ports: PortRange
    sources: tuple[Network, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanCheck(Check):
    """Of these TCP ports nothing answers but what was ordered.

    Attributes:
        tried: the ports that are scanned; empty for all 65,535.
        ordered: TCP ports that may answer to everybody.
        limited: those that may answer to some.
    """

    kind: ClassVar[CheckKind] = CheckKind.SCAN

    address: Address
    tried: tuple[int, ...]
    ordered: tuple[PortRange, ...]
    limited: tuple[LimitedPorts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnchangedCheck(Check):
    """A change has changed nothing but what was asked for: the scan answers as it did before.

    Attributes:
        scan: id of the scan that was made before and after.
        asked: TCP ports of which the change says something.
    """

    kind: ClassVar[CheckKind] = CheckKind.AS_BEFORE

    scan: str
    asked: tuple[PortRange, ...]
