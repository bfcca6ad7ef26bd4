"""`proviso lab run`, `shell` and `capture`: going into the nodes of the lab."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, surroundings
from provisioning.errors import EnvironmentTrouble

if TYPE_CHECKING:
    from provisioning.stands.lab.client import Client

NOC = "noc"

NodeArgument = Annotated[str, typer.Argument(metavar="NODE", help="Name of the node, or serial of a CPE.")]
CommandArgument = Annotated[list[str], typer.Argument(metavar="COMMAND...", help="What to run, with its arguments.")]


def find_client() -> "Client":
    """Return the lab of this call, up or not: it has a folder in the state directory."""
    from provisioning.stands.lab.client import Client

    return Client(surroundings.settings().state / "lab")


def run(command: CommandArgument) -> None:
    """Run a command in the NOC, in the folder that you are in, on your own files; its exit code is the answer.

    \b
    Examples:
      proviso lab run -- ping -c 1 cpe1
      proviso lab run -- proviso line list
    """
    _become(NOC, command, folder=str(Path.cwd()))


def shell(
    node: NodeArgument,
    command: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMAND...]", help="What to run instead of a shell.")
    ] = None,
) -> None:
    """Open a shell in a node, as root of that node, or run a command there.

    \b
    Examples:
      proviso lab shell cpe1
      proviso lab shell bng -- vtysh -c "show bgp summary"
    """
    interactive = ["env", f"PS1=[{node}] \\w \\$ ", "bash", "--norc", "-i"]
    # Behind a first argument `--` is not taken away.
    words = command[1:] if command and command[0] == "--" else command
    _become(node, words or (interactive if sys.stdin.isatty() else ["bash"]), folder="/")


def _become(node: str, command: list[str], *, folder: str) -> None:
    """Become a command in a node."""
    from provisioning.stands.lab.packages import full_path

    client = find_client()
    entrance = client.enter(node)
    entrance.inherit()
    environment = {**os.environ, "PATH": full_path(), "PROVISO_STATE": str(client.folder.parent)}
    if node == NOC:
        # What Proviso needs to log in to the lab's machines, unless the user has something else in mind.
        environment.setdefault("PROVISO_SSH_KEY_FILE", str(client.folder / "key"))
        environment.setdefault("PROVISO_KNOWN_HOSTS_FILE", str(client.folder / "known_hosts"))
        environment.setdefault("PROVISO_OLT_PASSWORD", client.olt_password())
    else:
        environment["HOME"] = "/root"
    project = surroundings.GIVEN.get().project
    if project is not None:
        environment["PROVISO_PROJECT"] = str(project.absolute())
    sys.stdout.flush()
    # Only the command hears Ctrl-C, so that it may take its time to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGQUIT, signal.SIG_IGN)
    os.umask(0o022)
    words = entrance.command(command, folder=folder)
    os.execvpe(words[0], words, environment)  # noqa: S606 - no shell is meant


def capture(
    node: NodeArgument,
    interface: Annotated[str, typer.Argument(metavar="IFACE", help="Interface of the node.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the packets go, pcap; `-`: standard output.")],
    count: Annotated[int | None, typer.Option(metavar="N", min=1, help="End after so many packets.")] = None,
    expression: Annotated[
        str,
        typer.Option("--filter", metavar="EXPRESSION", help="What to capture, as tcpdump and pcap-filter(7) say it."),
    ] = "",
) -> None:
    """Capture the packets of an interface, until Ctrl-C.

    \b
    Examples:
      proviso lab capture cpe1 wan0 cpe1.pcap --count 100
      proviso lab capture bng access - --filter "port 179" | tcpdump -r -
    """
    from provisioning.stands.lab.topology import unknown

    client = find_client()
    present = {each["name"]: each["interfaces"] for each in client.ask("status")["nodes"]}
    entrance = client.enter(node)
    if interface not in present[entrance.node]:
        raise unknown("interface", interface, present[entrance.node])
    words = ["tcpdump", "-i", interface, "-U", "-w", "-", "-Z", "root"]
    words += ["-c", str(count)] if count else []
    words += [expression] if expression else []
    _capture(entrance.command(words), file, entrance.descriptors)


def _capture(command: list[str], file: Path, descriptors: tuple[int, ...]) -> None:
    try:
        target = (
            sys.stdout.fileno() if str(file) == "-" else os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        )
    except OSError as error:
        raise EnvironmentTrouble(
            f"cannot be written: {(error.strerror or str(error)).lower()}",
            where=str(file),
            remedy="Name another file.",
        ) from None
    code = _until_interrupted(command, target, descriptors)
    if code:
        raise EnvironmentTrouble("tcpdump failed: see above", where=str(file), remedy="See what it says.")
    if str(file) != "-":
        output.say(f"{file}: {file.stat().st_size:,} bytes")


def _until_interrupted(command: list[str], target: int, descriptors: tuple[int, ...]) -> int:
    """Run a command until it ends or somebody interrupts us, which is passed on to it; return its exit code."""
    from provisioning.stands.lab.packages import full_path

    # Ignored by nsenter in between; the command itself takes it again.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    process = subprocess.Popen(
        command,
        stdout=target,
        pass_fds=descriptors,
        env={**os.environ, "PATH": full_path()},
        process_group=0,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, before)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            os.killpg(process.pid, signal.SIGINT)
