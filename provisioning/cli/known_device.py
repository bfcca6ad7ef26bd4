"""What the store knows of a router: where its line is managed, and its host key."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A router as the store knows it.

    Attributes:
        management: address of its line, if that was activated.
        host_key: `type key` as recorded at bootstrap.
    """

    management: str | None = None
    host_key: str | None = None


def look_up(serial: str) -> KnownDevice:
    """Return what the store knows of a router; nothing, as long as it has no table of host keys."""
    del serial
    return KnownDevice()


def record_host_key(serial: str, host_key: str) -> None:
    """Record a router's host key; nowhere, as long as the store has no table of host keys."""
    del serial, host_key
