"""`proviso pool`: where addresses come from, and how full it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, surroundings
from provisioning.cli.options import JsonOption, PoolArgument, complete_role
from provisioning.errors import PoolRefused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from provisioning.model.assignment import Assignment
    from provisioning.store.pools import StoredPool, Utilisation

app = typer.Typer(
    help="Pools: utilisation, free blocks by size, quarantine.", no_args_is_help=True, rich_markup_mode=None
)

BAR = 10
QUARANTINE_SHOWN = 20


@app.command("list")
def list_pools(
    every: Annotated[bool, typer.Option("--all", help="Also the pools of each port of an OLT.")] = False,
    json: JsonOption = False,
) -> None:
    """List the pools and how full they are.

    \b
    Examples:
      proviso pool list
      proviso pool list --all --json
    """
    from provisioning.store import pools

    with _looking() as connection:
        present = pools.list_pools(connection)
        shown = [each for each in present if every or json or not each.scope]
        found = [(each, pools.utilisation(connection, each)) for each in shown]
    if json:
        output.print_json({"pools": [_data(stored, used) for stored, used in found]})
        return
    if not found:
        output.say("There are no pools: add them to inventory/pools.yaml, or with `proviso pool add`.")
        return
    ports = len({each.scope for each in present if each.scope})
    output.print_table(
        ("pool", "purpose", "extent", "in use", "free", "largest"),
        (_row(stored, used, ports) for stored, used in found),
        right=("free",),
        wraps=("pool",),
    )
    output.say("In use: # assigned, ~ resting in quarantine, . free.", "dim")
    if ports and not every:
        output.say("ONT ids are counted on each port of an OLT: --all shows them.", "dim")


def _row(stored: "StoredPool", used: "Utilisation", ports: int) -> tuple[object, ...]:
    head = (stored.pool.name, stored.pool.purpose.value, stored.pool.prefix)
    if stored.is_template:
        return (*head, f"on {ports} ports", "", "")
    return (*head, _bar(used), f"{used.free:,}", _largest(stored, used))


@app.command("show")
def show_pool(pool: PoolArgument, json: JsonOption = False) -> None:
    """Show one pool: utilisation, free blocks, quarantine.

    \b
    Examples:
      proviso pool show fixed
    """
    from provisioning.model.assignment import AssignmentState
    from provisioning.store import assignments, pools

    with _looking() as connection:
        stored = pools.find_pool(connection, pool)
        used = pools.utilisation(connection, stored)
        most = None if json else QUARANTINE_SHOWN + 1
        resting = assignments.list_assignments(
            connection, pool=pool, states=(AssignmentState.QUARANTINED,), limit=most
        )
    if json:
        output.print_json({"pool": _data(stored, used), "quarantine": resting})
        return
    _print_pool(stored, used, resting, surroundings.settings().quarantine_days)


@app.command("add")
def add_pool(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new pool.")],
    extent: Annotated[
        str, typer.Argument(metavar="PREFIX", help="Prefix, such as 192.0.2.0/24; for ONT ids numbers, such as 0-127.")
    ],
    purpose: Annotated[
        str, typer.Option(help="fixed-ipv4, ip-pack, ipv6, management or ont-id.", autocompletion=complete_role)
    ],
    reserved: Annotated[
        list[str] | None, typer.Option(metavar="PREFIX", help="Addresses never to assign; may be repeated.")
    ] = None,
    quarantine_days: Annotated[
        int | None, typer.Option(metavar="DAYS", help="How long a released block rests; default: the setting.")
    ] = None,
    special_purpose: Annotated[
        bool, typer.Option("--special-purpose", help="Space that is not globally reachable is meant (RFC 6890).")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Add a pool.

    \b
    Examples:
      proviso pool add packs-3 198.18.0.0/20 --purpose ip-pack --special-purpose
    """
    from provisioning.addressing.pool import define_pool
    from provisioning.store import pools

    pool = define_pool(
        name,
        purpose,
        extent,
        reserved=reserved or (),
        quarantine_days=quarantine_days,
        special_purpose=special_purpose,
    )
    around = surroundings.surroundings(create=True)
    file = around.pools
    with around.store.write() as connection:
        pools.take_in(connection, file.pools, file.digest, around.clock.now())
        stored = pools.add_pool(connection, pool, around.clock.now())
        used = pools.utilisation(connection, stored)
    if json:
        output.print_json({"pool": _data(stored, used)})
    else:
        output.say(f"Pool {stored.pool.name} added: {stored.pool.prefix} for {stored.pool.purpose}.")


@contextmanager
def _looking() -> "Iterator[Connection]":
    """Yield a connection that sees the pools of the project's file, taken in or not, and leaves no trace."""
    from provisioning.store import pools

    around = surroundings.surroundings()
    file = around.pools
    with around.store.read() as connection:
        up_to_date = pools.taken_in(connection) == file.digest
    if up_to_date:
        with around.store.read() as connection:
            yield connection
        return
    with around.store.rehearse() as connection:
        try:
            pools.take_in(connection, file.pools, file.digest, around.clock.now())
        except PoolRefused as error:
            connection.rollback()
            output.note(f"Not shown: {around.pools_file} cannot be taken in, {error}. {error.remedy}")
        yield connection


def _data(stored: "StoredPool", used: "Utilisation") -> dict[str, object]:
    return {
        "name": stored.pool.name,
        "purpose": stored.pool.purpose,
        "extent": stored.pool.prefix,
        "scope": stored.scope,
        "per_olt_port": stored.is_template,
        "quarantine_days": stored.pool.quarantine_days,
        "special_purpose": stored.pool.special_purpose,
        "unit": _size(stored, used.unit),
        "total": used.total,
        "assigned": used.assigned,
        "quarantined": used.quarantined,
        "reserved": used.reserved,
        "free": used.free,
        "free_blocks": {_size(stored, level): number for level, number in used.free_by_level.items()},
    }


def _print_pool(stored: "StoredPool", used: "Utilisation", resting: "list[Assignment]", default_days: int) -> None:
    pool = stored.pool
    days = f"{default_days} days, the setting" if pool.quarantine_days is None else f"{pool.quarantine_days} days"
    unit = "numbers" if pool.space == "ont-id" else f"blocks of {_size(stored, used.unit)}"
    output.print_facts(
        (
            ("purpose", pool.purpose.value),
            ("extent", pool.prefix),
            ("serves", stored.scope or ("each port of each OLT" if stored.is_template else None)),
            ("quarantine", days),
            ("in use", None if stored.is_template else _bar(used)),
            ("total", f"{used.total:,} {unit}"),
            ("assigned", f"{used.assigned:,}"),
            ("resting", f"{used.quarantined:,}"),
            ("reserved", None if stored.is_template else f"{used.reserved:,}"),
            ("free", None if stored.is_template else f"{used.free:,}"),
        ),
        title=f"Pool {pool.name}",
    )
    if used.free_by_level:
        sizes = sorted(used.free_by_level.items(), reverse=True)
        output.print_table(
            ("size", "number"),
            ((_size(stored, level), f"{number:,}") for level, number in sizes),
            right=("number",),
            title="Free blocks",
        )
    if resting:
        output.print_table(
            ("address", "of line", "until", "reason"),
            (
                (each.address, each.line, f"{each.quarantine_until:%Y-%m-%d}", each.release_reason or "")
                for each in resting[:QUARANTINE_SHOWN]
            ),
            title="Quarantine",
            wraps=("reason",),
        )
    if len(resting) > QUARANTINE_SHOWN:
        rest = f"`proviso assignment list --pool {pool.name} --quarantined` shows the others."
        output.note(f"There are more; {rest}")


def _bar(used: "Utilisation") -> output.Styled:
    """Return the pool as a picture; a single block in use is already visible."""
    usable = max(1, used.assigned + used.quarantined + used.free)

    def cells(units: int) -> int:
        return max(1, round(BAR * units / usable)) if units else 0

    resting = cells(used.quarantined)
    assigned = min(cells(used.assigned), BAR - resting)
    free = BAR - assigned - resting
    return output.styled(
        ("#" * assigned, "green"), ("~" * resting, "yellow"), ("." * free, "dim"), (f" {used.share:4.0%}", "")
    )


def _largest(stored: "StoredPool", used: "Utilisation") -> str:
    return _size(stored, max(used.free_by_level)) if used.free_by_level else "full"


def _size(stored: "StoredPool", level: int) -> str:
    if stored.pool.space == "ont-id":
        return str(1 << level)
    return f"/{(32 if stored.pool.space == 'ipv4' else 128) - level}"
