"""What a workflow works with, put together once by the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from provisioning.addressing.pools_file import PoolsFile, read_pools_file
from provisioning.model.olt import Olt
from provisioning.nornir_setup.olts import read_olts
from provisioning.ports import Clock, Secrets
from provisioning.store.engine import Store


@dataclass(frozen=True)
class Surroundings:
    """The project, the store, and the seams to the outside.

    Attributes:
        project: the project's folder.
        inventory: the `inventory` block of nornir.yaml.
        quarantine_days: for pools that state no time of their own.
    """

    project: Path
    pools_file: Path
    inventory: Mapping[str, object]
    quarantine_days: int
    store: Store
    clock: Clock
    secrets: Secrets

    @cached_property
    def olts(self) -> Mapping[str, Olt]:
        """The OLTs of the inventory, read at first use."""
        return read_olts(self.project, self.inventory)

    @cached_property
    def pools(self) -> PoolsFile:
        """The pools of the project's file, read at first use."""
        return read_pools_file(self.pools_file)
