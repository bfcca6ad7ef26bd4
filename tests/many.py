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
