"""What was seen from somewhere, before anybody judges it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen for one check.

    Attributes:
        check: its id.
        seen: what was seen, as JSON knows it; None when nobody could look.
        why_not: why nobody could look; for people.
        by: names of the vantage points, for people.
        evaluated: whether nobody looked, and it was told from the configuration that the router has in force.
    """

    check: str
    seen: Mapping[str, object] | None
    why_not: str = ""
    by: tuple[str, ...] = field(default=())
    evaluated: bool = False
