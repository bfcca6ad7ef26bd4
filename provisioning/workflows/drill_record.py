"""What a drill under way has seen so far: its course writes it down, and what the drill comes to is told from it."""

import time
from dataclasses import dataclass, field
from datetime import timedelta

from provisioning.model.bearer import BearerReport
from provisioning.model.drill import Mark, MeasuredRate, Phase
from provisioning.model.drill_traffic import BegunStreams, Traffic, VoiceAnswer
from provisioning.model.verdict import Verdict


@dataclass
class DrillRecord:
    """What was seen, and when: in seconds since the streams began, by our clock.

    Attributes:
        before: what the router said before the drill.
        streams: None until they have begun.
        traffic: what they came to; None where nobody knows.
        cut_at: when the router was told to cut; None before.
        healed_at: when it was told to heal, or was seen to have done so; None before.
        over_mobile: what it said last while the cut lasted.
        after: what it said once traffic was back.
        checks: the line's own acceptance, over mobile.
        marks: what was done when.
    """

    before: BearerReport
    streams: BegunStreams | None = None
    traffic: Traffic | None = None
    cut_at: float | None = None
    healed_at: float | None = None
    over_mobile: BearerReport | None = None
    after: list[BearerReport] = field(default_factory=list)
    checks: Verdict | None = None
    voice_before: tuple[VoiceAnswer, ...] = ()
    voice_over_mobile: tuple[VoiceAnswer, ...] = ()
    rates: tuple[MeasuredRate, ...] = ()
    marks: list[Mark] = field(default_factory=list)
    _begun: float = field(default_factory=time.monotonic)

    def begin(self, streams: BegunStreams, ago: timedelta) -> None:
        """Take in that streams have begun: all times count from there."""
        self.streams = streams
        self._begun = time.monotonic() - ago.total_seconds()

    def now(self) -> float:
        """Return the seconds since the streams began."""
        return time.monotonic() - self._begun

    def mark(self, phase: Phase, text: str) -> None:
        """Write down what happens now."""
        self.marks.append(Mark(round(self.now(), 2), phase, text))
