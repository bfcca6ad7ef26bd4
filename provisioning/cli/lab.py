"""`proviso lab`: a network to try Proviso on, with real packets."""

import os
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import lab_cuts, lab_nodes, lab_site, output, show_lab, surroundings
from provisioning.cli.lab_nodes import find_client
from provisioning.cli.options import JsonOption
from provisioning.errors import BadInput, ExitCode, LabDiffers

if TYPE_CHECKING:
    from provisioning.stands.lab.client import Client

app = typer.Typer(
    help="The lab: an ISP on this machine, with real packets.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

# Options that stand behind the command are the command's own.
AS_IT_STANDS = {"ignore_unknown_options": True, "allow_interspersed_args": False}

DEFAULT_CPES = 1


@app.command("setup")
def setup(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: JsonOption = False,
) -> None:
    """Install the Debian packages that are missing.

    They are shown first.
    Their services are not started: the lab runs its own, inside its nodes.

    \b
    Examples:
      proviso lab setup
      sudo proviso lab setup --yes
    """
    from provisioning.stands.lab import packages

    wanted = packages.missing()
    if not json:
        show_lab.print_packages(wanted)
    if wanted:
        if not yes:
            _ask()
        packages.install(wanted)
    if json:
        output.print_json({"installed": [each.name for each in wanted]})
    elif wanted:
        output.say(f"Installed: {', '.join(each.name for each in wanted)}.")
        output.say("`proviso lab check` tells what this machine can do now.", "dim")


def _ask() -> None:
    if not sys.stdin.isatty():
        raise BadInput(
            "nobody is there to answer, so nothing was installed",
            where="proviso lab setup",
            remedy="Run it with --yes.",
        )
    if not typer.confirm("Install them?", err=True):
        raise typer.Exit(ExitCode.REFUSED)


@app.command("check")
def check(json: JsonOption = False) -> None:
    """Tell what this machine can do for the lab, and why not.

    Exit code 3 when the lab cannot run.

    \b
    Examples:
      proviso lab check
      proviso lab check --json
    """
    from provisioning.stands.lab.capabilities import find_out, in_the_way

    found = find_out()
    obstacles = in_the_way(found)
    if json:
        output.print_json({"able": not obstacles, "capabilities": found})
    else:
        show_lab.print_capabilities(found, obstacles)
    surroundings.finish(ExitCode.ENVIRONMENT if obstacles else ExitCode.DONE)


@app.command("up")
def up(
    cpes: Annotated[int | None, typer.Option(metavar="N", help=f"Number of CPEs; default {DEFAULT_CPES}.")] = None,
    hold: Annotated[bool, typer.Option("--hold", help="Stay; the lab ends with this command.")] = False,
    json: JsonOption = False,
) -> None:
    """Bring the lab up; when it is up already, say so.

    It lives until `proviso lab down`. With --hold it ends when this command does, in whatever way: at Ctrl-C, at the
    end of standard input where that is no terminal, or killed.

    \b
    Examples:
      proviso lab up
      proviso lab up --cpes 5
    """
    client = find_client()
    began = time.monotonic()
    # The keeper has the reading end; the writing end is closed when we end, in whatever way.
    read, write = os.pipe() if hold else (None, None)
    started = _start(client, DEFAULT_CPES if cpes is None else cpes, read, quiet=json)
    status = client.ask("status")
    present = sum(1 for each in status["nodes"] if each["kind"] == "cpe")
    if cpes is not None and present != cpes:
        raise LabDiffers(
            f"a lab with {present} CPEs is up already, not with {cpes}",
            where=str(client.folder),
            remedy="`proviso lab down` first, or name another --state.",
        )
    seconds = round(time.monotonic() - began, 1)
    if json:
        names = [each["name"] for each in status["nodes"]]
        output.print_json({"started": started, "seconds": seconds, "folder": str(client.folder), "nodes": names})
    else:
        show_lab.print_up(status, started=started, seconds=seconds)
    if write is not None and started:
        _hold(client)


def _start(client: "Client", cpes: int, tied_to: int | None, *, quiet: bool) -> bool:
    """Start the lab, unless it is up; return whether that was done."""
    from provisioning.stands.lab.capabilities import require
    from provisioning.stands.lab.client import start
    from provisioning.stands.lab.layout import build

    if client.is_up():
        return False
    build(cpes)  # says so at once when there cannot be that many
    progress = _tell_nothing if quiet else show_lab.print_stage
    return start(client.folder, cpes, require(), progress, tied_to=tied_to)


def _tell_nothing(_stage: str, _number: int) -> None:
    pass


def _hold(client: "Client") -> None:
    """Wait for the end of standard input, of the lab, or of our patience; then take the lab down."""
    sys.stdout.flush()
    try:
        end = os.pidfd_open(client.keeper())
        import select

        watched = [end] if sys.stdin.isatty() else [end, sys.stdin.fileno()]
        while True:
            ready, _, _ = select.select(watched, [], [])
            if end in ready or not os.read(sys.stdin.fileno(), 4096):
                break
    except KeyboardInterrupt:
        pass
    client.down()


@app.command("down")
def down(json: JsonOption = False) -> None:
    """Take the lab down, and leave nothing of it.

    \b
    Examples:
      proviso lab down
    """
    was_up = find_client().down()
    if json:
        output.print_json({"was_up": was_up})
    else:
        output.say("The lab is down." if was_up else "The lab was not up.")


@app.command("status")
def status(json: JsonOption = False) -> None:
    """Show the nodes, and how they are reached.

    Exit code 1 when the lab is not up.

    \b
    Examples:
      proviso lab status
      proviso lab status --json
    """
    client = find_client()
    up = client.is_up()
    answer = client.ask("status") if up else {"since": None, "nodes": [], "olts": []}
    if json:
        files = {name: str(client.folder / name) if up else None for name in ("key", "known_hosts")}
        keeper = client.keeper() if up else None
        output.print_json({"up": up, "folder": str(client.folder), "keeper": keeper, **files, **answer})
    elif up:
        show_lab.print_status(client.folder, answer)
    else:
        output.say("The lab is not up. `proviso lab up` brings it up.")
    surroundings.finish(ExitCode.DONE if up else ExitCode.REFUSED)


app.command("run", context_settings=AS_IT_STANDS)(lab_nodes.run)
app.command("shell", context_settings=AS_IT_STANDS)(lab_nodes.shell)
app.command("capture")(lab_nodes.capture)
app.command("replace")(lab_site.replace)
app.command("plug")(lab_site.plug)
app.command("cut")(lab_cuts.cut)
app.command("heal")(lab_cuts.heal)


@app.command("restart")
def restart(node: lab_nodes.NodeArgument, json: JsonOption = False) -> None:
    """Restart a node as a power cut does.

    Of a CPE, a LAN host or a customer firewall stays what is on its disk, of an OLT what was saved on it.

    \b
    Examples:
      proviso lab restart cpe1
      proviso lab restart olt-brussels-1
    """
    name = find_client().ask("restart", name=node)["node"]
    if json:
        output.print_json({"node": name})
    else:
        output.say(f"{name} has booted again.")
