"""Opens the store and hands out its transactions."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from provisioning.errors import EnvironmentTrouble, ProvisoError, StoreLocked, StoreUnusable
from provisioning.store import migrate
from provisioning.store.revisions import FILE_NAME as FILE_NAME

CACHE_KIB = 32 * 1024
"""Of the database in memory, when it is used. SQLite's own 2 MiB made assignments slower as their number grew."""

_BEGIN = "proviso_begin"
_ONE_PICTURE = text("set transaction isolation level repeatable read, read only")
_ADVISORY_LOCK = text("select pg_advisory_xact_lock(hashtext('proviso'))")


class Store:
    """The store in a state directory, or one in memory that stands for a store that does not exist yet.

    Every write takes the write lock at its start, so two processes never work on the same picture: BEGIN IMMEDIATE on
    SQLite, an advisory lock on PostgreSQL. Readers see the last commit and wait for nobody.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self.engine = engine
        self.where = where

    @classmethod
    def open(cls, state: Path, *, now: datetime, lock_timeout: float) -> Self:
        """Open the store of a state directory, creating or migrating it where needed.

        Args:
            state: the directory; made with mode 0700.
            now: names the backup that is made before a migration.
            lock_timeout: seconds to wait for another process.

        Raises:
            StoreUnusable: no permission, no space, or not a store.
            StoreLocked: another process migrates for longer than the timeout.
            StoreTooNew: a later version wrote it.
        """
        path = state / FILE_NAME
        with _told(str(path)):
            state.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not path.exists():
                _make(path, lock_timeout)
            store = cls(_engine(path, lock_timeout), str(path))
            store._migrate(path, now, lock_timeout)
        return store

    @classmethod
    def existing_or_empty(cls, state: Path, *, now: datetime, lock_timeout: float) -> Self:
        """Open the store for looking; where there is none yet, return an empty one in memory and make nothing."""
        path = state / FILE_NAME
        with _told(str(path)):
            exists = path.exists()
        if exists:
            return cls.open(state, now=now, lock_timeout=lock_timeout)
        return cls.in_memory()

    @classmethod
    def in_memory(cls) -> Self:
        """Return an empty store that lives as long as the object."""
        return cls(_engine_in_memory(empty_store()), "memory")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of the store."""
        with self._transaction("begin") as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(_ONE_PICTURE)
            yield connection
            connection.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection that alone may write; what it did stands when the block ends without an error."""
        with self._transaction("begin immediate") as connection:
            _take_write_lock(connection)
            yield connection
            connection.commit()

    @contextmanager
    def rehearse(self) -> Iterator[Connection]:
        """Yield a connection that may write, and forget all of it: how a plan finds out what would happen."""
        with self._transaction("begin immediate") as connection:
            _take_write_lock(connection)
            yield connection
            connection.rollback()

    def close(self) -> None:
        """Give the file back."""
        self.engine.dispose()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        with _told(self.where), self.engine.connect().execution_options(**{_BEGIN: begin}) as connection:
            yield connection

    def _migrate(self, path: Path, now: datetime, lock_timeout: float) -> None:
        with self.read() as connection:
            revision = migrate.revision_of(connection)
        if revision == migrate.HEAD:
            return
        migrate.judge_revision(revision, self.where)
        with migrate.migration_lock(path, lock_timeout, lambda: _locked(self.where)):
            with self.read() as connection:
                revision = migrate.revision_of(connection)
            if revision == migrate.HEAD:
                return
            if revision is not None:
                _back_up(path, path.with_suffix(f".{revision}.{now:%Y%m%dT%H%M%SZ}.backup"))
            with self.write() as connection:
                migrate.upgrade(connection)


@cache
def empty_store() -> bytes:
    """Return the file of a store in which nothing is, migrated once in a process: some need many stores."""
    store = Store(_engine_in_memory(b""), "memory")
    with store.write() as connection:
        migrate.upgrade(connection)
    with store.read() as connection:
        content = _driver(connection).serialize()
    store.close()
    return content


def _make(path: Path, lock_timeout: float) -> None:
    """Make a store that is not there yet, beside its place, and move it there whole: nobody sees half of it."""
    with migrate.migration_lock(path, lock_timeout, lambda: _locked(str(path))):
        if path.exists():
            return
        partial = path.with_suffix(".partial")
        for left in (partial, *(partial.with_name(partial.name + end) for end in ("-wal", "-shm"))):
            left.unlink(missing_ok=True)
        _create(partial)
        with partial.open("wb") as file:
            file.write(empty_store())
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)


def _engine_in_memory(content: bytes) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        if content:
            connection.deserialize(content)
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool, hide_parameters=True)
    _listen(engine)
    return engine


def _driver(connection: Connection) -> sqlite3.Connection:
    found = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)  # noqa: S101 - only a store in memory is asked
    return found


def _engine(path: Path, lock_timeout: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"timeout": lock_timeout}, hide_parameters=True
    )
    _listen(engine)
    return engine


def _listen(engine: Engine) -> None:
    """Take transactions into our own hands: sqlite3 would begin them late and end them before DDL."""

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on", f"cache_size = -{CACHE_KIB}"):
            connection.execute(f"pragma {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "begin"))


def _create(path: Path) -> None:
    """Make an empty file that is nobody else's to read, whatever the umask is."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _take_write_lock(connection: Connection) -> None:
    """Do for PostgreSQL what BEGIN IMMEDIATE has done for SQLite; the lock ends with the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ADVISORY_LOCK)


def _back_up(path: Path, copy: Path) -> None:
    """Copy the store with SQLite's own backup, which sees one state even while others read; whole or not at all."""
    partial = copy.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    _create(partial)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as target:
        source.backup(target)
    partial.replace(copy)


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Turn the errors of the database and of the file system into ours."""
    try:
        yield
    except DBAPIError as error:
        cause = error.orig
        if not isinstance(cause, sqlite3.DatabaseError) or isinstance(
            cause, sqlite3.IntegrityError | sqlite3.ProgrammingError
        ):
            raise
        raise trouble(cause, where) from error
    except sqlite3.DatabaseError as error:
        raise trouble(error, where) from error
    except ProvisoError:
        raise
    except OSError as error:
        raise _unusable(where, (error.strerror or str(error)).lower()) from error


def trouble(cause: sqlite3.Error, where: str) -> EnvironmentTrouble:
    """Return the error for what SQLite says."""
    if getattr(cause, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return _locked(where)
    return _unusable(where, str(cause))


def _locked(where: str) -> StoreLocked:
    return StoreLocked(
        "another process holds the store",
        where=where,
        remedy="Try again; if it stays so, look for a proviso process that hangs.",
    )


def _unusable(where: str, reason: str) -> StoreUnusable:
    return StoreUnusable(
        f"the store cannot be used: {reason}",
        where=where,
        remedy="Check the permissions and the free space; PROVISO_STATE names another directory.",
    )
