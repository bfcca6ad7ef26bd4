"""The host key of each router, as it was recorded when the router was first met."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from provisioning.store.tables import HOST_KEY


def host_key_of(connection: Connection, serial: str) -> str | None:
    """Return the recorded key of a router, `type key` as in known_hosts; None when none is."""
    query = select(HOST_KEY.c.kind, HOST_KEY.c.key).where(HOST_KEY.c.serial == serial).limit(1)
    row = connection.execute(query).first()
    return f"{row.kind} {row.key}" if row is not None else None


def record_host_key(connection: Connection, serial: str, host_key: str, now: datetime) -> None:
    """Record a router's key, `type key`, in place of what it had."""
    kind, _, key = host_key.partition(" ")
    connection.execute(delete(HOST_KEY).where(HOST_KEY.c.serial == serial))
    connection.execute(insert(HOST_KEY).values(serial=serial, kind=kind, key=key, recorded_at=now))
