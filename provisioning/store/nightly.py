"""What the report of a night asks of the store: whole answers in a few queries, however many lines there are."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from provisioning.model.backup import BackupCause, BackupOutcome, Night, ProofOutcome
from provisioning.model.drift import DriftOutcome
from provisioning.model.line import LineState
from provisioning.model.line_id import line_id
from provisioning.model.night_id import night_number
from provisioning.model.nightly import DriftingLine, FailedBackup, ProvenLine, RemarkedLine, SizedBackup
from provisioning.store.backups import night_of
from provisioning.store.drift import list_drift
from provisioning.store.lines import stands
from provisioning.store.tables import (
    BACKUP_MISS,
    BACKUP_RUN,
    BACKUP_STATE,
    DEVICE,
    LINE,
    RESTORE_PROOF,
)


def find_night(connection: Connection, identifier: str) -> Night | None:
    """Return a run over the fleet by its id; None when there is none.

    Raises:
        ValueError: when it is no such id.
    """
    number = night_number(identifier)
    row = connection.execute(select(BACKUP_RUN).where(BACKUP_RUN.c.id == number)).first()
    return night_of(row) if row is not None else None


def nights(connection: Connection, *, limit: int, until: Night | None = None) -> list[Night]:
    """Return the latest nights, the oldest first; where there was none, the runs that somebody asked for.

    Args:
        limit: at most so many.
        until: and none after this one.
    """
    for cause in (BackupCause.NIGHTLY, BackupCause.ASKED):
        query = select(BACKUP_RUN).where(BACKUP_RUN.c.cause == cause)
        if until is not None:
            query = query.where(BACKUP_RUN.c.started_at <= until.started_at)
        found = connection.execute(query.order_by(BACKUP_RUN.c.started_at.desc()).limit(limit)).all()
        if found:
            return [night_of(row) for row in reversed(found)]
    return []


def failures_of(connection: Connection, night: Night) -> list[FailedBackup]:
    """Return what a night missed, by cause and line."""
    query = (
        select(
            BACKUP_MISS.c.line_id,
            BACKUP_MISS.c.cause,
            BACKUP_MISS.c.message,
            LINE.c.customer,
            DEVICE.c.serial,
            DEVICE.c.platform,
            BACKUP_STATE.c.outcome,
            BACKUP_STATE.c.since,
            BACKUP_STATE.c.good_at,
        )
        .join(LINE, LINE.c.id == BACKUP_MISS.c.line_id)
        .outerjoin(DEVICE, _ROUTER)
        .outerjoin(BACKUP_STATE, BACKUP_STATE.c.line_id == LINE.c.id)
        .where(BACKUP_MISS.c.backup_run_id == night_number(night.id))
        .order_by(BACKUP_MISS.c.cause, BACKUP_MISS.c.line_id)
    )
    return [
        FailedBackup(
            line=line_id(row.line_id),
            customer=row.customer,
            serial=row.serial or "",
            platform=row.platform or "",
            cause=row.cause,
            message=row.message,
            since=row.since if row.outcome == BackupOutcome.MISSED else None,
            good_at=row.good_at,
        )
        for row in connection.execute(query)
    ]


def proofs_of(connection: Connection, formulas: Sequence[str], platforms: Sequence[str]) -> list[ProvenLine]:
    """Return, of each line that is to be backed up, the latest time that a backup of it was restored or tried to."""
    latest = select(func.max(RESTORE_PROOF.c.id)).group_by(RESTORE_PROOF.c.line_id)
    query = (
        select(
            LINE.c.id,
            LINE.c.customer,
            DEVICE.c.platform,
            RESTORE_PROOF.c.at,
            RESTORE_PROOF.c.outcome,
            RESTORE_PROOF.c.message,
        )
        .join(DEVICE, _ROUTER)
        .outerjoin(RESTORE_PROOF, and_(RESTORE_PROOF.c.line_id == LINE.c.id, RESTORE_PROOF.c.id.in_(latest)))
        .where(*_in_scope(formulas, platforms))
        .order_by(LINE.c.id)
    )
    return [
        ProvenLine(
            line=line_id(row.id),
            customer=row.customer,
            platform=row.platform,
            at=row.at,
            outcome=ProofOutcome(row.outcome) if row.outcome is not None else None,
            message=row.message or "",
        )
        for row in connection.execute(query)
    ]


def backed_up(connection: Connection, formulas: Sequence[str], platforms: Sequence[str]) -> tuple[int, int]:
    """Return how many lines that are to be backed up have a backup, and the size of the latest ones together."""
    query = (
        select(func.count(), func.coalesce(func.sum(BACKUP_STATE.c.size), 0))
        .select_from(LINE)
        .join(DEVICE, _ROUTER)
        .join(BACKUP_STATE, BACKUP_STATE.c.line_id == LINE.c.id)
        .where(*_in_scope(formulas, platforms), BACKUP_STATE.c.good_at.is_not(None))
    )
    count, size = connection.execute(query).one()
    return int(count), int(size)


def largest_backups(connection: Connection, *, limit: int) -> list[SizedBackup]:
    """Return the largest latest backups, the largest first."""
    query = (
        select(BACKUP_STATE.c.line_id, LINE.c.customer, BACKUP_STATE.c.size)
        .join(LINE)
        .where(BACKUP_STATE.c.size > 0, LINE.c.ceased_at.is_(None))
        .order_by(BACKUP_STATE.c.size.desc(), BACKUP_STATE.c.line_id)
        .limit(limit)
    )
    return [SizedBackup(line_id(row.line_id), row.customer, row.size) for row in connection.execute(query)]


def remarks(connection: Connection) -> list[RemarkedLine]:
    """Return what people should know of good backups, by remark and line."""
    query = (
        select(BACKUP_STATE.c.line_id, LINE.c.customer, BACKUP_STATE.c.serial, BACKUP_STATE.c.remark)
        .join(LINE)
        .where(BACKUP_STATE.c.remark != "", LINE.c.ceased_at.is_(None))
        .order_by(BACKUP_STATE.c.remark, BACKUP_STATE.c.line_id)
    )
    return [
        RemarkedLine(line_id(row.line_id), row.customer, row.serial, row.remark) for row in connection.execute(query)
    ]


def drifting_lines(connection: Connection) -> list[DriftingLine]:
    """Return the lines whose router differed when it was looked at last, the oldest drift first."""
    states = sorted(list_drift(connection, outcome=DriftOutcome.DRIFT), key=lambda each: each.since)
    query = select(LINE.c.id, LINE.c.customer).where(LINE.c.ceased_at.is_(None))
    customers = {line_id(row.id): row.customer for row in connection.execute(query)} if states else {}
    return [DriftingLine(each.line, customers[each.line], each.serial, each.since, each.where) for each in states]


_ROUTER = and_(DEVICE.c.line_id == LINE.c.id, DEVICE.c.kind == "cpe", DEVICE.c.until.is_(None))


def _in_scope(formulas: Sequence[str], platforms: Sequence[str]) -> list[ColumnElement[bool]]:
    return [
        DEVICE.c.platform.in_(platforms),
        or_(and_(stands(LineState.ACTIVE), LINE.c.formula.in_(formulas)), stands(LineState.ADOPTED)),
    ]
