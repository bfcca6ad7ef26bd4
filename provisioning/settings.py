"""One place for every setting, each with its value and where it came from.

From the weakest to the strongest: the default, `user_defined.proviso` in the project's nornir.yaml, the environment,
the command line.
"""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, SecretStr, ValidationError

from provisioning.errors import UnreadableProject
from provisioning.model.proxy import Proxy, parse_proxy
from provisioning.model.secret import Secret
from provisioning.project import ENVIRONMENT_PREFIX, MARKER, Project, backups_in_use, project_in_use, state_in_use
from provisioning.validation import describe
from provisioning.yaml_file import read_yaml


def _proxy(value: object) -> Proxy | None:
    # What is wrong is said without the text: it may hold a password.
    return None if value is None else parse_proxy(value if isinstance(value, str) else "")


def _words(value: object) -> object:
    return tuple(shlex.split(value)) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
"""A list in nornir.yaml; in the environment, words as a shell splits them."""


MAY_BE_EMPTY = ("syslog",)
"""Settings of which an empty variable says something; any other that is empty is taken for not being there."""


class SettingsFile(BaseModel):
    """What `user_defined.proviso` of nornir.yaml may hold, and the defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pools_file: Path = Field(Path("inventory/pools.yaml"), description="pools, relative to the project")
    quarantine_days: int = Field(30, ge=0, le=3650, description="how long a released block rests")
    lock_timeout_seconds: float = Field(30.0, gt=0, le=3600, description="how long to wait for another process")
    ssh_key_file: Path | None = Field(None, description="private key for devices and vantage points")
    known_hosts_file: Path | None = Field(None, description="host keys of machines that are not on record")
    staging_host: str = Field("{serial}", description="name of a factory-new router on the staging network")
    socks_proxy: Annotated[Proxy | None, PlainValidator(_proxy)] = Field(
        None, description="proxy that leads to all machines, socks5://user:password@host:port"
    )
    revert_seconds: int = Field(120, ge=10, le=3600, description="after which a router goes back unless confirmed")
    ont_up_seconds: int = Field(60, ge=1, le=3600, description="how long an ONT may take to come up")
    router_up_seconds: int = Field(90, ge=1, le=3600, description="how long a router behind a new ONT may take")
    backup_folder: Path | None = Field(None, description="folder of the backups, relative to the project")
    backup_formulas: Words = Field((), description="formulas backed up besides those of the contract")
    backup_at_once: int = Field(50, ge=1, le=1000, description="routers that are fetched from at once")
    backup_identity_file: Path | None = Field(
        None, description="age identity that opens backups, where they are restored"
    )
    alert_command: Words = Field((), description="program and arguments told of alerts, JSON on its input")
    alert_webhook: SecretStr | None = Field(None, description="address that alerts are posted to, as JSON")
    allowed_signers_file: Path | None = Field(None, description="who may approve changes, as ssh-keygen -Y has it")
    syslog: str = Field("/dev/log", description="where the head of the audit goes as well; empty for nowhere")
    changes_at_once: int = Field(8, ge=1, le=100, description="lines that are changed at once")
    drill_seconds: int = Field(60, ge=10, le=3600, description="how long a drill cuts the fixed bearer")
    drill_notice_hours: int = Field(24, ge=0, le=720, description="between telling a customer and drilling his line")
    drill_every_days: int = Field(90, ge=1, le=3650, description="after which a mobile back-up is drilled again")
    drills_at_once: int = Field(4, ge=1, le=100, description="lines that are drilled at once")
    drills_per_cell: int = Field(1, ge=1, le=100, description="of these, lines of one mobile cell")
    drill_failures: int = Field(3, ge=1, le=1000, description="failed drills that stop a campaign")


class NornirFile(BaseModel):
    """The parts of nornir.yaml that we look at; the rest is Nornir's."""

    inventory: dict[str, object] = Field(default_factory=dict)
    user_defined: dict[str, object] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it is shown to people."""

    name: str
    value: str
    source: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a command needs to know of its surroundings.

    Attributes:
        state: where the store lives.
        backups: where backups are kept.
        inventory: options of Nornir's inventory plugin as nornir.yaml states them.
        shown: all settings for people, in a fixed order.
    """

    project: Project
    state: Path
    pools_file: Path
    quarantine_days: int
    lock_timeout_seconds: float
    ssh_key_file: Path | None
    known_hosts_file: Path | None
    staging_host: str
    socks_proxy: Proxy | None
    revert_seconds: int
    ont_up_seconds: int
    router_up_seconds: int
    backups: Path
    backup_formulas: tuple[str, ...]
    backup_at_once: int
    backup_identity_file: Path | None
    alert_command: tuple[str, ...]
    alert_webhook: Secret | None
    allowed_signers_file: Path | None
    syslog: str
    changes_at_once: int
    drill_seconds: int
    drill_notice_hours: int
    drill_every_days: int
    drills_at_once: int
    drills_per_cell: int
    drill_failures: int
    inventory: Mapping[str, object]
    shown: tuple[Setting, ...]


def load_settings(
    *, project: Path | None, state: Path | None, environment: Mapping[str, str], current: Path
) -> Settings:
    """Return the settings in force.

    Args:
        project: from the command line.
        state: from the command line.
        environment: of the process.
        current: the folder that the command was started in.

    Raises:
        UnreadableProject: when nornir.yaml or a setting cannot be used.
    """
    found = project_in_use(project, environment, current)
    nornir = _nornir_file(found.root / MARKER)
    values, sources = _merge(nornir, found, environment)
    state_folder, state_source = state_in_use(state, environment, found)
    pools_file = found.root / values.pools_file
    shown = (
        Setting("project", str(found.root), found.source, "folder with nornir.yaml, inventory, templates, examples"),
        Setting("state", str(state_folder), state_source, "folder of the store, mode 0700"),
        *(
            Setting(name, _shown(getattr(values, name)), sources[name], field.description or "")
            for name, field in SettingsFile.model_fields.items()
        ),
    )
    return Settings(
        project=found,
        state=state_folder,
        pools_file=pools_file,
        quarantine_days=values.quarantine_days,
        lock_timeout_seconds=values.lock_timeout_seconds,
        ssh_key_file=_of_project(found, values.ssh_key_file),
        known_hosts_file=_of_project(found, values.known_hosts_file),
        staging_host=values.staging_host,
        socks_proxy=values.socks_proxy,
        revert_seconds=values.revert_seconds,
        ont_up_seconds=values.ont_up_seconds,
        router_up_seconds=values.router_up_seconds,
        backups=_of_project(found, values.backup_folder) or backups_in_use(state_folder, found),
        backup_formulas=values.backup_formulas,
        backup_at_once=values.backup_at_once,
        backup_identity_file=_of_project(found, values.backup_identity_file),
        alert_command=values.alert_command,
        alert_webhook=Secret(values.alert_webhook.get_secret_value()) if values.alert_webhook else None,
        allowed_signers_file=_of_project(found, values.allowed_signers_file),
        syslog=values.syslog,
        changes_at_once=values.changes_at_once,
        drill_seconds=values.drill_seconds,
        drill_notice_hours=values.drill_notice_hours,
        drill_every_days=values.drill_every_days,
        drills_at_once=values.drills_at_once,
        drills_per_cell=values.drills_per_cell,
        drill_failures=values.drill_failures,
        inventory=nornir.inventory,
        shown=shown,
    )


def _of_project(project: Project, path: Path | None) -> Path | None:
    return None if path is None else project.root / path.expanduser()


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return shlex.join(map(str, value))
    return "" if value is None else str(value)


def _nornir_file(path: Path) -> NornirFile:
    data = read_yaml(path)
    try:
        return NornirFile.model_validate(data if data is not None else {})
    except ValidationError as error:
        raise UnreadableProject(
            describe(error, NornirFile), where=str(path), remedy="Compare it with the shipped nornir.yaml."
        ) from None


def _merge(
    nornir: NornirFile, project: Project, environment: Mapping[str, str]
) -> tuple[SettingsFile, dict[str, str]]:
    sources = dict.fromkeys(SettingsFile.model_fields, "default")
    merged: dict[str, object] = {}
    path = project.root / MARKER
    from_file = nornir.user_defined.get("proviso", {})
    if not isinstance(from_file, dict):
        raise UnreadableProject(
            "user_defined.proviso is no mapping", where=str(path), remedy="Write `name: value` lines below it."
        )
    for name, value in from_file.items():
        merged[str(name)] = value
        sources[str(name)] = MARKER
    for name in SettingsFile.model_fields:
        variable = ENVIRONMENT_PREFIX + name.upper()
        if environment.get(variable) or (name in MAY_BE_EMPTY and variable in environment):
            merged[name] = environment[variable]
            sources[name] = f"environment {variable}"
    try:
        return SettingsFile.model_validate(merged), sources
    except ValidationError as error:
        names = {str(detail["loc"][0]) for detail in error.errors()}
        where = ", ".join(sorted({str(path) if sources[name] == MARKER else sources[name] for name in names}))
        raise UnreadableProject(
            describe(error, SettingsFile), where=where, remedy="`proviso settings` lists what can be set."
        ) from None
