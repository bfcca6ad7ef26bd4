"""`proviso failover watch --json` as it runs beside a test, and what it has said."""

import json
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

PATIENCE = 30.0


@dataclass
class Watcher:
    """The command, watching one line.

    Attributes:
        told: what it said last.
        open: the incidents that it opened and did not close, by id, each with its priority.
    """

    process: "subprocess.Popen[bytes]"
    said: "queue.SimpleQueue[bytes]" = field(default_factory=queue.SimpleQueue)
    told: dict[str, Any] = field(default_factory=dict)
    open: dict[str, str] = field(default_factory=dict)

    def follow(self) -> None:
        """Take what it says, until it ends."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.put(line)

    def until(self, condition: str) -> tuple[float, Any]:
        """Wait until it says that the line stands so; return how long that took, and all that it said."""
        taken = self.until_that(lambda told: told["condition"] == condition, condition)
        return taken, self.told

    def until_open(self, *priorities: str, seconds: float = PATIENCE) -> float:
        """Wait until incidents of these priorities are open and no others; return how long that took."""
        wanted = sorted(priorities)
        if sorted(self.open.values()) == wanted:
            return 0.0
        return self.until_that(lambda _: sorted(self.open.values()) == wanted, f"{wanted} open", seconds)

    def until_that(self, holds: Callable[[dict[str, Any]], bool], what: str, seconds: float = PATIENCE) -> float:
        """Wait until something holds of what it says; return how long that took."""
        begun = time.monotonic()
        while (taken := time.monotonic() - begun) < seconds:
            try:
                self._take(json.loads(self.said.get(timeout=0.5)))
            except queue.Empty:
                assert self.process.poll() is None, self.process.communicate()
                continue
            if holds(self.told):
                return taken
        raise AssertionError(f"it did not say {what} within {seconds:.0f} s: {self.open}, {self.told}")

    def _take(self, told: dict[str, Any]) -> None:
        self.told = told
        self.open.update({each["id"]: each["priority"] for each in told["opened"]})
        for each in told["closed"]:
            self.open.pop(each["id"], None)


@contextmanager
def following(process: "subprocess.Popen[bytes]") -> Iterator[Watcher]:
    """Yield what a process of the command says; it is killed at the end, if it has not ended."""
    watcher = Watcher(process)
    thread = threading.Thread(target=watcher.follow, daemon=True)
    thread.start()
    try:
        yield watcher
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)
        thread.join(10)
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()
