"""The host keys of routers, as they were recorded when each was first met."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from provisioning.store.tables import HOST_KEY


def host_keys_of(connection: Connection, serial: str) -> dict[str, str]:
    """Return the recorded keys of a router: base64 by kind, as in known_hosts."""
    query = select(HOST_KEY.c.kind, HOST_KEY.c.key).where(HOST_KEY.c.serial == serial)
    return {row.kind: row.key for row in connection.execute(query)}


def record_host_keys(connection: Connection, serial: str, keys: dict[str, str], now: datetime) -> None:
    """Record a router's keys, in place of all that it had."""
    connection.execute(delete(HOST_KEY).where(HOST_KEY.c.serial == serial))
    for kind, key in sorted(keys.items()):
        connection.execute(insert(HOST_KEY).values(serial=serial, kind=kind, key=key, recorded_at=now))
