"""What every test may ask for."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from worlds import Command, FixedClock, World, warm_parent

from provisioning.store.engine import Store

if TYPE_CHECKING:
    from router_kinds import RouterKind
    from warm import Warm

# Before it is imported: what does not hold is shown with its values.
pytest.register_assert_rewrite("accepting", "assigning_books", "fibre_lines", "iosxe_planes", "page_probes")


pytest_plugins = ("approvals", "browsers", "iosxe_doors", "probes", "shops", "simulators", "smartax_stands")
"""Modules whose fixtures several files of tests ask for."""

LABS = (
    "test_activation",
    "test_activation_resumed",
    "test_lab_drills",
    "test_failover_lab",
    "test_lab_bearers",
    "test_lab_cuts",
    "test_lab_lines",
    "test_lab_fibre",
    "test_lab_cpe",
    "test_lab_telephony",
    "test_lab",
    "test_helper",
    "test_helper_kills",
    "test_device_faults",
    "test_device_documents",
    "test_inventory_plugin",
)
"""Modules whose tests wait for a lab's routers, one after the other; the longest first."""

WORKERS_PER_CORE = 2
"""Many tests wait most of their time: for disks, for timers of routers, for processes that they started."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many workers `-n auto` means."""
    return WORKERS_PER_CORE * (os.cpu_count() or 1)


def pytest_configure() -> None:
    """Look for no garbage while tests are collected: nearly all that is made then stays."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage again, and never through what stays: tens of thousands of objects of modules and tests."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let every other worker begin with labs: they wait, and the others compute; so nobody waits alone at the end.

    Workers begin at equal distances.
    """
    labs: dict[str, list[pytest.Item]] = {name: [] for name in LABS}
    others: list[pytest.Item] = []
    for each in items:
        labs.get(each.path.stem, others).append(each)
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    beginnings = range(0, workers, 2)
    heads = [
        [test for name in LABS[turn :: len(beginnings)] for test in labs[name]] for turn in range(len(beginnings))
    ]
    distance = len(items) // workers
    items[:] = others
    for head, place in zip(heads, beginnings, strict=True):
        items[place * distance : place * distance] = head


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


@pytest.fixture(scope="session")
def warm() -> "Warm":
    """The process that forks commands, one for all tests of a worker."""
    return warm_parent()


def in_service(kind: "RouterKind", warm: "Warm", factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a world with a line in service, which all workers of these tests share."""
    from fibre_lines import put_in_service

    own = factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = shared / f"in-service-{kind.platform}"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            put_in_service(own / folder.name, warm, kind).rename(folder)
    return folder


@pytest.fixture(scope="session")
def line_in_service(warm: "Warm", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a world that has a fibre line in service, and whose devices have lost their power since."""
    from router_kinds import LINUX

    return in_service(LINUX, warm, tmp_path_factory)


@pytest.fixture(scope="session")
def cisco_line_in_service(warm: "Warm", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Likewise, with a Cisco router."""
    from router_kinds import CISCO

    return in_service(CISCO, warm, tmp_path_factory)
