"""When an approved request is carried out (facts: I-8.5, X-17)."""

from datetime import datetime, timedelta

from provisioning.changes.windows import Window, next_window

MARGIN_SECONDS = 180
"""For planning, reaching the router and recording, besides the time in which a change is proven or goes back."""


def room_for_a_run(revert_seconds: int) -> timedelta:
    """Return how much of a window must be left for a run to begin: it ends inside, proven or gone back.

    Args:
        revert_seconds: after which a router goes back by itself.
    """
    return timedelta(seconds=revert_seconds + MARGIN_SECONDS)


def when_due(
    wanted_at: datetime | None, *, standard_changes: bool, now: datetime, revert_seconds: int = 0
) -> datetime:
    """Return when a request is carried out at the earliest, counted from now.

    With the standard-changes option that is at once, whatever the window; otherwise in the change window. It is never
    before the wanted time.

    Args:
        wanted_at: not before; None for as soon as possible.
        standard_changes: whether the line has the option.
        now: any moment; the answer is not before it.
        revert_seconds: after which a router goes back by itself; so much of the window must be left, with a margin.
    """
    earliest = now if wanted_at is None else max(now, wanted_at)
    if standard_changes:
        return earliest
    return max(earliest, window_for(earliest, revert_seconds).start)


def window_for(earliest: datetime, revert_seconds: int) -> Window:
    """Return the first change window in which a run can begin, and end, from a moment on."""
    return next_window(earliest, left=room_for_a_run(revert_seconds))
