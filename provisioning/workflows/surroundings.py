"""What a workflow works with, put together once by the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from provisioning.addressing.pools_file import PoolsFile, read_pools_file
from provisioning.model.audit import UNKNOWN_ACTOR, Actor
from provisioning.model.olt import Olt
from provisioning.model.operator import Operator
from provisioning.model.proxy import Proxy
from provisioning.model.secret import Secret
from provisioning.nornir_setup.olts import read_olts
from provisioning.nornir_setup.vantages import VantagePoint, read_vantages
from provisioning.ports import Clock, Secrets
from provisioning.rendering.operator_file import OPERATOR_FILE, read_operator_file
from provisioning.secrets.vault import Vault
from provisioning.store.engine import Store


@dataclass(frozen=True, slots=True)
class Access:
    """How devices and vantage points are reached, and how long a change may wait for its proof.

    Attributes:
        key_file: private key of whoever logs in; None leaves it to the SSH agent.
        known_hosts: keys of machines that are known beforehand; None when there is no such file.
        staging_host: the name of a factory-new router, with `{serial}` for its serial.
        revert_seconds: after which a router goes back by itself.
        proxy: that leads to all of them; None where they are reached directly.
        ont_up_seconds: how long an ONT may take to come up once it is authorised.
        router_up_seconds: how long a router may take to answer once its ONT passes packets: its DHCP client waits
            longer from try to try.
    """

    key_file: Path | None = None
    known_hosts: Path | None = None
    staging_host: str = "{serial}"
    revert_seconds: int = 120
    proxy: Proxy | None = None
    ont_up_seconds: int = 60
    router_up_seconds: int = 90


@dataclass(frozen=True, slots=True)
class Backups:
    """How backups are taken and kept.

    Attributes:
        folder: where they are kept.
        formulas: formulas whose routers are backed up besides those of the contract (facts: I-8.3).
        at_once: routers that are fetched from at once.
        identity_file: of the age identity that opens them; None where they are taken and not restored.
        alert_command: program and arguments that are told of alerts; empty for none.
        alert_webhook: address that alerts are posted to; it may hold a token.
    """

    folder: Path
    formulas: tuple[str, ...] = ()
    at_once: int = 50
    identity_file: Path | None = None
    alert_command: tuple[str, ...] = ()
    alert_webhook: Secret | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """How change requests are approved, written down and carried out.

    Attributes:
        allowed_signers: file of those who may approve, as `ssh-keygen -Y` has it; None where nobody may.
        syslog: where the head of the audit goes as well: a socket's path or host:port; empty for nowhere.
        at_once: lines that are changed at once.
    """

    allowed_signers: Path | None = None
    syslog: str = ""
    at_once: int = 8


@dataclass(frozen=True, slots=True)
class Drills:
    """By which policy mobile back-ups are drilled.

    Attributes:
        seconds: how long the fixed bearer is cut.
        notice_hours: between telling a customer and drilling his line.
        every_days: after which a line is due again.
        at_once: lines that are drilled at once.
        per_cell: of these, lines of one mobile cell.
        failures: failed drills that stop a campaign.
    """

    seconds: int = 60
    notice_hours: int = 24
    every_days: int = 90
    at_once: int = 4
    per_cell: int = 1
    failures: int = 3


@dataclass(frozen=True)
class Surroundings:
    """The project, the store, and the seams to the outside.

    Attributes:
        project: the project's folder.
        state: the state directory.
        inventory: the `inventory` block of nornir.yaml.
        quarantine_days: for pools that state no time of their own.
        access: how devices and vantage points are reached.
        backups: how backups are taken and kept.
        changes: how change requests are approved, written down and carried out.
        actor: who acts, for the audit.
        drills: by which policy mobile back-ups are drilled.
    """

    project: Path
    state: Path
    pools_file: Path
    inventory: Mapping[str, object]
    quarantine_days: int
    store: Store
    clock: Clock
    secrets: Secrets
    access: Access
    backups: Backups
    changes: Changes = Changes()
    actor: Actor = UNKNOWN_ACTOR
    drills: Drills = Drills()

    @cached_property
    def olts(self) -> Mapping[str, Olt]:
        """The OLTs of the inventory, read at first use."""
        return read_olts(self.project, self.inventory)

    @cached_property
    def operator(self) -> Operator:
        """The operator's own network, read at first use."""
        return read_operator_file(self.project / OPERATOR_FILE)

    @cached_property
    def vault(self) -> Vault:
        """What encrypts the secrets of lines."""
        return Vault(self.state)

    @property
    def playbooks(self) -> Path:
        """The project's playbooks."""
        return self.project / "playbooks"

    @cached_property
    def vantages(self) -> tuple[VantagePoint, ...]:
        """The vantage points of the inventory, read at first use."""
        return read_vantages(self.project, self.inventory)

    @property
    def templates(self) -> Path:
        """The project's templates."""
        return self.project / "templates"

    @cached_property
    def pools(self) -> PoolsFile:
        """The pools of the project's file, read at first use."""
        return read_pools_file(self.pools_file)
