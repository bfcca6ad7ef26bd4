"""TextFSM templates: what a command answers, as rows."""

import threading
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from textfsm import TextFSM

Row = dict[str, str | list[str]]

THEIRS = "ntc_templates"
"""The package whose templates are those of the field; named `cisco_ios_COMMAND.textfsm`."""


_kept = threading.local()
"""A parser remembers where it stands, so that each thread has its own."""


def rows(command: str, text: str, *, ours: bool = False) -> tuple[Row, ...]:
    """Return what a command answers, a row for each thing that it tells of, by the template's names.

    Args:
        command: without its filter, such as `show snmp user`.
        ours: whether the template stands beside this module; ntc-templates has none for this command.

    Raises:
        ValueError: when the answer has a line that the template does not know.
    """
    from textfsm import TextFSMError

    table = _table(command, ours)
    table.Reset()
    try:
        found = table.ParseTextToDicts(text)
    except TextFSMError as error:
        raise ValueError(f"the answer to `{command}` has a line that is not known") from error
    return tuple(dict(each) for each in found)


def word(row: Row, name: str) -> str:
    """Return a value that is one word; the first where there are several."""
    value = row[name]
    return value if isinstance(value, str) else next(iter(value), "")


def words(row: Row, name: str) -> tuple[str, ...]:
    """Return the values of a list."""
    value = row[name]
    return tuple(value) if not isinstance(value, str) else (value,) if value else ()


def _table(command: str, ours: bool) -> "TextFSM":
    """Return the parser of a template: to make one takes ten times as long as to read a short answer with it."""
    found = getattr(_kept, "tables", None)
    if found is None:
        found = _kept.tables = {}
    if (command, ours) not in found:
        from textfsm import TextFSM

        found[command, ours] = TextFSM(StringIO(_template(command, ours)))
    return cast("TextFSM", found[command, ours])


@cache
def _template(command: str, ours: bool) -> str:
    name = command.replace(" ", "_") + ".textfsm"
    place = files(__package__) / name if ours else files(THEIRS) / "templates" / f"cisco_ios_{name}"
    return place.read_text("utf-8")
