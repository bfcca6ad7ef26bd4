"""A store as the version before runs over several devices left it, on either database, and the way up and down."""

from typing import Any

import sqlalchemy as sa
from alembic import command
from forms import minimal, typed
from pydantic import TypeAdapter
from sqlalchemy import Connection
from worlds import NOON, World

from provisioning.catalogue import FORMULAS
from provisioning.model.run import ChangeState, RunKind, RunState, Snapshot
from provisioning.store import lines, migrate, runs
from provisioning.store.columns import UtcDateTime
from provisioning.store.engine import Store
from provisioning.workflows.accept_order import accept_order

DIFFERENCES = [{"document": "frr.conf", "text": "+!", "secret": False}]
BEFORE, AFTER = "a" * 64, "b" * 64

RUN_0003 = sa.table(
    "run",
    sa.column("id", sa.BigInteger),
    sa.column("line_id", sa.BigInteger),
    sa.column("order_number", sa.String),
    sa.column("scope", sa.Text),
    sa.column("stage", sa.String),
    sa.column("state", sa.String),
    sa.column("base", sa.String),
    sa.column("wanted", sa.String),
    sa.column("started_at", UtcDateTime),
    sa.column("ended_at", UtcDateTime),
    sa.column("message", sa.Text),
    sa.column("differences", sa.JSON),
    sa.column("delivered", sa.JSON(none_as_null=True)),
    sa.column("verdict", sa.JSON(none_as_null=True)),
    sa.column("snapshot", sa.JSON(none_as_null=True)),
    sa.column("open_before", sa.JSON(none_as_null=True)),
    sa.column("stages", sa.JSON),
)

STATES = (
    ("proven", ChangeState.KEPT),
    ("went back", ChangeState.TAKEN_BACK),
    ("interrupted", ChangeState.BEGUN),
    ("failed", None),
    ("recorded", None),
    ("running", ChangeState.BEGUN),
)
"""How runs ended, and what that makes of the change of their router; None where they had planned nothing."""


def snapshot() -> Snapshot:
    """Return a line as a run delivers it."""
    store = Store.in_memory()
    answer = accept_order(typed(minimal(FORMULAS["internet-pro-plus"])), World(store).around)
    store.close()
    assert answer.product is not None
    assert answer.addressed is not None
    return Snapshot(answer.product, answer.addressed)


def fill(connection: Connection) -> list[dict[str, Any]]:
    """Bring an empty store to 0003 and put a run of every kind in it; return the rows."""
    migrate.upgrade(connection, "0003")
    lines.add_line(connection, formula="internet-pro-plus", customer="c", site="s", form={}, now=NOON)
    line = TypeAdapter(Snapshot).dump_python(snapshot(), mode="json")
    for number, (state, change) in enumerate(STATES, 1):
        connection.execute(
            RUN_0003.insert().values(
                id=number,
                line_id=1,
                order_number="PX-2026-000900",
                scope="LX0900",
                stage="prove",
                state=state,
                base=BEFORE if change else "",
                wanted=AFTER if change else "",
                started_at=NOON,
                ended_at=None if state == "running" else NOON,
                message=f"it {state}",
                differences=DIFFERENCES if change else [],
                delivered={"ssid": "Imprimerie", "channel": 6} if change else None,
                verdict=None,
                snapshot=line if change else None,
                open_before=None,
                stages=[{"stage": "reach", "at": "2026-11-23T11:00:00Z"}],
            )
        )
    return rows(connection)


def rows(connection: Connection) -> list[dict[str, Any]]:
    """Return the runs of a store that stands at 0003."""
    return [dict(each) for each in connection.execute(sa.select(RUN_0003).order_by(RUN_0003.c.id)).mappings()]


def down(connection: Connection, revision: str) -> None:
    """Take a store back to an earlier migration."""
    command.downgrade(migrate._configuration(connection), revision)


def assert_runs_are_kept_up_and_down(connection: Connection) -> None:
    """Migrate a store with runs to today's tables, read them, and take it back to what it was."""
    before = fill(connection)
    migrate.upgrade(connection)
    found = {each.state: each for each in runs.list_runs(connection)}
    line = snapshot()
    for state, change in STATES:
        run = found[RunState(state)]
        assert (run.kind, run.executor, run.trouble) == (RunKind.ACTIVATE, "", None)
        assert (run.line, run.scope, run.message) == ("L-1", "LX0900", f"it {state}")
        if change is None:
            assert (run.changes, run.target) == ((), None)
            continue
        assert run.target == run.snapshot == line
        kept = run.router_change
        assert kept is not None
        assert (kept.device, kept.base, kept.wanted, kept.state) == ("LX0900", BEFORE, AFTER, change)
        assert [each.document for each in kept.differences] == ["frr.conf"]
    down(connection, "0003")
    assert rows(connection) == before
    migrate.upgrade(connection)
    assert {each.state: each for each in runs.list_runs(connection)} == found
