"""The course of a drill: watched, cut, looked at over mobile, healed, and watched until traffic is back on fixed.

Nothing of it is carried on by another process: should this one die, the router's own timer ends the cut. Each step
that changes something on the router can be asked for again, and then changes nothing.
"""

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Event
from typing import Protocol

from provisioning.drills.preconditions import BASELINE_SECONDS, RETURN_SECONDS, Asked
from provisioning.drills.rates import measured_rate
from provisioning.drills.tokens import bounce_token, tokens_of
from provisioning.errors import ProvisoError
from provisioning.expecting.expect import expect
from provisioning.expecting.mobile import over_mobile
from provisioning.judging.judge import judge
from provisioning.model.bearer import BearerName, BearerReport, Cut
from provisioning.model.drill import Drill, Phase
from provisioning.model.drill_traffic import BegunSession
from provisioning.model.expectation import Expectation
from provisioning.model.line_secrets import LineSecrets
from provisioning.vantages.behind import THROUGHPUT_SECONDS
from provisioning.vantages.long_sessions import begin_sessions_in, end_sessions_in
from provisioning.vantages.management import read_management
from provisioning.vantages.observe import observe
from provisioning.vantages.points import Points
from provisioning.vantages.streams import begin_streams, end_streams
from provisioning.vantages.voice import ask_voice
from provisioning.workflows.drill_record import DrillRecord
from provisioning.workflows.drilled_router import ASK_SECONDS, DrilledRouter
from provisioning.workflows.intended_line import IntendedLine
from provisioning.workflows.surroundings import Surroundings

LOOK_SECONDS = 2.0
"""Between two looks while nothing is expected to happen."""

MOVE_SECONDS = 20.0
"""That traffic may take to move to mobile; whoever is not there by then is looked at nevertheless."""

CHECKS_SECONDS = 8.0
"""That must be left of a cut for a look at the line to be any use."""

BOUNCE_SECONDS = 3.0
"""For which the fixed bearer is cut once more while it is held."""

BOUNCE_TIMER_SECONDS = 30
"""After which the router ends that by itself."""

SETTLED_SECONDS = 2.5
"""After the return, until routes have followed everywhere."""

AFTER_SECONDS = 3.0
"""Between the two looks after the return, by which it is told what still goes over mobile."""

SPARE_SECONDS = 120
"""For which streams may run longer than the drill should last."""


class Tell(Protocol):
    """Told what is being done."""

    def __call__(self, phase: Phase, text: str, left: float | None = None, /) -> None:
        """Tell it; `left`: seconds until the next thing, where they are known."""
        ...


@dataclass
class Course:
    """A drill under way.

    Attributes:
        seconds: after which the router ends the cut by itself.
        record: what was seen so far.
        held: whether the router may hold a cut of this drill.
        expectation: what of the line's own acceptance must hold over mobile.
        sessions_in: from the internet to the line's openings.
    """

    drill: Drill
    asked: Asked
    seconds: int
    meant: IntendedLine
    secrets: LineSecrets
    router: DrilledRouter
    points: Points
    around: Surroundings
    record: DrillRecord
    tell: Tell
    held: bool = False
    expectation: Expectation | None = None
    sessions_in: tuple[BegunSession, ...] = ()
    _cut_ends: float = 0.0

    def go(self) -> None:
        """Go through the whole course; whatever ends it early, the router is asked to heal.

        Raises:
            Stopped: when it was told to stop.
            ProvisoError: when something else stands in the way.
        """
        try:
            self._begin()
            self._cut()
            self._look_over_mobile()
            self._heal()
            self._await_return()
        finally:
            if self.held:
                self._heal_at_any_rate()
            self._end_streams()

    def _begin(self) -> None:
        self.tell(Phase.BASELINE, "begins streams and sessions")
        seconds = self.asked.lasts(self._hold_seconds) + SPARE_SECONDS
        streams = begin_streams(self.meant.addressed, self.points, self.around.clock, seconds=seconds)
        self.record.begin(streams, self.around.clock.now() - streams.begun_at)
        self.record.mark(Phase.BASELINE, "streams begun" if streams.places else "no stream could be begun")
        whole = expect(self.meant.addressed, self.around.operator, self.router.addresses())
        self.expectation = over_mobile(whole, self.meant.cpe.platform)
        self.sessions_in = begin_sessions_in(self.expectation, self.points, streams.token, seconds=seconds)
        self.record.voice_before = ask_voice(self.around.operator.voice_probes, self.points)
        self.tell(Phase.BASELINE, "watches the line as it is", BASELINE_SECONDS)
        self.router.wait(BASELINE_SECONDS)
        self.record.before = self.router.look() or self.record.before

    def _cut(self) -> None:
        self.router.wait(0)
        self.tell(Phase.CUT, f"cuts the fixed bearer: {self.asked.cut.value}")
        self.held, self.record.cut_at = True, self.record.now()
        self.record.mark(Phase.CUT, f"the router is told to cut its fixed bearer ({self.asked.cut.value})")
        self.router.cut(self.drill.token, self.asked.cut, self.seconds)
        self._cut_ends = time.monotonic() + self.asked.seconds
        until = min(self._cut_ends, time.monotonic() + MOVE_SECONDS)

        def tell(report: BearerReport | None, left: float) -> None:
            self.tell(Phase.CUT, "waits for traffic to move to mobile", left)

        self.record.over_mobile = self.router.wait_for(_on_mobile, until, tell)
        if self.record.over_mobile is not None:
            self.record.mark(Phase.MOBILE, "traffic goes over mobile")

    def _look_over_mobile(self) -> None:
        if self._left >= CHECKS_SECONDS:
            self.tell(Phase.MOBILE, "asks whether telephony is kept off", self._left)
            self.record.voice_over_mobile = ask_voice(self.around.operator.voice_probes, self._points_in_time)
            self.router.wait(0)
        if self._left >= CHECKS_SECONDS:
            self._look_at_the_line()
        else:
            self.record.mark(Phase.MOBILE, "the cut is too short to look at the line over mobile")
        while True:
            report = self.router.look()
            if report is not None and not self._still_cut(report):
                return
            if self._left <= 0:
                return
            self.tell(Phase.MOBILE, "traffic goes over mobile", self._left)
            self.router.wait(min(LOOK_SECONDS, self._left))

    def _look_at_the_line(self) -> None:
        expectation = self.expectation
        if expectation is None:
            return
        begun, at = time.monotonic(), self.record.now()
        self.tell(Phase.MOBILE, "looks at the line from outside", self._left)
        proxy = self.around.access.proxy
        self.record.checks = judge(
            expectation,
            observe(
                expectation,
                self._points_in_time,
                lambda check: read_management(check, self.secrets, proxy),
                lambda text: self.tell(Phase.MOBILE, text, self._left),
            ),
        )
        seconds = min(time.monotonic() - begun, 2 * THROUGHPUT_SECONDS)
        rate = measured_rate(self.record.checks, at=at, seconds=seconds, bearer=BearerName.MOBILE)
        self.record.rates = (rate,) if rate is not None else ()
        self.record.mark(Phase.MOBILE, f"looked at the line: {self.record.checks.summary}")
        self.router.wait(0)

    def _still_cut(self, report: BearerReport) -> bool:
        """Return whether the router still holds the cut; write down what it says."""
        if report.clock < self.record.before.clock:
            self.record.mark(Phase.HEALED, "the router has restarted, which ended the cut")
        elif report.drill is None or report.drill.token != self.drill.token:
            self.record.mark(Phase.HEALED, "the router has ended the cut by itself")
        else:
            self.record.over_mobile = report
            return True
        self.record.healed_at = self.record.now()
        return False

    def _heal(self) -> None:
        self.tell(Phase.HEALED, "ends the cut")
        if self.record.healed_at is None:
            self.record.healed_at = self.record.now()
            self.record.mark(Phase.HEALED, "the router is told to end the cut")
        self.router.heal(self.drill.token)
        self.held = False

    def _heal_at_any_rate(self) -> None:
        """End the cut though the course ended early: until then nothing else matters, not even being told to stop."""
        self.router.stop = Event()
        if self.record.healed_at is None:
            self.record.healed_at = self.record.now()
        self.tell(Phase.HEALED, "ends the cut")
        seconds = min(float(self.seconds), ASK_SECONDS)
        try:
            for token in tokens_of(self.drill.token):
                self.router.heal(token, seconds=seconds)
            self.record.mark(Phase.HEALED, "the router has ended the cut")
        except ProvisoError as error:
            self.record.mark(
                Phase.HEALED, f"the router does not say that it ends the cut; its own timer does ({error.what})"
            )
        self.held = False

    def _await_return(self) -> None:
        if self.asked.bounce and self._await_hold():
            self._bounce()
        until = time.monotonic() + self._hold_seconds + RETURN_SECONDS
        back = self.router.wait_for(_on_fixed, until, self._tell_of_return)
        if back is None:
            self.record.mark(Phase.RETURN, "traffic has not returned to the fixed bearer in time")
            return
        self.record.mark(Phase.RETURN, "traffic is back on the fixed bearer")
        self.record.after.append(back)
        self.tell(Phase.RETURN, "watches the line as it is again", SETTLED_SECONDS + AFTER_SECONDS)
        for seconds in (SETTLED_SECONDS, AFTER_SECONDS):
            self.router.wait(seconds)
            last = self.router.look()
            self.record.after += [last] if last is not None else []

    def _await_hold(self) -> bool:
        until = time.monotonic() + RETURN_SECONDS
        held = self.router.wait_for(
            lambda report: report.hold_left is not None or _on_fixed(report), until, self._tell_of_return
        )
        return held is not None and held.hold_left is not None

    def _bounce(self) -> None:
        """Cut the fixed bearer for a moment while it is held: traffic must stay on mobile, and the hold begin anew."""
        cut = Cut.LINK_DOWN if self.asked.cut in (Cut.LOSS, Cut.FLAPPING) else self.asked.cut
        token = bounce_token(self.drill.token)
        self.tell(Phase.BOUNCE, "cuts the fixed bearer once more, while it is held", BOUNCE_SECONDS)
        self.record.mark(Phase.BOUNCE, f"the fixed bearer bounces for {BOUNCE_SECONDS:.0f} s")
        self.held = True
        self.router.cut(token, cut, BOUNCE_TIMER_SECONDS)
        self.router.wait(BOUNCE_SECONDS)
        self.router.heal(token)
        self.held = False
        self.record.mark(Phase.HEALED, "the bounce is over")

    def _tell_of_return(self, report: BearerReport | None, left: float) -> None:
        if report is not None and report.hold_left is not None:
            self.tell(Phase.RETURN, "the fixed bearer works again, and is held", report.hold_left)
        else:
            self.tell(Phase.RETURN, "waits for the fixed bearer", left)

    def _end_streams(self) -> None:
        if self.record.streams is None:
            return
        with suppress(ProvisoError):
            self.tell(Phase.RETURN, "asks what became of the streams")
            traffic = end_streams(self.record.streams, self.points, self.around.clock)
            held = end_sessions_in(self.sessions_in, self.points)
            self.record.traffic = replace(traffic, sessions=(*traffic.sessions, *held))

    @property
    def _hold_seconds(self) -> int:
        return self.around.operator.routing.hold_seconds

    @property
    def _points_in_time(self) -> Points:
        return self.points.until(self._cut_ends)

    @property
    def _left(self) -> float:
        return self._cut_ends - time.monotonic()


def _on_mobile(report: BearerReport) -> bool:
    return bool(report.in_use) and all(each is BearerName.MOBILE for each in report.in_use.values())


def _on_fixed(report: BearerReport) -> bool:
    on_fixed = bool(report.in_use) and all(each is BearerName.FIXED for each in report.in_use.values())
    return on_fixed and report.hold_left is None and report.fixed.works
