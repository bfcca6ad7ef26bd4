"""`proviso simulator`: an operator's devices in one process, to try Proviso on where no lab can run."""

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from provisioning.cli import output, show_simulator, simulator_bearers, surroundings
from provisioning.cli.options import JsonOption
from provisioning.cli.simulated import complete_fault, complete_host, find_client, need_host
from provisioning.cli.simulator_plan import simulator_plan
from provisioning.errors import BadInput, EnvironmentTrouble, ExitCode, SimulatorDiffers

app = typer.Typer(
    help="The simulator: OLTs, routers and vantage points in one process.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

# Options that stand behind the command are the command's own.
AS_IT_STANDS = {"ignore_unknown_options": True, "allow_interspersed_args": False}

DEFAULT_CPES = 20

DEFAULT_IOSXE = 6

MOST_CPES = 2000

CommandArgument = Annotated[list[str], typer.Argument(metavar="COMMAND...", help="What to run, with its arguments.")]


@app.command("up")
def up(
    cpes: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            max=MOST_CPES,
            help=f"Number of customers, each with router and ONT; default {DEFAULT_CPES}.",
        ),
    ] = None,
    iosxe: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            max=MOST_CPES,
            help=f"Number of further customers, whose routers run IOS-XE; default {DEFAULT_IOSXE}.",
        ),
    ] = None,
    latency: Annotated[
        int, typer.Option(metavar="MS", min=0, max=10_000, help="Milliseconds that a packet takes there and back.")
    ] = 0,
    json: JsonOption = False,
) -> None:
    """Bring the simulator up; when it is up already, say so.

    The OLTs and vantage points are those of the project's inventory. It lives until `proviso simulator down`; what the
    devices saved outlives that, as it outlives a loss of power.

    \b
    Examples:
      proviso simulator up
      proviso simulator up --cpes 100 --iosxe 0
      proviso simulator up --latency 50
    """
    from provisioning.stands.simulator.client import start

    client = find_client()
    began = time.monotonic()
    plan = simulator_plan(
        DEFAULT_CPES if cpes is None else cpes,
        DEFAULT_IOSXE if iosxe is None else iosxe,
        round_trip=latency / 1000,
    )
    started = start(client.folder, plan, _tell_nothing if json else show_simulator.print_stage)
    status = client.ask("status")
    asked = status["cpes"] if cpes is None else cpes, status["iosxe"] if iosxe is None else iosxe
    if asked != (status["cpes"], status["iosxe"]):
        raise SimulatorDiffers(
            f"a simulator with {status['cpes']} and {status['iosxe']} customers is up already, not with "
            f"{asked[0]} and {asked[1]}",
            where=str(client.folder),
            remedy="`proviso simulator down` first, or name another --state.",
        )
    seconds = round(time.monotonic() - began, 1)
    if json:
        names = [each["name"] for each in status["hosts"]]
        output.print_json({"started": started, "seconds": seconds, "folder": str(client.folder), "hosts": names})
    else:
        show_simulator.print_up(status, started=started, seconds=seconds)


def _tell_nothing(_stage: str, _number: int) -> None:
    pass


@app.command("down")
def down(
    erase: Annotated[
        bool, typer.Option("--erase", help="Have every device forget everything: factory-new next time.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Take the simulator down, as by a loss of power: what the devices saved stays.

    \b
    Examples:
      proviso simulator down
      proviso simulator down --erase
    """
    client = find_client()
    was_up = client.down()
    if erase:
        client.erase()
    if json:
        output.print_json({"was_up": was_up, "erased": erase})
    else:
        output.say("The simulator is down." if was_up else "The simulator was not up.")
        if erase:
            output.say("Its devices have forgotten everything.")


@app.command("status")
def status(json: JsonOption = False) -> None:
    """Show the devices, how they are reached, and what is broken.

    Exit code 1 when the simulator is not up.

    \b
    Examples:
      proviso simulator status
      proviso simulator status --json
    """
    client = find_client()
    up = client.is_up()
    answer = client.ask("status") if up else {"since": None, "cpes": None, "iosxe": None, "hosts": [], "onts": []}
    if json:
        files = {name: str(client.folder / name) if up else None for name in ("key", "known_hosts")}
        daemon = client.daemon() if up else None
        output.print_json({"up": up, "folder": str(client.folder), "daemon": daemon, **files, **answer})
    elif up:
        show_simulator.print_status(client.folder, answer)
    else:
        output.say("The simulator is not up. `proviso simulator up` brings it up.")
    surroundings.finish(ExitCode.DONE if up else ExitCode.REFUSED)


@app.command("fault")
def fault(
    host: Annotated[
        str,
        typer.Argument(
            metavar="HOST",
            help="Name or address of a device; serial of an ONT to unplug.",
            autocompletion=complete_host,
        ),
    ],
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="What is wrong with it, see below.", autocompletion=complete_fault)
    ],
    value: Annotated[
        str | None, typer.Argument(metavar="[VALUE]", help="Seconds, number of commands, bytes, or a command.")
    ] = None,
    clear: Annotated[
        bool, typer.Option("--clear", help="End the fault; `reject` without VALUE ends them all.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Break something in a device, or mend it.

    \b
    refuse-login      nobody gets in
    hang              commands are taken and never answered, nor carried out
    slow SECONDS      each command waits so long
    drop-after N      a connection ends in place of the answer to its Nth command
    reject COMMAND    what begins so is refused, in the device's own wording
    truncate BYTES    an answer is cut there, and its connection ends
    power-loss        connections end, and what was not saved is lost; over at once
    disk-full         nothing more fits on the disk of a router
    sim-missing       the mobile modem of a router has no SIM
    weak-signal       it hears its network badly
    no-registration   no mobile network takes it
    unplug            the ONT of that serial has no light

    \b
    Examples:
      proviso simulator fault olt-brussels-1 reject "service-port"
      proviso simulator fault olt-brussels-1 power-loss
      proviso simulator fault LX0101 slow 2
      proviso simulator fault HWTC00000106 unplug
      proviso simulator fault olt-brussels-1 drop-after --clear
    """
    from provisioning.stands.simulator.faults import FaultKind, check

    if kind not in {each.value for each in FaultKind}:
        raise BadInput(
            f"there is no fault `{kind}`",
            where="proviso simulator fault",
            remedy=f"One of: {', '.join(each.value for each in FaultKind)}.",
        )
    check(FaultKind(kind), value, clear=clear)
    need_host(host)
    answer = find_client().ask("fault", host=host, kind=kind, value=value, clear=clear)
    if json:
        output.print_json(answer)
    else:
        show_simulator.print_fault(answer)


app.command("cut")(simulator_bearers.cut)
app.command("heal")(simulator_bearers.heal)


@app.command("replace")
def replace(
    router: Annotated[
        str, typer.Argument(metavar="ROUTER", help="Serial of the router there.", autocompletion=complete_host)
    ],
    serial: Annotated[
        str, typer.Option(metavar="SERIAL", help="Of the router that takes its place.", autocompletion=complete_host)
    ],
    json: JsonOption = False,
) -> None:
    """Put a router in the place of another one, on the same cables; that one is taken away.

    Until the simulator goes down. Take a router that serves no line.

    \b
    Examples:
      proviso simulator replace LX0108 --serial LX0119
    """
    need_host(router)
    need_host(serial)
    answer = find_client().ask("replace", old=router, new=serial)
    if json:
        output.print_json(answer)
    else:
        output.say(f"{answer['new']} stands in the place of {answer['old']}, which was taken away.")
        output.say(f"`proviso line replace-cpe LINE --serial {answer['new']}` puts it in service.", "dim")


@app.command("run", context_settings=AS_IT_STANDS)
def run(command: CommandArgument) -> None:
    """Run a command whose Proviso reaches the simulated devices; its exit code is the answer.

    It gets what it needs in its environment: state directory, proxy, passwords, key, known host keys.

    \b
    Examples:
      proviso simulator run -- proviso line list
      proviso simulator run -- bash
    """
    client = find_client()
    access = client.ask("access")["environment"]
    environment = {**os.environ, "PROVISO_STATE": str(client.folder.parent), **access}
    # What Proviso needs to log in to the devices, unless the user has something else in mind.
    environment.setdefault("PROVISO_SSH_KEY_FILE", str(client.folder / "key"))
    environment.setdefault("PROVISO_KNOWN_HOSTS_FILE", str(client.folder / "known_hosts"))
    project = surroundings.GIVEN.get().project
    if project is not None:
        environment["PROVISO_PROJECT"] = str(project.absolute())
    # `proviso` is found behind `--`, though this one may have been called by its path.
    environment["PATH"] = os.pathsep.join((os.environ.get("PATH") or os.defpath, str(Path(sys.executable).parent)))
    sys.stdout.flush()
    os.umask(surroundings.PERSONS_UMASK.get())
    try:
        os.execvpe(command[0], command, environment)  # noqa: S606 - no shell is meant
    except OSError as error:
        raise EnvironmentTrouble(
            f"cannot be run: {(error.strerror or str(error)).lower()}",
            where=command[0],
            remedy="Write the command behind `--` as you would in a shell.",
        ) from None
