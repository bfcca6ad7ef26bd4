"""The files of the helper, and of the guard beside it, as they are shipped; and what exit codes mean."""

import hashlib
from enum import IntEnum
from functools import cache
from importlib.resources import files
from typing import Final

from provisioning.errors import DeviceMoved, DeviceRefused, ProvisoError, ScopeBusy

FOLDER: Final = "/usr/local/sbin"
PATH: Final = f"{FOLDER}/proviso-helper"

PARTS: Final = {
    f"{FOLDER}/{name}": name
    for name in ("proviso-documents", "proviso-bearers", "proviso-failover", "proviso-drill", "proviso-helper")
}
"""Where each file stands on a router, and its name as shipped; in the order of installation: what is read, first."""

MODE: Final = "700"

_PATHS = " ".join(PARTS)

INSTALLED: Final = f"[ ! -e {PATH} ] || sha256sum {_PATHS} 2>/dev/null | sha256sum | cut -d' ' -f1"
"""A shell command that prints the digest of the helper on a router, or nothing when there is none."""


class Code(IntEnum):
    """Exit codes of the helper, and the guard before it, which uses one that neither of shell and helper does."""

    REFUSED = 2
    MOVED = 3
    OTHER_PENDING = 4
    BUSY = 5
    NO_ROOM = 6
    NOT_OURS = 97


@cache
def shipped() -> dict[str, bytes]:
    """Return the files of the helper of this version, by where they stand on a router."""
    platform = files("provisioning.platforms.linux_cpe")
    return {path: (platform / name).read_bytes() for path, name in PARTS.items()}


@cache
def shipped_digest() -> str:
    """Return the digest of the helper of this version, in hexadecimal digits.

    It is the SHA-256 of a line `SHA256HEX  PATH` for each of its files, as `sha256sum` prints them.
    """
    lines = (f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in shipped().items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def guard() -> str:
    """Return a shell command that succeeds if all files are this version's and nobody but root may write them."""
    modes = f'"$(stat -c %u:%a {_PATHS} 2>/dev/null | tr "\\n" " ")"'
    wanted = f"0:{MODE} " * len(PARTS)
    return f'[ {modes} = "{wanted}" ] && [ "$({INSTALLED})" = {shipped_digest()} ]'


def guarded(arguments: str) -> str:
    """Return a shell command that runs the helper, if `guard` lets it."""
    return f"{{ {guard()}; }} || exit {Code.NOT_OURS:d}; exec {PATH} {arguments}"


def refusal(code: int, words: str, where: str) -> ProvisoError:
    """Return our error for an exit code of the helper.

    Args:
        code: not 0.
        words: what it said, without secrets.
        where: the router.
    """
    said = " / ".join(
        line.removeprefix("proviso-helper: ").removeprefix("proviso-drill: ")
        for line in words.splitlines()
        if line.strip()
    )
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
            return DeviceRefused(said, where=where, remedy="Wait until the other change, or drill, has ended.")
        case Code.BUSY:
            return ScopeBusy(said, where=where, remedy="Try again when the other one is done.")
        case Code.NO_ROOM:
            return DeviceRefused(said, where=where, remedy="Make room on its disk, and try again.")
        case _:
            return DeviceRefused(said or f"its helper ended with {code}", where=where, remedy="Look at the router.")
