"""How a period that customers were told of is written: as they know it, in the time of Brussels."""

from typing import TYPE_CHECKING

from provisioning.clock import CONTRACT_TIME_ZONE

if TYPE_CHECKING:
    from provisioning.model.drill import Announcement


def announced_period(announcement: "Announcement") -> str:
    """Return from when until when, such as `2026-11-24 08:00 to 10:00`; the day of its end where that is another."""
    opens, closes = (each.astimezone(CONTRACT_TIME_ZONE) for each in (announcement.opens_at, announcement.closes_at))
    same_day = opens.date() == closes.date()
    return f"{opens:%Y-%m-%d %H:%M} to {closes:{'%H:%M' if same_day else '%m-%d %H:%M'}}"
