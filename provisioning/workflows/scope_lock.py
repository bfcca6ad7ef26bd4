"""One change at a time of one line, one writer at a time on an OLT: locks that end with their process."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from provisioning.errors import ScopeBusy

FOLDER = "locks"


@contextmanager
def scope_lock(state: Path, scope: str) -> Iterator[None]:
    """Hold the lock of a scope.

    Raises:
        ScopeBusy: when another process holds it.
    """
    with hold_if_free(state, scope) as held:
        if not held:
            raise ScopeBusy(
                f"another run is changing {scope}",
                where=scope,
                remedy="`proviso run list` or `proviso failover list` shows it; try again when it has ended.",
            )
        yield


@contextmanager
def wait_for_lock(state: Path, scope: str, *, seconds: float) -> Iterator[None]:
    """Hold the lock of a scope, once it is free.

    Raises:
        ScopeBusy: when it is not within that time.
    """
    with hold_if_free(state, scope, seconds=seconds) as held:
        if not held:
            raise ScopeBusy(
                f"another run has kept {scope} busy for {seconds:.0f} s",
                where=scope,
                remedy="`proviso run list` shows what is under way; try again when it has ended.",
            )
        yield


def is_held(state: Path, scope: str) -> bool:
    """Return whether a process holds the lock of a scope at the moment; one that never had a lock is free."""
    if not scope or not lock_file(state, scope).exists():
        return False
    with hold_if_free(state, scope) as free:
        return not free


def lock_file(state: Path, scope: str) -> Path:
    """Return the file whose lock stands for a scope; its folder is made."""
    folder = state / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A serial is a customer's text: nothing of it may lead out of the folder.
    name = re.sub(r"[^A-Za-z0-9_-]", lambda match: f"%{ord(match[0]):x}", scope)
    return folder / f"{name}.lock"


@contextmanager
def hold_if_free(state: Path, scope: str, *, seconds: float = 0) -> Iterator[bool]:
    """Yield whether the lock of a scope was free, or became free in that time; if so it is held in the meantime."""
    from filelock import FileLock, Timeout

    lock = FileLock(lock_file(state, scope), timeout=seconds, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
