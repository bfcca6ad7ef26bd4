"""Which lines are backed up every night: the contract's (facts: I-8.3), adopted ones, and what a setting adds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from provisioning.catalogue import FORMULAS
from provisioning.catalogue.formula import Availability
from provisioning.errors import UnreadableProject
from provisioning.model.backup import BackupCause
from provisioning.model.line import LineState
from provisioning.store.backups import latest_night
from provisioning.store.selection import SelectedDevice
from provisioning.workflows.choose_routers import choose_routers
from provisioning.workflows.surroundings import Surroundings

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run is about.

    Attributes:
        devices: routers, one a line, by line.
        cause: nightly when it is about all of them.
        out_of_scope: lines that fit the question, and whose formula has no nightly backup.
        smaller: whether somebody has looked at them, and takes what holds much less than the version before.
    """

    devices: tuple[SelectedDevice, ...]
    cause: BackupCause
    out_of_scope: int = 0
    smaller: bool = False


def choose_backups(
    named: Sequence[str],
    around: Surroundings,
    *,
    formulas: Sequence[str] = (),
    platforms: Sequence[str] = (),
    customers: Sequence[str] = (),
    smaller: bool = False,
) -> Scope:
    """Return what is to be backed up.

    Args:
        named: lines, whatever their formula: whoever names one wants it; none of them stands for all in scope.
        formulas: only of these.
        platforms: only of these.
        customers: only of these.
        smaller: whether they may hold much less than before.

    Raises:
        UnknownName: when a line, formula, platform or customer does not exist, or a line has no such router.
        UnreadableProject: when the setting names a formula that does not exist.
    """
    wanted = formulas_backed_up(around)
    found = choose_routers(named, around, formulas=formulas, platforms=platforms, customers=customers)
    narrowed = bool(named or formulas or platforms or customers)
    # Until an adopted line was brought to its order, what its router has is told by its backup alone.
    devices = tuple(each for each in found if named or each.formula in wanted or each.state is LineState.ADOPTED)
    cause = BackupCause.ASKED if narrowed else BackupCause.NIGHTLY
    return Scope(devices, cause, len(found) - len(devices), smaller)


def is_due(around: Surroundings) -> bool:
    """Return whether no nightly run began within a day and ended: the machine was off, or the run was killed."""
    with around.store.read() as connection:
        latest = latest_night(connection, BackupCause.NIGHTLY)
    return latest is None or latest.ended_at is None or around.clock.now() - latest.started_at >= A_DAY


def formulas_backed_up(around: Surroundings) -> frozenset[str]:
    """Return the formulas whose lines are backed up every night.

    Raises:
        UnreadableProject: when the setting names one that does not exist.
    """
    added = around.backups.formulas
    if strange := [each for each in added if each not in FORMULAS]:
        raise UnreadableProject(
            f"there is no formula {strange[0]!r}",
            where="setting backup_formulas",
            remedy="`proviso catalogue` lists the formulas.",
        )
    contract = (
        each.identifier
        for each in FORMULAS.values()
        if each.configuration_backup.value is not Availability.NOT_OFFERED
    )
    return frozenset((*contract, *added))
