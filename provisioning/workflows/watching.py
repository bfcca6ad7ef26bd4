"""The one process that watches mobile back-ups, from its begin to its end."""

import os
import queue
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from provisioning.errors import Refused, ScopeBusy, StoreLocked, UnknownName
from provisioning.workflows.ask_from_outside import Outside
from provisioning.workflows.incidents import close_left
from provisioning.workflows.scope_lock import hold_if_free, lock_file
from provisioning.workflows.surroundings import Surroundings
from provisioning.workflows.tell_incidents import Telling
from provisioning.workflows.watch_bearers import SILENT_SECONDS, Moved, Watch
from provisioning.workflows.watched_lines import WatchedLine, target_of

if TYPE_CHECKING:
    from provisioning.fleet.follow import Following
    from provisioning.fleet.target import Target

LOCK = "failover-watch"

TURN_SECONDS = 0.2
"""Between two looks at what became known, where nothing does."""

STEP_SECONDS = 8.0
"""How long each step of a connection may take: over a mobile bearer, too."""

CHOOSE_SECONDS, CHOOSE_FIRST_SECONDS = 300.0, 10.0
"""After which it is asked again which lines there are; sooner as long as there is none."""

REFRESH_SECONDS = 10.0
"""After which what others changed is read again."""

ONCE_SECONDS = SILENT_SECONDS + 30.0
"""For one look: a router that says nothing so long counts as silent, and the internet is asked for it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is shown after a turn.

    Attributes:
        moved: what moved in it.
        troubles: why people could not be told, or the store not be written.
    """

    watch: Watch
    moved: tuple[Moved, ...]
    troubles: tuple[str, ...]


@contextmanager
def the_one_watcher(around: Surroundings) -> Iterator[None]:
    """Be the one that watches while the block lasts.

    Raises:
        ScopeBusy: when somebody else is; it says who.
    """
    who = lock_file(around.state, LOCK).with_suffix(".who")
    with hold_if_free(around.state, LOCK) as held:
        if not held:
            with suppress(OSError):
                raise ScopeBusy(
                    f"bearers are watched already, by {who.read_text('utf-8').strip() or 'somebody'}",
                    where=LOCK,
                    remedy="`proviso failover incidents` shows what is open; end the other one first.",
                )
            raise ScopeBusy("bearers are watched already", where=LOCK, remedy="End the other one first.")
        now = around.clock.now().isoformat(timespec="seconds")
        who.write_text(f"{around.actor.name}, process {os.getpid()}, since {now}\n", "utf-8")
        try:
            yield
        finally:
            who.unlink(missing_ok=True)


def watch_bearers(
    choose: Callable[[], Sequence[WatchedLine]],
    around: Surroundings,
    *,
    stop: Event,
    show: Callable[[Seen], object],
    once: bool = False,
    reach: "Callable[[WatchedLine, Surroundings], Target]" = target_of,
) -> Watch:
    """Watch lines until that is stopped; return how they stand then.

    Args:
        choose: returns the lines to watch; asked again now and then.
        stop: set to end.
        show: is told after each turn; it must not wait.
        once: whether to end when something is known of each line.
        reach: tells how the router of a line is reached.

    Raises:
        ScopeBusy: when somebody else watches.
        UnreadableProject: when no key to log in with is set, or it cannot be read.
    """
    # asyncssh takes a third of a second to load.
    from provisioning.devices.reach import Access
    from provisioning.fleet.follow import following

    access = around.access
    with the_one_watcher(around):
        lines = choose()
        watch = Watch(lines, around)
        open_now = [incident for line in watch.lines for incident in line.incidents]
        telling, outside = Telling([each.line for each in lines], open_now, around), Outside(around)
        try:
            with following(
                [reach(each, around) for each in lines],
                Access(access.key_file, access.known_hosts, STEP_SECONDS, access.proxy),
            ) as follow:
                telling.tell((), close_left(around))
                course = _Course(watch, follow, telling, outside, around)
                ends_at = monotonic() + ONCE_SECONDS if once else None
                while not stop.is_set():
                    show(course.turn(choose, reach))
                    if ends_at is not None and (_known(watch) or monotonic() > ends_at):
                        break
        finally:
            outside.end()
            telling.end()
    return watch


class _Course:
    """What happens turn by turn."""

    def __init__(
        self, watch: Watch, follow: "Following", telling: Telling, outside: Outside, around: Surroundings
    ) -> None:
        self._watch = watch
        self._follow = follow
        self._telling = telling
        self._outside = outside
        self._around = around
        self._refreshed_at = self._chosen_at = monotonic()
        self._troubles: list[str] = []

    def turn(
        self,
        choose: Callable[[], Sequence[WatchedLine]],
        reach: "Callable[[WatchedLine, Surroundings], Target]",
    ) -> Seen:
        """Take in what became known, and do what follows."""
        self._watch.hear(self._follow.take(TURN_SECONDS))
        now, moved = monotonic(), list[Moved]()
        try:
            if now - self._chosen_at > (CHOOSE_SECONDS if self._watch.lines else CHOOSE_FIRST_SECONDS):
                self._choose(choose, reach)
                self._chosen_at = now
            if now - self._refreshed_at > REFRESH_SECONDS:
                self._watch.refresh()
                self._refreshed_at = now
            for line, from_where in self._outside.unreached():
                self._watch.not_reached(line, from_where)
            moved = self._watch.settle()
        except StoreLocked as error:
            self._troubles.append(f"the store is busy: {error.what}; tried again")
        self._telling.tell(
            [each for some in moved for each in some.opened], [each for some in moved for each in some.closed]
        )
        self._outside.ask(self._watch.unheard_lines())
        with suppress(queue.Empty):
            while True:
                self._troubles.append(self._telling.troubles.get_nowait())
        troubles, self._troubles = tuple(self._troubles), []
        return Seen(self._watch, tuple(moved), troubles)

    def _choose(
        self,
        choose: Callable[[], Sequence[WatchedLine]],
        reach: "Callable[[WatchedLine, Surroundings], Target]",
    ) -> None:
        self._telling.tell((), close_left(self._around))
        try:
            lines = choose()
        except (Refused, UnknownName) as error:
            # A line that was named has ceased: the others are watched all the same.
            self._troubles.append(f"the lines are watched as before: {error.what}")
            return
        self._watch.follow(lines)
        self._follow.follow([reach(each, self._around) for each in lines])


def _known(watch: Watch) -> bool:
    return not watch.unseen and not watch.opening
