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
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import yaml
from backup_farm import PORT, Farm, farm
from forms import typed
from worlds import NOON, ROOT, World, project_with_pools

from provisioning.devices.reach import Access
from provisioning.fleet.fetch import fetch_fleet
from provisioning.fleet.target import Target
from provisioning.model.backup import BackupCause, Fetched, Missed
from provisioning.model.run import RunKind, RunState, Snapshot
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
POOLS = {"192.0.2.0/24": "100.64.0.0/16", "198.51.100.0/24": "100.96.0.0/12"}
"""Those of the shipped project are too small; shared address space (RFC 6598) is as good as any here."""


@dataclass(frozen=True)
class Line:
    """A line, and what its router is told."""

    id: str
    serial: str
    patch: str


# --- the lines -----------------------------------------------------------------------------------------------------


def world_in(folder: Path) -> World:
    """Return a world with larger pools."""
    pools = (ROOT / "inventory" / "pools.yaml").read_text()
    for small, large in POOLS.items():
        pools = pools.replace(small, large)
    pools = "\n".join(each for each in pools.splitlines() if "reserved:" not in each)
    project = project_with_pools(folder / "project", pools)
    shutil.copytree(ROOT / "templates", project / "templates")
    state = folder / "state"
    state.mkdir(mode=0o700)
    return World(Store.open(state, now=NOON, lock_timeout=60), project=project, state=state)


def order(number: int) -> dict[str, Any]:
    """Return the order of a customer with a Cisco router, and much on it."""
    form: dict[str, Any] = yaml.safe_load((ROOT / "examples/orders/internet-pro-plus-cisco.yaml").read_text())
    form |= {
        "order": f"PX-2026-{number:06}",
        "customer": {"name": f"Customer {number}"},
        "options": {"sla": "premium", "standard_changes": True, "router_choice": True},
        "cpe": {"platform": "cisco_iosxe", "serial": f"FGL2600{number:04}"},
        "lan": {"subnet": form["lan"]["subnet"]},
        "servers": form["servers"][:2],
        "wifi": {**form["wifi"], "ssid": f"Customer {number}"},
    }
    return form


def lines_of(world: World, number: int) -> list[Line]:
    """Accept so many orders, and put on record that they were delivered."""
    return [_line(world, each + 1) for each in range(number)]


def _line(world: World, number: int) -> Line:
    from provisioning.rendering.render import render
    from provisioning.store import lines, runs
    from provisioning.workflows.accept_order import accept_order
    from provisioning.workflows.line_secrets import need_secrets

    done = accept_order(typed(order(number)), world.around)
    if done.line is None or done.addressed is None or done.product is None:
        raise SystemExit(done.findings)
    with world.store.write() as connection:
        secrets = need_secrets(connection, done.line, done.product, world.around)
        lines.activate_line(connection, done.line, NOON)
        snapshot = Snapshot(done.product, done.addressed)
        run = runs.begin_run(
            connection,
            line=done.line,
            order=done.order,
            kind=RunKind.ACTIVATE,
            scope=f"FGL2600{number:04}",
            executor="bench",
            target=snapshot,
            now=NOON,
        )
        runs.keep_snapshot(connection, run, snapshot, None)
        runs.end_run(connection, run, RunState.PROVEN, "proven", NOON)
    config = render(done.addressed, world.around.operator, secrets, world.project / "templates")
    wanted = {each.name: each.reveal() for each in config.documents}  # type: ignore[union-attr]  # it has a router
    return Line(done.line, f"FGL2600{number:04}", "\n".join(reversed(wanted.values())))


# --- the clients ---------------------------------------------------------------------------------------------------


def more_lines(world: World, first: int, number: int) -> None:
    """Let there be so many lines, each like one of the first ones: a router may well be asked for many lines."""
    from sqlalchemy import text

    with world.store.write() as connection:
        for statement in _MORE:
            connection.execute(text(statement), {"first": first, "number": number})


_COUNT = "with recursive n(i) as (select :first + 1 union all select i + 1 from n where i < :number)"
_MORE = (
    f"""
    {_COUNT} insert into line(id, state, formula, customer, site, form, created_at, activated_at)
    select i, state, formula, 'Customer ' || i, site, form, created_at, activated_at from n
        join line on line.id = 1 + (i - 1) % :first
    """,
    f"""
    {_COUNT} insert into run(line_id, order_number, kind, scope, stage, state, started_at, ended_at, message, snapshot,
        stages)
    select i, order_number, kind, scope, stage, run.state, started_at, ended_at, message, snapshot, stages from n
        join run on run.line_id = 1 + (i - 1) % :first
    """,
)


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
    access = Access(found.key, None)

    def look(asked: Sequence[SelectedDevice]) -> Iterator[Fetched | Missed]:
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


def recipient(state: Path) -> None:
    """Let there be somebody who can read the originals."""
    import pyrage

    (state / "backups").mkdir(mode=0o700)
    identity = pyrage.x25519.Identity.generate()
    (state / "backups" / "recipients.txt").write_text(f"# restore: bench\n{identity.to_public()}\n")


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
