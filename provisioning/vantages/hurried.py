"""A vantage point that is asked for nothing any more once the router has gone back: that would tell nothing."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from provisioning.errors import VantageTrouble
from provisioning.model.verdict import Viewpoint
from provisioning.ports import Vantage


@dataclass(frozen=True, slots=True)
class HurriedVantage:
    """Another vantage point, until a moment.

    Attributes:
        until: of the monotonic clock.
    """

    vantage: Vantage
    until: float

    @property
    def name(self) -> str:
        """Its name in the inventory."""
        return self.vantage.name

    @property
    def viewpoint(self) -> Viewpoint:
        """Where it stands."""
        return self.vantage.viewpoint

    def probe(self, what: str, request: Mapping[str, object], *, seconds: float) -> Mapping[str, object]:
        """Make one observation there, if there is time left.

        Raises:
            VantageTrouble: when there is none, or the observation cannot be made.
        """
        left = self.until - time.monotonic()
        if left <= 0:
            raise VantageTrouble(
                "the time in which the change may be proven is over",
                where=self.name,
                remedy="Set revert_seconds to more, if this machine or the line is so slow.",
            )
        return self.vantage.probe(what, request, seconds=min(seconds, left))
