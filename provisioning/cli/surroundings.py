"""Puts together what a command works with: settings, store, clock, secrets."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from provisioning.errors import EnvironmentTrouble

if TYPE_CHECKING:
    from provisioning.project import Project
    from provisioning.settings import Settings
    from provisioning.store.glance import Glance
    from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class GlobalOptions:
    """What stands before the command."""

    project: Path | None = None
    state: Path | None = None


GIVEN: ContextVar[GlobalOptions] = ContextVar("given", default=GlobalOptions())  # noqa: B039 - it is frozen
"""The global options of this call."""


PERSONS_UMASK: ContextVar[int] = ContextVar("persons_umask", default=0o022)
"""The umask of whoever called us, for files that are theirs."""


def settings() -> "Settings":
    """Return the settings in force for this call.

    Raises:
        EnvironmentTrouble: when something else stands where the store would lie.
        UnreadableProject: when nornir.yaml or a setting cannot be used.
    """
    from provisioning.settings import load_settings

    given = GIVEN.get()
    found = load_settings(project=given.project, state=given.state, environment=os.environ, current=_current())
    _need_folder(found.state)
    return found


def _need_folder(state: Path) -> None:
    if state.exists() and not state.is_dir():
        raise EnvironmentTrouble("this is no folder", where=str(state), remedy="Name a folder for the store.")


def _current() -> Path:
    try:
        return Path.cwd()
    except OSError:
        raise EnvironmentTrouble(
            "the folder that you are in does not exist any more", where="current folder", remedy="Go to another one."
        ) from None


def surroundings(*, create: bool = False) -> "Surroundings":
    """Return what a workflow works with.

    Args:
        create: make the store where there is none; otherwise an empty one in memory takes its place.
    """
    from provisioning.cli.actor import actor_here
    from provisioning.clock import SystemClock
    from provisioning.secrets.environment import EnvironmentSecrets
    from provisioning.store.engine import Store
    from provisioning.workflows.surroundings import Access, Backups, Changes, Drills, Surroundings

    found, clock = settings(), SystemClock()
    opened = Store.open if create else Store.existing_or_empty
    return Surroundings(
        project=found.project.root,
        state=found.state,
        pools_file=found.pools_file,
        inventory=found.inventory,
        quarantine_days=found.quarantine_days,
        store=opened(found.state, now=clock.now(), lock_timeout=found.lock_timeout_seconds),
        clock=clock,
        secrets=EnvironmentSecrets(os.environ),
        access=Access(
            key_file=found.ssh_key_file,
            known_hosts=found.known_hosts_file,
            staging_host=found.staging_host,
            revert_seconds=found.revert_seconds,
            proxy=found.socks_proxy,
            ont_up_seconds=found.ont_up_seconds,
            router_up_seconds=found.router_up_seconds,
        ),
        backups=Backups(
            folder=found.backups,
            formulas=found.backup_formulas,
            at_once=found.backup_at_once,
            identity_file=found.backup_identity_file,
            alert_command=found.alert_command,
            alert_webhook=found.alert_webhook,
        ),
        changes=Changes(found.allowed_signers_file, found.syslog, found.changes_at_once),
        actor=actor_here(),
        drills=Drills(
            seconds=found.drill_seconds,
            notice_hours=found.drill_notice_hours,
            every_days=found.drill_every_days,
            at_once=found.drills_at_once,
            per_cell=found.drills_per_cell,
            failures=found.drill_failures,
        ),
    )


@contextmanager
def glance() -> "Iterator[Glance]":
    """Yield a look at the store, for lists: settings and models, which take long to load, are left alone.

    Raises:
        EnvironmentTrouble: when the store cannot be used.
    """
    from provisioning.store.glance import open_glance

    _, state = _project_and_state()
    found = open_glance(state)
    if found is None:
        # It is of an older version, which this mends, or it cannot be used, and this says why.
        surroundings().store.close()
        found = open_glance(state)
    if found is None:
        raise EnvironmentTrouble("the store cannot be read", where=str(state), remedy="Try again.")
    with closing(found):
        yield found


def backup_folder() -> Path:
    """Return the folder of the backups, and leave other settings alone, which take long to load.

    Raises:
        EnvironmentTrouble: when something else stands where the store would lie.
        UnreadableProject: when there is no project, or the setting cannot be used.
    """
    from provisioning.project import ENVIRONMENT_PREFIX, MARKER, backups_in_use

    name = "backup_folder"
    project, state = _project_and_state()
    if os.environ.get(f"{ENVIRONMENT_PREFIX}{name.upper()}") or name.encode() in (project.root / MARKER).read_bytes():
        return settings().backups
    return backups_in_use(state, project)


def _project_and_state() -> "tuple[Project, Path]":
    from provisioning.project import project_in_use, state_in_use

    given = GIVEN.get()
    project = project_in_use(given.project, os.environ, _current())
    state, _ = state_in_use(given.state, os.environ, project)
    _need_folder(state)
    return project, state


def hand_over_page(page: str, to: Path | None, name: str) -> bool:
    """Write a page where somebody wants it; return whether that is a file, and not standard output.

    Args:
        to: a file, or `-` for standard output; None for a file of that name in the current folder.
        name: of the file where none is named.

    Raises:
        EnvironmentTrouble: when it cannot be written.
    """
    from provisioning.cli import output

    if to is not None and str(to) == "-":
        output.write_page(page)
        return False
    path = to or Path(name)
    write_file(path, page)
    output.say(f"Written to {path}")
    return True


def hand_over_data(value: object, to: Path | None) -> None:
    """Write an answer as JSON where somebody wants it: on standard output, unless he names a file.

    Raises:
        EnvironmentTrouble: when it cannot be written.
    """
    from provisioning.cli import output

    text = output.json_text(value)
    if to is None or str(to) == "-":
        output.write_page(text)
        return
    write_file(to, text)
    output.note(f"Written to {to}")


def write_file(path: Path, text: str) -> None:
    """Write a file that somebody asked for, with the permissions that their files have.

    Raises:
        EnvironmentTrouble: when it cannot be written.
    """
    before = os.umask(PERSONS_UMASK.get())
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise EnvironmentTrouble(
            (error.strerror or "cannot be written").lower(), where=str(path), remedy="Name another file."
        ) from None
    finally:
        os.umask(before)


def finish(code: int) -> None:
    """End the command with an exit code of ours."""
    if code:
        raise typer.Exit(code)
