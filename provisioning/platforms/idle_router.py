"""A router that serves no line, as the documents of its platform look at it."""

from dataclasses import dataclass

from provisioning.model.operator import Operator


@dataclass(frozen=True, slots=True)
class IdleRouter:
    """A router that serves no line."""

    serial: str
    operator: Operator

    @property
    def label(self) -> str:
        """What the first line of each document says."""
        return f"Router {self.serial}, serves no line. Written by Proviso."
