"""What earlier versions kept of lines with their runs is read by today's."""

from typing import Any

import pytest
from earlier_runs import snapshot
from pydantic import TypeAdapter

from provisioning.catalogue import ALL_LEVELS, Level
from provisioning.model.run import Snapshot
from provisioning.store.earlier_intents import readable_snapshot

SNAPSHOT = TypeAdapter(Snapshot)


def kept(level: Level) -> dict[str, Any]:
    """Return a snapshot in plain data as it was kept while a window was text."""
    plain: dict[str, Any] = SNAPSHOT.dump_python(snapshot(), mode="json")
    told = {"identifier": level.identifier, "name": level.name, "included": level.included, "window": level.window}
    plain["product"]["level"] = {**told, "restoration": list(level.restoration), "facts": list(level.facts)}
    return plain


@pytest.mark.parametrize("level", ALL_LEVELS, ids=lambda each: f"{each.name} {each.window}")
def test_a_level_that_told_its_window_as_text_has_its_hours(level: Level) -> None:
    read = SNAPSHOT.validate_python(readable_snapshot(kept(level)))
    found = read.product.level
    assert (found.name, found.window, found.restoration) == (level.name, level.window, level.restoration)


def test_what_is_kept_today_is_read_as_it_is() -> None:
    plain = SNAPSHOT.dump_python(snapshot(), mode="json")
    assert SNAPSHOT.validate_python(readable_snapshot(plain)) == snapshot()
