"""Who was told what of the lines: kept with what else the store has to remember."""

from collections.abc import Sequence

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, select

from provisioning.backups.alerts import Watched
from provisioning.store.tables import REMEMBERED

_NAME = "alerts"
_WATCHED = TypeAdapter(tuple[Watched, ...])


def watched(connection: Connection) -> tuple[Watched, ...]:
    """Return what is watched: everything that is wrong, and what is well again without everybody having been told."""
    kept = connection.execute(select(REMEMBERED.c.value).where(REMEMBERED.c.name == _NAME)).scalar_one_or_none()
    return _WATCHED.validate_json(kept) if kept is not None else ()


def keep_watched(connection: Connection, all_of_it: Sequence[Watched]) -> None:
    """Keep what is watched, in place of what was kept."""
    connection.execute(delete(REMEMBERED).where(REMEMBERED.c.name == _NAME))
    if all_of_it:
        value = _WATCHED.dump_json(tuple(all_of_it)).decode()
        connection.execute(insert(REMEMBERED).values(name=_NAME, value=value))
