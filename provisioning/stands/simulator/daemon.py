"""The background process that is the simulator: `python -m provisioning.stands.simulator.daemon FOLDER LOCK`.

It reads what to build on standard input and tells its progress on standard output, a JSON object a line; then it
answers on a socket in its folder: one request a connection, a JSON object a line. It holds the folder's lock as long
as it lives, so that one that was killed is known to be gone, and a new one may start from what the devices kept.
"""

import asyncio
import errno
import json
import os
import secrets
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh

from provisioning.errors import BadInput, ProvisoError, SimulatorUnable, UnknownName
from provisioning.stands.simulator import cutting, faults, parts
from provisioning.stands.simulator import folder as places
from provisioning.stands.simulator.host_keys import HostKeys
from provisioning.stands.simulator.network import network_of
from provisioning.stands.simulator.ssh_server import Servers
from provisioning.stands.simulator.world import OltPlan, Plan, VantagePlan, World, known_hosts, utc_now
from provisioning.stands.stand import at_short_path

REQUEST_SECONDS = 5.0
"""How long a client may take to say what it wants."""

MAX_REQUEST = 65536

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES}
"""Why nothing can be written there, whatever stands there."""


@dataclass(slots=True)
class Simulator:
    """What the daemon holds.

    Attributes:
        access: what programs need that reach the world, by name of the environment variable.
        since: when it came up, seconds since 1970.
    """

    world: World
    cpes: int
    iosxe: int
    access: dict[str, str]
    since: float
    over: asyncio.Event


def main() -> None:
    """Hold a simulator until told to stop."""
    folder = Path(sys.argv[1])
    # The lock is ours from here on; programs that we might start do not get it.
    os.set_inheritable(int(sys.argv[2]), False)
    os.umask(0o077)
    try:
        asyncio.run(_live(folder, json.load(sys.stdin)))
    except ProvisoError as error:
        _tell(error=_error(error))
        sys.exit(1)
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        _tell(error=_error(_no_room(error, folder)))
        sys.exit(1)


def _no_room(error: OSError, folder: Path) -> SimulatorUnable:
    return SimulatorUnable(
        f"cannot be written: {(error.strerror or 'no room').lower()}",
        where=str(error.filename or folder),
        remedy="Make room there, or name another --state; what the devices saved stays.",
    )


async def _live(folder: Path, wanted: dict[str, Any]) -> None:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, over.set)
    world = World(folder, folder.parent / "network")
    plan = _plan(folder, wanted)
    keys = HostKeys(folder / "host_keys")
    try:
        parts.build(world, plan, keys, lambda stage, number: _tell(stage=stage, number=number))
    except (OSError, ValueError, asyncssh.Error) as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise
        raise SimulatorUnable(
            f"what a device kept cannot be read: {error}",
            where=str(folder),
            remedy="`proviso simulator down --erase` has every device forget everything.",
        ) from None
    user, password = "proviso", secrets.token_urlsafe(24)
    proxy = await parts.listen(world, Servers(world, wanted.get("round_trip", 0.0)), user, password)
    (folder / "known_hosts").write_text("".join(known_hosts(world)))
    access = {
        "PROVISO_OLT_PASSWORD": plan.olt_password,
        "PROVISO_SOCKS_PROXY": f"socks5://{user}:{password}@127.0.0.1:{proxy}",
    }
    simulator = Simulator(world, plan.cpes, plan.iosxe, access, utc_now().timestamp(), over)
    answers = await asyncio.start_unix_server(
        lambda reader, writer: _serve(simulator, reader, writer), sock=_listener(folder), limit=MAX_REQUEST
    )
    _end_with(wanted.get("ends_with"), over)
    _tell(ready=True)
    # Whoever started us reads no further.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    await over.wait()
    answers.close()
    (folder / places.SOCKET).unlink(missing_ok=True)


def _end_with(process: int | None, over: asyncio.Event) -> None:
    """End when another process does, however that ends; None for one that lives until it is told to end."""
    if process is None:
        return
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        over.set()
        return
    asyncio.get_running_loop().add_reader(handle, over.set)


def _plan(folder: Path, wanted: dict[str, Any]) -> Plan:
    key = folder / "key"
    if not key.exists():
        made = asyncssh.generate_private_key("ssh-ed25519", comment="simulator")
        (folder / "key.pub").write_bytes(made.export_public_key())
        partial = folder / ".key.part"
        partial.write_bytes(made.export_private_key())
        partial.replace(key)
    return Plan(
        cpes=wanted["cpes"],
        olts=tuple(OltPlan(each["name"], each["hostname"], each["ports"]) for each in wanted["olts"]),
        vantages=tuple(VantagePlan(each["name"], each["hostname"], each["data"]) for each in wanted["vantages"]),
        user_key=asyncssh.read_private_key(key).convert_to_public(),
        olt_user=wanted["olt_user"],
        olt_password=secrets.token_urlsafe(18),
        waits={serial: (olt, port) for serial, (olt, port) in wanted["waits"].items()},
        iosxe=wanted.get("iosxe", 0),
        kept=wanted.get("kept", True),
    )


def _listener(folder: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with at_short_path(folder) as short:
        listener.bind(f"{short}/{places.SOCKET}")
    (folder / places.SOCKET).chmod(0o600)
    listener.listen(64)
    return listener


async def _serve(simulator: Simulator, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        request = json.loads(await asyncio.wait_for(reader.readline(), REQUEST_SECONDS))
        writer.write(json.dumps(_answer(simulator, request)).encode() + b"\n")
        await writer.drain()
        if request["do"] == "down":
            simulator.over.set()
    except (OSError, ValueError, TypeError, KeyError, TimeoutError):
        # A client that went away, or is none of ours: the next one may be.
        pass
    finally:
        writer.close()


def _answer(simulator: Simulator, request: dict[str, Any]) -> dict[str, Any]:
    try:
        match request["do"]:
            case "down":
                return {}
            case "status":
                return _status(simulator)
            case "access":
                return {"environment": simulator.access}
            case "fault":
                return _fault(simulator.world, request)
            case "cut":
                return cutting.cut(simulator.world, request)
            case "heal":
                return cutting.heal(simulator.world, request)
            case "replace":
                return _replace(simulator.world, request)
            case other:
                raise UnknownName(f"the daemon cannot {other}", where="simulator")
    except ProvisoError as error:
        return {"error": _error(error)}


def _status(simulator: Simulator) -> dict[str, Any]:
    world = simulator.world
    hosts = [
        {
            "name": host.name,
            "kind": getattr(host, "kind", "host"),
            "reached_at": world.addresses_of(host.name),
            "connections": world.connections(host.name),
            "state": host.shown() if hasattr(host, "shown") else "",
            "faults": world.faults_of(host.name).shown(),
            "cuts": cutting.cuts_of(host),
        }
        for host in world
    ]
    onts = [
        {
            "serial": serial,
            "lit": world.fibre.is_lit(serial),
            "olt": passing.olt if (passing := world.fibre.passing.get(serial)) else None,
            "port": passing.port if passing else None,
            "down": passing.down if passing else None,
            "up": passing.up if passing else None,
        }
        for serial in sorted(world.fibre.onts | world.fibre.unplugged)
    ]
    return {
        "since": simulator.since,
        "cpes": simulator.cpes,
        "iosxe": simulator.iosxe,
        "hosts": hosts,
        "onts": onts,
    }


def _fault(world: World, request: dict[str, Any]) -> dict[str, Any]:
    kind = faults.FaultKind(request["kind"])
    clear = bool(request["clear"])
    if kind is faults.FaultKind.UNPLUG:
        serial = str(request["host"]).upper()
        if serial not in world.fibre.onts:
            raise UnknownName(
                f"no ONT is called `{request['host']}`",
                where="simulator",
                remedy="`proviso simulator status --json` lists the ONTs.",
            )
        world.fibre.plug(serial, plugged=clear)
        return {"host": serial, "kind": kind.value, "faults": {} if clear else {kind.value: True}}
    name = world.named(request["host"]).name
    if kind is faults.FaultKind.POWER_LOSS:
        if clear:
            raise BadInput(
                "a loss of power is over when it is done",
                where="proviso simulator fault",
                remedy="Nothing to do: the device is back with what it had saved.",
            )
        world.lose_power(name)
    elif kind in faults.OF_ROUTERS and not clear and getattr(world.named(name), "kind", "") != "router":
        raise BadInput(
            "only a router has a disk that fills up, or a mobile modem",
            where=name,
            remedy="Name a router, such as LX0101.",
        )
    else:
        changed = faults.changed(world.faults_of(name), kind, request.get("value"), clear=clear)
        world.faults[name] = changed
    return {"host": name, "kind": kind.value, "faults": world.faults_of(name).shown()}


def _replace(world: World, request: dict[str, Any]) -> dict[str, Any]:
    old, new = (world.named(str(request[each])).name for each in ("old", "new"))
    network = network_of(world)
    for each in (old, new):
        if each not in network.routers:
            raise BadInput("only a router takes the place of a router", where=each, remedy="Name routers.")
        if not network.has_power(network.routers[each]):
            raise BadInput(
                "it was taken away",
                where=each,
                remedy="`proviso simulator down`, then `up`, puts every router where it was first.",
            )
    if old == new:
        raise BadInput("a router cannot take its own place", where=old, remedy="Name another one.")
    network.exchange(old, new)
    return {"old": old, "new": new}


def _tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _error(error: ProvisoError) -> dict[str, str]:
    return {"kind": type(error).__name__, "what": error.what, "where": error.where, "remedy": error.remedy}


if __name__ == "__main__":
    main()
