"""Sends datagrams through a SOCKS5 proxy (RFC 1928, 4 and 7) for programs that know nothing of proxies.

They speak to a port of the loopback, in the same loop; what arrives there goes out through the proxy, and back.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address

from provisioning.errors import ProxyTrouble
from provisioning.model.proxy import Proxy

VERSION, ASSOCIATE = 5, 3
NO_NAME, NAME_AND_PASSWORD = 0, 2
IPV4, NAME, IPV6 = 1, 3, 4
ADDRESS_BYTES = {IPV4: 4, IPV6: 16}
LOOPBACK = "127.0.0.1"


@asynccontextmanager
async def datagram_relay(proxy: Proxy, host: str, port: int, *, seconds: float) -> AsyncIterator[tuple[str, int]]:
    """Yield where to send what is meant for a machine behind the proxy; answers come from there, too.

    Args:
        host: name or address; the proxy looks the name up.
        seconds: how long the proxy may take to agree.

    Raises:
        ProxyTrouble: when the proxy does not answer, does not let us in, or does not carry datagrams.
    """
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(proxy.host, proxy.port)
    except OSError as error:
        raise _trouble(proxy, (error.strerror or "no answer").lower()) from None
    inner = outer = None
    try:
        try:
            async with asyncio.timeout(seconds):
                gate = await _associate(reader, writer, proxy)
        except (OSError, EOFError, ValueError) as error:
            raise _trouble(proxy, str(error).lower() or "it does not answer") from None
        loop, relay = asyncio.get_running_loop(), _Relay(_header(host, port))
        outer, _ = await loop.create_datagram_endpoint(lambda: _Outer(relay), remote_addr=gate)
        inner, _ = await loop.create_datagram_endpoint(lambda: _Inner(relay), local_addr=(LOOPBACK, 0))
        relay.inner, relay.outer = inner, outer
        yield inner.get_extra_info("sockname")[:2]
    finally:
        # The proxy forgets about it when this connection ends.
        for each in (inner, outer, writer):
            if each is not None:
                each.close()
        # Transports let go of their sockets in the loop's next turn.
        await asyncio.sleep(0)


async def _associate(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, proxy: Proxy) -> tuple[str, int]:
    """Agree with the proxy, and return where it takes datagrams."""
    secret = proxy.password.reveal() if proxy.password else ""
    writer.write(bytes([VERSION, 1, NAME_AND_PASSWORD if proxy.user else NO_NAME]))
    version, method = await reader.readexactly(2)
    if version != VERSION:
        raise ValueError("it is no SOCKS5 proxy")
    if method == NAME_AND_PASSWORD and proxy.user:
        user, password = proxy.user.encode("ascii"), secret.encode("ascii")
        writer.write(bytes([1, len(user)]) + user + bytes([len(password)]) + password)
        method = (await reader.readexactly(2))[1]
    if method:
        raise ProxyTrouble("it does not let us in", where=proxy.where, remedy="Setting socks_proxy.")
    # From where we are going to send is not known yet (RFC 1928, 4: then it is all zeros).
    writer.write(bytes([VERSION, ASSOCIATE, 0, IPV4, 0, 0, 0, 0, 0, 0]))
    _, answer, _, kind = await reader.readexactly(4)
    if answer:
        raise ValueError(f"it carries no datagrams (answer {answer})")
    if kind not in ADDRESS_BYTES:
        raise ValueError("it names no address for datagrams")
    address = ip_address(await reader.readexactly(ADDRESS_BYTES[kind]))
    port = int.from_bytes(await reader.readexactly(2), "big")
    # Proxies that do not know their own address leave it out; it is where we reached them.
    return (proxy.host if address.is_unspecified else str(address)), port


def _header(host: str, port: int) -> bytes:
    try:
        address = ip_address(host)
        place = bytes([IPV4 if address.version == 4 else IPV6]) + address.packed
    except ValueError:
        name = host.encode("idna")
        place = bytes([NAME, len(name)]) + name
    return b"\0\0\0" + place + port.to_bytes(2, "big")


class _Relay:
    """Passes on what the one program here sends, and gives it the answers."""

    def __init__(self, header: bytes) -> None:
        self._header = header
        self._program: tuple[str, int] | None = None
        self.inner: asyncio.DatagramTransport | None = None
        self.outer: asyncio.DatagramTransport | None = None

    def sent(self, data: bytes, by: tuple[str, int]) -> None:
        self._program = self._program or by
        if self.outer is not None and self._program == by:
            self.outer.sendto(self._header + data)

    def answered(self, data: bytes) -> None:
        length = _header_length(data)
        if self.inner is not None and self._program is not None and length:
            self.inner.sendto(data[length:], self._program)


class _Inner(asyncio.DatagramProtocol):
    def __init__(self, relay: _Relay) -> None:
        self._relay = relay

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._relay.sent(data, (addr[0], addr[1]))


class _Outer(asyncio.DatagramProtocol):
    def __init__(self, relay: _Relay) -> None:
        self._relay = relay

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._relay.answered(data)


def _header_length(data: bytes) -> int:
    """Return the length of the header of a datagram from the proxy; 0 when it is none, or a fragment."""
    if len(data) < 5 or data[:3] != b"\0\0\0":
        return 0
    kind = data[3]
    return 4 + (1 + data[4] if kind == NAME else ADDRESS_BYTES.get(kind, len(data))) + 2


def _trouble(proxy: Proxy, said: str) -> ProxyTrouble:
    return ProxyTrouble(
        f"it cannot be used: {said}", where=proxy.where, remedy="Does it run? It is named by the setting socks_proxy."
    )
