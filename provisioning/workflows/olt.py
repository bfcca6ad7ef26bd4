"""An OLT as workflows work with it: reached when it is needed, and written to by one run at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from provisioning.model.ont import AccessRunning, OntChange, OntScope, OntService
from provisioning.nornir_setup.olts import OLT_PLATFORM
from provisioning.nornir_setup.router_connection import CONNECTION, nornir_for
from provisioning.workflows.open_olt import need_olt, open_olt
from provisioning.workflows.scope_lock import wait_for_lock
from provisioning.workflows.surroundings import Surroundings
from tasks.fetch_access import fetch_access
from tasks.find_ont import find_ont
from tasks.save_access import save_access
from tasks.write_access import write_access

if TYPE_CHECKING:
    from nornir.core import Nornir
    from nornir.core.task import Result


WRITE_SECONDS = 60.0
"""How long a run waits for another one that writes to the same OLT."""


class ReachedOlt:
    """An OLT that is reached.

    Args:
        name: in the inventory.
        nornir: of that one host.
    """

    def __init__(self, name: str, nornir: "Nornir", around: Surroundings) -> None:
        self.name = name
        self._nornir = nornir
        self._around = around

    def fetch(self, scope: OntScope, wanted: OntService | None) -> AccessRunning:
        """Return what is in force for an ONT, and of what the wanted one needs."""
        return cast(AccessRunning, self._do(fetch_access, scope=scope, wanted=wanted))

    def find(self, serial: str) -> tuple[OntScope, ...]:
        """Return where on it an ONT is registered."""
        return cast("tuple[OntScope, ...]", self._do(find_ont, serial=serial))

    def write(self, change: OntChange) -> None:
        """Change an ONT; nothing is saved yet.

        Raises:
            DeviceRefused: with the line that the OLT refuses, and its words.
        """
        self._do(write_access, change=change)

    def save(self) -> None:
        """Make it keep its configuration through a restart; runs wait for each other."""
        with self.alone():
            self._do(save_access)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Write without any other run writing; held for the write only, for others wait.

        Raises:
            ScopeBusy: when another run writes for longer than anybody should.
        """
        with wait_for_lock(self._around.state, f"olt {self.name}", seconds=WRITE_SECONDS):
            yield

    def close(self) -> None:
        """End the connection."""
        self._nornir.inventory.hosts[self.name].close_connection(CONNECTION)

    def _do(self, task: "Callable[..., Result]", **given: Any) -> object:
        done = self._nornir.run(task=task, on_failed=True, **given)[self.name]
        if done.exception is not None:
            raise done.exception
        return done.result


@contextmanager
def reached_olt(name: str, around: Surroundings) -> Iterator[ReachedOlt]:
    """Yield an OLT of the inventory; the connection ends with the block, for an OLT has few to give.

    Raises:
        UnknownName: when the inventory has no such OLT.
        DeviceUnreachable: when it does not answer.
        AuthenticationRefused: when it does not let us in.
        HostKeyDiffers: when its key is not the one on record.
        UnreadableProject: when its password or the known hosts are not set.
    """
    olt = need_olt(name, around)
    node = open_olt(name, around)
    reached = ReachedOlt(name, nornir_for(name, OLT_PLATFORM, olt.host, node), around)
    try:
        yield reached
    finally:
        reached.close()
