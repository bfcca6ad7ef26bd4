"""What the command line asks of a lab: start it, stop it, look at it, go into a node."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisioning.errors import LabDown, LabUnable, ProvisoError
from provisioning.stands.lab import rundir
from provisioning.stands.lab.node import NAMESPACES, OPTIONS
from provisioning.stands.lab.privileges import Mode, own_namespace
from provisioning.stands.lab.rundir import LAB
from provisioning.stands.stand import exchange, is_free, peer


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
        return LAB.is_up(self.folder)

    def keeper(self) -> int:
        """Return the process id of the keeper.

        Raises:
            LabDown: when the lab is not up.
        """
        with self._connect() as connection:
            return peer(connection)

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
        connection = LAB.connect(self.folder)
        if connection is not None:
            with connection:
                try:
                    exchange(connection, {"do": "down"})
                except (OSError, ValueError):
                    # It does not listen: it need not.
                    os.kill(peer(connection), signal.SIGKILL)
        was_up = connection is not None or not is_free(self.folder)
        LAB.wait_until_free(self.folder)
        return was_up

    def _ask(self, do: str, **more: str) -> tuple[dict[str, Any], list[int]]:
        with self._connect() as connection:
            try:
                answer, descriptors = exchange(connection, {"do": do, **more}, descriptors=len(NAMESPACES))
            except (OSError, ValueError):
                raise LAB.silent(self.folder) from None
        if "error" in answer:
            raise LAB.raised(answer["error"])
        return answer, descriptors

    def _connect(self) -> socket.socket:
        connection = LAB.connect(self.folder)
        if connection is None:
            raise LabDown("the lab is not up", where=str(self.folder), remedy="`proviso lab up` brings it up.")
        return connection


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
    lock = LAB.take(folder)
    if lock is None:
        return False
    try:
        rundir.clear(folder)
        _launch(folder, cpes, mode, progress, lock, tied_to)
    finally:
        os.close(lock)
    return True


def _launch(
    folder: Path, cpes: int, mode: Mode, progress: Callable[[str, int], None], lock: int, tied_to: int | None
) -> None:
    words = [sys.executable, "-P", "-m", LAB.module, str(folder), str(cpes)]
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
            came_up = LAB.follow(process.stdout, progress)
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
