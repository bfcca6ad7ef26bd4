"""What the command line asks of a simulator: start it, stop it, look at it, break something in it."""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from provisioning.errors import BadInput, ProvisoError, SimulatorDown, SimulatorUnable, UnknownName
from provisioning.stands.simulator import folder as places

ANSWER_SECONDS = 30.0
"""How long the daemon may take to answer."""

END_SECONDS = 20.0
"""How long its end may take."""

_KINDS: dict[str, type[ProvisoError]] = {each.__name__: each for each in (UnknownName, SimulatorUnable, BadInput)}


class Client:
    """A simulator by its folder, up or not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def is_up(self) -> bool:
        """Return whether a daemon answers."""
        connection = self._connect()
        if connection is None:
            return False
        connection.close()
        return True

    def ask(self, do: str, **more: object) -> dict[str, Any]:
        """Return the daemon's answer.

        Raises:
            SimulatorDown: when none is up.
            UnknownName: when nothing has the name that was given.
            BadInput: when a value is none.
            SimulatorUnable: when it cannot do it, or does not answer.
        """
        connection = self._connect()
        if connection is None:
            raise SimulatorDown(
                "the simulator is not up", where=str(self.folder), remedy="`proviso simulator up` brings it up."
            )
        with connection:
            try:
                answer = _exchange(connection, {"do": do, **more})
            except (OSError, ValueError):
                raise SimulatorUnable(
                    "the daemon did not answer",
                    where=str(self.folder),
                    remedy="`proviso simulator down`, then `up` again: what the devices saved stays.",
                ) from None
        if "error" in answer:
            raise _raised(answer["error"])
        return answer

    def daemon(self) -> int | None:
        """Return the process id of the daemon, or None when none is up."""
        connection = self._connect()
        if connection is None:
            return None
        with connection:
            return _peer(connection)

    def down(self) -> bool:
        """End the daemon and wait for it; return whether there was one.

        Raises:
            SimulatorUnable: when it does not end.
        """
        connection = self._connect()
        if connection is not None:
            with connection:
                daemon = _peer(connection)
                connection.settimeout(END_SECONDS / 4)
                try:
                    _exchange(connection, {"do": "down"})
                except (OSError, ValueError):
                    # It does not listen: it need not.
                    os.kill(daemon, signal.SIGKILL)
        was_up = connection is not None or not places.is_free(self.folder)
        deadline = time.monotonic() + END_SECONDS
        while not places.is_free(self.folder):
            if time.monotonic() > deadline:
                raise SimulatorUnable(
                    f"it did not end within {END_SECONDS:.0f} s",
                    where=str(self.folder),
                    remedy="Look for a process of `provisioning.stands.simulator.daemon` and end it.",
                )
            time.sleep(0.02)
        return was_up

    def erase(self) -> None:
        """Have every device forget everything; nothing may be up.

        Raises:
            SimulatorUnable: when another process starts it at this moment, or a file stays.
        """
        if not self.folder.is_dir():
            return
        lock = _take(self.folder)
        if lock is None:
            raise SimulatorUnable(
                "another process has just started it", where=str(self.folder), remedy="`proviso simulator down` again."
            )
        try:
            places.erase(self.folder)
        finally:
            os.close(lock)

    def _connect(self) -> socket.socket | None:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(ANSWER_SECONDS)
        try:
            with places.at_short_path(self.folder) as short:
                connection.connect(f"{short}/{places.SOCKET}")
        except PermissionError:
            connection.close()
            raise SimulatorUnable(
                "it belongs to another user", where=str(self.folder), remedy="Use a state directory of your own."
            ) from None
        except OSError:
            # A socket that a killed daemon left refuses; one that is gone is not found.
            connection.close()
            return None
        return connection


def start(folder: Path, plan: dict[str, Any], progress: Callable[[str, int], None]) -> bool:
    """Start a simulator and wait until it is up; return False when one is up already.

    Args:
        folder: of the simulator.
        plan: what the world is built from, as the daemon reads it.
        progress: told each stage and its number of things.

    Raises:
        SimulatorUnable: when it does not come up.
    """
    lock = _take(folder)
    if lock is None:
        return False
    try:
        places.clear(folder)
        _launch(folder, plan, progress, lock)
    finally:
        os.close(lock)
    return True


def _take(folder: Path) -> int | None:
    """Return the lock of a folder, waiting for a start or an end that is under way; None when a daemon is up in it."""
    deadline = time.monotonic() + END_SECONDS
    while time.monotonic() < deadline:
        if (lock := places.try_lock(folder)) is not None:
            return lock
        if Client(folder).is_up():
            return None
        time.sleep(0.02)
    raise SimulatorUnable(
        "another process starts or stops a simulator there",
        where=str(folder),
        remedy="Wait for it, or name another --state; `proviso simulator down` ends one that hangs.",
    )


def _launch(folder: Path, plan: dict[str, Any], progress: Callable[[str, int], None], lock: int) -> None:
    log = os.open(folder / places.LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, and no shell
        [sys.executable, "-P", "-m", "provisioning.stands.simulator.daemon", str(folder), str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        pass_fds=[lock],
        start_new_session=True,
        cwd="/",
        text=True,
    )
    os.close(log)
    assert process.stdin is not None and process.stdout is not None  # noqa: S101 - asked for above
    try:
        with process.stdin as wanted:
            json.dump(plan, wanted)
        came_up = _follow(process.stdout, progress)
    except BrokenPipeError:
        came_up = False
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        process.stdout.close()
    if not came_up:
        process.kill()
        process.wait()
        said = " / ".join((folder / places.LOG).read_text("utf-8", "replace").strip().splitlines()[-2:])
        raise SimulatorUnable(
            f"the daemon ended: {said or 'it said nothing'}",
            where=str(folder),
            remedy=f"{folder / places.LOG} has what it said.",
        )
    # It lives on without us.
    process.returncode = 0


def _follow(lines: IO[str], progress: Callable[[str, int], None]) -> bool:
    """Read what a starting daemon tells; return whether it came up."""
    for line in lines:
        told = json.loads(line)
        if "stage" in told:
            progress(told["stage"], told["number"])
        elif "error" in told:
            raise _raised(told["error"])
        else:
            return True
    return False


def _peer(connection: socket.socket) -> int:
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid: int = struct.unpack("3i", credentials)[0]
    return pid


def _exchange(connection: socket.socket, request: dict[str, object]) -> dict[str, Any]:
    connection.sendall(json.dumps(request).encode() + b"\n")
    with connection.makefile("rb") as answers:
        text = answers.readline()
    if not text:
        raise OSError("the connection ended")
    answer = json.loads(text)
    if not isinstance(answer, dict):
        raise ValueError("no answer")
    return answer


def _raised(data: dict[str, str]) -> ProvisoError:
    kind = _KINDS.get(data["kind"], SimulatorUnable)
    return kind(data["what"], where=data["where"], remedy=data["remedy"])
