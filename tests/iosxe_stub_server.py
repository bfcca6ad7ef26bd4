"""The SSH server before a router that a stub plays: terminals, files that are brought, connections that are cut."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh
from iosxe_stub import FLASH, Stub
from sshds import make_key


@dataclass
class Served:
    """A stub that can be reached.

    Attributes:
        scp: whether it takes files.
        sessions: how many came.
    """

    stub: Stub
    port: int = 0
    key_file: Path = Path()
    known_hosts: Path = Path()
    sessions: int = 0
    connections: list[asyncssh.SSHServerConnection] = field(default_factory=list)


class _Server(asyncssh.SSHServer):
    def __init__(self, served: Served) -> None:
        self._served = served

    def connection_made(self, connection: asyncssh.SSHServerConnection) -> None:
        self._served.connections.append(connection)


@contextmanager
def served(stub: Stub, folder: Path) -> Iterator[Served]:
    """Serve a stub on a free port of the loopback while the block lasts."""
    folder.mkdir(exist_ok=True)
    up = Served(stub, key_file=folder / "key", known_hosts=folder / "known_hosts")
    (folder / "authorized").write_text(make_key(folder / "key"))
    public = make_key(folder / "host").split()
    loop = asyncio.new_event_loop()

    async def begin() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            lambda: _Server(up),
            "127.0.0.1",
            0,
            server_host_keys=[str(folder / "host")],
            authorized_client_keys=str(folder / "authorized"),
            process_factory=lambda process: _serve(up, process),
            encoding=None,
            line_editor=False,
        )

    acceptor = loop.run_until_complete(begin())
    up.port = acceptor.get_port()
    up.known_hosts.write_text(f"[127.0.0.1]:{up.port} {public[0]} {public[1]}\n")
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield up
    finally:
        asyncio.run_coroutine_threadsafe(_end(acceptor, up), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(acceptor: asyncssh.SSHAcceptor, up: Served) -> None:
    acceptor.close()
    await acceptor.wait_closed()
    for each in up.connections:
        each.abort()
    await asyncio.sleep(0)


async def _serve(up: Served, process: "asyncssh.SSHServerProcess[bytes]") -> None:
    try:
        if process.command:
            await _take_file(up, process)
        else:
            await _talk(up, process)
    except (OSError, asyncssh.Error, asyncio.IncompleteReadError):
        process.close()


async def _talk(up: Served, process: "asyncssh.SSHServerProcess[bytes]") -> None:
    up.sessions += 1
    stub = up.stub
    stub.mode = ""
    connection = process.get_extra_info("connection")
    process.stdout.write(
        f"\r\nFor the operator's people only.\r\n\r\n{'' if stub.banner_only else stub.prompt}".encode()
    )
    while True:
        command = (await process.stdin.readline()).decode().rstrip("\r\n")
        if process.stdin.at_eof() or command == "exit":
            process.exit(0)
            return
        if command in stub.cut_at:
            stub.cut_at.discard(command)
            connection.abort()
            return
        said = stub.answer(command)
        if command in stub.cut_after:
            stub.cut_after.discard(command)
            connection.abort()
            return
        text = f"{command}\n{said}{stub.prompt}" if said != SILENT else f"{command}\n"
        process.stdout.write(text.replace("\n", "\r\n").encode())


SILENT = "\0"
"""An answer that never comes."""


async def _take_file(up: Served, process: "asyncssh.SSHServerProcess[bytes]") -> None:
    words = (process.command or "").split()
    if "ip scp server enable" not in up.stub.running:
        process.stdout.write(b"Administratively disabled.\n")
        process.exit(1)
        return
    assert words[:2] == ["scp", "-t"], words
    if up.stub.takes_no_file:
        await process.wait_closed()
        return
    process.stdout.write(b"\0")
    head = await process.stdin.readline()
    process.stdout.write(b"\0")
    content = await process.stdin.readexactly(int(head.split()[1]))
    await process.stdin.readexactly(1)
    up.stub.files[words[2].removeprefix(FLASH)] = content
    process.stdout.write(b"\0")
    process.exit(0)
