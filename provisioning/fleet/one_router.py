"""Fetching from one router: by each of its ways, tried again where that may help, and not for ever."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping

from provisioning.devices.known_hosts import known_keys
from provisioning.devices.open_router import CISCO_IOSXE, LINUX_CPE
from provisioning.devices.reach import Access
from provisioning.errors import (
    AuthenticationRefused,
    DeviceTimeout,
    DeviceUnreachable,
    ProvisoError,
    UnreadableProject,
    cause_of,
)
from provisioning.fleet import cisco_iosxe, linux_cpe
from provisioning.fleet.connection import Connected, connected, key_of
from provisioning.fleet.login import Login
from provisioning.fleet.target import Target
from provisioning.model.backup import Fetched, Missed

TRIES = 3

PAUSE_SECONDS = 0.5
"""Before the second try; twice as long before each further one, and up to half as long again at random."""

Fetch = Callable[[Connected, str], Awaitable[Mapping[str, str]]]

FETCHES: Mapping[str, Fetch] = {LINUX_CPE: linux_cpe.fetch, CISCO_IOSXE: cisco_iosxe.fetch}


async def fetch_from(target: Target, login: Login, access: Access, *, seconds: float) -> Fetched | Missed:
    """Return what a router has in force, or why it could not be fetched; it raises nothing of a router's.

    Args:
        seconds: how long all of it may take.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _insist(target, login, access)
    except TimeoutError:
        late = DeviceTimeout(f"it was not done within {seconds:.0f} s", where=target.serial)
        return _missed(target, late)
    except ProvisoError as error:
        return _missed(target, error)
    except Exception as error:  # whatever a router does to the library, the others are fetched from
        return Missed(target.line, target.serial, "unknown", f"the session broke off ({type(error).__name__})")


async def _insist(target: Target, login: Login, access: Access) -> Fetched:
    for left in reversed(range(TRIES)):
        try:
            return await _reach(target, login, access)
        except AuthenticationRefused:
            raise
        except DeviceUnreachable:
            if not left:
                raise
            # Many that were cut off at the same moment must not come back at the same moment.
            pause = PAUSE_SECONDS * 2 ** (TRIES - 1 - left)
            await asyncio.sleep(pause * random.uniform(1.0, 1.5))  # noqa: S311 - no secret comes of it
    raise AssertionError("the last try returns or raises")


async def _reach(target: Target, login: Login, access: Access) -> Fetched:
    """Fetch by the first way that leads to the router."""
    fetch = _fetch_of(target)
    failures: list[tuple[str, DeviceUnreachable]] = []
    for way, host in target.ways:
        keys = keys_of(target, host, access)
        began = time.monotonic()
        try:
            async with connected(
                host, target.port, login, keys, seconds=access.seconds, proxy=access.proxy
            ) as connection:
                documents = await fetch(connection, target.serial)
        except DeviceUnreachable as error:
            failures.append((way, error))
            continue
        taken = time.monotonic() - began
        slow = connection.slow_key_exchange
        return Fetched(target.line, target.serial, target.platform, documents, taken, slow)
    raise _combined(failures, target.staging)


def _fetch_of(target: Target) -> Fetch:
    fetch = FETCHES.get(target.platform)
    if fetch is None:
        raise UnreadableProject(
            f"this version fetches from no routers of the platform {target.platform}",
            where=target.serial,
            remedy=f"Those that it reaches: {', '.join(FETCHES)}.",
        )
    return fetch


def keys_of(target: Target, host: str, access: Access) -> Mapping[str, bytes]:
    """Return the host keys that are on record, by type."""
    if target.host_key is not None:
        return key_of(target.host_key)
    found: dict[str, bytes] = {}
    if access.known_hosts is not None:
        for each in known_keys(access.known_hosts, host, target.port, "Setting known_hosts_file."):
            found |= key_of(each)
    if not found:
        raise UnreadableProject(
            "no host key of this router is on record",
            where=host,
            remedy="`proviso device bootstrap` records it; or put it into the file of the setting known_hosts_file.",
        )
    return found


def _combined(failures: list[tuple[str, DeviceUnreachable]], where: str) -> DeviceUnreachable:
    if len(failures) == 1:
        return failures[0][1]
    # Whoever answers and refuses is told from who does not answer at all, and is not tried again.
    kinds = (AuthenticationRefused, DeviceTimeout)
    kind = next((each for each in kinds if any(isinstance(error, each) for _, error in failures)), DeviceUnreachable)
    return kind("; ".join(f"{way} {error.where}: {error.what}" for way, error in failures), where=where)


def _missed(target: Target, error: ProvisoError) -> Missed:
    message = error.what if error.where in ("", target.serial) else str(error)
    return Missed(target.line, target.serial, cause_of(error), message)
