"""The one seam that prints: escapes what customers and devices wrote, and knows text from JSON.

Answers go to standard output, everything else to standard error, so that `--json` can be piped as it is.
"""

import json
import os
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TextIO

from provisioning.cli.json_values import plain
from provisioning.cli.plain_table import cell_width, plain_table
from provisioning.cli.rich_tables import fits, frame, rich_table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from provisioning.errors import ProvisoError

JSON_MODE: ContextVar[bool] = ContextVar("json_mode", default=False)
"""Whether the command was called with --json."""

TAB = "    "

DIFFERENCE = {"+": "green", "-": "red", "@": "cyan"}
"""Styles of the lines that tell how a document differs."""

PIPED_WIDTH = 160
"""Columns when nobody watches: wide enough that a line stays a line."""

# Control characters, and the invisible ones that turn the direction of text around (Unicode TR 36).
_DANGEROUS = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def safe(text: object) -> str:
    """Return text in which nothing can steer a terminal: dangerous characters become visible escapes."""
    return _DANGEROUS.sub(lambda match: f"\\u{ord(match[0]):04x}", str(text))


def discard(stream: TextIO) -> None:
    """Send the rest of a stream nowhere: Python would complain once more when it flushes at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def _to_a_reader(*, stderr: bool = False) -> Iterator[None]:
    """Let work go on when its reader has seen enough (`| head`): an order is accepted whether somebody reads on."""
    try:
        yield
    except BrokenPipeError:
        discard(sys.stderr if stderr else sys.stdout)
    except SystemExit:
        pass  # Rich's own way with a broken pipe; it has sent the rest nowhere
    except OSError:
        if not stderr:
            raise
        discard(sys.stderr)  # there is no other place to tell it


def print_json(value: object) -> None:
    """Print an answer as JSON, the only thing on standard output."""
    write_page(json_text(value))


def json_text(value: object) -> str:
    """Return an answer as JSON."""
    return json.dumps(plain(value), indent=2, ensure_ascii=True) + "\n"


def print_json_line(value: object) -> None:
    """Print one of several answers as JSON on a line of its own, at once: somebody follows them."""
    with _to_a_reader():
        sys.stdout.write(json.dumps(plain(value), ensure_ascii=True) + "\n")
        sys.stdout.flush()


@cache
def _console(*, stderr: bool) -> "Console":
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or _told_width() else PIPED_WIDTH
    return Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def _told_width() -> int | None:
    stated = os.environ.get("COLUMNS", "")
    return int(stated) if stated.isdecimal() and int(stated) > 0 else None


@dataclass(frozen=True, slots=True)
class Styled:
    """One text of parts, each with its style; Rich is not loaded before somebody sees it."""

    parts: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return "".join(text for text, _ in self.parts)

    def __rich__(self) -> "Text":
        from rich.text import Text

        return Text.assemble(*self.parts)


def styled(*parts: tuple[object, str]) -> Styled:
    """Return one text of parts, each with its style; what the parts say is escaped."""
    return Styled(tuple((safe(text), style) for text, style in parts))


def say(text: object = "", style: str = "") -> None:
    """Print one line of an answer."""
    print_line((text, style))


def follow(text: object) -> None:
    """Print one line of an answer at once: somebody follows it, wherever it goes."""
    with _to_a_reader():
        sys.stdout.write(safe(text) + "\n")
        sys.stdout.flush()


def on_terminal() -> bool:
    """Return whether somebody watches the answer on a terminal."""
    return sys.stdout.isatty()


def print_line(*parts: tuple[object, str]) -> None:
    """Print one line of an answer, each part with its style."""
    with _to_a_reader():
        if sys.stdout.isatty():
            _console(stderr=False).print(styled(*parts).__rich__(), soft_wrap=True)
        else:
            # Nobody sees styles here, and Rich would take ten times as long over a batch of forms.
            sys.stdout.write("".join(safe(text) for text, _ in parts) + "\n")


def print_wrapped(text: str, *, indent: int, style: str = "") -> None:
    """Print a sentence on as many lines as the width asks for, each with that many spaces before it."""
    shown = safe(text)
    if not sys.stdout.isatty() and indent + cell_width(shown) <= (_told_width() or PIPED_WIDTH):
        # Rich takes its time over a batch of forms.
        say(" " * indent + shown, style)
        return
    from rich.text import Text

    for line in Text(shown).wrap(_console(stderr=False), _console(stderr=False).width - indent):
        say(" " * indent + line.plain.rstrip(), style)


def print_document(text: str, styles: Mapping[str, str] | None = None) -> None:
    """Print a document, or how one differs, line by line; tabs indent it as they do in an editor.

    Args:
        text: with ends of lines as Unix has them; every other control character is shown as an escape.
        styles: of lines, by the character that they begin with.
    """
    for line in text.removesuffix("\n").split("\n") if text else ():
        print_line((line.replace("\t", TAB), (styles or {}).get(line[:1], "")))


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str = "",
    right: Sequence[str] = (),
    wraps: Sequence[str] = (),
) -> None:
    """Print a table; where the terminal is too narrow for it, a block of lines for each row instead.

    Args:
        columns: the headings.
        rows: what stands below them; everything is escaped.
        right: headings of columns that hold numbers.
        wraps: headings of columns that give way when the terminal is narrow; the others keep to one line.
    """
    cells = [[_cell(each) for each in row] for row in rows]
    if not title and not sys.stdout.isatty():
        texts = [[str(each) for each in row] for row in cells]
        lines = plain_table(columns, texts, right=right, width=_told_width() or PIPED_WIDTH)
        if lines is not None:
            with _to_a_reader():
                sys.stdout.write("\n".join((*lines, "")))
            return
    if not fits(columns, cells, wraps, _console(stderr=False).width):
        for number, row in enumerate(cells):
            if number:
                say()
            print_facts(zip(columns, row, strict=True), title="" if number else title)
        return
    with _to_a_reader():
        _console(stderr=False).print(rich_table(columns, cells, title=title, right=right, wraps=wraps))


def print_facts(pairs: Iterable[tuple[str, object]], *, title: str = "") -> None:
    """Print what is known of one thing, a line each; what is not known is left out."""
    table = frame(title)
    table.show_header = False
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        if value not in (None, ""):
            table.add_row(name, _cell(value))
    with _to_a_reader():
        _console(stderr=False).print(table)


def write_page(page: str) -> None:
    """Print a document of another notation, such as HTML, as it is: it goes into a file or another program."""
    with _to_a_reader():
        sys.stdout.write(page)


def note(text: str) -> None:
    """Print a remark beside the answer, to standard error."""
    with _to_a_reader(stderr=True):
        if sys.stderr.isatty():
            _console(stderr=True).print(styled((text, "dim")).__rich__(), soft_wrap=True)
        else:
            sys.stderr.write(safe(text) + "\n")


def print_traceback() -> None:
    """Print the traceback of the error at hand, to standard error, escaped."""
    for line in traceback.format_exc().splitlines():
        note(line)


def print_error(error: "ProvisoError") -> None:
    """Print an error as one block on standard error: what, where, what to do."""
    block = [styled(("error: ", "bold red"), (error.what, ""))]
    if error.where:
        block.append(styled(("  where:      ", "dim"), (error.where, "")))
    if error.remedy:
        block.append(styled(("  what to do: ", "dim"), (error.remedy, "")))
    with _to_a_reader(stderr=True):
        for line in block:
            _console(stderr=True).print(line.__rich__(), soft_wrap=True)


def error_data(error: "ProvisoError") -> dict[str, object]:
    """Return an error for JSON."""
    return {
        "what": error.what,
        "where": error.where,
        "remedy": error.remedy,
        "kind": type(error).__name__,
        "exit_code": int(error.exit_code),
    }


def _cell(value: object) -> Styled:
    return value if isinstance(value, Styled) else styled((value, ""))
