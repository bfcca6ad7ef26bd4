"""The project in use, the folder with nornir.yaml, inventory, templates and examples; and where the store lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import EnvironmentTrouble, UnreadableProject

ENVIRONMENT_PREFIX = "PROVISO_"

MARKER = "nornir.yaml"

PARTS = (MARKER, "inventory", "templates", "playbooks", "examples")
"""What belongs to a project; `proviso init` copies it."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project.

    Attributes:
        root: its folder.
        source: how it was found, for people.
        shipped: whether it is the one that came with Proviso, in which nothing may be written.
    """

    root: Path
    source: str
    shipped: bool


def shipped_root() -> Path:
    """Return the folder of the project that came with Proviso: inside the package, or the checkout around it."""
    package = Path(__file__).parent
    inside = package / "_project"
    return inside if inside.is_dir() else package.parent


def project_in_use(named: Path | None, environment: Mapping[str, str], current: Path) -> Project:
    """Return the project that the command line or the environment names, else the nearest, else the shipped one.

    Args:
        named: on the command line.
        current: the folder that the command was started in.

    Raises:
        UnreadableProject: when the named folder is no project.
    """
    if named is not None:
        return find_project(named, "option --project", current)
    variable = ENVIRONMENT_PREFIX + "PROJECT"
    folder = environment.get(variable)
    return find_project(Path(folder) if folder else None, f"environment {variable}", current)


def state_in_use(named: Path | None, environment: Mapping[str, str], project: Project) -> tuple[Path, str]:
    """Return the folder of the store, and how it was found, for people.

    Args:
        named: on the command line.

    Raises:
        EnvironmentTrouble: when there is no place for one.
    """
    if named is not None:
        return named.absolute(), "option --state"
    variable = ENVIRONMENT_PREFIX + "STATE"
    if environment.get(variable):
        return Path(environment[variable]).absolute(), f"environment {variable}"
    if not project.shipped:
        return project.root / "state", "beside nornir.yaml"
    from platformdirs import user_state_path

    try:
        return user_state_path("proviso"), "user's state directory"
    except RuntimeError:
        raise EnvironmentTrouble(
            "this user has no home", where="state", remedy=f"Name a folder for the store in {variable}."
        ) from None


def backups_in_use(state: Path, project: Project) -> Path:
    """Return the folder of the backups: beside the project's own store, else in the folder of the store."""
    return project.root / "backups" if state == project.root / "state" else state / "backups"


def find_project(named: Path | None, source: str, current: Path) -> Project:
    """Return the project in use: the named one, else the nearest above a folder, else the shipped one.

    Args:
        named: a folder that somebody named, in `source`.
        current: where to look from.

    Raises:
        UnreadableProject: when the named folder is no project.
    """
    if named is not None:
        if not (named / MARKER).is_file():
            raise UnreadableProject(
                f"{named} is no project: it holds no {MARKER}",
                where=source,
                remedy="Name a folder that `proviso init` made.",
            )
        return Project(named.resolve(), source, shipped=named.resolve() == shipped_root() and _is_installed())
    for folder in (current, *current.parents):
        if (folder / MARKER).is_file():
            return Project(folder, f"nearest {MARKER}", shipped=folder == shipped_root() and _is_installed())
    return Project(shipped_root(), "shipped with Proviso", shipped=True)


def _is_installed() -> bool:
    return (Path(__file__).parent / "_project").is_dir()
