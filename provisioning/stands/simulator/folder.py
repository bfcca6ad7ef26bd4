"""The folder of a simulator: what lies in it, and whose it is at the moment.

lock         locked by the daemon as long as it lives: a killed one is recognised by that
daemon.sock  where the daemon answers
daemon.log   what a daemon that failed said last
key          private key that gets into routers and vantage hosts as root; key.pub, known_hosts beside it
host_keys/   of the simulated hosts
olts/        what each OLT saved; the routers keep theirs beside it
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from provisioning.errors import SimulatorUnable

NAME = "simulator"
SOCKET = "daemon.sock"
LOCK = "lock"
LOG = "daemon.log"

_OF_A_RUN = (SOCKET, LOG)


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


def try_lock(folder: Path) -> int | None:
    """Make the folder and lock it; return the descriptor of the lock, or None when somebody else has it.

    Raises:
        SimulatorUnable: when the folder cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SimulatorUnable(
            f"cannot be written: {(error.strerror or str(error)).lower()}",
            where=str(folder),
            remedy="Name a state directory that you may write in: `proviso --state DIR simulator up`.",
        ) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


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


def clear(folder: Path) -> None:
    """Remove what belongs to one run of the daemon; the lock must be held, and stays."""
    for name in _OF_A_RUN:
        (folder / name).unlink(missing_ok=True)


def erase(folder: Path) -> None:
    """Remove everything that the simulated devices keep, and their keys; the lock must be held.

    Raises:
        SimulatorUnable: when something cannot be removed.
    """
    try:
        for each in folder.iterdir():
            if each.name == LOCK:
                continue
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            else:
                each.unlink()
    except OSError as error:
        raise SimulatorUnable(
            f"cannot be removed: {(error.strerror or str(error)).lower()}",
            where=str(error.filename or folder),
            remedy="Check its permissions.",
        ) from None
