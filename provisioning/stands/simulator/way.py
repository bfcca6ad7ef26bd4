"""By which address a connection came to a host, for hosts whose firewall may shut that way while it lasts."""

from contextvars import ContextVar

CAME_BY: ContextVar[str] = ContextVar("came_by", default="")
"""Name or address that was asked for; empty where nobody said. Tasks of a connection inherit it."""
