"""Worlds to try Proviso in: a settable clock, a store with the shipped inventory, and the command as people run it."""

import atexit
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from provisioning.secrets.environment import EnvironmentSecrets
from provisioning.store.engine import Store
from provisioning.workflows.surroundings import Access, Backups, Surroundings

if TYPE_CHECKING:
    from forked import Forked
    from warm import Warm

ROOT = Path(__file__).parent.parent
PROVISO = Path(sys.executable).parent / "proviso"
SOAK = os.environ.get("PROVISO_SOAK") == "1"
"""Whether the long variants of the tests are wanted."""

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
"""A working Monday."""

QUARANTINE_DAYS = 30

INVENTORY = {
    "plugin": "SimpleInventory",
    "options": {
        "host_file": "inventory/hosts.yaml",
        "group_file": "inventory/groups.yaml",
        "defaults_file": "inventory/defaults.yaml",
    },
}


def soaked(normal: int, long: int) -> int:
    """Return how often to try something, now or under PROVISO_SOAK=1."""
    return long if SOAK else normal


@dataclass
class FixedClock:
    """A clock that stands still until somebody moves it."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


def _state() -> Path:
    """Return a state directory that goes with this process."""
    folder = Path(mkdtemp(prefix="proviso-world-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@dataclass
class World:
    """A store, a clock and an environment, and what a workflow makes of them."""

    store: Store
    clock: FixedClock = field(default_factory=FixedClock)
    environment: dict[str, str] = field(default_factory=dict)
    project: Path = ROOT
    state: Path = field(default_factory=_state)

    @cached_property
    def around(self) -> Surroundings:
        """What a workflow works with; the files of the project are read once."""
        return Surroundings(
            project=self.project,
            state=self.state,
            pools_file=self.project / "inventory" / "pools.yaml",
            inventory=INVENTORY,
            quarantine_days=QUARANTINE_DAYS,
            store=self.store,
            clock=self.clock,
            secrets=EnvironmentSecrets(self.environment),
            access=Access(),
            backups=Backups(self.state / "backups"),
        )


def dump(store: Store) -> list[str]:
    """Return all that a store on SQLite holds, as SQL."""
    with store.read() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        return list(driver.iterdump())


def project_with_pools(folder: Path, pools: str) -> Path:
    """Return a project in `folder` that is the shipped one with other pools."""
    shutil.copytree(ROOT / "inventory", folder / "inventory")
    shutil.copy(ROOT / "nornir.yaml", folder)
    (folder / "inventory" / "pools.yaml").write_text(pools, "utf-8")
    return folder


@dataclass(frozen=True)
class Answer:
    """What the command said."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.stdout)


READ_AT_THE_START = ("PYTHON", "LC_", "COLUMNS", "COMP_", "_")
"""What begins the names of variables that Python, a terminal's library or completion reads as a process starts."""


@cache
def warm_parent() -> "Warm":
    """Return the process of these tests that forks commands."""
    from warm import Warm

    parent = Warm(_state())
    atexit.register(parent.close)
    return parent


@dataclass(frozen=True)
class Command:
    """The real command with a state directory of its own."""

    state: Path
    current: Path = ROOT

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a user who set nothing but what is said here."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        # Under a limit of file sizes CPython would leave truncated bytecode behind, for everybody after it.
        fixed = {"COLUMNS": "80", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
        return {**kept, "PROVISO_STATE": str(self.state), **fixed, **more}

    def __call__(
        self,
        *arguments: str | Path,
        current: Path | None = None,
        environment: Mapping[str, str] | None = None,
        stdin: bytes | None = None,
        before: Sequence[str] = (),
        file_size: int | None = None,
    ) -> Answer:
        """Run `proviso` with arguments, `before` standing for a command that runs it; return its answer.

        It is forked from a process that has imported all that it may import, unless a new one would be another matter.
        No file may then grow beyond `file_size` bytes, as on a disk that is full.
        """
        given = environment or {}
        lab = arguments[:1] == ("lab",)  # it hands its streams on
        forked = not before and not any(name.startswith(READ_AT_THE_START) for name in given)
        if forked and not lab and (stdin is not None or file_size is not None):
            process = warm_parent().fork(
                arguments, self.environment(**given), current or self.current, file_size=file_size
            )
            stdout, stderr = process.communicate(120, given=stdin or b"")
            return Answer(process.wait(), stdout.decode(), stderr.decode())
        assert file_size is None, "a limit is for what is forked"
        if forked and stdin is None:
            return warm_parent()(arguments, self.environment(**given), current=current or self.current)
        result = subprocess.run(
            [*before, str(PROVISO), *map(str, arguments)],
            cwd=current or self.current,
            env=self.environment(**(environment or {})),
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            timeout=120,
            check=False,
        )
        return Answer(result.returncode, result.stdout.decode(), result.stderr.decode())

    def fork(self, *arguments: str | Path, **environment: str) -> "Forked":
        """Fork `proviso` from the warm process and do not wait for it."""
        return warm_parent().fork(arguments, self.environment(**environment), self.current)

    def start(self, *arguments: str | Path, **environment: str) -> subprocess.Popen[bytes]:
        """Start `proviso` in a Python of its own and do not wait for it."""
        return subprocess.Popen(
            [str(PROVISO), *map(str, arguments)],
            cwd=self.current,
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
