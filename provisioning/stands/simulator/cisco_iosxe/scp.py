"""Secure copy: the far side of `scp -t` and `scp -f`, as OpenSSH's old protocol has it.

Cisco IOS XE 17 Secure Shell Configuration Guide, "Secure Copy": it needs `ip scp server enable` and privilege 15.
"""

import re
import shlex

import asyncssh

from provisioning.stands.simulator.cisco_iosxe import reading
from provisioning.stands.simulator.cisco_iosxe.device import Device
from provisioning.stands.simulator.cisco_iosxe.flash import FLASH, FULL, FileError, Place, place_of

OK, WARNING = b"\x00", b"\x01"
DISABLED, DENIED = b"Administratively disabled.\n", b"Privilege denied.\n"
LARGEST = 64 * 1024 * 1024

Process = asyncssh.SSHServerProcess[bytes]


def is_scp(command: str) -> bool:
    """Return whether a command of an exec channel is secure copy's."""
    return command.split()[:1] == ["scp"]


async def serve(command: str, process: Process, device: Device, privilege: int) -> int:
    """Take or give a file; return the exit code."""
    if not reading.has(device.text, "ip scp server enable"):
        process.stdout.write(DISABLED)
        return 1
    if privilege < 15:
        process.stdout.write(DENIED)
        return 1
    try:
        words = shlex.split(command)
    except ValueError:
        words = command.split()
    names = [each for each in words[1:] if not each.startswith("-")]
    place = place_of(names[-1]) if names else None
    if place is None:
        return _refuse(process, f"{names[-1] if names else ''}: Invalid argument")
    options = "".join(each[1:] for each in words[1:] if each.startswith("-"))
    try:
        return await (_take(process, device, place) if "t" in options else _give(process, device, place))
    except asyncssh.misc.Error:
        return 1
    except EOFError:
        return 1


async def _take(process: Process, device: Device, place: Place) -> int:
    process.stdout.write(OK)
    while line := await process.stdin.readline():
        if line.startswith(b"T"):
            process.stdout.write(OK)
            continue
        head = re.fullmatch(rb"C[0-7]{4} (\d{1,10}) (.+)\n", line)
        if head is None or int(head[1]) > LARGEST:
            return _refuse(process, "protocol error")
        process.stdout.write(OK)
        content = await _exactly(process, int(head[1]))
        await _exactly(process, 1)
        name = place.name or head[2].decode("utf-8", "replace")
        try:
            device.write(Place(place.system, name, f"{place.system}/{name}"), content)
        except FileError as error:
            return _refuse(process, FULL if FULL in str(error) else str(error).lstrip("%"))
        process.stdout.write(OK)
    return 0


async def _give(process: Process, device: Device, place: Place) -> int:
    # The far side speaks first.
    if await process.stdin.read(1) != OK:
        return 1
    try:
        content = device.flash.read(place) if place.system == FLASH else device.read(place).encode()
    except FileError as error:
        return _refuse(process, str(error).lstrip("%"))
    process.stdout.write(f"C0644 {len(content)} {place.name.rpartition('/')[2]}\n".encode())
    if await process.stdin.read(1) != OK:
        return 1
    process.stdout.write(content + OK)
    return 0 if await process.stdin.read(1) == OK else 1


async def _exactly(process: Process, length: int) -> bytes:
    found = bytearray()
    while len(found) < length:
        part = await process.stdin.read(length - len(found))
        if not part:
            raise EOFError
        found += part
    return bytes(found)


def _refuse(process: Process, why: str) -> int:
    process.stdout.write(WARNING + f"{why}\n".encode())
    return 1
