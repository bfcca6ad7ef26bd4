"""`proviso backup restore`: a version back on a router."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, show_plan, show_run, surroundings
from provisioning.cli.backup_options import BackedUpArgument, complete_version
from provisioning.cli.identity_file import warn_of_readers
from provisioning.cli.options import JsonOption
from provisioning.errors import BadInput, ExitCode, Refused

if TYPE_CHECKING:
    from provisioning.workflows.begin_run import Ended
    from provisioning.workflows.plan_line import Planned
    from provisioning.workflows.rehearse_access import AccessRehearsal
    from provisioning.workflows.restore_as_it_was import AsItWas
    from provisioning.workflows.restore_backup import Restore
    from provisioning.workflows.surroundings import Surroundings

app = typer.Typer(rich_markup_mode=None)

IdentityOption = Annotated[
    Path | None,
    typer.Option(
        "--identity",
        metavar="FILE",
        help="age identity that opens the backups; else setting backup_identity_file.",
    ),
]


@app.command("restore")
def restore(
    line: BackedUpArgument,
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="VERSION|DATE",
            help="Which version; without it, the latest.",
            autocompletion=complete_version,
        ),
    ] = None,
    identity: IdentityOption = None,
    serial: Annotated[
        str | None,
        typer.Option("--serial", metavar="NEW", help="Serial of a router that stands in the place of the line's."),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Show what would change on the router, and change nothing.")] = (
        False
    ),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: JsonOption = False,
) -> None:
    """Bring a version back to a line's router, and prove the line with it.

    It goes through the course of every run: in force under the router's own timer, proven, and only then kept; what is
    not proven goes back. What the customer set on the present router (SSID, key, channel) survives. An adopted line
    whose order form is not whole gets back what it had; of that, only what is known is proven.

    \b
    Examples:
      proviso backup restore L-1 --plan --identity restore.age
      proviso backup restore L-1 --identity restore.age
      proviso backup restore L-1 --at 2026-11-20 --yes
      proviso backup restore L-1 --serial LX0201 --yes
    """
    from provisioning.workflows.restore_as_it_was import AsItWas
    from provisioning.workflows.restore_backup import (
        check_successor,
        need_restore,
        preview_access,
        preview_restore,
    )

    if not plan and not yes:
        _need_somebody()
    around = with_identity(surroundings.surroundings(create=not plan), identity)
    wanted = need_restore(line, at, serial, around)
    if isinstance(wanted, AsItWas):
        from provisioning.cli.restore_as_it_was import restore_as_it_was

        restore_as_it_was(wanted, around, plan=plan, ask=None if yes else partial(_ask, wanted), json=json)
        return
    check_successor(wanted, around)
    if plan or not yes:
        planned, access = preview_restore(wanted, around), preview_access(wanted, around)
        if plan and json:
            output.print_json(
                {
                    "version": wanted.version,
                    "warnings": wanted.warnings,
                    "access": [show_plan.access_data(each) for each in access],
                    **show_plan.plan_data(planned),
                }
            )
            return
        if not json:
            _print_preview(wanted, planned, access)
        if plan:
            return
        _ask(wanted)
    elif not json:
        for each in wanted.warnings:
            output.note(each)
    _carry_out(wanted, around)


def with_identity(around: "Surroundings", identity: Path | None) -> "Surroundings":
    """Return the surroundings of a command to which an identity is named."""
    named = identity.absolute() if identity is not None else around.backups.identity_file
    if named is None:
        return around
    return replace(around, backups=replace(around.backups, identity_file=warn_of_readers(named)))


def _carry_out(wanted: "Restore", around: "Surroundings") -> None:
    from provisioning.cli.carrying_out import in_turn, teller, teller_of_others
    from provisioning.cli.progress import progress
    from provisioning.model.run import DELIVERED
    from provisioning.workflows.executor import executor
    from provisioning.workflows.restore_backup import restore_backup

    with progress() as shown, executor(around, teller_of_others(shown)) as up:
        shown.begin(wanted.line, wanted.serial)

        def do(name: str, stop: Event) -> "Ended":
            return restore_backup(wanted, up, teller(shown, name), stop)

        (ended,) = in_turn([wanted.line], do, jobs=1)
    if ended is None:
        return
    restored = ended.run.state in DELIVERED
    if output.JSON_MODE.get():
        output.print_json({"run": show_run.run_data(ended.run), "version": wanted.version.id, "notes": ended.notes})
    else:
        _print_ended(ended, wanted)
    if ended.error is not None and not restored:
        if not output.JSON_MODE.get():
            output.print_error(ended.error)
        surroundings.finish(ended.error.exit_code)
    surroundings.finish(ExitCode.DONE if restored else ExitCode.REFUSED)


def _print_preview(wanted: "Restore", planned: "Planned", access: "Sequence[AccessRehearsal]") -> None:
    version = wanted.version
    output.print_facts(
        (
            ("version", version.id),
            ("taken", f"{version.taken_at:%Y-%m-%d %H:%M:%S} UTC ({version.cause.value})"),
            ("of router", version.serial),
            ("comes to", wanted.serial),
        ),
        title=f"Restore of {wanted.line}",
    )
    for each in access:
        show_plan.print_access(each, diff=True)
    show_plan.print_plan(planned, configuration=False, diff=True)
    if planned.change.empty:
        output.say("The router has what the backup holds; the line would be proven again.")
    for warning in wanted.warnings:
        output.print_line((warning, "yellow"))


def _print_ended(ended: "Ended", wanted: "Restore") -> None:
    from provisioning.model.run import DELIVERED, RunState

    show_run.print_run_line(ended.run)
    for note in ended.notes:
        output.print_line((f"  {note}", "yellow"))
    if ended.run.verdict is not None:
        show_run.print_verdict(ended.run.verdict)
    if ended.run.state in (RunState.WENT_BACK, RunState.FAILED) and ended.run.state not in DELIVERED:
        output.say(
            f"Another version: `proviso backup list {wanted.line}`, then --at. When none restores, and the customer "
            "agrees (facts: I-8.4): reset the router to factory settings, "
            f"`proviso device bootstrap {wanted.serial}`, and activate order {wanted.order} again, or put another "
            f"router in its place with `proviso line replace-cpe {wanted.line}`."
        )


def _need_somebody() -> None:
    if not sys.stdin.isatty():
        raise BadInput("nobody can be asked here", where="--yes", remedy="Add --yes if it is meant.")


def _ask(wanted: "Restore | AsItWas") -> None:
    question = f"Bring version {wanted.version.id} of {wanted.line} to router {wanted.serial}?"
    try:
        meant = typer.confirm(output.safe(question), err=True)
    except typer.Abort:
        meant = False
    if not meant:
        raise Refused("not restored, as you said", remedy="Nothing was changed.")
