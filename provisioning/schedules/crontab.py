"""Schedules as cron has them: lines of a user's table (crontab(5)), between two lines that say whose they are."""

import shlex

from provisioning.schedules.schedule import Daily, Schedule


def cron_lines(schedule: Schedule) -> tuple[str, ...]:
    """Return the lines of a schedule, the two around them included.

    What the command says goes to the system's log: cron would send it by mail, every minute.
    """
    lines: tuple[tuple[str, tuple[str, ...]], ...]
    match schedule.when:
        case Daily() as daily:
            hour, minute = daily.of_this_machine
            lines = ((f"{minute} {hour} * * *", ()),)
            if schedule.at_boot:
                lines = (("@reboot", schedule.at_boot), *lines)
        case every:
            lines = (("@reboot", ()), ("* * * * *" if every.minutes == 1 else f"*/{every.minutes} * * * *", ()))
    said = (f"{when} {_command(schedule, further)}" for when, further in lines)
    return (_begin(schedule.name), *said, _end(schedule.name))


def _command(schedule: Schedule, further: tuple[str, ...]) -> str:
    file = shlex.quote(str(schedule.environment_file))
    sourced = f"set -a; [ -r {file} ] && . {file}; set +a"
    command = f"{sourced}; {shlex.join((*schedule.command, *further))} 2>&1 | logger -t {schedule.unit}"
    # To cron a percent sign is the end of the command.
    return command.replace("%", "\\%")


def with_lines(table: str, schedule: Schedule) -> str:
    """Return a table with the lines of a schedule, once, and everything else as it was."""
    rest = without_lines(table, schedule.name)
    if rest and not rest.endswith("\n"):
        rest += "\n"
    return rest + "\n".join((*cron_lines(schedule), ""))


def without_lines(table: str, name: str) -> str:
    """Return a table without the lines of the job of that name, and everything else as it was."""
    kept: list[str] = []
    held: list[str] = []
    inside = False
    for line in table.splitlines(keepends=True):
        if line.strip() == _begin(name):
            kept += held
            held, inside = [line], True
        elif inside and line.strip() == _end(name):
            held, inside = [], False
        elif inside:
            held.append(line)
        else:
            kept.append(line)
    # A beginning without an end is not ours to judge: what follows it stays.
    return "".join((*kept, *held))


def _begin(name: str) -> str:
    return f"# proviso {name}: begin"


def _end(name: str) -> str:
    return f"# proviso {name}: end"
