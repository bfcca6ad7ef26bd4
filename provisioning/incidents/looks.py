"""How often the internet is asked for a line that nobody hears, and when it counts as unreached."""

from dataclasses import dataclass, replace
from math import inf

IN_VAIN = 3
"""Looks, one after the other, until a line counts as unreached: packets are lost now and then everywhere."""

AGAIN_SECONDS = 2.0
"""Between two looks at a line that did not answer."""

EVERY_SECONDS = 10.0
"""Between two looks at one that did, since it is its management that fails, or for which nobody could look."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What was seen of one line since nobody hears it.

    Attributes:
        asked_at: moment of a monotonic clock at which the latest look was asked for.
        under_way: whether that is not over.
        in_vain: looks without an answer, one after the other, up to now.
    """

    asked_at: float = -inf
    under_way: bool = False
    in_vain: int = 0

    @property
    def unreached(self) -> bool:
        """Whether the line does not answer for certain."""
        return self.in_vain >= IN_VAIN

    def due(self, now: float) -> bool:
        """Return whether it is to be looked at."""
        pause = AGAIN_SECONDS if self.in_vain else EVERY_SECONDS
        return not self.under_way and now - self.asked_at >= pause

    def asked(self, now: float) -> "Looks":
        """Return the same, with a look under way."""
        return replace(self, asked_at=now, under_way=True)

    def seen(self, answers: bool | None) -> "Looks":
        """Return the same, with the look over.

        Args:
            answers: whether the line does; None when nobody could look, which proves nothing.
        """
        return replace(self, under_way=False, in_vain=self.in_vain + 1 if answers is False else 0)
