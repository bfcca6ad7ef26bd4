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
import resource
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from queue import Queue
from typing import IO, TYPE_CHECKING, Any

from forked import Forked
from worlds import PROVISO, ROOT, Answer

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
        self._begun: dict[int, Queue[int]] = {}
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
        request = {
            "arguments": [str(each) for each in arguments],
            "environment": dict(environment),
            "kill": asdict(kill) if kill else None,
            "current": str(current),
        }
        number = self._ask_for(request)
        return Running(self._ended[number], *self._heard_of(number))

    def fork(
        self,
        arguments: Sequence[str | Path],
        environment: Mapping[str, str],
        current: Path = ROOT,
        script: str | None = None,
        *,
        together: bool = False,
        file_size: int | None = None,
    ) -> Forked:
        """Start `proviso`, or a script of Python's, with pipes to its streams; not in a node of a lab.

        With `together`, what it complains of is told on its standard output, as by `2>&1`. No file may grow beyond
        `file_size` bytes.
        """
        theirs, ours = os.pipe()
        (hear, told), (overhear, complained) = os.pipe(), os.pipe()
        streams = (theirs, told, told if together else complained)
        request = {
            "arguments": [str(each) for each in arguments],
            "environment": dict(environment),
            "current": str(current),
            "script": script,
            "file_size": file_size,
            "streams": [f"/proc/{os.getpid()}/fd/{each}" for each in streams],
        }
        number = self._ask_for(request)
        pid = self._begun[number].get(timeout=PATIENCE)
        for each in (theirs, told, complained):
            os.close(each)
        pipes = os.fdopen(ours, "wb"), os.fdopen(hear, "rb"), os.fdopen(overhear, "rb")
        return Forked(pid, self._ended[number], pipes)

    def _heard_of(self, number: int) -> tuple[Path, Path]:
        return self._folder / f"{number}.out", self._folder / f"{number}.err"

    def _ask_for(self, request: dict[str, Any]) -> int:
        with self._lock:
            self._number += 1
            number = self._number
            self._ended[number] = Queue()
            self._begun[number] = Queue()
            out, err = self._heard_of(number)
            self._ask.write(json.dumps({"number": number, "out": str(out), "err": str(err), **request}) + "\n")
            self._ask.flush()
        return number

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
                if "pid" in told:
                    self._begun[told["number"]].put(told["pid"])
                else:
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
        # It may be in the middle of a letter.
        return self._err.read_text("utf-8", "replace") if self._err.exists() else ""


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
        modes = (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY)
        # Opened here: who asked closes his ends once he is told of the child.
        streams = [os.open(name, mode) for name, mode in zip(request.get("streams", ()), modes, strict=False)]
        child = os.fork()
        if child:
            self.children[child] = request["number"]
            for each in streams:
                os.close(each)
            self._tell(number=request["number"], pid=child)
            return
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for each in (self.wanted, self.told, *ours):
            os.close(each)
        be(request, streams)

    def _reap(self) -> None:
        while self.children:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            self._tell(number=self.children.pop(child), code=os.waitstatus_to_exitcode(status))

    def _tell(self, **what: int) -> None:
        os.write(self.told, json.dumps(what).encode() + b"\n")


def be(request: dict[str, Any], streams: Sequence[int]) -> None:
    """Be what is asked for, on those streams, or with files for what it says; does not return."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    files = streams or [os.open(request[to], flags, 0o600) for to in ("out", "err")]
    for number, file in enumerate(files, 3 - len(files)):
        os.dup2(file, number)
        os.close(file)
    if streams:
        # Made anew: those of the warm process remember whether one can seek in them.
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    os.chdir(request["current"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = [str(PROVISO), *request["arguments"]]
    tempfile.tempdir = None  # what the warm process found may be another one
    if request.get("file_size") is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["file_size"],) * 2)
    if request.get("kill"):
        aim(Kill(**request["kill"]))
    from provisioning.cli.main import main

    code = 1
    try:
        if request.get("script") is None:
            main()
        else:
            exec(compile(request["script"], "script", "exec"), {"__name__": "__main__"})
            code = 0
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
    alembic.command alembic.runtime.migration asyncssh dbos dbos._sys_db_sqlite encodings.ascii encodings.idna
    encodings.utf_8_sig filelock gzip hier_config jinja2.ext napalm.ios netmiko netmiko.cisco netmiko.huawei
    nornir.core nornir.plugins.inventory.simple ntc_templates paramiko pyrage pysnmp.hlapi.v3arch.asyncio
    pysnmp.smi.exval python_socks.async_.asyncio python_socks.sync rich.console rich.live rich.table
    sqlalchemy.dialects.sqlite textfsm tomllib _strptime
"""
"""What a run imports of others sooner or later."""

OURS = """
    provisioning.backup_store provisioning.cli provisioning.devices provisioning.fleet provisioning.platforms
    provisioning.workflows
"""
"""Rooms of which every module is imported, and with them those that they build on."""


def ours() -> Iterator[str]:
    """Yield the modules of these rooms, and those that stand in none."""
    yield from ("provisioning.settings", "provisioning.store.glance")
    for room in map(importlib.import_module, OURS.split()):
        yield from (each.name for each in pkgutil.walk_packages(room.__path__, f"{room.__name__}."))


def look_up() -> None:
    """Read what every run reads of the shipped project, and make what every run makes."""
    import typer.main

    from provisioning.cli.main import app
    from provisioning.nornir_setup.simple_inventory import read_hosts
    from provisioning.platforms.routers import ROUTERS
    from provisioning.rendering.environment import environment
    from provisioning.store.engine import empty_store
    from provisioning.vantages.snmp_engines import snmp_engine

    # What is made of the declarations is asked for by every command anew.
    typer.main.get_command = cache(typer.main.get_command)
    typer.main.get_command(app)
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
