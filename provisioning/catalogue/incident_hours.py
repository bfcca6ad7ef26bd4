"""When incidents are worked on, and how soon they are to be over (facts: I-9.2)."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""As the contract shortens them; their places are those of `date.weekday`."""


@dataclass(frozen=True, slots=True)
class DayHours:
    """Hours on some days of every week, in contract time.

    Attributes:
        first: weekday, Monday being 0.
        last: weekday, which is included.
        opens: the first moment.
        closes: the first moment that is not in them.
    """

    first: int
    last: int
    opens: time
    closes: time

    @property
    def text(self) -> str:
        """As the contract writes them."""
        days = WEEKDAYS[self.first]
        if self.last != self.first:
            days += f"-{WEEKDAYS[self.last]}"
        return f"{days} {_hour(self.opens)}-{_hour(self.closes)}"


@dataclass(frozen=True, slots=True)
class IncidentHours:
    """A window in which incidents are worked on.

    Attributes:
        week: at most one of them holds for a day of the week.
        on_holidays: whether it is open on Belgian public holidays as well: Internet Essential's alone is
            (facts: I-9.2, X-17).
    """

    week: tuple[DayHours, ...]
    on_holidays: bool = False

    @property
    def text(self) -> str:
        """As the contract writes it."""
        return ", ".join(each.text for each in self.week)


class Restoration(StrEnum):
    """How soon an incident is to be over, as the contract writes it; WD is a working day."""

    FIVE_HOURS = "5 h"
    SAME_DAY = "same day"
    END_OF_NEXT_WORKING_DAY = "end of next WD"
    NEXT_WORKING_DAY = "next WD"
    THREE_WORKING_DAYS = "3 WD"
    FIVE_WORKING_DAYS = "5 WD"
    TEN_WORKING_DAYS = "10 WD"


def _hour(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"
