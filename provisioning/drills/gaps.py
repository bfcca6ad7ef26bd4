"""What losses of a stream mean for whoever uses the line: for how long nothing passed, and how much was lost."""

from dataclasses import dataclass
from math import ceil

from provisioning.model.drill import Loss, Stream


@dataclass(frozen=True, slots=True)
class Window:
    """Part of a drill, in seconds since its streams began; the end is not in it."""

    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nothing came back.

    Attributes:
        at: when the first packet was sent that was lost.
        seconds: from then until the next was sent that was not.
    """

    at: float
    seconds: float

    @property
    def end(self) -> float:
        """When it was over."""
        return self.at + self.seconds


def longest_gap(stream: Stream, window: Window) -> Gap | None:
    """Return the longest gap that began in a window, the first of those; None when nothing was lost there.

    A gap is as long as its packets lie apart: whoever sends falls behind on a busy machine, and never leaves one out.
    """
    gaps = [Gap(each.at, each.packets * stream.interval) for each in stream.losses if _began(each, window)]
    return max(gaps, key=lambda each: each.seconds, default=None)


def until_back(stream: Stream, window: Window) -> float | None:
    """Return the seconds from the first packet lost in a window to the end of its longest gap; None without losses.

    They are more than the gap where a bearer did not go silent at once.
    """
    longest = longest_gap(stream, window)
    if longest is None:
        return None
    return longest.end - min(each.at for each in stream.losses if _began(each, window))


def lost(stream: Stream, window: Window) -> int:
    """Return how many packets that were sent in a window never came back."""
    return sum(_within(each, stream.interval, window) for each in stream.losses)


def worked_before(stream: Stream, moment: float) -> bool:
    """Return whether anything had come back before a moment: a stream that never ran tells nothing of a cut."""
    return any(each.returned for each in stream.buckets if each.at < moment)


def _began(loss: Loss, window: Window) -> bool:
    return window.begin <= loss.at < window.end


def _within(loss: Loss, interval: float, window: Window) -> int:
    """Return how many packets of a run were sent in a window."""

    def before(moment: float) -> int:
        return ceil(min(max((moment - loss.at) / interval - 1e-9, 0), loss.packets))

    return before(window.end) - before(window.begin)
