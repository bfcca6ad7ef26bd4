"""How workflows get at a router: at its management address or its staging address, with the host key on record."""

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Protocol

from provisioning.errors import AnswerNotUnderstood, DeviceUnreachable
from provisioning.ports import Device
from provisioning.store import host_keys
from provisioning.workflows.surroundings import Surroundings

SECONDS = 4.0
"""How long each step of a connection may take; a router that changes its routing is tried again and again."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A router that answered.

    Attributes:
        address: where it did.
        staged: whether that is its staging address.
        prepared: what bootstrapping it did, a line each.
    """

    device: Device
    address: str
    staged: bool
    prepared: tuple[str, ...] = ()


class Reaching(Protocol):
    """Opens a connection to a router."""

    def __call__(self, serial: str, platform: str, management: IPv4Address | None, *, first: bool) -> Reached:
        """Return the router, as `Reach` does."""
        ...


@dataclass(frozen=True, slots=True)
class Reach:
    """Reaches routers.

    Attributes:
        prepare: bootstrap a router that needs it; otherwise nothing on it is changed, and nothing is recorded.
    """

    around: Surroundings
    prepare: bool

    def __call__(self, serial: str, platform: str, management: IPv4Address | None, *, first: bool) -> Reached:
        """Open a connection to a router.

        Args:
            serial: of the router.
            platform: of the router.
            management: address of its line; None when there is none.
            first: whether this is the first connection of a run, when the router is made ready.

        Raises:
            DeviceUnreachable: when it answers nowhere.
            DeviceRefused: when it is another router than that, or cannot be made ready.
            HostKeyDiffers: when its key is not the one on record.
            UnreadableProject: when no key to log in with is set.
        """
        from provisioning.devices.host_keys import scan_host_key
        from provisioning.devices.open_router import open_router
        from provisioning.devices.reach import Access, Way, answers_strangely, need_key, staging_name

        access = self.around.access
        need_key(access.key_file)
        staging = staging_name(access.staging_host, serial)
        recorded = self._recorded(serial)
        key = recorded or scan_host_key(staging, known_hosts=access.known_hosts, seconds=SECONDS, proxy=access.proxy)
        try:
            reached = open_router(
                platform,
                serial,
                Access(access.key_file, access.known_hosts, SECONDS, access.proxy),
                # A router whose key nobody has recorded was never configured by us.
                management=str(management) if management is not None and recorded else None,
                staging=staging,
                host_key=key,
            )
            prepared: tuple[str, ...] = ()
            if self.prepare and first:
                prepared = reached.make_ready(key).done
                if not recorded:
                    self._record(serial, key)
        except (AnswerNotUnderstood, DeviceUnreachable) as error:
            if not recorded and answers_strangely(error):
                error.remedy += f" Is it of the platform {platform}, as its line says?"
            raise
        return Reached(reached.device, reached.host, reached.way is Way.STAGING, prepared)

    def _recorded(self, serial: str) -> str | None:
        with self.around.store.read() as connection:
            return host_keys.host_key_of(connection, serial)

    def _record(self, serial: str, key: str) -> None:
        with self.around.store.write() as connection:
            host_keys.record_host_key(connection, serial, key, self.around.clock.now())
