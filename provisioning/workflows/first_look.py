"""The first look at a router that somebody else configured: who it is, what is in force; nothing on it is changed."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from provisioning.errors import AnswerNotUnderstood, DeviceRefused
from provisioning.model.device import DeviceFacts, Running
from provisioning.store import host_keys
from provisioning.workflows.surroundings import Surroundings

if TYPE_CHECKING:
    from provisioning.devices.open_router import OpenRouter

SECONDS = 10.0
"""How long each step of a connection may take."""

_HOST = re.compile(r"[.:]")
"""What a host name with its domain or an address has, and a serial has not."""

_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What one look at a router brought.

    Attributes:
        host: name or address at which it answered.
        host_key: `type key`.
        recorded: whether that key was on record before.
        ready: whether it has what Proviso needs to change it.
    """

    host: str
    serial: str
    platform: str
    host_key: str
    recorded: bool
    facts: DeviceFacts
    running: Running
    ready: bool


def first_look(router: str, serial: str | None, platform: str, around: Surroundings) -> FirstLook:
    """Reach a router, and return who it is and what is in force on it.

    Args:
        router: its serial, by which it is looked for on the staging network, or its address or full name.
        serial: that it must have; None to take whichever it is.
        platform: of it.

    Raises:
        AnswerNotUnderstood: when an answer was cut, or is that of another platform.
        DeviceRefused: when it is another router than that, or says no serial.
        DeviceUnreachable: when it does not answer.
        HostKeyDiffers: when its key is not the one on record.
        UnreadableProject: when no key to log in with is set, or there is no such platform.
    """
    from provisioning.devices.host_keys import scan_host_key
    from provisioning.devices.reach import need_key, staging_name

    access = around.access
    need_key(access.key_file)
    if not _HOST.search(router):
        serial = serial or router
    host = router if _HOST.search(router) else staging_name(access.staging_host, router)
    key = _recorded(serial, around) if serial else None
    if key is None:
        key = scan_host_key(host, known_hosts=access.known_hosts, seconds=SECONDS, proxy=access.proxy)
    try:
        return _look(host, serial, platform, key, around)
    except AnswerNotUnderstood as error:
        error.remedy += " Is it of another platform? `--platform` names it."
        raise


def _look(host: str, serial: str | None, platform: str, key: str, around: Surroundings) -> FirstLook:
    opened = _open(host, serial or host, platform, key, around)
    try:
        facts = opened.device.facts()
        found = _serial(facts, serial, host, platform)
        recorded = _recorded(found, around)
        if recorded is not None and recorded != key:
            # Who it is was not known before: reached again by the key on record, an impostor is told by that.
            opened.device.close()
            opened = _open(host, found, platform, recorded, around)
        running = opened.device.fetch() if facts.helper == opened.helper else opened.look()
    finally:
        opened.device.close()
    return FirstLook(
        host=host,
        serial=found,
        platform=platform,
        host_key=recorded or key,
        recorded=recorded is not None,
        facts=facts,
        running=running,
        ready=facts.helper == opened.helper,
    )


def _open(host: str, serial: str, platform: str, key: str, around: Surroundings) -> "OpenRouter":
    from provisioning.devices.open_router import open_router
    from provisioning.devices.reach import Access

    access = around.access
    reached = Access(access.key_file, access.known_hosts, SECONDS, access.proxy)
    return open_router(platform, serial, reached, management=None, staging=host, host_key=key)


def _serial(facts: DeviceFacts, wanted: str | None, host: str, platform: str) -> str:
    from provisioning.devices.bootstrap import require_serial

    require_serial(facts.serial, wanted, "its facts", platform)
    if not _SERIAL.fullmatch(facts.serial):
        raise DeviceRefused(
            "what it says of its serial is none",
            where=host,
            remedy="A serial has up to 64 letters, digits, dots, dashes, underscores and slashes. Look at the router.",
        )
    # Orders have serials in capitals.
    return facts.serial.upper()


def _recorded(serial: str, around: Surroundings) -> str | None:
    with around.store.read() as connection:
        return host_keys.host_key_of(connection, serial)
