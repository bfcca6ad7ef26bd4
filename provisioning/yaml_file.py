"""Reads a YAML file of the project, which its owner wrote; order forms from outside have a stricter reader."""

from pathlib import Path

import yaml

from provisioning.errors import UnreadableProject


def read_yaml(path: Path) -> object:
    """Return the data of a project's file.

    Raises:
        UnreadableProject: with the place, when it is absent, not UTF-8 or not YAML.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise UnreadableProject(reason, where=str(path), remedy="Check the path and its permissions.") from None
    except UnicodeDecodeError as error:
        raise UnreadableProject(
            f"not UTF-8: byte {error.start}", where=str(path), remedy="Save it as UTF-8."
        ) from None
    try:
        data: object = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        problem = (error.problem if isinstance(error, yaml.MarkedYAMLError) else str(error)) or "syntax"
        raise UnreadableProject(f"not YAML: {problem}", where=where, remedy="Mend the syntax there.") from None
    return data
