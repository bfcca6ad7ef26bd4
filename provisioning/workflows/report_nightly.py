"""Putting together what the report of a night tells, from what the store kept."""

from sqlalchemy import Connection

from provisioning.errors import UnknownName
from provisioning.model.backup import Night
from provisioning.model.drift import DriftOutcome
from provisioning.model.nightly import NightlyReport
from provisioning.platforms.routers import ROUTERS
from provisioning.store import drift, nightly
from provisioning.workflows.backup_scope import formulas_backed_up
from provisioning.workflows.surroundings import Surroundings

NIGHTS_SHOWN = 60
LARGEST_SHOWN = 5


def report_nightly(identifier: str | None, around: Surroundings) -> NightlyReport:
    """Return what a night came to.

    Args:
        identifier: of the night; None for the latest one.

    Raises:
        UnknownName: when there is no such night.
        UnreadableProject: when the setting of the formulas names one that does not exist.
    """
    formulas, platforms = sorted(formulas_backed_up(around)), tuple(ROUTERS)
    with around.store.read() as connection:
        asked = _need_night(connection, identifier) if identifier is not None else None
        trend = nightly.nights(connection, limit=NIGHTS_SHOWN, until=asked)
        night = asked or (trend[-1] if trend else None)
        newest = nightly.nights(connection, limit=1)
        proofs = nightly.proofs_of(connection, formulas, platforms)
        backed_up, size = nightly.backed_up(connection, formulas, platforms)
        states = drift.list_drift(connection)
        looked = [each for each in states if each.outcome is not DriftOutcome.MISSED]
        return NightlyReport(
            at=around.clock.now(),
            night=night,
            latest=night is None or night in newest,
            in_scope=len(proofs),
            backed_up=backed_up,
            failures=tuple(nightly.failures_of(connection, night)) if night is not None else (),
            proofs=tuple(proofs),
            drift_looked=len(looked),
            drift_looked_at=max((each.looked_at for each in looked), default=None),
            drift_unseen=sum(bool(each.cause) for each in states),
            drifting=tuple(nightly.drifting_lines(connection)),
            size=size,
            largest=tuple(nightly.largest_backups(connection, limit=LARGEST_SHOWN)),
            remarks=tuple(nightly.remarks(connection)),
            nights=tuple(trend),
        )


def _need_night(connection: Connection, identifier: str) -> Night:
    try:
        found = nightly.find_night(connection, identifier)
    except ValueError:
        found = None
    if found is None:
        raise UnknownName(
            f"there is no night {identifier!r}",
            where="night",
            remedy="Leave it out for the latest one; with `--json` the report names the nights before it.",
        )
    return found
