"""Periods that customers were told of are written in the time of Brussels, whatever the store has."""

from datetime import datetime

import pytest

from provisioning.cli.announced_period import announced_period
from provisioning.model.drill import Announcement


@pytest.mark.parametrize(
    ("opens", "closes", "written"),
    [
        ("2026-11-24T07:00Z", "2026-11-24T09:00Z", "2026-11-24 08:00 to 10:00"),
        ("2026-07-01T07:00Z", "2026-07-01T09:30Z", "2026-07-01 09:00 to 11:30"),
        ("2026-11-24T22:00Z", "2026-11-25T01:00Z", "2026-11-24 23:00 to 11-25 02:00"),
        ("2026-10-24T22:00Z", "2026-10-25T03:00Z", "2026-10-25 00:00 to 04:00"),
    ],
)
def test_a_period_is_written_as_its_customer_knows_it(opens: str, closes: str, written: str) -> None:
    begin, end = datetime.fromisoformat(opens), datetime.fromisoformat(closes)
    told = Announcement(1, "L-1", begin, end, told_at=begin, told_by="noc", agreed_with="", language="nl")
    assert announced_period(told) == written
