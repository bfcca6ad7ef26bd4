"""A SOCKS5 proxy by which machines are reached: a bastion, as `ssh -D` makes one of it (RFC 1928, RFC 1929)."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from provisioning.model.secret import REDACTED, Secret

SCHEME = "socks5"
LONGEST = 255
"""Bytes of a user name and of a password (RFC 1929, 2)."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where the proxy is, and who we are to it.

    Attributes:
        user: empty when it asks for no name.
    """

    host: str
    port: int
    user: str = ""
    password: Secret | None = None

    def __str__(self) -> str:
        account = f"{self.user}:{REDACTED}@" if self.user else ""
        return f"{SCHEME}://{account}{_bracketed(self.host)}:{self.port}"

    @property
    def where(self) -> str:
        """Its place, for errors."""
        return f"SOCKS proxy {_bracketed(self.host)}:{self.port}"


def parse_proxy(text: str) -> Proxy:
    """Return the proxy of `socks5://user:password@host:port`; user and password may be left out.

    Raises:
        ValueError: when it is none; the message holds nothing of the text, for a password may stand in it.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError("it is no address of a proxy") from None
    if parts.scheme != SCHEME or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("it must read socks5://user:password@host:port")
    if not parts.hostname or not port:
        raise ValueError("it names no host or no port")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("a user needs a password, and a password a user")
    if not (user + password).isascii() or max(len(user), len(password)) > LONGEST:
        raise ValueError(f"user and password must be ASCII, {LONGEST} characters each at most")
    return Proxy(parts.hostname, port, user, Secret(password) if password else None)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
