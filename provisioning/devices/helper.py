"""The helper as it is shipped, and what its exit codes mean."""

import hashlib
from enum import IntEnum
from functools import cache
from importlib.resources import files

from provisioning.errors import DeviceMoved, DeviceRefused, ProvisoError, ScopeBusy

PATH = "/usr/local/sbin/proviso-helper"


class Code(IntEnum):
    """Exit codes of the helper, and the guard before it, which uses one that neither of shell and helper does."""

    REFUSED = 2
    MOVED = 3
    OTHER_PENDING = 4
    BUSY = 5
    NO_ROOM = 6
    NOT_OURS = 97


@cache
def shipped() -> bytes:
    """Return the helper of this version."""
    return (files("provisioning.platforms.linux_cpe") / "proviso-helper").read_bytes()


@cache
def shipped_digest() -> str:
    """Return the SHA-256 of the helper of this version, in hexadecimal digits."""
    return hashlib.sha256(shipped()).hexdigest()


def guarded(arguments: str) -> str:
    """Return a shell command that runs the helper, if it is this version's and nobody but root may write it."""
    digest = f'"$(sha256sum <{PATH} | cut -d" " -f1)"'
    return (
        f'[ "$(stat -c %u:%a {PATH} 2>/dev/null)" = 0:700 ] && '
        f"[ {digest} = {shipped_digest()} ] || exit {Code.NOT_OURS:d}; exec {PATH} {arguments}"
    )


def refusal(code: int, words: str, where: str) -> ProvisoError:
    """Return our error for an exit code of the helper.

    Args:
        code: not 0.
        words: what it said, without secrets.
        where: the router.
    """
    said = " / ".join(line.removeprefix("proviso-helper: ") for line in words.splitlines() if line.strip())
    match code:
        case Code.NOT_OURS:
            return DeviceRefused(
                "the helper on it is missing, or not the one of this version",
                where=where,
                remedy="`proviso device bootstrap` installs it.",
            )
        case Code.REFUSED:
            return DeviceRefused(
                f"its checkers refuse the configuration: {said}",
                where=where,
                remedy="Nothing was changed. Correct the order, the inventory or the template that it comes from.",
            )
        case Code.MOVED:
            return DeviceMoved(said, where=where, remedy="Plan again, from what is in force now.")
        case Code.OTHER_PENDING:
            return DeviceRefused(said, where=where, remedy="Wait until the other change is confirmed or went back.")
        case Code.BUSY:
            return ScopeBusy(said, where=where, remedy="Try again when the other one is done.")
        case Code.NO_ROOM:
            return DeviceRefused(said, where=where, remedy="Make room on its disk, and try again.")
        case _:
            return DeviceRefused(said or f"its helper ended with {code}", where=where, remedy="Look at the router.")
