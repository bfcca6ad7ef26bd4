"""Reads an OLT's pages with TextFSM. A page that is not understood is an error, never an empty result."""

import functools
import io
import re
import threading
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from provisioning.errors import AnswerNotUnderstood

if TYPE_CHECKING:
    from textfsm import TextFSM

Record = dict[str, str]

_END = re.compile(r"(?:^|\n)\s*(?:-{5,}|The number of .*)\s*$")
"""How pages end: with a rule, below which a number may stand."""


def records(template: str, page: str) -> list[Record]:
    """Return what a template finds in a page; a value of several lines is joined.

    Args:
        template: name of a file in `templates`, or `ntc:NAME` for one of the package ntc-templates.

    Raises:
        AnswerNotUnderstood: when the template comes upon a line that it does not know.
    """
    import textfsm

    table = _table(template)
    try:
        rows: list[dict[str, str | list[str]]] = table.ParseTextToDicts(page)
    except textfsm.TextFSMError as error:
        raise not_understood(template, page, " ".join(str(error).split())[:200]) from None
    return [{key: "".join(value) if isinstance(value, list) else value for key, value in row.items()} for row in rows]


def whole(template: str, page: str, mark: str = "") -> str:
    """Return a page that was not cut.

    Args:
        mark: what stands near its end.

    Raises:
        AnswerNotUnderstood: when it was.
    """
    if mark not in page or not _END.search(page):
        raise not_understood(template, page, "it does not end as such a page does")
    return page


def only_record(template: str, page: str, needed: Sequence[str]) -> Record:
    """Return the one record of a page.

    Raises:
        AnswerNotUnderstood: when there is none, more than one, or one without something that is needed.
    """
    found = records(template, whole(template, page))
    if len(found) != 1:
        raise not_understood(template, page, f"{len(found)} records where one was expected")
    return complete(found, needed, template, page)[0]


def complete(found: list[Record], needed: Sequence[str], what: str, page: str) -> list[Record]:
    """Return records that have all that is needed.

    Raises:
        AnswerNotUnderstood: when one has not.
    """
    for record in found:
        missing = [each for each in needed if not record[each]]
        if missing:
            raise not_understood(what, page, f"without {', '.join(missing)}")
    return found


def not_understood(what: str, page: str, why: str) -> AnswerNotUnderstood:
    """Return the error for a page that makes no sense."""
    shown = " ".join(page.split())[:300]
    return AnswerNotUnderstood(
        f"its answer is not understood ({what}: {why}): {shown or 'nothing at all'}",
        remedy="Try again. Is it always so, then this version of the OLT's software speaks otherwise: report it.",
    )


_tables = threading.local()
"""Each holds its place in what it reads, so none serves two threads; to make one takes longer than to read a page."""


def _table(name: str) -> "TextFSM":
    from textfsm import TextFSM

    made: dict[str, TextFSM] = _tables.__dict__
    if name not in made:
        made[name] = TextFSM(io.StringIO(_template(name)))
    made[name].Reset()
    return made[name]


@functools.cache
def _template(name: str) -> str:
    if name.startswith("ntc:"):
        folder = files("ntc_templates") / "templates"
        return (folder / f"{name.removeprefix('ntc:')}.textfsm").read_text("utf-8")
    folder = files("provisioning.platforms.huawei_smartax") / "templates"
    return (folder / f"{name}.textfsm").read_text("utf-8")
