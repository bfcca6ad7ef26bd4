"""Column types that SQLite and PostgreSQL keep each in its own way."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CHAR, BigInteger, DateTime, Integer, Numeric
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

KEY = BigInteger().with_variant(Integer(), "sqlite")
"""A key of 64 bits: SQLite's own keys have them, PostgreSQL has to be told."""

HEXADECIMAL_DIGITS = 32
"""An unsigned 128-bit integer, an IPv6 address among them."""


class UnsignedInteger128(TypeDecorator[int]):
    """An integer up to 128 bits: NUMERIC on PostgreSQL, fixed-width hexadecimal text on SQLite, which sorts alike."""

    impl = CHAR(HEXADECIMAL_DIGITS)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type in which the database keeps the number."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Numeric(39, 0))
        return dialect.type_descriptor(CHAR(HEXADECIMAL_DIGITS))

    def process_bind_param(self, value: int | None, dialect: Dialect) -> object:
        """Return the number as the database keeps it."""
        if value is None:
            return None
        return Decimal(value) if dialect.name == "postgresql" else f"{value:032x}"

    def process_result_value(self, value: object | None, dialect: Dialect) -> int | None:
        """Return the number that the database kept."""
        if value is None:
            return None
        return int(value) if isinstance(value, Decimal) else int(str(value), 16)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC.

        Raises:
            ValueError: for a moment that does not know its zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} does not say in which zone it is")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment, aware of UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
