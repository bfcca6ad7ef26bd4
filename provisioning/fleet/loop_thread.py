"""An event loop in a thread of its own, for as long as one piece of work on it lasts."""

import asyncio
import threading
import warnings
from collections.abc import Callable, Coroutine
from contextlib import suppress

from provisioning.fleet.patient_loop import new_loop

Work = Callable[[], Coroutine[object, object, None]]


class LoopThread:
    """The loop and its thread, which keeps no process from ending.

    Args:
        name: of the thread.
        work: what is done on the loop.
        ended: called in the thread when nothing more will come of the work: with None when it is done, or was dropped,
            else with what broke it.
        at_once: routers that are spoken to at a time.
    """

    def __init__(self, name: str, work: Work, ended: Callable[[BaseException | None], object], at_once: int) -> None:
        self._work = work
        self._ended = ended
        self._loop = new_loop(at_once)
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def soon(self, do: Callable[..., object], *given: object) -> None:
        """Have something done on the loop, soon; nothing once that has ended. Called in whatever thread."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(do, *given)

    def end(self) -> None:
        """Drop what is under way, and wait for the thread."""
        self.soon(self._cancel)
        self._thread.join()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _live(self) -> None:
        broke: BaseException | None = None
        try:
            with warnings.catch_warnings(), asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                # A router that has nothing better is spoken to all the same; whom it concerns is told by its name.
                warnings.filterwarnings("ignore", "Diffie-Hellman over finite fields")
                runner.run(self._begun())
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # whoever waits for results must know that no more will come
            broke = error
        self._ended(broke)

    async def _begun(self) -> None:
        self._task = asyncio.current_task()
        await self._work()
