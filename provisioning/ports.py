"""The seams to the outside, as protocols: what the product asks of the world, and nothing more."""

from datetime import datetime
from typing import Protocol

from provisioning.model.secret import Secret


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, in UTC and aware of it."""
        ...


class Secrets(Protocol):
    """Knows secrets by the source that an order form names."""

    def read(self, source: str) -> Secret | None:
        """Return the secret of a source such as `env:NAME`; None when there is none."""
        ...
