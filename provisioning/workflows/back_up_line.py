"""Keeping a backup of one line, outside a run over the fleet: when it is activated, adopted or restored."""

from provisioning.errors import UnknownName
from provisioning.model.backup import BackupCause, Fetched
from provisioning.model.device import Running
from provisioning.model.line_backup import LineBackup
from provisioning.store.selection import Selection, select_devices
from provisioning.workflows.backup_record import keep_record
from provisioning.workflows.fleet_onts import look_at_ont
from provisioning.workflows.keep_backup import Keeper
from provisioning.workflows.surroundings import Surroundings


def back_up_line(line: str, running: Running, cause: BackupCause, around: Surroundings) -> LineBackup:
    """Keep what is in force on the router of one line and for its ONT, and write down where its backup stands.

    Args:
        running: what is in force on the router.

    Raises:
        UnknownName: when the line has no router of ours.
        BadInput: when there are no recipients.
        EnvironmentTrouble: when nothing can be kept.
    """
    with around.store.read() as connection:
        devices = select_devices(connection, Selection(lines=(line,)))
    if not devices:
        raise UnknownName("the line has no router", where=line, remedy="`proviso line show` tells what it has.")
    device = devices[0]
    keeper = Keeper(around, cause, (line,))
    ont = look_at_ont(line, around)
    done = keeper.keep(Fetched(line, device.serial, device.platform, running.documents, 0.0, ont=ont))
    keeper.store.commit(f"{cause.value.capitalize()} of {line}")
    keep_record((done,), around)
    return done
