"""A router in a drill: asked again and again while its bearers change, and told to cut and to heal."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event

from provisioning.errors import AnswerNotUnderstood, DeviceUnreachable, Stopped
from provisioning.model.bearer import BearerEvent, BearerReport, Cut
from provisioning.workflows.check_backup import bearers_of, of_the_line
from provisioning.workflows.intended_line import IntendedLine
from provisioning.workflows.router import Router
from tasks.begin_drill import begin_drill
from tasks.end_drill import end_drill

POLL_SECONDS = 0.5
"""Between two looks at a router."""

ASK_SECONDS = 20.0
"""That a router may say nothing while something is asked of it."""


@dataclass
class DrilledRouter:
    """A router of which a drill asks something.

    Attributes:
        router: on which nothing is installed on the way.
        since: what the router's clock said when the drill began; what it saw before is of no interest.
        stop: set when whoever asked for the drill wants it to end.
    """

    router: Router
    meant: IntendedLine
    since: float
    stop: Event
    _events: dict[int, BearerEvent] = field(default_factory=dict)

    @property
    def events(self) -> tuple[BearerEvent, ...]:
        """What the router itself saw since the drill began."""
        return tuple(each for _, each in sorted(self._events.items()))

    def cut(self, token: str, cut: Cut, seconds: int) -> None:
        """Have it cut its fixed bearer; what it is asked may take the answer with it, and then it is asked once more.

        Args:
            seconds: after which it ends the cut by itself.

        Raises:
            DeviceRefused: when it refuses.
            DeviceUnreachable: when it does not answer.
            Stopped: when the drill is to end.
        """
        self._insist(lambda: self.router.do(begin_drill, token=token, cut=cut, seconds=seconds), _in(ASK_SECONDS))

    def heal(self, token: str, *, seconds: float = ASK_SECONDS) -> None:
        """Have it end a cut; done twice, it changes nothing.

        Args:
            seconds: how long it may say nothing.

        Raises:
            DeviceUnreachable: when it does not answer.
            Stopped: when the drill is to end.
        """
        self._insist(lambda: self.router.do(end_drill, token=token), _in(seconds))

    def look(self) -> BearerReport | None:
        """Return what it says of its bearers; None when it says nothing at the moment."""
        try:
            report = bearers_of(self.router)
        except (AnswerNotUnderstood, DeviceUnreachable):
            self.router.close()
            return None
        for each in report.events:
            if each.uptime >= min(self.since, report.clock):
                self._events[each.number] = each
        return of_the_line(report, self.meant)

    def addresses(self) -> Mapping[str, tuple[str, ...]]:
        """Return its addresses by interface, as DeviceFacts has them; none when it does not answer now."""
        with suppress(AnswerNotUnderstood, DeviceUnreachable):
            return self.router.facts().addresses
        self.router.close()
        return {}

    def wait_for(
        self, holds: Callable[[BearerReport], bool], until: float, tell: Callable[[BearerReport | None, float], None]
    ) -> BearerReport | None:
        """Return the first report for which something holds; None when none is in time.

        Args:
            until: moment of the monotonic clock.
            tell: told of each other report, and of the seconds that are left.

        Raises:
            Stopped: when the drill is to end.
        """
        while True:
            report = self.look()
            if report is not None and holds(report):
                return report
            left = until - time.monotonic()
            if left <= 0:
                return None
            tell(report, left)
            self.wait(min(POLL_SECONDS, left))

    def wait(self, seconds: float) -> None:
        """Wait, unless the drill is to end.

        Raises:
            Stopped: when it is.
        """
        if self.stop.wait(max(seconds, 0)):
            raise Stopped("it was told to stop", where=self.router.serial, remedy="Begin it again when you are ready.")

    def _insist(self, ask: Callable[[], object], until: float) -> None:
        while True:
            try:
                ask()
                return
            except (AnswerNotUnderstood, DeviceUnreachable):
                self.router.close()
                if time.monotonic() > until:
                    raise
            # A router that changes its routing answers again soon.
            self.wait(POLL_SECONDS)


def _in(seconds: float) -> float:
    return time.monotonic() + seconds
