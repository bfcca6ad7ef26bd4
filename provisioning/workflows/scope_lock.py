"""One change at a time of one router: a lock that ends with its process, however that ends."""

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
                remedy="`proviso run list` shows it; try again when it has ended.",
            )
        yield


@contextmanager
def hold_if_free(state: Path, scope: str) -> Iterator[bool]:
    """Yield whether the lock of a scope was free; if so it is held in the meantime."""
    from filelock import FileLock, Timeout

    folder = state / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A serial is a customer's text: nothing of it may lead out of the folder.
    name = re.sub(r"[^A-Za-z0-9_-]", lambda match: f"%{ord(match[0]):x}", scope)
    lock = FileLock(folder / f"{name}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
