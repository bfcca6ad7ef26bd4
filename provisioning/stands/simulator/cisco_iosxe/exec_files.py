"""Commands on files: `dir`, `copy`, `more`, `delete`, `verify`, `write memory`.

Cisco IOS Configuration Fundamentals Command Reference, under those names; questions are not asked where `file prompt
quiet` is configured.
"""

from provisioning.stands.simulator.cisco_iosxe import reading
from provisioning.stands.simulator.cisco_iosxe.flash import FLASH, NVRAM, SYSTEM, FileError, Place, md5_of, place_of
from provisioning.stands.simulator.cisco_iosxe.session import Call

BYTES_PER_SECOND = 128_000
OVER = "%Warning:There is a file already existing with this name \nDo you want to over write? [confirm]"
SAVED = "Building configuration...\n[OK]\n"


def is_quiet(call: Call) -> bool:
    """Return whether no questions are asked about files."""
    return not call.session.terminal or reading.has(call.device.text, "file prompt quiet")


def _named(call: Call, name: str) -> Place:
    """Return the file that a command names.

    Raises:
        FileError: when there is no such file system.
    """
    written = call.values.get(name, "bootflash:")
    place = place_of(written)
    if place is None:
        raise FileError(written, "Invalid argument")
    return place


def show_directory(call: Call) -> str:
    """`dir [FILE]`."""
    place = _named(call, "file")
    device = call.device
    device.flash.full = device.is_full
    if place.system == FLASH:
        return device.flash.listing(place.written, place.name)
    if place.system in (NVRAM, SYSTEM):
        name = "startup-config" if place.system == NVRAM else "running-config"
        size = len(device.read(Place(place.system, name, place.written)))
        return f"Directory of {place.written}\n\n    1  -rw-  {size:>15}                    <no date>  {name}\n\n"
    raise FileError(place.written, "Invalid argument")


def more(call: Call) -> str:
    """`more FILE`."""
    text = call.device.read(_named(call, "file"))
    return text if text.endswith("\n") else f"{text}\n"


def verify(call: Call) -> str:
    """`verify /md5 FILE [DIGEST]`."""
    place = _named(call, "file")
    found = md5_of(call.device.flash.read(place))
    said = f"...Done!\nverify /md5 ({place.written}) = {found}\n\n"
    wanted = call.values.get("digest", "")
    if not wanted:
        return said
    if wanted.lower() == found:
        return f"...Done!\nVerified ({place.written}) = {found}\n\n"
    return (
        f"...Done!\n%Error verifying {place.written}\nComputed signature  = {found}\nSubmitted signature = {wanted}\n"
    )


async def delete(call: Call) -> str:
    """`delete [/force] FILE`."""
    place = _named(call, "file")
    if "/force" not in call.words and not is_quiet(call):
        await call.ask(f"Delete filename [{place.name}]? ")
        if (await call.ask(f"Delete {place.written}? [confirm]")).strip().lower() not in ("", "y", "yes"):
            return f"Delete of {place.written} aborted!\n"
    call.device.delete(place)
    return ""


async def write_memory(call: Call) -> str:
    """`write memory`."""
    return call.device.save(call.session.user) or SAVED


async def write_erase(call: Call) -> str:
    """`write erase`."""
    question = "Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]"
    if call.session.terminal and (await call.ask(question)).strip().lower() not in ("", "y", "yes"):
        return ""
    call.device.delete(Place(NVRAM, "startup-config", "nvram:startup-config"))
    return "[OK]\nErase of nvram: complete\n"


async def copy(call: Call) -> str:
    """`copy FROM TO`."""
    source, target = _named(call, "source"), _named(call, "target")
    device = call.device
    text = device.read(source)
    if not is_quiet(call):
        answered = (await call.ask(f"Destination filename [{target.name or source.name}]? ")).strip()
        if answered and target.system == FLASH:
            target = Place(FLASH, answered, f"{FLASH}/{answered}")
    if target.system == NVRAM:
        return _to_startup(call, source, text)
    if target.system == SYSTEM:
        return "".join(device.merge(text, call.session.user)) + copied(len(text.encode()))
    if target.system == FLASH and not target.name:
        target = Place(FLASH, source.name, f"{target.written.rstrip('/')}/{source.name}")
    over = target.name in device.flash.files and not is_quiet(call)
    if over and (await call.ask(OVER)).strip().lower() not in ("", "y", "yes"):
        return "%Error copying file (User aborted)\n"
    device.write(target, text.encode())
    return copied(len(text.encode()))


def _to_startup(call: Call, source: Place, text: str) -> str:
    if source.system == SYSTEM:
        return call.device.save(call.session.user) or SAVED
    return call.device.save_file(text) or f"[OK]\n{copied(len(text.encode()))}"


def copied(length: int) -> str:
    """Return what is said of so many bytes that were copied."""
    seconds = max(0.001, length / BYTES_PER_SECOND)
    return f"{length} bytes copied in {seconds:.3f} secs ({int(length / seconds)} bytes/sec)\n\n"


ROWS = (
    ("dir [{file}]", show_directory, 1),
    ("more {file}", more, 15),
    ("verify /md5 {file} [{digest}]", verify, 15),
    ("delete [/force] {file}", delete, 15),
    ("delete /force /recursive {file}", delete, 15),
    ("copy {source} {target}", copy, 15),
    ("write [memory]", write_memory, 15),
    ("write erase", write_erase, 15),
    ("erase startup-config", write_erase, 15),
)
