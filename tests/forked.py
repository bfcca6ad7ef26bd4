"""Processes that are forked from the warm one, as `subprocess.Popen` shows those that it starts."""

import contextlib
import os
import signal
import subprocess
import threading
from queue import Empty, Queue
from types import TracebackType
from typing import IO, Self


class Forked:
    """A process that was forked for us by another one, with pipes to its three streams.

    Attributes:
        pid: of the process.
        returncode: once it has ended and that was asked for; negative for a signal.
    """

    def __init__(self, pid: int, ended: "Queue[int]", streams: tuple[IO[bytes], IO[bytes], IO[bytes]]) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdin, self.stdout, self.stderr = streams
        self._ended = ended

    def poll(self) -> int | None:
        """Return its code, None while it runs."""
        if self.returncode is None and not self._ended.empty():
            self.returncode = self._ended.get()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end at most so many seconds; return its code."""
        if self.returncode is None:
            try:
                self.returncode = self._ended.get(timeout=timeout)
            except Empty:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0) from None
        return self.returncode

    def communicate(self, timeout: float | None = None, *, given: bytes = b"") -> tuple[bytes, bytes]:
        """Give it all of its standard input, and return all that it says until its end."""
        said = dict.fromkeys((self.stdout, self.stderr), b"")

        def listen(stream: IO[bytes]) -> None:
            said[stream] = stream.read()

        listeners = [threading.Thread(target=listen, args=(stream,), daemon=True) for stream in said]
        for each in listeners:
            each.start()
        with contextlib.suppress(BrokenPipeError), self.stdin:
            self.stdin.write(given)
        self.wait(timeout)
        for each in listeners:
            each.join(timeout)
            if each.is_alive():
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        for stream in said:
            stream.close()
        return said[self.stdout], said[self.stderr]

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        # It may have ended, and its parent not have told us yet.
        with contextlib.suppress(ProcessLookupError):
            if self.poll() is None:
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in (self.stdin, self.stdout, self.stderr):
            each.close()
        self.wait()
