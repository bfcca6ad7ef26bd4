"""What a device says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What a router is and how it does.

    Attributes:
        serial: as it stands on its label.
        versions: by component, such as `kernel`, `frr`, `nftables`.
        helper: digest of the helper that is installed; empty when there is none.
        addresses: in CIDR notation by interface, link-local ones left out.
    """

    serial: str
    hostname: str
    uptime_seconds: int
    versions: Mapping[str, str]
    helper: str
    addresses: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Running:
    """What is in force on a device.

    Attributes:
        digest: over all documents, as the device computes it.
        documents: text by name, secrets included: never shown, never logged.
    """

    digest: str
    documents: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Running({self.digest[:8]}, {len(self.documents)} documents)"


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """Where a device stands between two configurations.

    Attributes:
        confirmed: digest of the set that it goes back to; empty before the first apply.
        pending: digest of the set that waits to be confirmed; empty when none does.
        deadline: when it goes back by itself, by its own clock; None when nothing is pending.
        live: digest of what is in force.
        settled: whether nothing is being put in force at the moment.
        outcome: what became of the last apply: one line for people; empty before the first.
    """

    confirmed: str
    pending: str
    deadline: datetime | None
    live: str
    settled: bool
    outcome: str
