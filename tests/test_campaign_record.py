"""What is written down of a campaign, however it ends."""

from datetime import timedelta
from threading import Event

import pytest
from accepting import accepted, new
from sqlalchemy import text
from worlds import World

from provisioning.store import announcements, lines
from provisioning.workflows.drill_campaign import INTERRUPTED, CampaignOver, LineOver, run_campaign


@pytest.fixture
def line(world_on_disk: World) -> str:
    """A line with a mobile back-up that is due, in a period that its customer was told of in time."""
    options, site = {"mobile_backup": True}, {"address": "1 Rue", "mobile_coverage": "good"}
    found = accepted(world_on_disk, new(1, options=options, site=site)).line
    assert found is not None
    now = world_on_disk.clock.now()
    with world_on_disk.store.write() as connection:
        lines.activate_line(connection, found, now)
        announcements.add_announcement(
            connection,
            line=found,
            opens_at=now - timedelta(hours=1),
            closes_at=now + timedelta(hours=1),
            told_by="desk",
            agreed_with="",
            language="en",
            now=now - timedelta(days=3),
        )
    return found


def written(world: World) -> list[tuple[bool, str]]:
    """Return of each campaign whether it has ended, and why before its time."""
    with world.store.read() as connection:
        rows = connection.execute(text("select ended_at, reason from drill_campaign order by id"))
        return [(ended is not None, reason) for ended, reason in rows]


def nothing(_: LineOver) -> None:
    """Nobody is told."""


def test_one_that_was_torn_away_is_not_taken_for_whole(world_on_disk: World, line: str) -> None:
    def begun(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_campaign(world_on_disk.around, nothing, begun, Event())
    assert written(world_on_disk) == [(True, INTERRUPTED)]


def test_where_nothing_is_due_there_is_none(world_on_disk: World, line: str) -> None:
    world_on_disk.clock.move(hours=2)
    over = run_campaign(world_on_disk.around, nothing, lambda _: None, Event())
    assert over == CampaignOver(None)
    assert written(world_on_disk) == []


def test_one_that_is_told_to_stop_before_its_first_drill_says_so(world_on_disk: World, line: str) -> None:
    stop = Event()
    stop.set()
    over = run_campaign(world_on_disk.around, nothing, lambda _: None, stop)
    assert over.stopped == INTERRUPTED
    assert written(world_on_disk) == [(True, INTERRUPTED)]
