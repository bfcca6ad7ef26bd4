"""Opening a session on an OLT of the inventory."""

from typing import TYPE_CHECKING

from provisioning.errors import UnknownName, UnreadableProject
from provisioning.model.olt import Olt
from provisioning.nornir_setup.olts import olt_password
from provisioning.workflows.surroundings import Surroundings

if TYPE_CHECKING:
    from provisioning.ports import AccessNode

CONNECT_SECONDS = 10.0


def need_olt(name: str, around: Surroundings) -> Olt:
    """Return an OLT of the inventory.

    Raises:
        UnknownName: when it has none of that name.
    """
    olt = around.olts.get(name)
    if olt is None:
        raise UnknownName(f"the inventory has no OLT {name}", where=name, remedy="Name it in inventory/hosts.yaml.")
    return olt


def open_olt(name: str, around: Surroundings, *, remember: bool = False) -> "AccessNode":
    """Open a session on an OLT of the inventory.

    Args:
        remember: ask only once about what ONTs share: for a session that looks at many and changes nothing.

    Raises:
        UnknownName: when the inventory has no such OLT.
        DeviceUnreachable: when it does not answer.
        AuthenticationRefused: when it does not let us in.
        HostKeyDiffers: when its key is not the one on record.
        UnreadableProject: when its password or the known hosts are not set.
    """
    from provisioning.devices.smartax import open_smartax

    olt, access = need_olt(name, around), around.access
    if access.known_hosts is None:
        raise UnreadableProject(
            "no known hosts are set, and an OLT is spoken to by its key only",
            where=olt.name,
            remedy="Set known_hosts_file; `proviso lab run` and `simulator run` do it for theirs.",
        )
    return open_smartax(
        olt.host,
        port=olt.port,
        user=olt.user,
        password=olt_password(olt, around.secrets),
        known_hosts=access.known_hosts,
        seconds=CONNECT_SECONDS,
        name=olt.name,
        proxy=access.proxy,
        remember=remember,
    )
