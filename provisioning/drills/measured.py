"""All that a drill has seen, before anybody says what it is worth."""

from dataclasses import dataclass
from itertools import pairwise

from provisioning.drills.gaps import Window
from provisioning.drills.targets import Timing
from provisioning.model.bearer import BearerEvent, BearerEventKind, BearerName, BearerReport, Cut
from provisioning.model.drill import MeasuredRate, Stream
from provisioning.model.drill_traffic import HeldSession, VoiceAnswer
from provisioning.model.verdict import Verdict

EARLIER = 0.5
"""Seconds by which our clock may be late: a stream is asked over a network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was seen in a drill; what nobody could see is empty or None.

    All times without another word are seconds since the streams began (`BegunStreams.begun_at`), by our clock.

    Attributes:
        platform: of the router.
        fixed_ipv4: of the line, as text; empty where it has none.
        cut_at: just before the router was told to cut its fixed bearer.
        healed_at: just before it was told to heal it, or when it was seen to have done so; None when it never was.
        before: what the router said before the cut.
        over_mobile: what it said last while the cut lasted.
        after: what it said once the fixed bearer was trusted again, oldest first; empty when that was not seen.
        events: of the router, from `before` on; others may be among them.
        streams: what became of the streams until the end.
        checks: the line's own acceptance, over mobile.
        voice_on_fixed: what telephony answered before the cut.
        voice_on_mobile: what it answered during it.
        why_no_streams: why there are none.
    """

    cut: Cut
    platform: str
    timing: Timing
    fixed_ipv4: str
    cut_at: float
    healed_at: float | None
    before: BearerReport
    over_mobile: BearerReport | None = None
    after: tuple[BearerReport, ...] = ()
    events: tuple[BearerEvent, ...] = ()
    streams: tuple[Stream, ...] = ()
    sessions: tuple[HeldSession, ...] = ()
    checks: Verdict | None = None
    voice_on_fixed: tuple[VoiceAnswer, ...] = ()
    voice_on_mobile: tuple[VoiceAnswer, ...] = ()
    rates: tuple[MeasuredRate, ...] = ()
    why_no_streams: str = "no vantage point sees the line"

    @property
    def cut_window(self) -> Window:
        """From the cut until the fixed bearer was healed."""
        return Window(self.cut_at - EARLIER, self.healed_at if self.healed_at is not None else float("inf"))

    @property
    def return_window(self) -> Window | None:
        """From then on; None when it never was."""
        return Window(self.healed_at, float("inf")) if self.healed_at is not None else None

    @property
    def restarted(self) -> bool:
        """Whether the router has lost its clock, and with it what it counted."""
        clocks = [self.before, *((self.over_mobile,) if self.over_mobile else ()), *self.after]
        return any(later.clock < earlier.clock for earlier, later in pairwise(clocks))

    def of_fixed(self, *kinds: BearerEventKind) -> tuple[BearerEvent, ...]:
        """Return what the router saw of its fixed bearer since the cut, in order; nothing when it restarted."""
        if self.restarted:
            return ()
        fixed = [each for each in self.events if each.bearer is BearerName.FIXED and each.uptime >= self.before.clock]
        ordered = sorted(fixed, key=lambda each: each.number)
        cut = next((each.number for each in ordered if each.kind is BearerEventKind.CUT), None)
        return tuple(each for each in ordered if cut is not None and each.number >= cut and each.kind in kinds)
