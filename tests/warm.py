"""A process that has imported all that a run imports, and forks a child for each command: `python warm.py IN OUT`.

Starting Python and importing takes a second, forking none; so a run can be killed at hundreds of moments. A child runs
the command as people do, and kills itself where it was told to: nothing of ours is patched, only third parties' seams.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import random
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from queue import Queue
from typing import IO, TYPE_CHECKING, Any

from worlds import ROOT, Answer

if TYPE_CHECKING:
    from provisioning.stands.lab.client import Entrance

PATIENCE = 300.0
"""Seconds that a test waits for a command before it calls it stuck."""


@dataclass(frozen=True)
class Kill:
    """Where a command kills itself.

    Attributes:
        step: of a run, by its name.
        done: once the step has done all, and nothing of it is recorded; otherwise before it begins.
        after: seconds since the command began.
        sent: once these words have gone out to a device.
    """

    step: str = ""
    done: bool = False
    after: float | None = None
    sent: str = ""

    def __str__(self) -> str:
        if self.step:
            return f"{'after' if self.done else 'before'} {self.step}"
        return f"sent {self.sent}" if self.sent else f"after {self.after:.3f} s"


KILLED = -signal.SIGKILL


class Warm:
    """The warm parent, from the side of the tests; commands may run side by side.

    Args:
        folder: for what the commands say.
        entrance: of a node of a lab, where the commands run; None for here.
    """

    def __init__(self, folder: Path, entrance: "Entrance | None" = None) -> None:
        self._folder = folder
        self._number = 0
        self._lock = threading.Lock()
        self._ended: dict[int, Queue[int]] = {}
        wanted, ask = os.pipe()
        hear, told = os.pipe()
        command = [sys.executable, __file__, str(wanted), str(told)]
        self._process = subprocess.Popen(
            entrance.command(command, folder=str(ROOT)) if entrance else command,
            pass_fds=(wanted, told, *(entrance.descriptors if entrance else ())),
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        )
        os.close(wanted)
        os.close(told)
        self._ask: IO[str] = os.fdopen(ask, "w")
        self._hear: IO[str] = os.fdopen(hear)
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """End it."""
        self._ask.close()
        self._process.wait(PATIENCE)

    def start(
        self,
        arguments: Sequence[str | Path],
        environment: Mapping[str, str],
        kill: Kill | None = None,
        current: Path = ROOT,
    ) -> "Running":
        """Start `proviso` with arguments in a folder, with nothing but that environment."""
        with self._lock:
            self._number += 1
            number = self._number
            self._ended[number] = Queue()
            out, err = self._folder / f"{number}.out", self._folder / f"{number}.err"
            request = {
                "number": number,
                "arguments": [str(each) for each in arguments],
                "environment": dict(environment),
                "kill": asdict(kill) if kill else None,
                "current": str(current),
                "out": str(out),
                "err": str(err),
            }
            self._ask.write(json.dumps(request) + "\n")
            self._ask.flush()
        return Running(self._ended[number], out, err)

    def __call__(
        self,
        arguments: Sequence[str | Path],
        environment: Mapping[str, str],
        kill: Kill | None = None,
        current: Path = ROOT,
    ) -> Answer:
        """Run `proviso`; return its answer, whose code is KILLED when it was."""
        return self.start(arguments, environment, kill, current).answer()

    def _listen(self) -> None:
        with closing(self._hear):
            for line in self._hear:
                told = json.loads(line)
                self._ended[told["number"]].put(told["code"])


@dataclass(frozen=True)
class Running:
    """A command that runs."""

    _ended: "Queue[int]"
    _out: Path
    _err: Path

    def answer(self) -> Answer:
        """Return its answer, once it has ended."""
        code = self._ended.get(timeout=PATIENCE)
        return Answer(code, self._out.read_text("utf-8"), self._err.read_text("utf-8"))

    @property
    def ended(self) -> bool:
        """Whether it has."""
        return not self._ended.empty()

    def said(self) -> str:
        """Return what it has said to people until now."""
        return self._err.read_text("utf-8") if self._err.exists() else ""


# --- in the warm parent ---------------------------------------------------------------------------------------------


@dataclass
class Parent:
    """What the warm parent holds: who asks, and its children by process id."""

    wanted: int
    told: int
    children: dict[int, int] = field(default_factory=dict)
    _rest: bytes = b""

    def serve(self) -> None:
        """Fork a child for each request until nobody asks any more."""
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        while True:
            ready, _, _ = select.select([self.wanted, reader], [], [])
            if reader in ready:
                os.read(reader, 1024)
                self._reap()
            if self.wanted in ready:
                text = os.read(self.wanted, 65536)
                if not text:
                    return
                *lines, self._rest = (self._rest + text).split(b"\n")
                for line in lines:
                    self._begin(json.loads(line), (reader, writer))

    def _begin(self, request: dict[str, Any], ours: tuple[int, int]) -> None:
        child = os.fork()
        if child:
            self.children[child] = request["number"]
            return
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for each in (self.wanted, self.told, *ours):
            os.close(each)
        be(request)

    def _reap(self) -> None:
        while self.children:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            told = {"number": self.children.pop(child), "code": os.waitstatus_to_exitcode(status)}
            os.write(self.told, json.dumps(told).encode() + b"\n")


def be(request: dict[str, Any]) -> None:
    """Be the command that is asked for; does not return."""
    for number, name in ((1, request["out"]), (2, request["err"])):
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, number)
        os.close(file)
    os.chdir(request["current"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["proviso", *request["arguments"]]
    if request["kill"]:
        aim(Kill(**request["kill"]))
    from provisioning.cli.main import main

    code = 1
    try:
        main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        # All that ends a process in order, but the taking apart of what it shares with the warm one: that is slow.
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def die() -> None:
    """End this process as SIGKILL does."""
    os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()


def aim(kill: Kill) -> None:
    """Have this process kill itself there, at the seams of third parties."""
    if kill.after is not None:
        timer = threading.Timer(kill.after, die)
        timer.daemon = True
        timer.start()
    if kill.step:
        _aim_at_step(kill)
    if kill.sent:
        _aim_at_words(kill.sent.encode())


def _aim_at_step(kill: Kill) -> None:
    from dbos import DBOS

    seam: Callable[..., Any] = DBOS.run_step

    def run_step(options: dict[str, Any], function: Callable[[], Any]) -> Any:
        if options["name"] != kill.step:
            return seam(options, function)
        if not kill.done:
            die()

        def done() -> Any:
            found = function()
            die()
            return found

        return seam(options, done)

    DBOS.run_step = run_step  # type: ignore[assignment]


def _aim_at_words(words: bytes) -> None:
    from paramiko import Channel

    for name in ("send", "exec_command"):
        setattr(Channel, name, _deadly(getattr(Channel, name), words))


def _deadly(seam: Callable[..., Any], words: bytes) -> Callable[..., Any]:
    def sends(channel: Any, text: str | bytes) -> Any:
        found = seam(channel, text)
        if words in (text.encode() if isinstance(text, str) else text):
            die()
        return found

    return sends


def random_kill(seed: int, most: float) -> Kill:
    """Return a moment that a seed draws."""
    return Kill(after=random.Random(seed).uniform(0.02, most))


IMPORTED = """
    alembic.command alembic.runtime.migration dbos dbos._sys_db_sqlite encodings.idna encodings.utf_8_sig filelock
    gzip hier_config jinja2 napalm.ios netmiko netmiko.cisco netmiko.huawei nornir.core
    nornir.plugins.inventory.simple ntc_templates paramiko pyrage pysnmp.hlapi.v3arch.asyncio pysnmp.smi.exval
    python_socks.sync rich.console rich.table sqlalchemy.dialects.sqlite textfsm tomllib _strptime
"""
"""What a run imports of others sooner or later."""

OURS = "provisioning.cli provisioning.devices provisioning.platforms provisioning.workflows"
"""Rooms of which every module is imported, and with them those that they build on."""


def ours() -> Iterator[str]:
    """Yield the modules of these rooms."""
    for room in map(importlib.import_module, OURS.split()):
        yield from (each.name for each in pkgutil.walk_packages(room.__path__, f"{room.__name__}."))


def look_up() -> None:
    """Read what every run reads of the shipped project, and make what every run makes."""
    from provisioning.nornir_setup.simple_inventory import read_hosts
    from provisioning.platforms.routers import ROUTERS
    from provisioning.rendering.environment import environment
    from provisioning.store.engine import empty_store
    from provisioning.vantages.snmp_engines import snmp_engine

    empty_store()
    read_hosts(ROOT, {})
    for platform in ROUTERS:
        templates = environment(ROOT / "templates" / platform)
        for name in templates.list_templates(["j2"]):
            templates.get_template(name)
    with snmp_engine():
        pass


def serve() -> None:
    """Be the warm parent."""
    for name in (*IMPORTED.split(), *ours()):
        importlib.import_module(name)
    look_up()
    if threading.active_count() > 1:
        sys.exit(f"importing has begun threads: {threading.enumerate()}")
    # What is imported stays shared with the children.
    gc.collect()
    gc.freeze()
    Parent(int(sys.argv[1]), int(sys.argv[2])).serve()


if __name__ == "__main__":
    serve()
