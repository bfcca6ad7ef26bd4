"""A campaign: a run over the fleet that drills what is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

PREFIX = "K-"


def campaign_id(number: int) -> str:
    """Return the id of the campaign with that number."""
    return f"{PREFIX}{number}"


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as the store has it.

    Attributes:
        ended_at: None while it is under way, or was killed.
        policy: the settings that it kept to.
        reason: why it was stopped before everything due was drilled; empty when it was not.
    """

    number: int
    begun_at: datetime
    ended_at: datetime | None
    policy: Mapping[str, int]
    reason: str

    @property
    def identifier(self) -> str:
        """Its id, as people see it."""
        return campaign_id(self.number)
