"""Planning to bring a backup back to a line's router: what the backup says, and what the customer set since."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from provisioning.model.backup import BackupVersion
from provisioning.model.config import Config
from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.device import Running
from provisioning.model.intent import AddressedIntent
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.run import Snapshot
from provisioning.planning.plan import plan
from provisioning.planning.restoration import as_config, restoration, surviving
from provisioning.platforms.routers import ROUTERS
from provisioning.store import runs
from provisioning.workflows.line_secrets import delivered_key, need_secrets
from provisioning.workflows.open_backup import open_backup
from provisioning.workflows.plan_line import Planned, delivered_last, need_cpe
from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the store knows of a line.

    Attributes:
        secrets: of the line.
        delivered: what the customer may change, as it was delivered last; None when nothing was.
    """

    secrets: LineSecrets
    delivered: CustomerSettings | None

    @property
    def wifi(self) -> Mapping[str, object] | None:
        """What was delivered, as a run has it: without the key."""
        found = self.delivered
        return {"ssid": found.ssid, "channel": found.channel} if found is not None else None


def plan_restore(
    goal: Snapshot,
    version: BackupVersion,
    running: Running,
    around: Surroundings,
    *,
    successor: bool,
    rehearsal: bool = False,
    assumed: bool = False,
) -> Planned:
    """Return what has to happen to a router so that it has a backup back.

    Args:
        goal: the line as it is to be proven, with the router that the backup comes to.
        running: what is in force on that router.
        successor: whether it takes the place of the one that serves the line: nothing on it is the customer's.
        rehearsal: keep nothing.
        assumed: whether `running` is a guess, because the router did not answer.

    Raises:
        ProvisoError: when the backup cannot be opened.
        CannotEncode: when the router could not be told what the customer set.
    """
    backup = open_backup(version, around)
    kept = _kept(goal, around, rehearsal=rehearsal)
    platform, serial = ROUTERS[backup.platform], need_cpe(goal.addressed).serial
    present = None if successor else platform.customer_settings(running.documents)
    settings, notes = surviving(backup.settings, kept.delivered, present)
    config = restoration(backup, serial, kept.secrets, settings, running.documents)
    return _planned(goal, kept, running, config, around, notes, assumed=assumed)


def plan_restored(goal: Snapshot, running: Running, around: Surroundings) -> Planned:
    """Return the plan of a restore that is in force already, from what the router says: no backup need be opened."""
    kept = _kept(goal, around, rehearsal=True)
    config = as_config(need_cpe(goal.addressed).platform, running.documents)
    return _planned(goal, kept, running, config, around, (), assumed=False)


def _planned(
    goal: Snapshot,
    kept: _Kept,
    running: Running,
    config: Config,
    around: Surroundings,
    notes: tuple[str, ...],
    *,
    assumed: bool,
) -> Planned:
    serial = need_cpe(goal.addressed).serial
    change = plan(serial, running, config, seconds=around.access.revert_seconds, assumed=assumed)
    settings = ROUTERS[config.platform].customer_settings({each.name: each.reveal() for each in config.documents})
    return Planned(
        addressed=_with_settings(goal.addressed, settings),
        secrets=replace(kept.secrets, wifi_key=settings.key if settings else None),
        change=change,
        notes=notes,
        # What was delivered last stays what is compared with: a restore is no delivery.
        ordered_wifi=kept.wifi,
        ordered_key=None,
    )


def _kept(goal: Snapshot, around: Surroundings, *, rehearsal: bool) -> _Kept:
    line = goal.addressed.intent.line
    with around.store.rehearse() if rehearsal else around.store.write() as connection:
        secrets = need_secrets(connection, line, goal.product, around)
        before, key = runs.latest_proven(connection, line), delivered_key(connection, line, around)
        return _Kept(secrets, delivered_last(connection, line, before, key))


def _with_settings(addressed: AddressedIntent, settings: CustomerSettings | None) -> AddressedIntent:
    """Return a line with the customer's settings; where the router has no Wi-Fi, it is as ordered, and proven so."""
    wifi = addressed.intent.wifi
    if wifi is None or settings is None:
        return addressed
    wifi = replace(wifi, ssid=settings.ssid, channel=settings.channel)
    return replace(addressed, intent=replace(addressed.intent, wifi=wifi))
