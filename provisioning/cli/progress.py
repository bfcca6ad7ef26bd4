"""What is being done at the moment, on standard error: a table that lives on a terminal, a line a stage elsewhere."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from provisioning.cli import output

if TYPE_CHECKING:
    from rich.table import Table

_STYLES = {"done": "green", "refused": "bold red", "failed": "bold red"}


@dataclass
class _Row:
    device: str
    since: float
    stage: str = ""
    text: str = ""
    ended: float | None = None


@dataclass
class Progress:
    """One row for each piece of work, told by several threads at once."""

    rows: dict[str, _Row] = field(default_factory=dict)
    live: bool = False
    silent: bool = field(default_factory=output.JSON_MODE.get)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, name: str, device: str) -> None:
        """Show a piece of work."""
        with self._lock:
            self.rows[name] = _Row(device, time.monotonic())

    def tell(self, name: str, stage: str, text: str) -> None:
        """Show what is being done."""
        with self._lock:
            row = self.rows[name]
            new_stage, said = row.stage != stage, (row.stage, row.text) == (stage, text)
            row.stage, row.text = stage, text
        if said:
            return
        if not self.live and not self.silent:
            where = f" {row.device}" if row.device else ""
            output.note(f"{name}{where}  {stage if new_stage else '':<9} {text}")

    def end(self, name: str, stage: str, text: str) -> None:
        """Show how it ended."""
        with self._lock:
            row = self.rows[name]
            row.stage, row.text, row.ended = stage, text, time.monotonic()

    def __rich__(self) -> "Table":
        from rich.table import Table

        # As wide as the screen: else what is long would take its room from the names.
        table = Table(box=None, pad_edge=False, show_header=False, expand=True)
        for column in ("order", "device", "stage"):
            table.add_column(column, no_wrap=True)
        table.add_column("what", overflow="ellipsis", no_wrap=True, ratio=1)
        table.add_column("time", justify="right", no_wrap=True)
        with self._lock:
            for name, row in self.rows.items():
                seconds = (row.ended or time.monotonic()) - row.since
                style = _STYLES.get(row.stage, "cyan")
                table.add_row(
                    output.styled((name, "bold")),
                    output.styled((row.device, "")),
                    output.styled((row.stage, style)),
                    output.styled((row.text, "")),
                    f"{seconds:.0f} s",
                )
        return table


@contextmanager
def progress() -> Iterator[Progress]:
    """Yield the progress of several pieces of work; it is shown while the block lasts."""
    from rich.console import Console
    from rich.live import Live

    screen = Console(stderr=True)
    shown = Progress(live=screen.is_terminal and not output.JSON_MODE.get())
    if not shown.live:
        yield shown
        return
    with Live(shown, console=screen, refresh_per_second=4, transient=True):
        yield shown
