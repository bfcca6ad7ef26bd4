"""What every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

# Before it is imported: what does not hold is shown with its values.
pytest.register_assert_rewrite("fibre_lines")

from worlds import Command, FixedClock, World  # noqa: E402

from provisioning.store.engine import Store  # noqa: E402


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still until it is moved."""
    return FixedClock()


@pytest.fixture
def world(clock: FixedClock) -> Iterator[World]:
    """The shipped project with a store in memory."""
    store = Store.in_memory()
    yield World(store, clock)
    store.close()


@pytest.fixture
def world_on_disk(tmp_path: Path, clock: FixedClock) -> Iterator[World]:
    """The shipped project with a store in a state directory."""
    store = Store.open(tmp_path / "state", now=clock.now(), lock_timeout=5)
    yield World(store, clock)
    store.close()


@pytest.fixture
def proviso(tmp_path: Path) -> Command:
    """The command as people run it, with a state directory of its own."""
    return Command(tmp_path / "state")
