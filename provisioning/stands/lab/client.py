"""What the command line asks of a lab: start it, stop it, look at it, go into a node."""

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from provisioning.errors import BadInput, LabDown, LabUnable, ProvisoError, UnknownName
from provisioning.stands.lab import rundir
from provisioning.stands.lab.node import NAMESPACES, OPTIONS
from provisioning.stands.lab.privileges import Mode, own_namespace

ANSWER_SECONDS = 30.0
"""How long the keeper may take to answer; it does one thing at a time."""

SWEEP_SECONDS = 30.0
"""How long the end of a lab may take."""

_KINDS: dict[str, type[ProvisoError]] = {each.__name__: each for each in (UnknownName, LabUnable, BadInput)}


@dataclass(frozen=True, slots=True)
class Entrance:
    """Open namespaces of a node.

    Attributes:
        node: its name.
        descriptors: in the order of NAMESPACES.
    """

    node: str
    descriptors: tuple[int, ...]

    def command(self, command: Sequence[str], *, folder: str = "/") -> list[str]:
        """Return the command line that runs a command in the node, in a folder there.

        Its process must inherit the descriptors. When it is killed, the command is too. Where it is to leave Ctrl-C to
        the command, it must be started with the interrupt ignored; the command itself hears it.
        """
        options = [
            f"--{OPTIONS[name]}=/proc/self/fd/{descriptor}"
            for name, descriptor in zip(NAMESPACES, self.descriptors, strict=True)
            if name != "user" or not own_namespace(descriptor)
        ]
        tied = ("setpriv", "--pdeathsig", "KILL", "env", "--default-signal=INT,QUIT,PIPE", "-C", folder)
        return ["nsenter", *options, "--", *tied, "--", *command]

    def inherit(self) -> None:
        """Let the processes that we start, or become, have the descriptors."""
        for each in self.descriptors:
            os.set_inheritable(each, True)


class Client:
    """A lab by its folder, up or not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def is_up(self) -> bool:
        """Return whether the lab is up."""
        with self._connect() as connection:
            return connection is not None

    def keeper(self) -> int:
        """Return the process id of the keeper.

        Raises:
            LabDown: when the lab is not up.
        """
        with self._connect() as connection:
            return _peer(self._up(connection))

    def olt_password(self) -> str:
        """Return the password of Proviso's account on the lab's OLTs; empty where the lab is not up."""
        try:
            return (self.folder / rundir.OLT_PASSWORD).read_text()
        except OSError:
            return ""

    def ask(self, do: str, **more: str) -> dict[str, Any]:
        """Return the keeper's answer.

        Raises:
            LabDown: when the lab is not up.
            UnknownName: when it has no node of that name.
            LabUnable: when it cannot do it.
        """
        return self._ask(do, **more)[0]

    def enter(self, name: str) -> Entrance:
        """Return the way into a node.

        Raises:
            LabDown: when the lab is not up.
            UnknownName: when it has no node of that name.
            LabUnable: when the node has ended.
        """
        answer, descriptors = self._ask("enter", name=name)
        return Entrance(answer["node"], tuple(descriptors))

    def down(self) -> bool:
        """Take the lab down and wait until nothing of it is left; return whether there was one.

        Raises:
            LabUnable: when it does not end.
        """
        with self._connect() as connection:
            if connection is not None:
                try:
                    _exchange(connection, {"do": "down"})
                except OSError:
                    # It does not listen: it need not.
                    os.kill(_peer(connection), signal.SIGKILL)
        was_up = connection is not None or not rundir.is_free(self.folder)
        deadline = time.monotonic() + SWEEP_SECONDS
        while not rundir.is_free(self.folder):
            if time.monotonic() > deadline:
                raise LabUnable(
                    f"it did not end within {SWEEP_SECONDS:.0f} s",
                    where=str(self.folder),
                    remedy="Look for processes of `provisioning.stands.lab.keeper` and end them.",
                )
            # A lock that is given back tells nobody: it is asked for again and again.
            time.sleep(0.02)
        return was_up

    def _ask(self, do: str, **more: str) -> tuple[dict[str, Any], list[int]]:
        with self._connect() as found:
            connection = self._up(found)
            try:
                answer, descriptors = _exchange(connection, {"do": do, **more})
            except (OSError, ValueError):
                raise LabUnable(
                    "the keeper did not answer", where=str(self.folder), remedy="`proviso lab down`, then `up` again."
                ) from None
        if "error" in answer:
            raise _raised(answer["error"])
        return answer, descriptors

    def _up(self, connection: socket.socket | None) -> socket.socket:
        if connection is None:
            raise LabDown("the lab is not up", where=str(self.folder), remedy="`proviso lab up` brings it up.")
        return connection

    def _connect(self) -> "_Maybe":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(ANSWER_SECONDS)
        try:
            with rundir.at_short_path(self.folder) as short:
                connection.connect(f"{short}/{rundir.SOCKET}")
        except PermissionError:
            connection.close()
            raise LabUnable(
                "it belongs to another user", where=str(self.folder), remedy="Use a state directory of your own."
            ) from None
        except OSError:
            connection.close()
            return _Maybe(None)
        return _Maybe(connection)


@dataclass(frozen=True, slots=True)
class _Maybe:
    """A connection, or None, to be closed in either case."""

    connection: socket.socket | None

    def __enter__(self) -> socket.socket | None:
        return self.connection

    def __exit__(self, *_: object) -> None:
        if self.connection is not None:
            self.connection.close()


def _peer(connection: socket.socket) -> int:
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid: int = struct.unpack("3i", credentials)[0]
    return pid


def _exchange(connection: socket.socket, request: dict[str, str]) -> tuple[dict[str, Any], list[int]]:
    connection.sendall(json.dumps(request).encode() + b"\n")
    text, descriptors = b"", list[int]()
    while not text.endswith(b"\n"):
        part, received, _, _ = socket.recv_fds(connection, 65536, len(NAMESPACES))
        descriptors += received
        if not part:
            raise OSError("the connection ended")
        text += part
    return json.loads(text), descriptors


def _raised(data: dict[str, str]) -> ProvisoError:
    kind = _KINDS.get(data["kind"], LabUnable)
    return kind(data["what"], where=data["where"], remedy=data["remedy"])


def start(
    folder: Path, cpes: int, mode: Mode, progress: Callable[[str, int], None], *, tied_to: int | None = None
) -> bool:
    """Start a lab and wait until it is up; return False when one is up already.

    Args:
        folder: of the run.
        cpes: how many.
        mode: by which privileges.
        progress: told each stage and its number of things.
        tied_to: descriptor of a pipe at whose end the lab ends; None when it lives until it is taken down.

    Raises:
        LabUnable: when it does not come up; then nothing of it is left.
    """
    lock = _take(folder)
    if lock is None:
        return False
    try:
        rundir.clear(folder)
        _launch(folder, cpes, mode, progress, lock, tied_to)
    finally:
        os.close(lock)
    return True


def _take(folder: Path) -> int | None:
    """Return the lock of a folder, waiting for an end that is under way; None when a lab is up in it."""
    deadline = time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < deadline:
        if (lock := rundir.try_lock(folder)) is not None:
            return lock
        if Client(folder).is_up():
            return None
        # The lock is not waited for: whoever holds it may come up instead of going.
        time.sleep(0.02)
    raise LabUnable(
        "another process starts or stops a lab there",
        where=str(folder),
        remedy="Wait for it, or name another --state.",
    )


def _launch(
    folder: Path, cpes: int, mode: Mode, progress: Callable[[str, int], None], lock: int, tied_to: int | None
) -> None:
    words = [sys.executable, "-P", "-m", "provisioning.stands.lab.keeper", str(folder), str(cpes)]
    words.append("free" if tied_to is None else "tied")
    with tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(
            [shutil.which("sh") or "sh", "-c", rundir.SWEEP, "sweeper", str(folder), *mode.unshare, *words],
            stdin=subprocess.DEVNULL if tied_to is None else tied_to,
            stdout=subprocess.PIPE,
            stderr=complaints,
            pass_fds=[lock],
            start_new_session=True,
            cwd="/",
            text=True,
        )
        assert process.stdout is not None  # noqa: S101 - asked for above
        try:
            came_up = _follow(process.stdout, progress)
        except ProvisoError:
            # Until everything is swept away.
            process.wait()
            raise
        if not came_up:
            process.wait()
            complaints.seek(0)
            told = " / ".join(complaints.read().strip().splitlines()[-3:])
            raise LabUnable(
                f"the keeper ended: {told or 'it said nothing'}",
                where=str(folder),
                remedy="`proviso lab check` tells what this machine can do.",
            )
    # It lives on without us.
    process.returncode = 0


def _follow(lines: IO[str], progress: Callable[[str, int], None]) -> bool:
    """Read what a starting keeper tells; return whether the lab came up."""
    for line in lines:
        told = json.loads(line)
        if "stage" in told:
            progress(told["stage"], told["number"])
        elif "error" in told:
            raise _raised(told["error"])
        else:
            return True
    return False
