"""An SSH server on a socket that is connected already, for one host of the world."""

import asyncio
import copy
import socket
from collections.abc import Callable

import asyncssh
from asyncssh.constants import MSG_IGNORE
from asyncssh.packet import SSHPacketLogger

from provisioning.stands.simulator.far import far
from provisioning.stands.simulator.faults import Count, Dropped
from provisioning.stands.simulator.world import Host, World

KEY_EXCHANGES = ("curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256")
CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr")
"""The quick ones first: a connection costs its client tens of milliseconds with the slow ones."""

LOGIN_SECONDS = 30

Process = asyncssh.SSHServerProcess[bytes]


class _Server(asyncssh.SSHServer):
    """Lets into one host those whom it lets in."""

    def __init__(self, world: World, host: Host) -> None:
        self._world = world
        self._host = host
        self._ended: Callable[[], None] | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._ended = self._world.connected(self._host.name, conn.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._ended is not None:
            self._ended()

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return self._open and self._host.lets_in(username, password=password, key=None)

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return self._open and self._host.lets_in(username, password=None, key=key)

    @property
    def _open(self) -> bool:
        return not self._world.faults_of(self._host.name).refuse_login


class _Connection(asyncssh.SSHServerConnection):
    """Says nothing where there is nothing to say: asyncssh puts an empty packet before each, devices do not."""

    def send_packet(self, pkttype: int, *args: bytes, handler: SSHPacketLogger | None = None) -> None:
        if pkttype != MSG_IGNORE:
            super().send_packet(pkttype, *args, handler=handler)


async def _begun(sock: socket.socket, options: asyncssh.SSHServerConnectionOptions) -> asyncssh.SSHServerConnection:
    """Return a connection on which somebody is logged in.

    asyncssh's own way would prepare the options anew for each connection, in a thread.
    """
    loop = asyncio.get_running_loop()
    own = copy.copy(options)
    own.waiter = loop.create_future()
    connection = _Connection(loop, own, wait="auth")
    try:
        await loop.create_connection(lambda: connection, sock=sock)
        await own.waiter
    except BaseException:
        # Whoever goes away, or cancels, leaves no socket open.
        connection.abort()
        raise
    return connection


class Servers:
    """Serves the hosts of a world; what a host's connections share is made once.

    Args:
        world: whose hosts they are.
        round_trip: seconds that a packet takes to a host and back; 0 for no time at all.
    """

    def __init__(self, world: World, round_trip: float = 0.0) -> None:
        self._world = world
        self._round_trip = round_trip
        self._options: dict[str, asyncssh.SSHServerConnectionOptions] = {}

    async def serve(self, sock: socket.socket, host: Host) -> None:
        """Serve one connection of a host until it ends; whatever the other side does, this raises nothing.

        Args:
            sock: connected; it is closed at the end.
            host: who answers.
        """
        try:
            if self._round_trip:
                sock = await far(sock, self._round_trip)
            connection = await _begun(sock, self._options_for(host))
        except (OSError, asyncssh.Error, TimeoutError, ValueError):
            sock.close()
            return
        try:
            await connection.wait_closed()
        finally:
            connection.abort()

    def _options_for(self, host: Host) -> asyncssh.SSHServerConnectionOptions:
        if host.name not in self._options:
            self._options[host.name] = self._new_options(host)
        return self._options[host.name]

    def _new_options(self, host: Host) -> asyncssh.SSHServerConnectionOptions:
        # A session is one process; the commands of a connection are counted together.
        return asyncssh.SSHServerConnectionOptions(
            server_factory=lambda: _Server(self._world, host),
            server_host_keys=[host.host_key],
            process_factory=lambda process: self._handle(host, process),
            encoding=None,
            # Its editor echoes what the host echoes itself, and costs 24 ms a line.
            line_editor=False,
            kex_algs=KEY_EXCHANGES,
            encryption_algs=CIPHERS,
            compression_algs=None,
            gss_host=None,
            allow_scp=False,
            agent_forwarding=False,
            login_timeout=LOGIN_SECONDS,
        )

    async def _handle(self, host: Host, process: Process) -> None:
        try:
            if process.command is None:
                await host.converse(process)
                process.exit(0)
            else:
                await self._execute(host, process, process.command)
        except (OSError, asyncssh.Error):
            process.close()
        except Dropped:
            process.channel.get_connection().abort()

    async def _execute(self, host: Host, process: Process, command: str) -> None:
        connection = process.channel.get_connection()
        count = connection.get_extra_info("commands") or Count()
        connection.set_extra_info(commands=count)
        faults = self._world.faults_of(host.name)
        await count.before(faults, process.channel.wait_closed)
        last = count.is_last(faults)
        if last or faults.truncate is not None:
            _limit(process, faults.truncate if faults.truncate is not None and not last else 0, then_end=not last)
        code = await host.execute(command, process)
        if last:
            raise Dropped
        if not process.is_closing():
            process.exit(code)


def _limit(process: Process, most: int, *, then_end: bool) -> None:
    """Let only so many bytes of a process's output through; then end its connection, or swallow the rest."""
    channel = process.channel
    write, left = channel.write, most

    def limited(data: bytes, datatype: int | None = None) -> None:
        nonlocal left
        write(data[: max(left, 0)], datatype)
        left -= len(data)
        if left < 0 and then_end:
            # What was written goes out first.
            asyncio.get_running_loop().call_soon(channel.get_connection().abort)

    channel.write = limited  # type: ignore[method-assign]  # asyncssh has no seam for what goes out
