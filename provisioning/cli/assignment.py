"""`proviso assignment`: who has which address, who had it, and giving it back."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, show_assignment, surroundings
from provisioning.cli.options import JsonOption, LineArgument, complete_line, complete_pool, complete_role
from provisioning.errors import BadInput, Refused, UnknownName

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    from provisioning.model.assignment import Assignment
    from provisioning.model.intent import Role

app = typer.Typer(help="Assignments: who has which address, since when.", no_args_is_help=True, rich_markup_mode=None)

SHOWN_AT_ONCE = 200


@app.command("list")
def list_assignments(
    line: Annotated[str | None, typer.Option(help="Only of this line.", autocompletion=complete_line)] = None,
    pool: Annotated[str | None, typer.Option(help="Only from this pool.", autocompletion=complete_pool)] = None,
    quarantined: Annotated[bool, typer.Option("--quarantined", help="Only what rests.")] = False,
    history: Annotated[bool, typer.Option("--history", help="With what was held before.")] = False,
    limit: Annotated[
        int | None,
        typer.Option(min=1, max=1_000_000, help=f"At most so many (default: {SHOWN_AT_ONCE}; with --json all)."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """List assignments by pool and address.

    \b
    Examples:
      proviso assignment list --line L-1
      proviso assignment list --pool fixed --quarantined
    """
    from provisioning.model.assignment import AssignmentState
    from provisioning.store import assignments, lines, pools

    if quarantined and history:
        raise BadInput("two ways at once", where="--quarantined --history", remedy="Choose one of them.")
    states: tuple[AssignmentState, ...] = (AssignmentState.ASSIGNED, AssignmentState.QUARANTINED)
    if quarantined:
        states = (AssignmentState.QUARANTINED,)
    elif history:
        states = tuple(AssignmentState)
    most = limit if limit is not None or json else SHOWN_AT_ONCE
    with surroundings.surroundings().store.read() as connection:
        if line is not None:
            lines.need_line(connection, line)
        if pool is not None:
            pools.find_pool(connection, pool)
        found = assignments.list_assignments(connection, line=line, pool=pool, states=states, limit=most)
    if json:
        output.print_json({"assignments": found})
        return
    if not found:
        output.say("No such assignments.")
        return
    _print_table(found)
    if len(found) == most:
        output.note(f"The first {most}; --limit shows more, --line and --pool narrow it down.")


@app.command("show")
def show_address(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="An address or prefix.")],
    json: JsonOption = False,
) -> None:
    """Show who has an address, and who had it.

    \b
    Examples:
      proviso assignment show 192.0.2.7
    """
    from provisioning.store import assignments

    network = _network(address)
    with surroundings.surroundings().store.read() as connection:
        found = assignments.touching(
            connection, f"ipv{network.version}", int(network.network_address), int(network.broadcast_address)
        )
    if json:
        output.print_json({"address": str(network), "assignments": found})
    elif found:
        _print_table(found)
    else:
        output.say(f"Nobody has {network}, and nobody had it.")


@app.command("release")
def release_assignment(
    line: LineArgument,
    role: Annotated[
        str,
        typer.Argument(
            metavar="ROLE", help="fixed-ipv4, ip-pack, ipv6, management or ont-id.", autocompletion=complete_role
        ),
    ],
    reason: Annotated[str, typer.Option(help="Why; it stays on record.")],
    quarantine_days: Annotated[
        int | None, typer.Option(metavar="DAYS", min=0, max=3650, help="Rest this long instead of the pool's time.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: JsonOption = False,
) -> None:
    """Take what a line holds in a role back.

    It rests in quarantine before another line may get it.
    While it rests, accepting the line's order again gives it back.

    \b
    Examples:
      proviso assignment release L-7 ip-pack --reason "customer left early" --yes
    """
    from provisioning.store import assigning, assignments, lines
    from provisioning.store.assignments import Release

    around = surroundings.surroundings()
    with around.store.read() as connection:
        found = lines.need_line(connection, line)
        present = assignments.held_by(connection, found.id)
    wanted = _role(role)
    if not reason.strip():
        raise BadInput("the reason is empty", where="--reason", remedy="Say why the address is taken back.")
    held = next((each.address for each in present if each.role is wanted), "nothing")
    _confirm(f"Take {wanted} {held} of line {found.id} ({found.customer}) back?", yes=yes)
    release = Release(reason.strip(), around.clock.now(), around.quarantine_days, quarantine_days)
    with around.store.write() as connection:
        released = assigning.release_role(connection, found.id, wanted, release)
    if json:
        output.print_json({"assignment": released})
    else:
        output.say(f"{released.address} is released and rests until {released.quarantine_until:%Y-%m-%d %H:%M} UTC.")


def _confirm(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise BadInput("nobody can be asked here", where="--yes", remedy="Add --yes if it is meant.")
    try:
        meant = typer.confirm(output.safe(question), err=True)
    except typer.Abort:
        meant = False
    if not meant:
        raise Refused("not released, as you said", remedy="Nothing was changed.")


def _role(written: str) -> "Role":
    from provisioning.model.intent import Role

    try:
        return Role(written)
    except ValueError:
        raise UnknownName(
            f"there is no role {written!r}", where="ROLE", remedy=f"One of: {', '.join(Role)}."
        ) from None


def _network(written: str) -> "IPv4Network | IPv6Network":
    from ipaddress import ip_network

    try:
        return ip_network(written, strict=False)
    except ValueError:
        raise UnknownName(
            f"{written!r} is no address", where="ADDRESS", remedy="Write it as 192.0.2.7 or 2001:db8::/56."
        ) from None


def _print_table(found: "list[Assignment]") -> None:
    output.print_table(
        ("address", "role", "line", "since", "by order", "until"),
        (
            (
                each.address,
                each.role.value,
                each.line,
                f"{each.assigned_at:%Y-%m-%d}",
                each.assigned_by,
                ": ".join(filter(None, (show_assignment.until(each), each.release_reason))),
            )
            for each in found
        ),
        wraps=("until",),
    )
