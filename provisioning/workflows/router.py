"""A router as workflows work with it: reached, asked through Nornir's tasks, and waited for."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Any, cast

from provisioning.errors import AuthenticationRefused, DeviceTimeout, DeviceUnreachable, NoSessionFree, ProxyTrouble
from provisioning.model.change import Change
from provisioning.model.device import DeviceFacts, DeviceStatus, Running
from provisioning.nornir_setup.router_connection import CONNECTION, nornir_for
from provisioning.workflows.reaching import Reaching
from tasks.abandon_change import abandon_change
from tasks.apply_change import apply_change
from tasks.fetch_running import fetch_running
from tasks.read_facts import read_facts
from tasks.read_status import read_status

if TYPE_CHECKING:
    from nornir.core import Nornir
    from nornir.core.task import Result

HEARD_SECONDS = 60.0
"""How long it may take to hear from a router whether it was told of a change whose answer was lost."""

POLL_SECONDS = 0.3
"""Between two looks at a router that is busy."""


@dataclass
class Router:
    """A router that is reached, at whatever address it answers at the moment.

    Attributes:
        address: where it was reached.
        staged: whether that is its staging address, so that it has not been configured by us yet.
        prepared: what bootstrapping it did, a line each.
    """

    serial: str
    platform: str
    management: IPv4Address | None
    reach: Reaching
    address: str = ""
    staged: bool = False
    prepared: tuple[str, ...] = ()
    _nornir: "Nornir | None" = None

    def do(self, task: "Callable[..., Result]", **given: Any) -> object:
        """Run a task of ours on the router and return its result.

        Raises:
            ProvisoError: what the task raised.
        """
        if self._nornir is None:
            self.connect()
        assert self._nornir is not None  # noqa: S101 - connected just now
        done = self._nornir.run(task=task, on_failed=True, **given)[self.serial]
        if done.exception is not None:
            raise done.exception
        return done.result

    def connect(self) -> None:
        """Reach the router afresh, at its management address if it answers there.

        Raises:
            DeviceUnreachable: when it answers nowhere.
        """
        self.close()
        reached = self.reach(self.serial, self.platform, self.management, first=not self.address)
        self.address, self.staged = reached.address, reached.staged
        self.prepared += reached.prepared
        self._nornir = nornir_for(self.serial, self.platform, reached.address, reached.device)

    def close(self) -> None:
        """End the connection; it is made again when it is needed."""
        if self._nornir is not None:
            self._nornir.inventory.hosts[self.serial].close_connection(CONNECTION)
            self._nornir = None

    def status(self) -> DeviceStatus:
        """Return where it stands between two configurations."""
        return cast(DeviceStatus, self.do(read_status))

    def facts(self) -> DeviceFacts:
        """Return what it says of itself."""
        return cast(DeviceFacts, self.do(read_facts))

    def running(self) -> Running:
        """Return what is in force."""
        return cast(Running, self.do(fetch_running))

    def begin(self, change: Change, *, seconds: int, silent: float | None = None) -> None:
        """Have it begin to put a change in force, under its revert timer of so many seconds.

        It changes its routing at once: the answer may go with the way that is taken away, and the change is begun.

        Args:
            silent: how long it may say nothing where its answer was lost; None for as long as that may take.

        Raises:
            DeviceUnreachable: when it was never told, or nobody can find out: its own timer takes it back then.
            Refused: when it does not take the change; nothing of ours is pending there.
        """
        try:
            self.do(apply_change, change=change, seconds=seconds)
        except (AuthenticationRefused, NoSessionFree, ProxyTrouble):
            raise  # nobody was asked
        except DeviceUnreachable:
            self.close()
            status = self.wait_until(lambda found: True, seconds=HEARD_SECONDS, silent=silent)
            if change.wanted not in (status.pending, status.confirmed):
                raise
        finally:
            # Once its timer is over, the router is back, and answers where it did before.
            self.close()

    def wait_until(
        self, holds: Callable[[DeviceStatus], bool], *, seconds: float, silent: float | None = None
    ) -> DeviceStatus:
        """Return its status once that holds, asking again and again on fresh connections.

        Args:
            holds: asked of each status.
            seconds: how long that may take.
            silent: how long it may say nothing at a time; None for as long as that may take.

        Raises:
            DeviceUnreachable: when it does not answer for that long, or at the end of the time.
            DeviceTimeout: when it answers, and it does not hold at the end of the time.
        """
        deadline = time.monotonic() + seconds
        silent = seconds if silent is None else silent
        give_up = time.monotonic() + silent
        while True:
            try:
                status = self.status()
                if holds(status):
                    return status
            except DeviceUnreachable:
                self.close()
                if time.monotonic() > min(give_up, deadline):
                    raise
            else:
                if time.monotonic() > deadline:
                    raise DeviceTimeout(
                        f"the router did not come to rest within {seconds:.0f} s",
                        where=self.serial,
                        remedy="`proviso run resume` asks it again.",
                    )
                give_up = time.monotonic() + silent
            # A router tells nobody when it has come to rest: it has to be asked again.
            time.sleep(POLL_SECONDS)

    def go_back(self, *, seconds: float, silent: float | None = None) -> DeviceStatus:
        """Take it back to what was confirmed last, now; return its status then.

        Args:
            seconds: how long that may take.
            silent: how long it may say nothing at a time; None for as long as that may take.

        Raises:
            DeviceUnreachable: when it does not answer; its own timer takes it back then.
            DeviceTimeout: when it answers, and is not back in that time.
        """
        heard = self._abandon()

        def is_back(status: DeviceStatus) -> bool:
            nonlocal heard
            if status.pending and not heard:
                # The connection had been lost before, or the router was changing its routing: it was never asked.
                heard = self._abandon()
            return status.settled and not status.pending

        return self.wait_until(is_back, seconds=seconds, silent=silent)

    def _abandon(self) -> bool:
        """Ask it to go back; return whether it said that it does: what is taken back may take the answer with it."""
        try:
            self.do(abandon_change)
        except DeviceUnreachable:
            return False
        finally:
            self.close()
        return True
