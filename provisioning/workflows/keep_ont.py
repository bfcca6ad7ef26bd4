"""What becomes of the ONT's part in the backup of a line on fibre, or why there is none.

Such a line is backed up when its router and its ONT are (facts: I-8.3, CPE and line). An OLT that does not answer
makes the line a miss, and costs nothing of what its router has: that is kept without the document of the ONT.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from provisioning.backup_store.store import BackupStore
from provisioning.model.backup import BackupOutcome, BackupVersion, Fetched
from provisioning.model.line_backup import LineBackup
from provisioning.model.product import OntDevice
from provisioning.platforms.backup_readers import ONT

INCOMPLETE = "incomplete"
"""Cause of a miss: what was fetched is no backup."""


@dataclass(frozen=True, slots=True)
class Lack:
    """Why a line on fibre has no backup of its ONT.

    Attributes:
        cause: of the miss, such as `olt unreachable`.
        message: for people.
    """

    cause: str
    message: str


def ont_of(fetched: Fetched) -> Mapping[str, str]:
    """Return the document of the line's ONT, by its name; nothing for a line without one."""
    running = fetched.ont.running if fetched.ont is not None else None
    return {ONT: running.written} if running is not None else {}


def lack_of(fetched: Fetched, ont_of_line: Callable[[str], OntDevice | None]) -> Lack | None:
    """Return why there is no backup of the line's ONT; None when there is one, or the line has no ONT.

    Args:
        fetched: from the line's router, with what its OLT says of its ONT.
        ont_of_line: which ONT a line is meant to have; asked only where the OLT does not name the line.
    """
    seen = fetched.ont
    if seen is None:
        return None
    if seen.running is None:
        return Lack(f"olt {seen.cause}", seen.message)
    service = seen.running.service
    if service is None:
        return Lack(INCOMPLETE, f"{ONT}: the OLT has no ONT at {seen.scope}")
    if service.line != fetched.line:
        ours = ont_of_line(fetched.line)
        if ours is None or ours.serial != service.serial:
            return Lack(INCOMPLETE, f"{ONT}: {seen.scope} is {service.serial}, which is not the line's")
    return None


def ont_before(before: BackupVersion | None, store: BackupStore) -> Mapping[str, str]:
    """Return the ONT of the version before, to tell whether the router is as it was then.

    Nothing in it is a secret, as a rule. Where something was, the fingerprints differ, and a version is made of
    what the router has: once, since the next one has no ONT to compare.

    Raises:
        StoreUnusable: when the backups cannot be read.
    """
    if before is None or ONT not in before.documents:
        return {}
    return {ONT: store.masked(before)[ONT]}


def lacking(done: LineBackup, lack: Lack | None) -> LineBackup:
    """Return what became of a line of which nobody saw the ONT: it is missed, and its router's backup is there."""
    if lack is None:
        return done
    message = f"{lack.message}; what its router has is kept"
    return replace(done, outcome=BackupOutcome.MISSED, cause=lack.cause, message=message, remark="")
