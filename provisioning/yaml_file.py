"""Reads a YAML file of the project, which its owner wrote; order forms from outside have a stricter reader."""

from pathlib import Path

import yaml

from provisioning.errors import UnreadableProject, unreadable

MAXIMUM_DEPTH = 100


def read_yaml(path: Path) -> object:
    """Return the data of a project's file.

    Raises:
        UnreadableProject: with the place, when it is absent, not UTF-8 or not YAML.
        EnvironmentTrouble: when we may not read it.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise unreadable(error, UnreadableProject, str(path)) from None
    except UnicodeDecodeError as error:
        raise UnreadableProject(
            f"not UTF-8: byte {error.start}", where=str(path), remedy="Save it as UTF-8."
        ) from None
    try:
        _judge_depth(text, path)
        data: object = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        problem = (error.problem if isinstance(error, yaml.MarkedYAMLError) else str(error)) or "syntax"
        raise UnreadableProject(f"not YAML: {problem}", where=where, remedy="Mend the syntax there.") from None
    return data


def _judge_depth(text: str, path: Path) -> None:
    """Refuse nesting that would take PyYAML's C composer, and the process with it, down."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAXIMUM_DEPTH:
            raise UnreadableProject(
                f"nested more than {MAXIMUM_DEPTH} levels deep", where=str(path), remedy="Mend the syntax."
            )
