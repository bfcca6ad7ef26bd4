"""Proofs that backups restore, in the store: each time that one was brought back, on whichever router."""

from collections.abc import Mapping

from sqlalchemy import Connection, Row, func, insert, select

from provisioning.model.backup import ProofOutcome, RestoreProof
from provisioning.model.line_id import line_id, line_number
from provisioning.store.tables import RESTORE_PROOF


def add_proof(connection: Connection, proof: RestoreProof) -> None:
    """Put on record what became of a backup that was brought back."""
    connection.execute(
        insert(RESTORE_PROOF).values(
            line_id=line_number(proof.line),
            version=proof.version,
            at=proof.at,
            how=proof.how,
            platform=proof.platform,
            outcome=proof.outcome,
            message=proof.message,
            seconds=proof.seconds,
        )
    )


def latest_proofs(connection: Connection) -> Mapping[str, RestoreProof]:
    """Return the latest proof of each line that has one."""
    latest = select(func.max(RESTORE_PROOF.c.id)).group_by(RESTORE_PROOF.c.line_id)
    rows = connection.execute(select(RESTORE_PROOF).where(RESTORE_PROOF.c.id.in_(latest)))
    found = (_proof(row) for row in rows)
    return {each.line: each for each in found}


def proofs_of(connection: Connection, line: str, *, limit: int | None = None) -> tuple[RestoreProof, ...]:
    """Return the proofs of a line, the latest first."""
    query = (
        select(RESTORE_PROOF)
        .where(RESTORE_PROOF.c.line_id == line_number(line))
        .order_by(RESTORE_PROOF.c.id.desc())
        .limit(limit)
    )
    return tuple(_proof(row) for row in connection.execute(query))


def _proof(row: Row[tuple[object, ...]]) -> RestoreProof:
    return RestoreProof(
        line=line_id(row.line_id),
        version=row.version,
        at=row.at,
        how=row.how,
        platform=row.platform,
        outcome=ProofOutcome(row.outcome),
        message=row.message,
        seconds=row.seconds,
    )
