"""`proviso line`: the lines, and what each of them has."""

from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, show_adoption, show_assignment, show_run, surroundings
from provisioning.cli.adopt import adopt
from provisioning.cli.options import JsonOption, LineArgument
from provisioning.model.line import LineState

if TYPE_CHECKING:
    from provisioning.model.assignment import Assignment
    from provisioning.model.line import Device, Line, ServiceOrder

app = typer.Typer(help="Lines: who has what, since when, by which order.", no_args_is_help=True, rich_markup_mode=None)

app.command("adopt")(adopt)

SHOWN_AT_ONCE = 200
SHOWN_RUNS = 5


@app.command("list")
def list_lines(
    state: Annotated[LineState | None, typer.Option(help="Only lines in this state.")] = None,
    after: Annotated[str | None, typer.Option(metavar="LINE", help="Go on after this line.")] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, max=1_000_000, help=f"At most so many (default: {SHOWN_AT_ONCE}; with --json all)."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """List the lines.

    \b
    Examples:
      proviso line list
      proviso line list --state ceased --json
    """
    from provisioning.store import lines

    most = limit if limit is not None or json else SHOWN_AT_ONCE
    with surroundings.surroundings().store.read() as connection:
        if after is not None:
            lines.need_line(connection, after)
        found = lines.list_lines(connection, state=state, after=after, limit=most)
        total = lines.count_lines(connection)
    if json:
        output.print_json({"lines": found, "total": total})
        return
    if not found:
        output.say("There are no lines yet: `proviso order accept FILE` makes one." if not total else "No such lines.")
        return
    output.print_table(
        ("line", "state", "formula", "since", "customer"),
        ((each.id, each.state.value, each.formula, f"{each.created_at:%Y-%m-%d}", each.customer) for each in found),
        wraps=("customer",),
    )
    if len(found) == most:
        output.note(f"{len(found)} of {total} lines; go on with `proviso line list --after {found[-1].id}`.")


@app.command("show")
def show_line(line: LineArgument, json: JsonOption = False) -> None:
    """Show one line: its orders, devices and addresses, what was delivered and proven.

    \b
    Examples:
      proviso line show L-1
    """
    from provisioning.model.assignment import AssignmentState
    from provisioning.store import adoptions, assignments, lines, runs

    with surroundings.surroundings().store.read() as connection:
        found = lines.need_line(connection, line)
        proven = runs.latest_proven(connection, found.id)
        tried = runs.list_runs(connection, line=found.id, limit=SHOWN_RUNS)
        orders = lines.orders_of(connection, found.id)
        devices = lines.devices_of(connection, found.id)
        held = assignments.list_assignments(connection, line=found.id, states=tuple(AssignmentState))
        adoption = adoptions.adoption_of(connection, found.id)
    if json:
        delivered = show_run.run_data(proven) if proven else None
        latest = [show_run.run_data(each) for each in tried]
        output.print_json(
            {
                "line": found,
                "orders": orders,
                "devices": devices,
                "assignments": held,
                "delivered": delivered,
                "runs": latest,
                "adoption": adoption,
            }
        )
        return
    _print_line(found, orders, devices, held)
    if adoption is not None:
        show_adoption.print_adoption(adoption)
    if tried:
        output.say()
        output.say("Runs", "bold")
        show_run.print_runs(tried)
    if proven is not None and proven.verdict is not None:
        show_run.print_verdict(proven.verdict)
    elif found.state is not LineState.CEASED:
        output.say(_unproven(orders))


def _unproven(orders: "list[ServiceOrder]") -> str:
    if not orders:
        return "It has no order yet: what its form still needs is told above; `proviso line adopt` takes it in."
    return f"Nothing is proven of it yet: `proviso order activate` does that, for order {orders[-1].number}."


def _print_line(line: "Line", orders: "list[ServiceOrder]", devices: "list[Device]", held: "list[Assignment]") -> None:
    output.print_facts(
        (
            ("state", line.state.value),
            ("formula", line.formula),
            ("customer", line.customer),
            ("site", line.site),
            ("since", f"{line.created_at:%Y-%m-%d %H:%M} UTC"),
            ("active since", f"{line.activated_at:%Y-%m-%d %H:%M} UTC" if line.activated_at else None),
            ("ceased", f"{line.ceased_at:%Y-%m-%d %H:%M} UTC" if line.ceased_at else None),
        ),
        title=f"Line {line.id}",
    )
    if orders:
        output.print_table(
            ("order", "kind", "accepted (UTC)", "warnings"),
            (
                (each.number, each.kind, f"{each.accepted_at:%Y-%m-%d %H:%M}", ", ".join(each.warnings))
                for each in orders
            ),
            title="Orders",
            wraps=("warnings",),
        )
    if devices:
        output.print_table(
            ("device", "serial", "platform", "since", "until", "at"),
            (_device(each) for each in devices),
            title="Devices",
            wraps=("at",),
        )
    if held:
        output.print_table(
            ("role", "address", "since", "by order", "until"),
            (_address(each) for each in held),
            title="Addresses",
            wraps=("until",),
        )


def _device(device: "Device") -> tuple[str, ...]:
    return (
        device.kind,
        device.serial,
        device.platform,
        f"{device.since:%Y-%m-%d}",
        f"{device.until:%Y-%m-%d}" if device.until else "",
        f"{device.olt} {device.port}" if device.olt else "",
    )


def _address(held: "Assignment") -> tuple[str, ...]:
    since = f"{held.assigned_at:%Y-%m-%d}"
    return (held.role.value, held.address, since, held.assigned_by, show_assignment.until(held))


@app.command("replace-cpe")
def replace_cpe(
    line: LineArgument,
    serial: Annotated[str, typer.Option(metavar="SERIAL", help="Of the new router, as it stands on its label.")],
    json: JsonOption = False,
) -> None:
    """Put another router in the place of a line's: addresses and Wi-Fi stay, and the line is proven with it.

    The new router is factory-new, and connected where the old one was.

    \b
    Examples:
      proviso line replace-cpe L-1 --serial LX0201
    """
    from provisioning.cli.replace import replace

    replace(line, serial, "cpe")


@app.command("replace-ont")
def replace_ont(
    line: LineArgument,
    serial: Annotated[str, typer.Option(metavar="SERIAL", help="Of the new ONT, as it stands on its label.")],
    json: JsonOption = False,
) -> None:
    """Put another ONT in the place of a line's, on the same port of its OLT, and prove the line with it.

    \b
    Examples:
      proviso line replace-ont L-1 --serial HWTC1A2B3C4D
    """
    from provisioning.cli.replace import replace

    replace(line, serial, "ont")
