"""Secrets of lines, encrypted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from provisioning.model.line_id import line_number
from provisioning.store.tables import LINE_SECRET


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """A secret as the store has it.

    Attributes:
        name: such as `wifi-key`.
        sealed: age's binary format.
        source: `generated`, or what the form's `key_from` named.
    """

    name: str
    sealed: bytes
    source: str


def secrets_of(connection: Connection, line: str) -> dict[str, SealedSecret]:
    """Return the secrets of a line by name."""
    query = select(LINE_SECRET).where(LINE_SECRET.c.line_id == line_number(line))
    return {row.name: SealedSecret(row.name, row.sealed, row.source) for row in connection.execute(query)}


def keep_secret(connection: Connection, line: str, secret: SealedSecret, now: datetime) -> None:
    """Keep a secret, in place of the one of the same name."""
    forget_secret(connection, line, secret.name)
    connection.execute(
        insert(LINE_SECRET).values(
            line_id=line_number(line), name=secret.name, sealed=secret.sealed, source=secret.source, kept_at=now
        )
    )


def forget_secret(connection: Connection, line: str, name: str) -> None:
    """Forget a secret."""
    connection.execute(
        delete(LINE_SECRET).where(LINE_SECRET.c.line_id == line_number(line), LINE_SECRET.c.name == name)
    )
