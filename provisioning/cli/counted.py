"""How far work on many lines is, on standard error: a bar that lives on a terminal, now and then a line elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from provisioning.cli import output

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

SAID_AFTER_SECONDS = 10.0
"""Between two lines where nobody sees a bar."""


@dataclass
class Counted:
    """Work on so many lines.

    Attributes:
        total: lines.
        done: lines that are dealt with.
    """

    what: str
    total: int
    done: int = 0
    _begun: float = field(default_factory=time.monotonic)
    _said: float = field(default_factory=time.monotonic)
    _bar: "tuple[Progress, TaskID] | None" = None

    def step(self, remark: str = "") -> None:
        """Count one more; a remark is shown beside the bar, or on a line of its own."""
        self.done += 1
        if self._bar is not None:
            bar, task = self._bar
            rate = self.done / max(time.monotonic() - self._begun, 0.1)
            bar.update(task, completed=self.done, rate=f"{rate:,.1f} a second")
            if remark:
                bar.console.print(output.styled((remark, "dim")).__rich__(), soft_wrap=True)
            return
        if output.JSON_MODE.get():
            return
        if remark:
            output.note(remark)
        now = time.monotonic()
        if now - self._said > SAID_AFTER_SECONDS and self.done < self.total:
            self._said = now
            output.note(self._far(now - self._begun))

    def _far(self, seconds: float) -> str:
        rate = self.done / seconds
        left = (self.total - self.done) / rate
        return f"{self.what}: {self.done:,} of {self.total:,}, {rate:,.1f} a second, {left:,.0f} s left"


@contextmanager
def counted(what: str, total: int) -> Iterator[Counted]:
    """Yield the count of work on so many lines; it is shown while the block lasts."""
    from rich.console import Console

    shown, screen = Counted(what, total), Console(stderr=True)
    if not screen.is_terminal or output.JSON_MODE.get():
        yield shown
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True, refresh_per_second=4) as bar:
        shown._bar = (bar, bar.add_task(what, total=total, rate=""))
        yield shown
