"""Simulated Cisco routers with the configurations of lines, on addresses of the loopback, for `back_up_fleet.py`.

    python bench/backup_farm.py FOLDER    reads what to build on standard input, and stays until that ends

`FOLDER` has the key that gets in; each router answers on port `PORT` of an address of its own.
"""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Network
from pathlib import Path
from typing import Any

PORT = 2222


@dataclass(frozen=True)
class Farm:
    """The routers.

    Attributes:
        address: of each, by serial.
        host_key: of each, by serial, as known_hosts has it.
        key: path of the private key that gets in as `root`.
    """

    address: Mapping[str, str]
    host_key: Mapping[str, str]
    key: Path


def address_of(number: int) -> str:
    """Return the address of the router with that number, from 1."""
    return f"127.77.{number >> 8}.{number & 255}"


@contextmanager
def farm(folder: Path, patches: Mapping[str, str], round_trip: float) -> Iterator[Farm]:
    """Yield routers in a process of their own, whose CPU is counted nowhere.

    Args:
        patches: what each is told, by serial.
        round_trip: seconds that a packet takes there and back.
    """
    folder.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, __file__, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps({"patches": patches, "round_trip": round_trip}) + "\n")
        process.stdin.flush()
        told = json.loads(process.stdout.readline())
        yield Farm(told["address"], told["host_key"], folder / "key")
    finally:
        process.stdin.close()
        process.wait(30)


async def _serve(folder: Path, wanted: dict[str, Any]) -> None:
    import asyncssh

    from provisioning.stands.simulator.cisco_iosxe.router import IosRouter
    from provisioning.stands.simulator.ssh_server import Servers
    from provisioning.stands.simulator.world import World

    world = World(folder, folder / "network")
    private = asyncssh.generate_private_key("ssh-ed25519")
    (folder / "key").touch(0o600)
    (folder / "key").write_bytes(private.export_private_key())
    routers: dict[str, IosRouter] = {}
    for number, (serial, patch) in enumerate(wanted["patches"].items(), 1):
        host_key = asyncssh.generate_private_key("ssh-ed25519")
        router = IosRouter(serial, number, host_key, private.convert_to_public(), world, _Everywhere())
        if (said := router.device.merge(f"{patch}\nend\n", "bench")) or router.device.save("bench"):
            raise SystemExit(f"{serial}: {said}")
        world.add(router)
        routers[address_of(number)] = router
    listener = socket.create_server(("0.0.0.0", PORT), backlog=1024)
    listener.setblocking(False)
    told = {
        "address": {router.name: address for address, router in routers.items()},
        "host_key": {each.name: each.host_key.export_public_key().decode().strip() for each in routers.values()},
    }
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    servers, loop, tasks = Servers(world, wanted["round_trip"]), asyncio.get_running_loop(), set()
    while True:
        connection, _ = await loop.sock_accept(listener)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        task = loop.create_task(servers.serve(connection, routers[connection.getsockname()[0]]))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


class _Everywhere:
    """A network in which every router is reached."""

    def reached(self, *_: object) -> bool:
        return True

    def calls(self, *_: object) -> bool:
        return True

    def delegated(self, *_: object) -> IPv6Network:
        return IPv6Network("3fff:1:0:1500::/56")

    def bearers(self, *_: object) -> tuple[str, ...]:
        return ("fixed",)


async def _until_the_end_of_input(folder: Path, wanted: dict[str, Any]) -> None:
    serving = asyncio.create_task(_serve(folder, wanted))
    ended = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await asyncio.wait((serving, ended), return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        serving.result()
    serving.cancel()


if __name__ == "__main__":
    asyncio.run(_until_the_end_of_input(Path(sys.argv[1]), json.loads(sys.stdin.readline())))
