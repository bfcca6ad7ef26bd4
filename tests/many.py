"""Stores with as many lines as a large operator has, filled by the database itself."""

import json

from sqlalchemy import text

from provisioning.store.engine import Store

EVERY = 5_000
"""Of so many lines one has the rare formula."""

COMMON, RARE = "fullfiber", "fullfiber-extended"

_NUMBERS = "with recursive n(i) as (select 1 union all select i + 1 from n where i < :number)"
_MOMENT = "'2026-01-01 00:00:00.000000'"
_LOOPBACKS = 10 << 24
_STATEMENTS = (
    f"""
    insert into pool(id, name, purpose, space, scope, first, last, reserved, special_purpose, created_at)
    values (1, 'loopbacks', 'management', 'ipv4', '', printf('%032x', {_LOOPBACKS}),
        printf('%032x', {_LOOPBACKS + (1 << 24) - 1}), '[]', 1, {_MOMENT})
    """,
    f"""
    {_NUMBERS} insert into line(id, state, formula, customer, site, form, created_at, activated_at)
    select i, 'accepted', iif(i % {EVERY} = 0, '{RARE}', '{COMMON}'), 'Customer ' || i, 'Site ' || i, :form, {_MOMENT},
        iif(i % 2, {_MOMENT}, null) from n
    """,
    f"""
    {_NUMBERS} insert into device(line_id, kind, serial, platform, since)
    select i, 'cpe', printf('LX%06d', i), 'linux_cpe', {_MOMENT} from n
    """,
    f"""
    {_NUMBERS} insert into device(line_id, kind, serial, platform, olt, port, since)
    select i, 'ont', printf('HWTC%08X', i), 'huawei_smartax', iif(i % 100, 'olt-brussels-1', 'olt-namur-1'), '0/1/0',
        {_MOMENT} from n
    """,
    f"""
    {_NUMBERS} insert into assignment
        (pool_id, space, line_id, role, first, last, level, state, assigned_at, assigned_by)
    select 1, 'ipv4', i, 'management', printf('%032x', {_LOOPBACKS} + i), printf('%032x', {_LOOPBACKS} + i), 0,
        'assigned', {_MOMENT}, 'PX-' || i from n
    """,
    f"""
    {_NUMBERS} insert into host_key(serial, kind, key, recorded_at)
    select printf('LX%06d', i), 'ssh-ed25519', 'AAAA' || i, {_MOMENT} from n
    """,
)


def fill(store: Store, lines: int, *, form_bytes: int = 1_500) -> None:
    """Give a store on SQLite so many lines, each with router, ONT, management address, host key and a form."""
    given = {"number": lines, "form": json.dumps({"x": "y" * form_bytes})}
    with store.write() as connection:
        for statement in _STATEMENTS:
            connection.execute(text(statement), given)


_RUN = f"""
    {_NUMBERS} insert into run(id, line_id, order_number, scope, stage, state, base, wanted, started_at, ended_at,
        message, differences, verdict, snapshot, stages)
    select i, 1 + i % :lines, 'PX-' || i, printf('LX%06d', i), 'record', iif(i % 10, 'proven', 'went back'), :digest,
        :digest, {_MOMENT}, {_MOMENT}, 'confirmed after the proof', :differences, :verdict, :snapshot, '[]' from n
"""


def fill_runs(store: Store, runs: int, lines: int) -> None:
    """Give a store that `fill` has filled so many runs, each with a verdict and differences as large as real ones."""
    check = {
        "check": "opening tcp/443 192.0.2.1",
        "kind": "opening",
        "subject": "tcp/443 of 192.0.2.1 to 172.20.8.10",
        "viewpoint": "internet",
        "weight": "gate",
        "outcome": "passed",
        "finding": "answered at the right host",
        "evidence": "SYN and ACK, at the server's address behind the router",
        "facts": ["I-4.2"],
        "figures": [],
        "series": [],
    }
    given = {
        "number": runs,
        "lines": lines,
        "digest": "a" * 64,
        "differences": json.dumps([{"document": "frr.conf", "text": "+ line\n" * 200, "secret": False}]),
        "verdict": json.dumps({"results": [check] * 25}),
        "snapshot": json.dumps({"form": "x" * 4_000}),
    }
    with store.write() as connection:
        connection.execute(text(_RUN), given)
