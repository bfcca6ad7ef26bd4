"""Timed rollback: a change that goes back unless it is confirmed in time.

Cisco IOS XE 17 System Management Configuration Guide, "Configuration Rollback Confirmed Change".
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from provisioning.stands.simulator.cisco_iosxe.archive import Pending
from provisioning.stands.simulator.cisco_iosxe.session import Session

WARNING = (
    "%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_WARNING_ABSTIMER: System will rollback to config {backup} in one minute. "
    'Enter "configure confirm" if you wish to keep what you\'ve configured'
)
"""Shown on the console, and where `terminal monitor` was said."""

DONE = "Total number of passes: 1\nRollback Done\n\n"

Later = Callable[[float, Callable[[], None]], None]
"""Has something done after so many seconds."""


class TimedRollback:
    """The timer of one router.

    Args:
        now: the clock.
        restore: goes back to a file of the archive, for a user; returns what is said when it cannot.
        note: logs something.

    Attributes:
        pending: what goes back unless it is confirmed.
        later: has done what is due at its time; what is due is done at the next look at the router, too.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        restore: Callable[[str, str], str],
        note: Callable[[str], None],
    ) -> None:
        self._now = now
        self._restore = restore
        self._note = note
        self.pending: Pending | None = None
        self.later: Later = lambda _seconds, _act: None

    def start(self, owner: Session, backup: str, minutes: int, *, idle: bool) -> None:
        """Have what is configured go back to a file of the archive, unless it is confirmed."""
        self._arm(Pending(owner.user, minutes, idle, self._now(), backup))
        self._note(f"%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_BACKUP: Backing up current running config to {backup}")
        self._note(
            f"%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_START_ABSTIMER: User: {owner.user}(Priv: {owner.privilege}, View: 0): "
            f"Scheduled to rollback to config {backup} in {minutes} minutes"
        )

    def restart(self, minutes: int, *, idle: bool) -> None:
        """Start the timer of what is pending anew."""
        if self.pending is not None:
            self._arm(replace(self.pending, minutes=minutes, idle=idle, configured=self._now()))

    def active(self, user: str) -> None:
        """Know that a user did something: an idle timer of his starts anew."""
        if self.pending is not None and self.pending.idle and self.pending.user == user:
            self.pending = replace(self.pending, configured=self._now())

    def forget(self) -> None:
        """Let what is pending stay."""
        self.pending = None

    def tick(self) -> bool:
        """Go back when it is time; return whether it was."""
        if self.pending is None or self._now() < self.pending.deadline:
            return False
        self.go_back()
        return True

    def go_back(self) -> str:
        """Go back at once; return what the device says."""
        if self.pending is None:
            return ""
        pending, self.pending = self.pending, None
        self._note(f"%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_ROLLBACK_START: Start rolling to: {pending.backup}")
        failed = self._restore(pending.backup, pending.user)
        return f"Rollback Confirmed Change: rolling to:{pending.backup}\n\n{failed or DONE}"

    def _arm(self, pending: Pending) -> None:
        self.pending = pending
        seconds = pending.minutes * 60.0
        self.later(seconds - 60, lambda: self._warn(pending))
        self.later(seconds, self._end)

    def _end(self) -> None:
        self.tick()

    def _warn(self, pending: Pending) -> None:
        if self.pending is pending:
            self._note(WARNING.format(backup=pending.backup))
