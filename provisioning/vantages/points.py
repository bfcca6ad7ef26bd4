"""The vantage points that see one line."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from provisioning.ports import Vantage
from provisioning.vantages.hurried import HurriedVantage


@dataclass(frozen=True, slots=True)
class Points:
    """Who can see a line, and why the others cannot.

    Attributes:
        internet: None when nobody can look from there; likewise the others.
        missing: why nobody can, by viewpoint.
        interface: of the host on the LAN, on the customer's side.
        carries: Mbit/s that can be measured between them at most; None where nothing limits that.
    """

    internet: Vantage | None
    lan: Vantage | None
    firewall: Vantage | None
    missing: dict[str, str]
    interface: str = "eth0"
    carries: float | None = None

    def why_not(self, viewpoint: str) -> str:
        """Return why nobody can look from there."""
        return self.missing.get(viewpoint, f"the inventory has no vantage point that sees {viewpoint}")

    def until(self, moment: float) -> "Points":
        """Return the same, asked for nothing any more after a moment of the monotonic clock."""

        def hurried(vantage: Vantage | None) -> Vantage | None:
            return HurriedVantage(vantage, moment) if vantage is not None else None

        return replace(self, internet=hurried(self.internet), lan=hurried(self.lan), firewall=hurried(self.firewall))

    @property
    def behind(self) -> Iterator[Vantage]:
        """Those behind the router."""
        for each in (self.lan, self.firewall):
            if each is not None:
                yield each
