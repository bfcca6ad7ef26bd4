"""Fetching from the routers of lines over one event loop: how they are reached is what the store and settings say."""

from collections.abc import Callable, Iterator, Sequence
from threading import Event
from typing import TYPE_CHECKING

from provisioning.model.backup import Fetched, Missed
from provisioning.store.selection import SelectedDevice
from provisioning.workflows.surroundings import Surroundings

if TYPE_CHECKING:
    from provisioning.fleet.olts import OntTarget

STEP_SECONDS = 10.0
"""How long each step of a connection may take: the slowest of a fleet is slower than a single one that is watched."""


def look_at_fleet(
    devices: Sequence[SelectedDevice],
    around: Surroundings,
    *,
    at_once: int,
    stop: Event | None = None,
    idle: Callable[[], object] = lambda: None,
    onts: "Sequence[OntTarget]" = (),
) -> Iterator[Fetched | Missed]:
    """Yield what is in force on each router, or why that is not known, as the answers come.

    Args:
        devices: routers of lines.
        onts: of those lines, as far as they are to be looked at as well.
        at_once: so many at a time.
        stop: set to end early.
        idle: is called now and then while no answer comes.

    Raises:
        UnreadableProject: when a setting that is needed is missing or makes no sense.
    """
    # asyncssh takes a third of a second to load: whoever only looks what there is to do waits for nothing.
    from provisioning.devices.reach import Access, staging_name
    from provisioning.fleet.fetch import fetch_fleet
    from provisioning.fleet.target import Target
    from provisioning.workflows.open_olt import open_olt

    access = around.access
    targets = [
        Target(
            line=each.line,
            serial=each.serial,
            platform=each.platform,
            # A router whose key nobody has recorded was never configured by us.
            management=str(each.management) if each.management is not None and each.host_key is not None else None,
            staging=staging_name(access.staging_host, each.serial),
            host_key=each.host_key,
        )
        for each in devices
    ]
    reach = Access(access.key_file, access.known_hosts, STEP_SECONDS, access.proxy)
    if onts:
        _ = around.olts  # read here, once, and not by several threads at the same time
    return fetch_fleet(
        targets,
        reach,
        at_once=at_once,
        stop=stop,
        idle=idle,
        onts=onts,
        open_olt=lambda name: open_olt(name, around, remember=True),
    )
