"""`schedule show`, `install` and `remove` of a command that the machine is to run by itself, from what it does."""

from dataclasses import dataclass
from pathlib import Path

import typer

from provisioning.cli import scheduling, surroundings
from provisioning.cli.options import JsonOption
from provisioning.cli.scheduling import AtOption, ScopeOption, SplayOption
from provisioning.schedules.schedule import Daily, EveryMinutes, Schedule, Scope


@dataclass(frozen=True, slots=True)
class Nightly:
    """Once a night, at a time that whoever installs it may choose.

    Attributes:
        at: when nobody chooses, `HH:MM` by the machine's local time.
        another: another such time, for the examples.
        job: tells the minute that cron has from those of other jobs of the same machine; empty for one of them.
        splay: minutes; at most so much later, when nobody chooses.
    """

    at: str
    another: str
    job: str = ""
    splay: int = 30


@dataclass(frozen=True, slots=True)
class Job:
    """A command that the machine can run by itself.

    Attributes:
        name: of its units and lines.
        group: the word that `schedule` stands behind: `proviso GROUP schedule`.
        help: what the group does, one line.
        description: what the machine does, one line for people who look at its units.
        command: words behind `proviso`.
        when: how often.
        told: more that the help of `show` says, one paragraph; empty for nothing.
        told_on_install: the same of `install`.
        writes_backups: whether it writes in the folder of the backups, besides that of the store.
        at_boot: further arguments with which it makes up for what the machine was off for.
    """

    name: str
    group: str
    help: str
    description: str
    command: tuple[str, ...]
    when: EveryMinutes | Nightly
    told: str = ""
    told_on_install: str = ""
    writes_backups: bool = False
    at_boot: tuple[str, ...] = ()


def schedule_group(job: Job) -> typer.Typer:
    """Return the commands that show, install and remove what has the machine run a command by itself."""
    group = typer.Typer(help=job.help, no_args_is_help=True, rich_markup_mode=None)
    if isinstance(job.when, Nightly):
        _add_nightly(group, job, job.when)
    else:
        _add_regular(group, job, job.when)

    @group.command("remove", help=_help(job, "remove", "Take it away.", "", ("",)))
    def remove_schedule(scope: ScopeOption = None, json: JsonOption = False) -> None:
        from provisioning.schedules.install import remove

        machine, chosen = scheduling.this_machine(scope)
        scheduling.tell_installed(remove(job.name, machine, chosen), "removed", json=json)

    return group


SHOWS = "Print what `install` would install."
INSTALLS = "Put it to work; asked again, nothing changes"


def _add_nightly(group: typer.Typer, job: Job, night: Nightly) -> None:
    other = f" --at {night.another}"
    examples = ("", f"{other} --splay 60", " --scope cron")

    @group.command("show", help=_help(job, "show", SHOWS, job.told, examples))
    def show(
        at: AtOption = night.at,
        splay: SplayOption = night.splay,
        scope: ScopeOption = None,
        json: JsonOption = False,
    ) -> None:
        _show(job, scheduling.daily(at, splay, night.job), scope, json=json)

    installs = f"{INSTALLS}, and another time takes the place of the one before."

    @group.command("install", help=_help(job, "install", installs, job.told_on_install, ("", f"{other} --scope user")))
    def install_schedule(
        at: AtOption = night.at,
        splay: SplayOption = night.splay,
        scope: ScopeOption = None,
        json: JsonOption = False,
    ) -> None:
        _install(job, scheduling.daily(at, splay, night.job), scope, json=json)


def _add_regular(group: typer.Typer, job: Job, when: EveryMinutes) -> None:
    @group.command("show", help=_help(job, "show", SHOWS, job.told, ("", " --scope cron")))
    def show(scope: ScopeOption = None, json: JsonOption = False) -> None:
        _show(job, when, scope, json=json)

    @group.command("install", help=_help(job, "install", f"{INSTALLS}.", job.told_on_install, ("", " --scope user")))
    def install_schedule(scope: ScopeOption = None, json: JsonOption = False) -> None:
        _install(job, when, scope, json=json)


def _help(job: Job, verb: str, does: str, told: str, examples: tuple[str, ...]) -> str:
    """Return the help of a command; the mark before the examples keeps their lines apart."""
    lines = (f"  proviso {job.group} schedule {verb}{each}" for each in examples)
    return "\n\n".join(filter(None, (does, told, "\n".join(("\b", "Examples:", *lines)))))


def _show(job: Job, when: EveryMinutes | Daily, scope: Scope | None, *, json: bool) -> None:
    machine, chosen = scheduling.this_machine(scope)
    environment = scheduling.environment_file(machine, chosen)
    scheduling.show_schedule(_schedule(job, when, environment), machine, chosen, json=json)


def _install(job: Job, when: EveryMinutes | Daily, scope: Scope | None, *, json: bool) -> None:
    from provisioning.schedules.install import install

    machine, chosen = scheduling.this_machine(scope)
    schedule = _schedule(job, when, scheduling.environment_file(machine, chosen))
    done = install(schedule, machine, chosen, user=scheduling.store_owner())
    scheduling.tell_installed(done, "installed", json=json)


def _schedule(job: Job, when: EveryMinutes | Daily, environment: Path) -> Schedule:
    settings = surroundings.settings()
    return Schedule(
        name=job.name,
        description=job.description,
        command=scheduling.command_of(*job.command),
        when=when,
        writes=(settings.state, settings.backups) if job.writes_backups else (settings.state,),
        environment_file=environment,
        managed_by=f"proviso {job.group} schedule",
        at_boot=job.at_boot,
    )
