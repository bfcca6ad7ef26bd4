"""The vantage points that see one line."""

from collections.abc import Iterator
from dataclasses import dataclass

from provisioning.ports import Vantage


@dataclass(frozen=True, slots=True)
class Points:
    """Who can see a line, and why the others cannot.

    Attributes:
        internet: None when nobody can look from there; likewise the others.
        missing: why nobody can, by viewpoint.
        interface: of the host on the LAN, on the customer's side.
    """

    internet: Vantage | None
    lan: Vantage | None
    firewall: Vantage | None
    missing: dict[str, str]
    interface: str = "eth0"

    def why_not(self, viewpoint: str) -> str:
        """Return why nobody can look from there."""
        return self.missing.get(viewpoint, f"the inventory has no vantage point that sees {viewpoint}")

    @property
    def behind(self) -> Iterator[Vantage]:
        """Those behind the router."""
        for each in (self.lan, self.firewall):
            if each is not None:
                yield each
