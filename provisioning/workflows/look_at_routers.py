"""Fetching what is in force on many routers at once; one that does not answer never stops the others."""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from time import monotonic

from provisioning.errors import ProvisoError, cause_of
from provisioning.model.backup import Fetched, Missed
from provisioning.store.selection import SelectedDevice
from provisioning.workflows.reaching import Reach
from provisioning.workflows.router import Router
from provisioning.workflows.surroundings import Surroundings

_LOG = logging.getLogger(__name__)

AHEAD = 2
"""Routers that wait for a thread, for each thread: what is fetched and not yet compared takes memory."""


def look_at_routers(
    devices: Sequence[SelectedDevice], around: Surroundings, *, at_once: int
) -> Iterator[Fetched | Missed]:
    """Yield what is in force on each router, or why that is not known, as the answers come.

    Args:
        devices: routers of lines.
        at_once: so many at a time.
    """
    reach, left = Reach(around, prepare=False), iter(devices)
    pool = ThreadPoolExecutor(min(at_once, max(1, len(devices))), thread_name_prefix="look")
    try:
        waiting: set[Future[Fetched | Missed]] = set()
        while True:
            while len(waiting) < at_once * AHEAD and (device := next(left, None)) is not None:
                waiting.add(pool.submit(_look, device, reach))
            if not waiting:
                return
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (each.result() for each in done)
    finally:
        pool.shutdown(cancel_futures=True)


def _look(device: SelectedDevice, reach: Reach) -> Fetched | Missed:
    begun = monotonic()
    router = Router(device.serial, device.platform, device.management, reach)
    try:
        running = router.running()
    except ProvisoError as error:
        return Missed(device.line, device.serial, cause_of(error), str(error))
    except Exception as error:
        # A mistake in Proviso with one router must not end the look at ten thousand; `--debug` shows what is logged.
        _LOG.debug("looking at a router failed: a mistake in Proviso", exc_info=error)
        return Missed(device.line, device.serial, "unknown", f"this should not happen: {type(error).__name__}")
    finally:
        router.close()
    return Fetched(device.line, device.serial, device.platform, running.documents, monotonic() - begun)
