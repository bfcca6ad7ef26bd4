"""Following the bearers of one line: a connection that is held open, and opened again when it is lost."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass

from provisioning.devices.open_router import CISCO_IOSXE, LINUX_CPE
from provisioning.devices.reach import Access
from provisioning.errors import (
    AuthenticationRefused,
    DeviceUnreachable,
    HostKeyDiffers,
    ProvisoError,
    UnreadableProject,
)
from provisioning.fleet import iosxe_bearers, linux_bearers
from provisioning.fleet.connection import Connected, connected
from provisioning.fleet.listening import LATE_SECONDS, Late, Tell
from provisioning.fleet.login import Login
from provisioning.fleet.one_router import keys_of
from provisioning.fleet.target import Target
from provisioning.model.bearer import BearerReport

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 10.0
"""Seconds before a connection is opened again: twice as long from try to try, up to half as long again at random."""

STEADY = 60.0
"""A connection that stood so many seconds begins anew to be tried at short intervals."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a router says of its bearers."""

    line: str
    serial: str
    report: BearerReport


@dataclass(frozen=True, slots=True)
class Lost:
    """A router that nobody hears.

    Attributes:
        why: for people.
        answers: whether it answers all the same, and says nothing that helps.
        tries: to reach it in vain, since it was heard last; 0 while only a sign of life is overdue.
        seconds: since it was heard last, or since it was tried first.
    """

    line: str
    serial: str
    why: str
    answers: bool
    tries: int
    seconds: float


Listen = Callable[[Connected, str, Tell, Late], Awaitable[None]]

LISTENS: Mapping[str, Listen] = {LINUX_CPE: linux_bearers.listen, CISCO_IOSXE: iosxe_bearers.listen}


async def follow_line(
    target: Target,
    login: Login,
    access: Access,
    dialling: asyncio.Semaphore,
    tell: Callable[[Followed | Lost], object],
) -> None:
    """Follow a line for ever.

    Args:
        dialling: is held while a connection is being opened.
        tell: is told what becomes known; it must not wait.
    """
    loop = asyncio.get_running_loop()
    heard_at, tries = loop.time(), 0

    def heard(report: BearerReport) -> None:
        nonlocal heard_at, tries
        heard_at, tries = loop.time(), 0
        tell(Followed(target.line, target.serial, report))

    def late() -> None:
        why = f"it said nothing for {LATE_SECONDS:.0f} s"
        tell(Lost(target.line, target.serial, why, answers=False, tries=0, seconds=LATE_SECONDS))

    pause = FIRST_PAUSE
    while True:
        begun = loop.time()
        why, answers = await _listen(target, login, access, dialling, heard, late)
        if loop.time() - begun > STEADY:
            # It was heard until now, though nothing happened: the silence begins here.
            pause, heard_at = FIRST_PAUSE, loop.time()
        tries += 1
        tell(Lost(target.line, target.serial, why, answers, tries, loop.time() - heard_at))
        # Many that were cut off at the same moment must not come back at the same moment.
        await asyncio.sleep(pause * random.uniform(1.0, 1.5))  # noqa: S311 - no secret comes of it
        pause = min(pause * 2, LONGEST_PAUSE)


async def _listen(
    target: Target, login: Login, access: Access, dialling: asyncio.Semaphore, heard: Tell, late: Late
) -> tuple[str, bool]:
    """Listen to a router as long as that goes; return why it does not go any further, and whether it answers."""
    try:
        async with AsyncExitStack() as stack:
            async with dialling:
                connection = await stack.enter_async_context(_connected(target, login, access))
            await LISTENS[target.platform](connection, target.serial, heard, late)
    except (AuthenticationRefused, HostKeyDiffers, UnreadableProject) as error:
        return error.what, True
    except DeviceUnreachable as error:
        return error.what, False
    except ProvisoError as error:
        return error.what, True
    except Exception as error:  # whatever a router does to the library, the others are followed
        return f"the session broke off ({type(error).__name__})", False
    return "it stopped telling", False


def _connected(target: Target, login: Login, access: Access) -> AbstractAsyncContextManager[Connected]:
    ((_, host), *_) = target.ways
    keys = keys_of(target, host, access)
    return connected(host, target.port, login, keys, seconds=access.seconds, proxy=access.proxy)
