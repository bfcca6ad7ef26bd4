"""The folder of one lab: what lies in it, and who may clean it.

lock         locked by the keeper and by the shell that sweeps after it, as long as either lives
keeper.sock  where the keeper answers
key          private key of root on every node that has sshd; key.pub, known_hosts beside it
olt_password  password of the account `proviso` on the OLTs
disks/       mount point of the nodes' files; empty outside of the keeper's namespaces
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from provisioning.errors import LabUnable

SOCKET = "keeper.sock"
LOCK = "lock"
OLT_PASSWORD = "olt_password"  # noqa: S105 - the name of a file
FILES = (SOCKET, "key", "key.pub", "known_hosts", OLT_PASSWORD)

SWEEP = """\
folder=$1
shift
# Only the lab itself ends the lab; who sweeps stays until then.
trap '' HUP INT TERM
"$@"
code=$?
cd "$folder" && rm -f {files} && rmdir disks 2>/dev/null
cd / && rm -f "$folder/{lock}" && rmdir "$folder" 2>/dev/null
exit $code
""".format(files=" ".join(FILES), lock=LOCK)
"""A shell script that runs a command and cleans the folder after it, whatever became of the command."""


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
        LabUnable: when the folder cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        return None  # swept away at this very moment
    except OSError as error:
        raise LabUnable(
            f"cannot be written: {(error.strerror or str(error)).lower()}",
            where=str(folder),
            remedy="Name a state directory that you may write in: `proviso --state DIR lab up`.",
        ) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_ino == (folder / LOCK).stat().st_ino:
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None


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
    """Remove what a lab left that was swept by nobody; the lock must be held, and stays."""
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
    if (folder / "disks").is_dir():
        (folder / "disks").rmdir()
