"""The one way into the simulator: a SOCKS5 proxy on the loopback (RFC 1928, RFC 1929) with a name and a password.

It looks up names and addresses in the world, connects to SSH servers there, and carries datagrams.
"""

import asyncio
import hmac
import socket
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Protocol, cast, runtime_checkable

from provisioning.stands.simulator.ssh_server import Servers
from provisioning.stands.simulator.way import CAME_BY
from provisioning.stands.simulator.world import Host, World

VERSION, CONNECT, ASSOCIATE = 5, 1, 3
NAME_AND_PASSWORD, NO_METHOD = 2, 0xFF
IPV4, NAME, IPV6 = 1, 3, 4
SUCCEEDED, HOST_UNREACHABLE, REFUSED, NO_SUCH_COMMAND, NO_SUCH_ADDRESS = 0, 4, 5, 7, 8
LOOPBACK = "127.0.0.1"
SSH = 22
HANDSHAKE_SECONDS = 10
BACKLOG = 512


@runtime_checkable
class Reachable(Protocol):
    """A host that is not always reached, as the packets' way there may be shut."""

    def answers_at(self, address: str, protocol: str, port: int) -> bool | None:
        """Return whether somebody answers there; None for a refusal."""


@runtime_checkable
class Datagrams(Protocol):
    """A host that takes datagrams."""

    async def datagram(self, port: int, data: bytes) -> bytes | None:
        """Return the answer to a datagram; None for silence."""


class _Ended(Exception):
    """The other side went away, or speaks something else."""


async def serve(world: World, servers: Servers, user: str, password: str, port: int = 0) -> "Listening":
    """Begin to serve, on the loopback.

    Args:
        servers: that speak SSH for the hosts.
        user: and `password`: who gets in.
        port: 0 for any that is free.

    Returns:
        The server; its port is that of `sockets[0].getsockname()`.
    """
    gate = _Gate(world, servers, user, password)
    listener = socket.create_server((LOOPBACK, port), backlog=BACKLOG)
    listener.setblocking(False)
    loop = asyncio.get_running_loop()
    task = loop.create_task(gate.accept(listener))
    return Listening(listener, task)


class Listening:
    """What asyncio calls a server, over a socket whose connections are handed on as they are."""

    def __init__(self, listener: socket.socket, task: "asyncio.Task[None]") -> None:
        self._listener = listener
        self._task = task

    @property
    def sockets(self) -> tuple[socket.socket, ...]:
        """The socket on which it listens."""
        return (self._listener,)

    def close(self) -> None:
        """Accept nobody any more."""
        self._task.cancel()
        self._listener.close()

    async def wait_closed(self) -> None:
        """Wait until nobody is accepted any more."""
        await asyncio.gather(self._task, return_exceptions=True)


class _Gate:
    def __init__(self, world: World, servers: Servers, user: str, password: str) -> None:
        self._world = world
        self._servers = servers
        self._user = user.encode()
        self._password = password.encode()
        self._tasks: set[asyncio.Task[None]] = set()

    async def accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            while True:
                connection, _ = await loop.sock_accept(listener)
                connection.setblocking(False)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                task = loop.create_task(self._serve(connection))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
                # One that is cancelled before it begins would never close what it was given.
                task.add_done_callback(partial(_close, connection))
        finally:
            for each in tuple(self._tasks):
                each.cancel()

    async def _serve(self, connection: socket.socket) -> None:
        handed_on = False
        try:
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                command, name, port = await self._agreed(connection)
                host = None
                if command == CONNECT:
                    host, code = self._reached(name, port)
                    await _answer(connection, code)
            if host is None:
                await self._associate(connection)
            else:
                handed_on = True
                CAME_BY.set(name)
                await self._servers.serve(connection, host)
        except (OSError, _Ended, TimeoutError, UnicodeDecodeError):
            pass
        finally:
            if not handed_on:
                connection.close()

    async def _agreed(self, connection: socket.socket) -> tuple[int, str, int]:
        """Return the command, and the name and port that it is for, once somebody has shown who he is."""
        version, count = await _exactly(connection, 2)
        methods = await _exactly(connection, count)
        if version != VERSION or NAME_AND_PASSWORD not in methods:
            await _send(connection, bytes([VERSION, NO_METHOD]))
            raise _Ended
        await _send(connection, bytes([VERSION, NAME_AND_PASSWORD]))
        user = await _exactly(connection, (await _exactly(connection, 2))[1])
        password = await _exactly(connection, (await _exactly(connection, 1))[0])
        right = hmac.compare_digest(user, self._user) & hmac.compare_digest(password, self._password)
        await _send(connection, bytes([1, int(not right)]))
        if not right:
            raise _Ended
        version, command, _, kind = await _exactly(connection, 4)
        name = await _place(connection, kind)
        port = int.from_bytes(await _exactly(connection, 2), "big")
        if command not in (CONNECT, ASSOCIATE):
            await _answer(connection, NO_SUCH_COMMAND)
            raise _Ended
        return command, name, port

    def _reached(self, name: str, port: int) -> tuple[Host | None, int]:
        """Return the host that answers there, and what the client is told."""
        host = self._world.find(name)
        if host is None:
            return None, HOST_UNREACHABLE
        answers: bool | None = True if port == SSH else None
        if isinstance(host, Reachable):
            answers = host.answers_at(name, "tcp", port)
        return host, SUCCEEDED if answers else REFUSED if answers is None else HOST_UNREACHABLE

    async def _associate(self, connection: socket.socket) -> None:
        """Carry datagrams as long as the connection lasts (RFC 1928, 7)."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self._world, connection.getpeername()[0]), local_addr=(LOOPBACK, 0)
        )
        try:
            port = transport.get_extra_info("sockname")[1]
            await _answer(connection, SUCCEEDED, port)
            while await loop.sock_recv(connection, 256):
                pass
        finally:
            transport.close()


class _Datagrams(asyncio.DatagramProtocol):
    """Takes datagrams with their header from one client, and brings the answers back."""

    def __init__(self, world: World, client: str) -> None:
        self._world = world
        self._client = client
        self._transport: asyncio.DatagramTransport | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's own kind of it does not say that it is one.
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if addr[0] != self._client:
            return
        task = asyncio.get_running_loop().create_task(self._carry(data, addr))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, data: bytes, client: tuple[str, int]) -> None:
        place = _header(data)
        if place is None:
            return
        name, port, length = place
        host: object = self._world.find(name)
        if not isinstance(host, Datagrams):
            return
        if isinstance(host, Reachable) and not host.answers_at(name, "udp", port):
            return
        answer = await host.datagram(port, data[length:])
        if answer is not None and self._transport is not None:
            self._transport.sendto(data[:length] + answer, client)


def _header(data: bytes) -> tuple[str, int, int] | None:
    """Return the name, the port, and the length of a datagram's header; None for a fragment, or what is none."""
    if len(data) < 10 or data[:3] != b"\0\0\0":
        return None
    kind = data[3]
    if kind == NAME:
        length = 5 + data[4]
        name = data[5:length].decode("ascii", "replace")
    elif kind in (IPV4, IPV6):
        length = 4 + (4 if kind == IPV4 else 16)
        try:
            name = str(ip_address(data[4:length]))
        except ValueError:
            return None
    else:
        return None
    return name, int.from_bytes(data[length : length + 2], "big"), length + 2


def _close(connection: socket.socket, task: "asyncio.Task[None]") -> None:
    connection.close()


async def _place(connection: socket.socket, kind: int) -> str:
    if kind == IPV4:
        return str(IPv4Address(await _exactly(connection, 4)))
    if kind == IPV6:
        return str(IPv6Address(await _exactly(connection, 16)))
    if kind == NAME:
        return (await _exactly(connection, (await _exactly(connection, 1))[0])).decode("ascii")
    await _answer(connection, NO_SUCH_ADDRESS)
    raise _Ended


async def _exactly(connection: socket.socket, count: int) -> bytes:
    loop, held = asyncio.get_running_loop(), b""
    while len(held) < count:
        part = await loop.sock_recv(connection, count - len(held))
        if not part:
            raise _Ended
        held += part
    return held


async def _answer(connection: socket.socket, code: int, port: int = 0) -> None:
    await _send(connection, bytes([VERSION, code, 0, IPV4]) + IPv4Address(LOOPBACK).packed + port.to_bytes(2, "big"))
    if code:
        raise _Ended


async def _send(connection: socket.socket, data: bytes) -> None:
    await asyncio.get_running_loop().sock_sendall(connection, data)
