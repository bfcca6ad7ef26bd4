"""The seams to the outside, as protocols: what the product asks of the world, and nothing more."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, in UTC and aware of it."""
        ...
