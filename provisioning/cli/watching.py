"""What `proviso failover watch` shows: a table that lives on a terminal, a line for what moves elsewhere."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from provisioning.cli import output
from provisioning.cli.counting import number_of
from provisioning.cli.rich_tables import rich_table
from provisioning.cli.show_incident import moved_data, moved_lines, now_cells
from provisioning.model.incident import Condition

if TYPE_CHECKING:
    from rich.console import Group

    from provisioning.workflows.surroundings import Surroundings
    from provisioning.workflows.watch_bearers import LineNow, Moved
    from provisioning.workflows.watching import Seen

COLUMNS = ("line", "stands", "for", "open", "to be over, UTC", "seen")
WORST = (Condition.DOWN, Condition.SILENT, Condition.ON_MOBILE, Condition.MOBILE_FAILED, Condition.ON_FIXED)
DRAWN_EVERY = 1.0
"""Seconds between two pictures while nothing moves: times run on."""

BESIDES = 6
"""Rows of the screen that hold no line."""


class Shown:
    """Shows what moves.

    Args:
        around: for the time.
    """

    def __init__(self, around: "Surroundings") -> None:
        self._around = around
        self._said: set[str] = set()

    def show(self, seen: "Seen") -> None:
        """Show what a turn brought."""
        now = self._around.clock.now()
        for trouble in seen.troubles:
            output.note(trouble)
        moved = {each.line: each for each in seen.moved}
        if moved or len(self._said) < len(seen.watch.lines):
            for line in seen.watch.lines:
                # Each line is said once at the beginning, and then when it moves.
                if line.line in moved or (line.heard and line.line not in self._said):
                    self._say(line, moved.get(line.line), now)
                    self._said.add(line.line)

    def _say(self, line: "LineNow", moved: "Moved | None", now: datetime) -> None:
        if line.state is None:
            self._said.discard(line.line)
        elif output.JSON_MODE.get():
            output.print_json_line(moved_data(line.state, moved, now))
        else:
            for text in moved_lines(line.state, moved, now):
                output.follow(text)


class Picture(Shown):
    """Shows how all lines stand, and what moves above that.

    Args:
        height: rows of the screen.
    """

    def __init__(self, around: "Surroundings", height: int) -> None:
        super().__init__(around)
        self._height = height
        self._lines: list[LineNow] | None = None
        self.drawn_at = 0.0
        self.stale = True

    def show(self, seen: "Seen") -> None:
        """Take in what a turn brought."""
        for trouble in seen.troubles:
            output.note(trouble)
        self.stale = bool(seen.moved) or time.monotonic() - self.drawn_at > DRAWN_EVERY
        if self.stale:
            self._lines = seen.watch.lines

    def __rich__(self) -> "Group":
        from rich.console import Group

        now = self._around.clock.now()
        self.drawn_at = time.monotonic()
        if not self._lines:
            what = "reaching the routers" if self._lines is None else summary(self._lines)
            return Group(output.styled((f"{what} · Ctrl-C ends", "dim")).__rich__())
        lines = sorted(self._lines, key=_worst_first)
        room = max(3, self._height - BESIDES)
        table = rich_table(COLUMNS, (now_cells(each, now) for each in lines[:room]), wraps=("seen",))
        more = f" · {len(lines) - room:,} more" if len(lines) > room else ""
        return Group(table, output.styled((f"{summary(lines)}{more} · Ctrl-C ends", "dim")).__rich__())


@contextmanager
def picture(around: "Surroundings") -> "Iterator[Shown]":
    """Yield what shows the turns while the block lasts."""
    if output.JSON_MODE.get() or not output.on_terminal():
        yield Shown(around)
        return
    from rich.console import Console
    from rich.live import Live

    screen = Console(highlight=False, markup=False, emoji=False)
    shown = Picture(around, screen.height)
    with Live(shown, console=screen, auto_refresh=False, transient=True) as live:

        class Drawn(Shown):
            def show(self, seen: "Seen") -> None:
                shown.show(seen)
                if shown.stale:
                    live.refresh()

        yield Drawn(around)


def summary(lines: "list[LineNow]") -> str:
    """Return how many lines stand how."""
    if not lines:
        return "No line in service has a mobile back-up"
    counts = Counter(each.state.condition.value if each.state is not None else "not heard yet" for each in lines)
    return f"{number_of(len(lines), 'line')}: " + ", ".join(f"{number:,} {word}" for word, number in counts.items())


def _worst_first(line: "LineNow") -> int:
    return WORST.index(line.state.condition) if line.state is not None else WORST.index(Condition.SILENT)
