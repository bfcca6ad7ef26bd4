"""Cases of a test that are done side by side, since most of each is waiting."""

import threading
from collections.abc import Callable, Mapping

Case = Callable[[], object]


class Together:
    """Does several cases side by side, since most of each is waiting; tells all that failed."""

    def __init__(self, jobs: int) -> None:
        self._free = threading.Semaphore(jobs)
        self._failed: list[tuple[str, BaseException]] = []

    def __call__(self, cases: Mapping[str, Case]) -> None:
        threads = [threading.Thread(target=self._one, args=each) for each in cases.items()]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        if self._failed:
            names = "\n".join(f"{name}: {type(error).__name__}: {error}" for name, error in self._failed)
            raise AssertionError(f"{len(self._failed)} of {len(cases)} cases:\n{names}") from self._failed[0][1]

    def _one(self, name: str, case: Case) -> None:
        with self._free:
            try:
                case()
            except BaseException as error:
                self._failed.append((name, error))
