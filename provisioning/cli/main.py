"""The `proviso` command: groups, global options, and what becomes of errors."""

import io
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from provisioning import __version__
from provisioning.cli import (
    assignment,
    audit,
    backup,
    catalogue,
    change,
    device,
    drift,
    failover,
    firewall,
    init,
    lab,
    line,
    order,
    output,
    playbook,
    pool,
    report,
    settings,
    simulator,
    surroundings,
)
from provisioning.cli import (
    run as run_group,
)
from provisioning.cli.shell_words import close_last_word
from provisioning.errors import BadInput, EnvironmentTrouble, ExitCode, OutcomeUnknown, ProvisoError

app = typer.Typer(
    name="proviso",
    help="From an ISP's order form to a business internet line that is proven to work.",
    epilog="Start with: proviso init my-isp, then proviso catalogue, then proviso order check FILE.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("init")(init.init)
app.command("settings")(settings.show_settings)
app.command("catalogue")(catalogue.show_catalogue)
app.add_typer(order.app, name="order")
app.add_typer(line.app, name="line")
app.add_typer(run_group.app, name="run")
app.add_typer(pool.app, name="pool")
app.add_typer(assignment.app, name="assignment")
app.add_typer(device.app, name="device")
app.add_typer(backup.app, name="backup")
app.add_typer(drift.app, name="drift")
app.add_typer(change.app, name="change")
app.add_typer(failover.app, name="failover")
app.add_typer(playbook.app, name="playbook")
app.add_typer(firewall.app, name="firewall")
app.add_typer(audit.app, name="audit")
app.add_typer(report.app, name="report")
app.add_typer(lab.app, name="lab")
app.add_typer(simulator.app, name="simulator")


_INTERRUPTED = OutcomeUnknown(
    "interrupted",
    remedy="What is done stays: run it again. A run that was cut off is carried on by `proviso run resume`.",
)
_TYPERS_INTERRUPT = 130


def _show_version(wanted: bool) -> None:
    if wanted:
        output.say(f"proviso {__version__}")
        raise typer.Exit


@app.callback()
def options(
    project: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Project to use; else the nearest folder with a nornir.yaml."),
    ] = None,
    state: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the store.")] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback with an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """From an ISP's order form to a business internet line that is proven to work."""
    surroundings.GIVEN.set(surroundings.GlobalOptions(project, state))


def main() -> None:
    """Run the command line; ends the process with one of our exit codes."""
    # What Proviso writes is nobody else's business: state, backups and reports.
    surroundings.PERSONS_UMASK.set(os.umask(0o077))
    _prepare_streams()
    close_last_word(os.environ)
    sys.unraisablehook = _interrupt_again
    sys.exit(run(sys.argv[1:]))


def _interrupt_again(unraisable: "sys.UnraisableHookArgs") -> None:
    """Repeat an interrupt that struck where Python cannot raise it, in a finalizer, instead of losing it."""
    if isinstance(unraisable.exc_value, KeyboardInterrupt):
        repeated = threading.Timer(0.05, signal.raise_signal, [signal.SIGINT])
        repeated.daemon = True
        with suppress(RuntimeError):  # the interpreter is going already
            repeated.start()
    else:
        sys.__unraisablehook__(unraisable)


def _prepare_streams() -> None:
    """Make the standard streams take whatever customers wrote, on a terminal of any encoding or none."""
    sys.stdin = sys.stdin or Path(os.devnull).open()  # noqa: SIM115 - as long as the process
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; every error is told in one block on standard error."""
    debug = "--debug" in arguments
    output.JSON_MODE.set("--json" in arguments)
    if not debug:
        return _ended(arguments, debug=False)
    from provisioning.cli.mistakes import mistakes_shown

    with mistakes_shown():
        return _ended(arguments, debug=True)


def _ended(arguments: list[str], *, debug: bool) -> int:
    code = int(ExitCode.UNKNOWN)
    try:
        code = _run(arguments, debug=debug)
        sys.stdout.flush()
    except BrokenPipeError:
        output.discard(sys.stdout)
    except OSError as error:
        output.discard(sys.stdout)
        reason = (error.strerror or str(error)).lower()
        remedy = "Make room, or send the output to another place, and run it again."
        return _tell(EnvironmentTrouble(reason, where="standard output", remedy=remedy), debug=debug)
    return code


def _run(arguments: list[str], *, debug: bool) -> int:
    try:
        _refuse_empty(arguments)
        result = app(args=arguments, prog_name="proviso", standalone_mode=False)
    except typer.TyperException as error:
        return _tell_usage(error)
    except SystemExit:
        # Typer's own way with a reader of the help who has seen enough.
        return ExitCode.DONE
    except (KeyboardInterrupt, typer.Abort):
        return _tell(_INTERRUPTED)
    except ProvisoError as error:
        return _tell(error, debug=debug)
    except OSError as error:
        if error.filename is None:
            raise
        reason = (error.strerror or str(error)).lower()
        remedy = "Check that it is there, and its permissions."
        return _tell(EnvironmentTrouble(reason, where=str(error.filename), remedy=remedy), debug=debug)
    except UnicodeEncodeError as error:
        return _tell(_no_text() if _holds_no_text(arguments) else _mistake(error), debug=debug)
    except Exception as error:
        return _tell(_mistake(error), debug=debug)
    if result == _TYPERS_INTERRUPT:
        return _tell(_INTERRUPTED)
    return result if isinstance(result, int) else ExitCode.DONE


def _mistake(error: Exception) -> ProvisoError:
    return OutcomeUnknown(
        f"this should not happen: {type(error).__name__}",
        where="Proviso itself",
        remedy="Run it again with `proviso --debug …` and report what it prints.",
    )


def _holds_no_text(arguments: list[str]) -> bool:
    """Return whether an argument is not UTF-8, as only a path may be: Python has surrogates for such bytes."""
    return any("\udc80" <= character <= "\udcff" for each in arguments for character in each)


def _no_text() -> ProvisoError:
    return BadInput(
        "an argument is not UTF-8", where="command line", remedy="Write it in UTF-8, as the terminal does."
    )


def _refuse_empty(arguments: list[str]) -> None:
    """Refuse an empty argument: as a path it would be the current folder, and it is a variable that was never set."""
    if "" in arguments:
        raise BadInput(
            "an argument is empty", where="command line", remedy="Is a variable of your script not set? Leave it out."
        )


def _tell(error: ProvisoError, *, debug: bool = False) -> int:
    if debug:
        output.print_traceback()
    output.print_error(error)
    if output.JSON_MODE.get():
        output.print_json({"error": output.error_data(error)})
    return error.exit_code


def _tell_usage(error: typer.TyperException) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        # A group without a command: its message is the help itself.
        sys.stderr.write(error.format_message() + "\n")
        return ExitCode.BAD_INPUT
    command: str = getattr(getattr(error, "ctx", None), "command_path", "proviso")
    # Typer's validator writes the name of an exception before what it says.
    message = error.format_message().replace("Value error, ", "")
    return _tell(BadInput(message, where=command, remedy=f"`{command} --help` shows how it is used."))
