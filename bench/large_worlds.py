"""Worlds with many lines whose routers run IOS-XE, for what is measured over a fleet."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from forms import typed
from worlds import NOON, ROOT, World, project_with_pools

from provisioning.model.run import RunKind, RunState, Snapshot
from provisioning.store.engine import Store

POOLS = {"192.0.2.0/24": "100.64.0.0/16", "198.51.100.0/24": "100.96.0.0/12"}
"""Those of the shipped project are too small; shared address space (RFC 6598) is as good as any here."""


@dataclass(frozen=True)
class Line:
    """A line, and what its router is told."""

    id: str
    serial: str
    patch: str


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


def recipient(state: Path) -> None:
    """Let there be somebody who can read the originals."""
    import pyrage

    (state / "backups").mkdir(mode=0o700)
    identity = pyrage.x25519.Identity.generate()
    (state / "backups" / "recipients.txt").write_text(f"# restore: bench\n{identity.to_public()}\n")
