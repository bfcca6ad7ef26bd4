"""A fibre line with a mobile back-up in service on the simulator, which is drilled; its hold time is a short one."""

import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fibre_lines import LINE, Fibre, fibre_world, form
from forked import Forked
from router_kinds import RouterKind
from warm import Warm
from worlds import ROOT, Answer

HOLD = 6
NOW = ("--now", "--reason", "a test")
PATIENCE = 120.0
"""Seconds that a drill may take here: three times what it does on a quiet machine."""


def project(folder: Path, kind: RouterKind) -> Path:
    """Return a copy of the shipped project with a short hold time, and with somebody behind each router."""
    for part in ("inventory", "templates", "examples", "playbooks"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "nornir.yaml", folder)
    operator, hosts = folder / "inventory" / "operator.yaml", folder / "inventory" / "hosts.yaml"
    text = operator.read_text("utf-8")
    assert "seconds: 60}" in text
    operator.write_text(text.replace("seconds: 60}", f"seconds: {HOLD}}}"), "utf-8")
    for number in (1, 2):
        hosts.write_text(hosts.read_text("utf-8").replace(f"LX010{number}", kind.serial(number)), "utf-8")
    return folder


def backed_up_form(kind: RouterKind, number: int = 1) -> dict[str, Any]:
    """Return the order of a line with everything that moves to mobile."""
    return form(
        number,
        kind,
        formula="fullfiber-extended",
        site={"address": "1 Rue Exemple, 1000 Bruxelles", "mobile_coverage": "good"},
        options={"mobile_backup": True, "ip_pack": {"addresses": 4}},
        lan={"subnet": f"192.168.{number}.0/24", "customer_firewall": True},
    )


@contextmanager
def backed_up_world(folder: Path, warm: Warm, kind: RouterKind, base: Path | None = None) -> Iterator[Fibre]:
    """Yield a world in which the first line has a mobile back-up, and is in service.

    Args:
        base: folder of such a world that was; None for one that is brought there now.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with fibre_world(folder / "world", warm, base, kind=kind) as world:
        world.extra["PROVISO_PROJECT"] = str(project(folder / "project", kind))
        if base is None:
            answer = world.activate(backed_up_form(kind))
            assert answer.code == 0, answer.stdout + answer.stderr
        else:
            await_ready(world)
        yield world


def await_ready(world: Fibre) -> Answer:
    """Wait until the line is on its fixed bearer, trusted, and ready to be drilled; return what says so."""
    from labs import eventually_said

    answers = []

    def ready() -> bool:
        answers.append(world.run("failover", "check", LINE, "--json"))
        return answers[-1].code == 0

    assert eventually_said(ready, PATIENCE), answers[-1].stdout + answers[-1].stderr
    return answers[-1]


def drill(world: Fibre, *arguments: str, lines: Sequence[str] = (LINE,)) -> Answer:
    """Drill lines, whatever was announced."""
    return world.run("failover", "drill", *lines, *NOW, "--json", *arguments)


def drills(world: Fibre) -> list[dict[str, Any]]:
    """Return the rows of the drills."""
    return world.rows("select * from drill order by id")


@dataclass
class Begun:
    """A drill in a process of its own."""

    process: Forked
    said: str = ""

    def until(self, words: str) -> None:
        """Read what it says of its progress until some words."""
        assert self.process.stderr is not None
        while words not in self.said:
            line = self.process.stderr.readline()
            assert line, f"it never said {words!r}: {self.said}"
            self.said += line.decode()

    def end(self, number: signal.Signals) -> int:
        """Send it a signal and wait for its end; return its exit code."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end; return its exit code."""
        out, err = self.process.communicate(timeout=PATIENCE)
        self.said += out.decode() + err.decode()
        return self.process.wait()


def begin(world: Fibre, *arguments: str) -> Begun:
    """Begin a drill in a process of its own; what it says of its progress are lines, for nobody has a terminal."""
    return Begun(world.up.proviso.fork("failover", "drill", LINE, *NOW, *arguments, **_environment(world)))


def _environment(world: Fibre) -> dict[str, str]:
    return {name: value for name, value in world.environment.items() if name.startswith(("PROVISO_", "SITE_"))}
