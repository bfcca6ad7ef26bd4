"""Routers that tell of their bearers over SSH, as the helper does, and whose bearers are cut as a test wants.

python tests/telling_routers.py FOLDER ROUTERS    each on port PORT of an address of its own; reads what becomes of
                                                  them as lines `ADDRESS STATE` on standard input, until that ends
"""

import asyncio
import json
import socket
import struct
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

ALIVE_SECONDS = 5.0
PORT = 2223

HEADERS = 20 + 32
"""Bytes of IPv4's header, and of TCP's with timestamps."""

STATES = {
    # fixed works, mobile works, in use, what the guard says
    "well": ("up", "up", "fixed", "trusted 0"),
    "on-mobile": ("down", "up", "mobile", "failed 0"),
    "on-trial": ("up", "up", "mobile", "held 4200"),
    "mobile-failed": ("up", "down", "fixed", "trusted 0"),
    "down": ("down", "down", "none", "failed 0"),
}
EVENTS = {
    "well": "trusted fixed",
    "on-mobile": "failed fixed",
    "on-trial": "works fixed",
    "mobile-failed": "failed mobile",
    "down": "failed fixed",
}


def address_of(number: int) -> str:
    """Return the address of the router with that number, from 1."""
    return f"127.78.{number >> 8}.{number & 255}"


@dataclass
class Telling:
    """One router.

    Attributes:
        refuses: whether it lets nobody in any more.
        drill: as the helper tells one; empty without.
    """

    state: str = "well"
    refuses: bool = False
    drill: str = ""
    events: list[str] = field(default_factory=list)
    listeners: set["asyncssh.SSHServerProcess[str]"] = field(default_factory=set)
    connections: set[asyncssh.SSHServerConnection] = field(default_factory=set)
    sessions: int = 0

    def text(self) -> str:
        fixed, mobile, used, guard = STATES[self.state]
        lines = [
            "clock 1000.50",
            "bearer fixed wan0 up 1000 2000",
            "bearer mobile wwan0 up 100 200",
            *(f"neighbour fixed {family} {fixed} {fixed} 10000 0" for family in (4, 6)),
            *(f"neighbour mobile {family} {mobile} {mobile} 10000 0" for family in (4, 6)),
            f"in-use 4 {used}",
            f"in-use 6 {used}",
            f"guard {guard}",
            "voice-off yes",
            *([f"drill {self.drill}"] if self.drill else []),
            *(f"event {each}" for each in self.events),
            "end",
        ]
        return "\n".join((*lines, ""))

    def become(self, state: str) -> None:
        self.state = state
        event = f"{len(self.events) + 1} {1000 + len(self.events)}.00 {EVENTS[state]}"
        self.events.append(event)
        for each in list(self.listeners):
            with suppress(OSError, asyncssh.Error):
                each.stdout.write(f"{event}\n")


class _Server(asyncssh.SSHServer):
    def __init__(self, routers: dict[str, Telling], key: asyncssh.SSHKey) -> None:
        self._routers, self._key = routers, key
        self._address = ""

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._address = conn.get_extra_info("sockname")[0]
        router = self._routers[self._address]
        router.sessions += 1
        router.connections.add(conn)
        self._connection = conn
        if router.refuses:
            conn.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._routers[self._address].connections.discard(self._connection)

    def begin_auth(self, username: str) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return key.public_data == self._key.public_data


async def serve(
    routers: dict[str, Telling], key: asyncssh.SSHKey, host_key: asyncssh.SSHKey, port: int
) -> asyncssh.SSHAcceptor:
    """Answer as those routers until it is closed."""

    async def answer(process: "asyncssh.SSHServerProcess[str]") -> None:
        router = routers[process.get_extra_info("sockname")[0]]
        command = process.command or ""
        if command.endswith(" bearers"):
            process.stdout.write(router.text())
        elif command.endswith(" events-follow"):
            router.listeners.add(process)
            try:
                process.stdout.write("".join(f"{each}\n" for each in router.events))
                while not process.is_closing():
                    process.stdout.write("alive 1000.50\n")
                    await asyncio.sleep(ALIVE_SECONDS)
            finally:
                router.listeners.discard(process)
        process.exit(0)

    return await asyncssh.listen(
        "0.0.0.0",
        port,
        server_factory=lambda: _Server(routers, key),
        server_host_keys=[host_key],
        process_factory=answer,
        backlog=512,
    )


@dataclass
class Farm:
    """Routers in a thread of this process.

    Attributes:
        key_file: that gets in.
        host_key: of all of them, as known_hosts has it.
    """

    routers: dict[str, Telling]
    key_file: Path
    host_key: str
    port: int
    loop: asyncio.AbstractEventLoop

    def become(self, number: int, state: str) -> None:
        """Let something happen to a router's bearers."""
        self.loop.call_soon_threadsafe(self.routers[address_of(number)].become, state)

    def hang_up(self, number: int, *, for_ever: bool = False) -> None:
        """End the connections of a router."""
        router = self.routers[address_of(number)]
        router.refuses = for_ever

        def end() -> None:
            for each in list(router.connections):
                each.abort()

        self.loop.call_soon_threadsafe(end)


def keys_in(folder: Path) -> tuple[asyncssh.SSHKey, asyncssh.SSHKey]:
    """Return a key that gets in, which is written to `key` in the folder, and a host key."""
    key, host_key = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    (folder / "key").touch(0o600)
    (folder / "key").write_bytes(key.export_private_key())
    return key, host_key


@contextmanager
def farm(folder: Path, number: int) -> Iterator[Farm]:
    """Yield routers that tell."""
    key, host_key = keys_in(folder)
    routers = {address_of(each): Telling() for each in range(1, number + 1)}
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="routers", daemon=True)
    thread.start()
    listener = asyncio.run_coroutine_threadsafe(serve(routers, key, host_key, 0), loop).result(10)
    try:
        yield Farm(routers, folder / "key", host_key.export_public_key().decode().strip(), listener.get_port(), loop)
    finally:
        asyncio.run_coroutine_threadsafe(_end_all(listener, routers), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end_all(listener: asyncssh.SSHAcceptor, routers: dict[str, Telling]) -> None:
    listener.close()
    for router in routers.values():
        for each in list(router.connections):
            each.abort()
    await listener.wait_closed()
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _until_the_end_of_input(folder: Path, number: int) -> None:
    key, host_key = keys_in(folder)
    routers = {address_of(each): Telling() for each in range(1, number + 1)}
    await serve(routers, key, host_key, PORT)
    sys.stdout.write(json.dumps({"host_key": host_key.export_public_key().decode().strip()}) + "\n")
    sys.stdout.flush()
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        address, state = line.split()
        if address == "count":
            sys.stdout.write(f"{sum(map(_bytes, routers.values()))}\n")
            sys.stdout.flush()
        else:
            routers[address].become(state)


def _bytes(router: Telling) -> int:
    """Return what went over a router's connections, headers included (struct tcp_info of linux/tcp.h)."""
    total = 0
    for each in router.connections:
        socket_ = each.get_extra_info("socket")
        info = socket_.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 144)
        acknowledged, received, sent_segments, received_segments = struct.unpack_from("=QQII", info, 120)
        total += acknowledged + received + HEADERS * (sent_segments + received_segments)
    return total


def main(arguments: Sequence[str]) -> None:
    asyncio.run(_until_the_end_of_input(Path(arguments[0]), int(arguments[1])))


if __name__ == "__main__":
    main(sys.argv[1:])
