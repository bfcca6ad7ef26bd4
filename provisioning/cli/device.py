"""`proviso device`: the routers themselves."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import known_device, output, show_device, show_run, surroundings
from provisioning.cli.options import JsonOption
from provisioning.errors import EnvironmentTrouble, ExitCode, UnreadableProject

if TYPE_CHECKING:
    from provisioning.devices.linux_cpe import LinuxCpe
    from provisioning.devices.reach import Reached

app = typer.Typer(
    help="Routers: make them ready, and look at them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

SerialArgument = Annotated[str, typer.Argument(metavar="SERIAL", help="Serial of the router.")]

_HOST = re.compile(r"[.:]")
"""What a host name with its domain or an address has, and a serial has not."""


@app.command("bootstrap")
def bootstrap(
    router: Annotated[
        str, typer.Argument(metavar="SERIAL|HOST", help="Serial of the router, or its address or full name.")
    ],
    json: JsonOption = False,
) -> None:
    """Make a factory-new router ready: helper, units at boot, host key.

    A router that is named by its serial is looked for on the staging network, and must be that one.
    Done a second time, it changes nothing.

    \b
    Examples:
      proviso device bootstrap LX0101
      proviso device bootstrap 192.0.2.17
    """
    from provisioning.devices.bootstrap import bootstrap as make_ready
    from provisioning.devices.connecting import open_session
    from provisioning.devices.host_keys import known_hosts_for, scan_host_key
    from provisioning.devices.reach import ACCOUNT, staging_name

    settings = surroundings.settings()
    serial = None if _HOST.search(router) else router
    host = staging_name(settings.staging_host, serial) if serial else router
    if settings.ssh_key_file is None:
        raise UnreadableProject(
            "no SSH key is set",
            where="setting ssh_key_file",
            remedy="Name the key's file; in the lab, `proviso lab run -- COMMAND` does it.",
        )
    host_key = scan_host_key(host, known_hosts=settings.known_hosts_file, proxy=settings.socks_proxy)
    with known_hosts_for(host, host_key) as known:
        session = open_session(
            host, user=ACCOUNT, key_file=settings.ssh_key_file, known_hosts=known, proxy=settings.socks_proxy
        )
    try:
        ready = make_ready(session, serial=serial, host_key=host_key)
    finally:
        session.close()
    known_device.record_host_key(ready.serial, ready.host_key)
    if json:
        output.print_json({**_plain(ready), "host": host})
    else:
        show_device.print_bootstrapped(ready, host)


def _plain(value: object) -> dict[str, object]:
    found = output.plain(value)
    return found if isinstance(found, dict) else {}


@app.command("facts")
def facts(serial: SerialArgument, json: JsonOption = False) -> None:
    """Show what a router says of itself: versions, addresses, helper, and where it stands.

    \b
    Examples:
      proviso device facts LX0101
    """
    from provisioning.devices.helper import shipped_digest

    with _reached(serial) as (reached, router):
        found = router.facts()
        status = router.status() if found.helper == shipped_digest() else None
    if json:
        output.print_json({"host": reached.host, "way": reached.way, "facts": found, "status": status})
    else:
        show_device.print_facts(found, status, reached.host, reached.way.value, ours=status is not None)


@app.command("fetch")
def fetch(
    serial: SerialArgument,
    to: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write the documents there.")] = None,
    json: JsonOption = False,
) -> None:
    """Show the configuration that is in force on a router; secrets are masked.

    \b
    Examples:
      proviso device fetch LX0101
      proviso device fetch LX0101 --to ./LX0101
    """
    from provisioning.platforms.linux_cpe.redaction import mask

    with _reached(serial) as (_, router):
        running = router.fetch()
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
def _reached(serial: str) -> "Iterator[tuple[Reached, LinuxCpe]]":
    from provisioning.devices.linux_cpe import LinuxCpe
    from provisioning.devices.reach import reach, staging_name

    settings, known = surroundings.settings(), known_device.look_up(serial)
    reached = reach(
        management=known.management,
        staging=staging_name(settings.staging_host, serial),
        key_file=settings.ssh_key_file,
        known_hosts=settings.known_hosts_file,
        host_key=known.host_key,
        proxy=settings.socks_proxy,
    )
    router = LinuxCpe(reached.session, serial)
    try:
        yield reached, router
    finally:
        router.close()
