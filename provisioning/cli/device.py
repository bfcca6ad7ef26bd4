"""`proviso device`: the routers themselves."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import known_device, output, show_device, show_run, surroundings
from provisioning.cli.json_values import plain_fields
from provisioning.cli.options import JsonOption, complete_platform
from provisioning.errors import AnswerNotUnderstood, DeviceUnreachable, EnvironmentTrouble, ExitCode

if TYPE_CHECKING:
    from provisioning.devices.open_router import OpenRouter
    from provisioning.devices.reach import Access

app = typer.Typer(
    help="Routers: make them ready, and look at them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

SerialArgument = Annotated[str, typer.Argument(metavar="SERIAL", help="Serial of the router.")]

PlatformOption = Annotated[
    str | None,
    typer.Option(
        metavar="PLATFORM",
        help="linux_cpe or cisco_iosxe; without it, as the router's line says, else linux_cpe.",
        autocompletion=complete_platform,
    ),
]

DEFAULT_PLATFORM = "linux_cpe"

_HOST = re.compile(r"[.:]")
"""What a host name with its domain or an address has, and a serial has not."""


@app.command("bootstrap")
def bootstrap(
    router: Annotated[
        str, typer.Argument(metavar="SERIAL|HOST", help="Serial of the router, or its address or full name.")
    ],
    platform: PlatformOption = None,
    json: JsonOption = False,
) -> None:
    """Make a factory-new router ready, so that Proviso can change it; its host key is put on record.

    A router that is named by its serial is looked for on the staging network, and must be that one.
    Done a second time, it changes nothing.

    \b
    Examples:
      proviso device bootstrap LX0101
      proviso device bootstrap FGL26000121 --platform cisco_iosxe
      proviso device bootstrap 192.0.2.17
    """
    from provisioning.devices.host_keys import scan_host_key
    from provisioning.devices.open_router import bootstrap_router
    from provisioning.devices.reach import need_key, staging_name

    settings = surroundings.settings()
    serial = None if _HOST.search(router) else router
    host = staging_name(settings.staging_host, serial) if serial else router
    access = _access()
    need_key(access.key_file)
    chosen = _platform(serial, platform)
    host_key = scan_host_key(host, known_hosts=access.known_hosts, proxy=access.proxy)
    with _taken_for(chosen, known_device.look_up(serial).platform if serial else None):
        ready = bootstrap_router(chosen, host, access, serial=serial, host_key=host_key)
    known_device.record_host_key(ready.serial, ready.host_key)
    if json:
        output.print_json({**plain_fields(ready), "host": host})
    else:
        show_device.print_bootstrapped(ready, host)


@app.command("facts")
def facts(serial: SerialArgument, platform: PlatformOption = None, json: JsonOption = False) -> None:
    """Show what a router says of itself: versions, addresses, helper, and where it stands.

    \b
    Examples:
      proviso device facts LX0101
    """
    with _reached(serial, platform) as opened:
        found = opened.device.facts()
        status = opened.device.status() if found.helper == opened.helper else None
    if json:
        output.print_json({"host": opened.host, "way": opened.way, "facts": found, "status": status})
    else:
        show_device.print_facts(found, status, opened.host, opened.way.value, helper=opened.helper)


@app.command("fetch")
def fetch(
    serial: SerialArgument,
    to: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write the documents there.")] = None,
    platform: PlatformOption = None,
    json: JsonOption = False,
) -> None:
    """Show the configuration that is in force on a router; secrets are masked.

    \b
    Examples:
      proviso device fetch LX0101
      proviso device fetch LX0101 --to ./LX0101
    """
    from provisioning.platforms.routers import ROUTERS

    with _reached(serial, platform) as opened:
        running = opened.device.fetch()
    mask = ROUTERS[opened.platform].mask
    masked = {name: mask(name, text).encode("utf-8", "replace").decode() for name, text in running.documents.items()}
    if to is not None:
        _write(to, masked)
    if json:
        output.print_json({"serial": serial, "digest": running.digest, "documents": masked})
    else:
        show_device.print_documents(running.digest, masked, to)


@app.command("diff")
def diff(serial: SerialArgument, json: JsonOption = False) -> None:
    """Show how a router differs from what its line's order renders now; exit code 1 if it does.

    What the customer may change, that is SSID, key and channel, is no difference. Secrets are masked.

    \b
    Examples:
      proviso device diff LX0101
    """
    from provisioning.workflows.compare_device import compare_device

    change = compare_device(serial, surroundings.surroundings())
    if json:
        output.print_json(
            {"serial": serial, "in_force": change.base, "wanted": change.wanted, "differences": change.differences}
        )
    elif change.empty:
        output.say(f"{serial} has what its line's order renders.")
    else:
        show_run.print_differences(change.differences)
    surroundings.finish(ExitCode.DONE if change.empty else ExitCode.REFUSED)


def _write(folder: Path, documents: dict[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in documents.items():
            (folder / name).write_text(text, "utf-8")
    except OSError as error:
        reason = (error.strerror or "cannot be written").lower()
        raise EnvironmentTrouble(reason, where=str(folder), remedy="Name another folder.") from None


@contextmanager
def _reached(serial: str, platform: str | None) -> "Iterator[OpenRouter]":
    from provisioning.devices.open_router import open_router
    from provisioning.devices.reach import staging_name

    known = known_device.look_up(serial)
    chosen = platform or known.platform or DEFAULT_PLATFORM
    with _taken_for(chosen, known.platform):
        opened = open_router(
            chosen,
            serial,
            _access(),
            management=known.management,
            staging=staging_name(surroundings.settings().staging_host, serial),
            host_key=known.host_key,
        )
        with closing(opened.device):
            yield opened


@contextmanager
def _taken_for(chosen: str, known: str | None) -> "Iterator[None]":
    """Say of what makes no sense that it may be another platform's, unless the router's line says which it is."""
    try:
        yield
    except (AnswerNotUnderstood, DeviceUnreachable) as error:
        from provisioning.devices.reach import answers_strangely

        if answers_strangely(error) and chosen != known:
            what = f"`--platform {known}` is what its line says." if known else "`--platform` names another."
            error.remedy += f" Is it of the platform {chosen}? {what}"
        raise


def _access() -> "Access":
    from provisioning.devices.reach import Access

    settings = surroundings.settings()
    return Access(settings.ssh_key_file, settings.known_hosts_file, proxy=settings.socks_proxy)


def _platform(serial: str | None, chosen: str | None) -> str:
    if chosen is not None or serial is None:
        return chosen or DEFAULT_PLATFORM
    return known_device.look_up(serial).platform or DEFAULT_PLATFORM
