"""Brings the store to the tables of this version: looks first, backs the file up, then migrates under a lock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from provisioning.errors import StoreTooNew
from provisioning.store.revisions import HEAD as HEAD
from provisioning.store.revisions import REVISIONS as REVISIONS

if TYPE_CHECKING:
    from alembic.config import Config


def revision_of(connection: Connection) -> str | None:
    """Return the migration that the store stands at; None for a store without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar_one_or_none()


def judge_revision(revision: str | None, where: str) -> None:
    """Refuse a store of a later version.

    Raises:
        StoreTooNew: when this version does not know the store's migration.
    """
    if revision is not None and revision not in REVISIONS:
        raise StoreTooNew(
            f"the store was written by a later version of Proviso (migration {revision}, this version knows {HEAD})",
            where=where,
            remedy="Install that version, or put back the backup that it made beside the store.",
        )


def upgrade(connection: Connection, revision: str = HEAD) -> None:
    """Run the migrations up to `revision`, in the transaction of the connection."""
    from alembic import command

    command.upgrade(_configuration(connection), revision)


def _configuration(connection: Connection) -> "Config":
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    configuration.attributes["connection"] = connection
    return configuration


@contextmanager
def migration_lock(store: Path, timeout: float, locked: Callable[[], Exception]) -> Iterator[None]:
    """Let one process migrate at a time.

    Args:
        store: the database file, beside which the lock file stands.
        timeout: seconds to wait for another process.
        locked: makes the error when that is not enough.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(store.with_suffix(".migrate.lock"), timeout=timeout):
            yield
    except Timeout:
        raise locked() from None
