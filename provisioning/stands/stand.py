"""What a stand is: a process that lives on by itself, one a folder, and answers on a socket there."""

import fcntl
import json
import os
import socket
import struct
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisioning.errors import BadInput, ProvisoError, UnknownName

LOCK = "lock"
"""Locked as long as a stand lives in a folder: a killed one is recognised by that."""

ANSWER_SECONDS = 300.0
"""How long a stand may take to answer. It does one thing at a time, so that whoever asks waits for the boots of the
routers that others restart; one that has died is told at once."""

_PEER = "3i"
"""Process, user and group (unix(7), SO_PEERCRED)."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A kind of stand.

    Attributes:
        command: of `proviso` that is about it.
        socket_name: of the one that it answers on.
        module: that its process runs, by which people find it.
        unable: what is raised when it cannot do something.
        end_seconds: how long its end may take.
        left: what `down` leaves, for people.
    """

    command: str
    socket_name: str
    module: str
    unable: type[ProvisoError]
    end_seconds: float
    left: str = ""

    def raised(self, told: Mapping[str, str]) -> ProvisoError:
        """Return the error that a stand told of."""
        kinds: dict[str, type[ProvisoError]] = {each.__name__: each for each in (UnknownName, BadInput, self.unable)}
        kind = kinds.get(told["kind"], self.unable)
        return kind(told["what"], where=told["where"], remedy=told["remedy"])

    def follow(self, lines: Iterable[str], progress: Callable[[str, int], None]) -> bool:
        """Read what a starting stand tells; return whether it came up.

        Args:
            progress: told each stage and its number of things.

        Raises:
            ProvisoError: what it told of.
        """
        for line in lines:
            told = json.loads(line)
            if "stage" in told:
                progress(told["stage"], told["number"])
            elif "error" in told:
                raise self.raised(told["error"])
            else:
                return True
        return False

    def connect(self, folder: Path) -> socket.socket | None:
        """Return a connection to the stand of a folder; None when none is up.

        Raises:
            ProvisoError: the stand's own kind, when it is another user's.
        """
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(ANSWER_SECONDS)
        try:
            with at_short_path(folder) as short:
                connection.connect(f"{short}/{self.socket_name}")
        except PermissionError:
            connection.close()
            raise self.unable(
                "it belongs to another user", where=str(folder), remedy="Use a state directory of your own."
            ) from None
        except OSError:
            # A socket that a killed one left refuses; one that is gone is not found.
            connection.close()
            return None
        return connection

    def is_up(self, folder: Path) -> bool:
        """Return whether one answers."""
        connection = self.connect(folder)
        if connection is None:
            return False
        connection.close()
        return True

    def take(self, folder: Path) -> int | None:
        """Return the lock of a folder, waiting for a start or an end that is under way; None when one is up in it.

        Raises:
            ProvisoError: the stand's own kind, when the folder cannot be had.
        """
        deadline = time.monotonic() + self.end_seconds
        while time.monotonic() < deadline:
            if (lock := self.try_lock(folder)) is not None:
                return lock
            if self.is_up(folder):
                return None
            # The lock is not waited for: whoever holds it may come up instead of going.
            time.sleep(0.02)
        raise self.unable(
            f"another process starts or stops a {self.command} there",
            where=str(folder),
            remedy=f"Wait for it, or name another --state; `proviso {self.command} down` ends one that hangs.",
        )

    def try_lock(self, folder: Path) -> int | None:
        """Make the folder and lock it; return the descriptor of the lock, or None when somebody else has it.

        Raises:
            ProvisoError: the stand's own kind, when the folder cannot be made.
        """
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            return None  # swept away at this very moment
        except OSError as error:
            raise self.unable(
                f"cannot be written: {(error.strerror or str(error)).lower()}",
                where=str(folder),
                remedy=f"Name a state directory that you may write in: `proviso --state DIR {self.command} up`.",
            ) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever swept the folder meanwhile has left us the lock of nothing.
            if os.fstat(descriptor).st_ino == (folder / LOCK).stat().st_ino:
                return descriptor
        except (BlockingIOError, FileNotFoundError):
            pass
        os.close(descriptor)
        return None

    def wait_until_free(self, folder: Path) -> None:
        """Wait until nobody holds a folder any more.

        Raises:
            ProvisoError: the stand's own kind, when that takes too long.
        """
        deadline = time.monotonic() + self.end_seconds
        while not is_free(folder):
            if time.monotonic() > deadline:
                raise self.unable(
                    f"it did not end within {self.end_seconds:.0f} s",
                    where=str(folder),
                    remedy=f"Look for processes of `{self.module}` and end them.",
                )
            # A lock that is given back tells nobody: it is asked for again and again.
            time.sleep(0.02)

    def silent(self, folder: Path) -> ProvisoError:
        """Return the error of a stand that is up and does not answer."""
        return self.unable(
            f"the {self.command} did not answer",
            where=str(folder),
            remedy=f"`proviso {self.command} down`, then `up` again{self.left}.",
        )


@contextmanager
def at_short_path(folder: Path) -> Iterator[str]:
    """Yield a short path to a folder: that of a socket may not be longer than 107 bytes.

    Raises:
        FileNotFoundError: when the folder does not exist.
    """
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


def is_free(folder: Path) -> bool:
    """Return whether nobody holds the folder's lock, or there is none."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def peer(connection: socket.socket) -> int:
    """Return the process at the other end."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize(_PEER))
    process: int = struct.unpack(_PEER, credentials)[0]
    return process


def exchange(
    connection: socket.socket, request: Mapping[str, object], *, descriptors: int = 0
) -> tuple[dict[str, Any], list[int]]:
    """Ask, and return the answer with the descriptors that came with it.

    Args:
        descriptors: at most so many.

    Raises:
        OSError: when the connection ends, or the answer takes too long.
        ValueError: when it is no answer.
    """
    connection.sendall(json.dumps(request).encode() + b"\n")
    text, received = b"", list[int]()
    while not text.endswith(b"\n"):
        part, more, _, _ = socket.recv_fds(connection, 65536, descriptors)
        received += more
        if not part:
            raise OSError("the connection ended")
        text += part
    answer = json.loads(text)
    if not isinstance(answer, dict):
        raise ValueError("no answer")
    return answer, received
