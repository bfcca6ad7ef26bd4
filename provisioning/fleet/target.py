"""A router of the fleet, as it is to be fetched from."""

from dataclasses import dataclass

from provisioning.devices.known_hosts import SSH_PORT


@dataclass(frozen=True, slots=True)
class Target:
    """A router.

    Attributes:
        line: `L-` and digits.
        management: address of its line, which is tried first; None where there is none.
        staging: its name or address on the staging network.
        host_key: `type key` as recorded at bootstrap; None when it never was.
    """

    line: str
    serial: str
    platform: str
    management: str | None
    staging: str
    host_key: str | None
    port: int = SSH_PORT

    @property
    def ways(self) -> tuple[tuple[str, str], ...]:
        """By what it is reached, and where, in the order in which that is tried."""
        staged = (("staging", self.staging),)
        return (("management", self.management), *staged) if self.management is not None else staged
