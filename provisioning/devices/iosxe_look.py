"""Where a router with IOS-XE stands between two configurations: asked, and read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from provisioning.devices.iosxe_connection import FILE_SYSTEM, IosxeDriver
from provisioning.devices.iosxe_files import Mark, mark_in, show_mark
from provisioning.errors import AnswerNotUnderstood
from provisioning.model.device import DeviceStatus, Running
from provisioning.platforms.cisco_iosxe.digest import documents_digest
from provisioning.platforms.cisco_iosxe.drill_mark import is_shut, token_of
from provisioning.platforms.cisco_iosxe.fetched import fetched_documents
from provisioning.platforms.cisco_iosxe.parsing.configuration import (
    RUNNING,
    STARTUP,
    shown_running,
    shown_startup,
    without_remarks,
)
from provisioning.platforms.cisco_iosxe.parsing.rollback_timer import (
    CLOCK,
    TIMER,
    RollbackTimer,
    shown_clock,
    shown_timer,
)
from provisioning.platforms.cisco_iosxe.parsing.snmp_users import USERS, SnmpUser, shown_users, users_in_force

BEGIN = timedelta(seconds=10)
"""For so long after its timer was set, a change that is not in force is taken for one that is being put in force."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Look:
    """Where a router stands.

    Attributes:
        running: what is in force.
        confirmed: digest of what it starts with; empty when there is nothing.
        orphans: SNMP users whose group is not configured any more.
        mark: of the change that it was told last, when that is pending, or something is in force that is not saved.
        timer: under which it goes back; None when none runs.
        elapsed: since the timer was set.
        drill: token of the drill that has the fixed bearer cut; None when none has.
        bearer_is_shut: whether the fixed bearer is shut down.
        ours: whether the timer runs for the account that is logged in: nobody else may confirm.
    """

    running: Running
    confirmed: str
    orphans: tuple[SnmpUser, ...]
    mark: Mark | None = None
    timer: RollbackTimer | None = None
    elapsed: timedelta = timedelta()
    ours: bool = False
    drill: str | None = None
    bearer_is_shut: bool = False

    @property
    def live(self) -> str:
        """Digest of what is in force."""
        return self.running.digest

    @property
    def unsaved(self) -> bool:
        """Whether it would start with another configuration than the one in force."""
        return self.live != self.confirmed

    @property
    def status(self) -> DeviceStatus:
        """The same, for those who do not know how this platform does it."""
        if self.timer is None:
            outcome = "what is in force is not saved yet" if self.unsaved else ""
            return DeviceStatus(self.confirmed, "", None, self.live, settled=True, outcome=outcome)
        if self.drill is not None:
            # A cut is no change: nobody is to confirm it.
            return DeviceStatus(self.confirmed, "", None, self.live, settled=True, outcome=f"drill {self.drill}")
        pending = self.mark.wanted if self.mark is not None and self.ours else self.live
        whole = self.live == pending
        if not self.ours:
            outcome = f"a change of `{self.timer.user}` waits to be confirmed"
        else:
            outcome = "it is in force, and waits to be confirmed" if whole else "it was not wholly put in force"
        return DeviceStatus(
            confirmed=self.confirmed,
            pending=pending,
            deadline=datetime.now(UTC) + self.timer.lasts - self.elapsed,
            live=self.live,
            settled=whole or self.elapsed > BEGIN,
            outcome=outcome,
        )


def ask(router: IosxeDriver, command: str, read: Callable[[str], T]) -> T:
    """Return what a command answers, read.

    Raises:
        AnswerNotUnderstood: when it cannot be read.
        DeviceUnreachable: when the connection is lost, or the answer takes too long.
    """
    try:
        return read(router.ask(command))
    except ValueError as error:
        raise AnswerNotUnderstood(
            str(error), where=router.where, remedy="Try again; when it says the same again, look at the router."
        ) from None


def fetch(router: IosxeDriver) -> Running:
    """Return what is in force.

    Raises:
        AnswerNotUnderstood: when an answer was cut.
        DeviceUnreachable: when the connection is lost, or an answer takes too long.
    """
    text = ask(router, RUNNING, shown_running)
    return _running(text, ask(router, USERS, shown_users))


def look(router: IosxeDriver) -> Look:
    """Look where a router stands.

    Raises:
        AnswerNotUnderstood: when an answer was cut, or makes no sense.
        DeviceUnreachable: when the connection is lost, or an answer takes too long.
    """
    timer = ask(router, TIMER, shown_timer)
    elapsed = ask(router, CLOCK, shown_clock) - timer.since if timer is not None else timedelta()
    text, users = ask(router, RUNNING, shown_running), ask(router, USERS, shown_users)
    running = _running(text, users)
    startup = ask(router, STARTUP, shown_startup)
    # To compute a digest takes much longer than to see that there is nothing to compute.
    same = without_remarks(startup) == without_remarks(text)
    confirmed = running.digest if same else _running(startup, users).digest if startup else ""
    told = timer is not None or running.digest != confirmed
    return Look(
        running=running,
        confirmed=confirmed,
        orphans=tuple(each for each in users if each not in users_in_force(users, text)),
        mark=mark_in(router.ask(show_mark(FILE_SYSTEM))) if told else None,
        timer=timer,
        elapsed=elapsed,
        ours=timer is not None and timer.user == router.user,
        drill=token_of(text),
        bearer_is_shut=is_shut(text),
    )


def _running(text: str, users: tuple[SnmpUser, ...]) -> Running:
    documents = fetched_documents(text, users)
    return Running(documents_digest(documents), documents)
