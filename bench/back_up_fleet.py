"""A night over simulated Cisco routers: Proviso's whole backup, beside others who only fetch, and the floor of that.

    .venv/bin/python bench/back_up_fleet.py [--routers 300] [--latency 0,50] [--clients proviso,floor,…] [--many 10000]

Everybody logs in with the same key, and fetches the running configuration and the SNMP users of the same routers,
which have the configurations of lines. What counts is the CPU of the client for each router: the routers share the
machine. The others are installed from PyPI into a folder of their own; RANCID where Debian's package is installed.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from backup_farm import PORT, Farm, farm
from large_worlds import lines_of, more_lines, recipient, world_in
from worlds import NOON, World

from provisioning.devices.reach import Access
from provisioning.fleet.fetch import fetch_fleet
from provisioning.fleet.target import Target
from provisioning.model.backup import BackupCause, Fetched, Missed
from provisioning.store.backups import misses_of
from provisioning.store.engine import Store
from provisioning.store.selection import SelectedDevice, Selection, select_devices
from provisioning.workflows.backup_scope import Scope

AT_ONCE = 50
ALL_AT_ONCE = 300
SLOW = ("ansible", "rancid")
"""Take minutes for what takes the others seconds: they get fewer routers, and fewer at once."""

SLOW_ROUTERS, SLOW_AT_ONCE = 20, 10
PEERS = ("ssh2-python", "netmiko", "nornir", "nornir-netmiko", "ansible", "paramiko<5")

# --- the clients ---------------------------------------------------------------------------------------------------


def fetch_from(asked: Sequence[SelectedDevice], *, found: Farm, at_once: int) -> Iterator[Fetched | Missed]:
    """Yield what the routers of a farm have in force, as that is known."""
    access = Access(found.key, None)
    targets = [
        Target(
            each.line,
            each.serial,
            each.platform,
            None,
            found.address[each.serial],
            found.host_key[each.serial],
            PORT,
        )
        for each in asked
    ]
    return fetch_fleet(targets, access, at_once=at_once)


def by_proviso(folder: Path, found: Farm, at_once: int, number: int) -> None:
    """Run two whole nights in this process, and print what each took; the store and its lines are there."""
    from provisioning.workflows.back_up_fleet import back_up_fleet

    world = World(
        Store.open(folder / "state", now=NOON, lock_timeout=60),
        project=folder / "project",
        state=folder / "state",
    )
    with world.store.read() as connection:
        routers = select_devices(connection, Selection())
    devices = tuple(replace(routers[each % len(routers)], line=f"L-{each + 1}") for each in range(number))
    look = partial(fetch_from, found=found, at_once=at_once)
    # Imports are paid once, not for each router, by all clients.
    few, devices = devices[:2], devices[2:]
    back_up_fleet(Scope(few, BackupCause.NIGHTLY), world.around, anew=True, look=look)
    number = len(devices)
    used, began = cpu(), time.monotonic()
    if number <= len(routers):
        fetched = sum(isinstance(each, Fetched) for each in look(devices))
        say("proviso, fetching alone", fetched, number, cpu() - used, time.monotonic() - began)
    for night in ("the first night", "an unchanged night"):
        used, began = cpu(), time.monotonic()
        told = [began]
        over = back_up_fleet(
            Scope(devices, BackupCause.NIGHTLY),
            world.around,
            anew=True,
            look=look,
            tell=partial(note, told),
        )
        good = over.night.kept + over.night.unchanged
        say(f"proviso, {night}", good, number, cpu() - used, time.monotonic() - began)
        print(f"  longest time without news: {max(after - before for before, after in pairwise(told)):.1f} s")
        if over.causes:
            with world.store.read() as connection:
                messages = {each.message for each in misses_of(connection, over.night.id)}
            print(f"  missed: {dict(over.causes)}: {next(iter(messages))}")
        world.clock.move(days=1)


def note(told: list[float], done: object) -> None:
    """Note when something became known."""
    told.append(time.monotonic())


def by_another(client: str, python: Path, found: Farm, folder: Path, at_once: int) -> None:
    """Let another client fetch from the same routers, and print what it took."""
    routers = dict(list(found.address.items())[: SLOW_ROUTERS if client in SLOW else None])
    folder.mkdir(exist_ok=True)
    asked = {
        "hosts": routers,
        "port": PORT,
        "key": str(found.key),
        "at_once": min(at_once, SLOW_AT_ONCE) if client in SLOW else at_once,
        "folder": str(folder),
    }
    script = Path(__file__).parent / "backup_clients.py"
    done = subprocess.run(
        [str(python), str(script), client], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(f"{client:<30} did not run: {(done.stderr.strip().splitlines() or ['it said nothing'])[-1]}", flush=True)
        return
    told = json.loads(done.stdout)
    say(client, told["whole"], len(routers), told["cpu"], told["wall"], told["rss"])


def say(what: str, whole: int, number: int, used: float, wall: float, rss: float | None = None) -> None:
    """Print what came of a client."""
    rss = peak() if rss is None else rss
    print(
        f"{what:<30} {whole:>6} of {number:>6} whole  {1000 * used / max(whole, 1):8.1f} ms CPU each"
        f"  {whole / wall:6.1f} a second  {rss:5.0f} MB",
        flush=True,
    )


def peak() -> float:
    """Return the most memory that this process ever had, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM:"))) / 1000


def cpu() -> float:
    """Return the CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peers_in(folder: Path) -> Path:
    """Install the others; return their interpreter."""
    uv = str(Path(sys.executable).parent / "uv")
    environment = {**os.environ, "VIRTUAL_ENV": str(folder)}
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", *PEERS], env=environment, check=True)
    return folder / "bin" / "python"


# --- all of it -----------------------------------------------------------------------------------------------------


def measure(asked: argparse.Namespace, scratch: Path, python: Path, round_trip: float) -> None:
    """Measure every client over routers that are so far away."""
    folder = scratch / f"{round_trip}"
    folder.mkdir()
    world = world_in(folder)
    lines = lines_of(world, asked.routers)
    number = max(asked.many, asked.routers)
    if number > asked.routers:
        more_lines(world, asked.routers, number)
    world.store.close()
    recipient(folder / "state")
    at_once = asked.at_once or (AT_ONCE if not round_trip else ALL_AT_ONCE)
    print(
        f"{asked.routers} routers, {round_trip * 1000:.0f} ms away, {at_once} at once, load {os.getloadavg()[0]:.1f}"
    )
    with farm(folder / "farm", {each.serial: each.patch for each in lines}, round_trip) as found:
        for client in asked.clients.split(","):
            if client == "proviso":
                # A process of its own, as the others have.
                given = {"found": [dict(found.address), dict(found.host_key), str(found.key)], "number": number}
                command = [sys.executable, __file__, "--inside", str(folder), str(at_once)]
                subprocess.run(command, input=json.dumps(given), text=True, check=True)
            else:
                by_another(client, python, found, folder / client, at_once)


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["--inside"]:
        given = json.load(sys.stdin)
        address, host_key, key = given["found"]
        by_proviso(Path(sys.argv[2]), Farm(address, host_key, Path(key)), int(sys.argv[3]), given["number"])
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--routers", type=int, default=300)
    parser.add_argument("--latency", default="0,50", help="milliseconds of a round trip")
    parser.add_argument("--clients", default="floor,proviso,netmiko,nornir_netmiko,ansible,rancid")
    parser.add_argument("--many", type=int, default=0, help="lines, if more than routers")
    parser.add_argument("--at-once", type=int, default=0, help="routers at a time, if not 50, or 300 over a distance")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        python = peers_in(scratch / "peers") if asked.clients != "proviso" else Path(sys.executable)
        for milliseconds in asked.latency.split(","):
            measure(asked, scratch, python, int(milliseconds) / 1000)


if __name__ == "__main__":
    main()
