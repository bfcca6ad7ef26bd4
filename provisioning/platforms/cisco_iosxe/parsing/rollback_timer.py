"""The timer under which a router goes back by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioning.platforms.cisco_iosxe.parsing.tables import rows, word

TIMER = "show archive config rollback timer"
CLOCK = "show clock"


@dataclass(frozen=True, slots=True)
class RollbackTimer:
    """A timer that runs.

    Attributes:
        since: when it was set, by the router's clock, in its zone.
        lasts: how long it runs from then.
        user: who set it; nobody else may confirm.
    """

    since: datetime
    lasts: timedelta
    user: str


def shown_timer(text: str) -> RollbackTimer | None:
    """Read what `TIMER` answers; None when none runs.

    Raises:
        ValueError: when it cannot be read.
    """
    found = rows(TIMER, text, ours=True)
    if not found:
        return None
    (row,) = found
    minutes = timedelta(minutes=int(word(row, "MINUTES")))
    return RollbackTimer(_moment(word(row, "CONFIGURED").split()), minutes, word(row, "USER"))


def shown_clock(text: str) -> datetime:
    """Read what `CLOCK` answers: the router's time, in its zone.

    Raises:
        ValueError: when it cannot be read.
    """
    (row,) = rows(CLOCK, text)
    return _moment([word(row, name) for name in ("TIME", "TIMEZONE", "DAYWEEK", "MONTH", "DAY", "YEAR")])


def _moment(words: list[str]) -> datetime:
    """Return a moment such as `19:42:57.120 UTC Tue Aug 5 2025`; the name of the zone says nothing that is certain."""
    time, _, _, month, day, year = words
    text = f"{time.partition('.')[0].lstrip('*.')} {month} {day} {year}"
    return datetime.strptime(text, "%H:%M:%S %b %d %Y")  # noqa: DTZ007 - compared with moments of the same clock only
