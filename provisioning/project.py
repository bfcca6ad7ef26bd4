"""The project in use: the folder with nornir.yaml, inventory, templates and examples."""

from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import UnreadableProject

MARKER = "nornir.yaml"

PARTS = (MARKER, "inventory", "templates", "examples")
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
