"""The time: UTC for records, Europe/Brussels for the contract (facts: X-17)."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from provisioning.ports import Clock

CONTRACT_TIME_ZONE = ZoneInfo("Europe/Brussels")


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


def contract_date(clock: "Clock") -> date:
    """Return today's date where the contract applies (facts: X-17)."""
    return clock.now().astimezone(CONTRACT_TIME_ZONE).date()
