"""A connection to one router of the fleet: dialled, its host key checked, logged in, each step bounded in time."""

import asyncio
import base64
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncssh

from provisioning.devices.dial import lost_words, no_connection, proxy_told, said_by
from provisioning.errors import (
    AuthenticationRefused,
    DeviceTimeout,
    DeviceUnreachable,
    HostKeyDiffers,
    ProvisoError,
    UnreadableProject,
)
from provisioning.fleet.lean_ssh import LeanConnection
from provisioning.fleet.login import SLOW_KEY_EXCHANGES, Login
from provisioning.model.proxy import Proxy

LOGIN_STEPS = 2
"""Of a connection that may each take their time once it stands: agreeing on keys, logging in."""

TRY_AGAIN = "Try again; see whether the router still answers."


class HostKeyCheck(asyncssh.SSHClient):
    """Lets a connection go on with a router whose host key is on record.

    Args:
        known: the keys on record, as SSH sends them.

    Attributes:
        differs: whether another key was shown.
        slow_key_exchange: its name, where the router offers only slow ones; empty otherwise.
    """

    def __init__(self, known: frozenset[bytes]) -> None:
        self._known = known
        self._connection: asyncssh.SSHClientConnection | None = None
        self.differs = False
        self.slow_key_exchange = ""

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        """Take the connection."""
        self._connection = conn

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the connection."""
        self._connection = None

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        """Return whether the key is on record."""
        # asyncssh tells nobody which key exchange was agreed on; while it is under way, the connection holds it.
        algorithm = getattr(getattr(self._connection, "_kex", None), "algorithm", b"").decode("ascii", "replace")
        self.slow_key_exchange = algorithm if algorithm in SLOW_KEY_EXCHANGES else ""
        self.differs = key.public_data not in self._known
        return not self.differs


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection on which one is logged in.

    Attributes:
        where: the router, for errors.
        slow_key_exchange: its name, where the router offers only slow ones; empty otherwise.
    """

    connection: asyncssh.SSHClientConnection
    where: str
    slow_key_exchange: str


@asynccontextmanager
async def connected(
    host: str, port: int, login: Login, keys: Mapping[str, bytes], *, seconds: float, proxy: Proxy | None
) -> AsyncIterator[Connected]:
    """Yield a connection; what goes wrong on it while the block lasts is told by our errors, too.

    Args:
        host: name or address; through a proxy, the proxy looks the name up.
        keys: host keys on record, by type.
        seconds: how long each step may take.
        proxy: that leads there; None to connect directly.

    Raises:
        DeviceUnreachable: when it does not answer, or the connection is lost.
        AuthenticationRefused: when it does not let us in.
        ProxyTrouble: when the proxy does not.
        HostKeyDiffers: when its key is not one of those on record.
    """
    check = HostKeyCheck(frozenset(keys.values()))
    options = login.options(tuple(keys))
    options.host, options.port, options.protocol_factory = host, port, lambda: check
    loop = asyncio.get_running_loop()
    options.waiter = loop.create_future()
    connection = LeanConnection(loop, options)
    try:
        await _dial(connection, host, port, seconds, proxy)
        async with asyncio.timeout(LOGIN_STEPS * seconds):
            await options.waiter
        yield Connected(connection, host, check.slow_key_exchange)
        connection.close()
    except ProvisoError:
        raise
    except TimeoutError:
        raise DeviceTimeout(f"no answer within {seconds:.0f} s", where=host, remedy=TRY_AGAIN) from None
    except (OSError, UnicodeError, asyncssh.Error) as error:
        raise _trouble(error, host, check) from None
    finally:
        connection.abort()


async def _dial(
    connection: asyncssh.SSHClientConnection, host: str, port: int, seconds: float, proxy: Proxy | None
) -> None:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(seconds):
            if proxy is None:
                await loop.create_connection(lambda: connection, host, port)
            else:
                way = await _through(proxy, host, port, seconds)
                await loop.create_connection(lambda: connection, sock=way)
    except TimeoutError:
        raise no_connection(f"no answer within {seconds:.0f} s", host) from None
    except (OSError, UnicodeError) as error:
        if isinstance(error, ProvisoError):
            raise
        raise no_connection(said_by(error), host) from None


async def _through(proxy: Proxy, host: str, port: int, seconds: float) -> socket.socket:
    from python_socks import ProxyType
    from python_socks.async_.asyncio import Proxy as Dialler

    secret = proxy.password.reveal() if proxy.password else None
    dialler = Dialler(ProxyType.SOCKS5, proxy.host, proxy.port, proxy.user or None, secret, rdns=True)
    with proxy_told(proxy, host, seconds):
        return await dialler.connect(host, port, timeout=seconds)


def _trouble(error: Exception, host: str, check: HostKeyCheck) -> ProvisoError:
    if check.differs:
        return HostKeyDiffers(
            "its host key is not the one on record, so nothing was sent",
            where=host,
            remedy="Another machine may answer in its place. Was it replaced or reinstalled? Then bootstrap it anew.",
        )
    if isinstance(error, asyncssh.PermissionDenied):
        return AuthenticationRefused(
            "it does not let us in with our key", where=host, remedy="Check the setting ssh_key_file."
        )
    if isinstance(error, asyncssh.KeyExchangeFailed):
        return DeviceUnreachable(
            "no SSH session came about: there is nothing that both sides would agree on",
            where=host,
            remedy="Compare its key exchanges, ciphers and host key with those of docs/backups.md.",
        )
    return DeviceUnreachable(lost_words(error), where=host, remedy=TRY_AGAIN)


def key_of(host_key: str) -> dict[str, bytes]:
    """Return a host key by its type.

    Args:
        host_key: `type key` as known_hosts has it.

    Raises:
        UnreadableProject: when it is none.
    """
    kind, _, key = host_key.partition(" ")
    try:
        return {kind: base64.b64decode(key, validate=True)}
    except ValueError:
        raise UnreadableProject(
            "the host key on record is none", where=kind, remedy="`proviso device bootstrap` records it anew."
        ) from None
