"""The lab's OLTs: `python -m provisioning.stands.lab.olt_process`, in the network of the access bridge.

Standard input and output are the keeper's, a JSON object a line. First comes what there is; the answer tells the host
keys. Then each request is answered with `done`; in between we tell what the ONTs may pass, whenever that changes. It
ends with standard input. It answers SSH on all addresses of the node: which OLT is asked tells the address.
"""

import asyncio
import json
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any

from provisioning.stands.simulator.host_keys import HostKeys
from provisioning.stands.simulator.smartax.olt import Olt
from provisioning.stands.simulator.ssh_server import Servers
from provisioning.stands.simulator.world import World

SSH = 22
BACKLOG = 64


class Olts:
    """The OLTs, and who asks for them.

    Args:
        given: the keeper's first line, as `olts.Olts` writes it.
    """

    def __init__(self, given: dict[str, Any]) -> None:
        folder = Path(given["folder"])
        self.world = World(folder, folder)
        self.world.fibre.onts.update(given["onts"])
        self.world.fibre.waits = {serial: tuple(place) for serial, place in given["onts"].items()}
        self.world.fibre.listeners.append(lambda _passing, _serial: self._note_change())
        self._telling = False
        self._serving: set[asyncio.Task[None]] = set()
        keys = HostKeys(folder / "keys")
        for each in given["olts"]:
            olt = Olt(
                each["name"],
                each["ports"],
                host_key=keys.of(each["name"]),
                user=given["user"],
                password=given["password"],
                saved=folder / each["name"],
                fibre=self.world.fibre,
                faults=partial(self.world.faults_of, each["name"]),
                now=self.world.now,
            )
            self.world.add(olt, each["address"])
        self._servers = Servers(self.world)

    async def run(self) -> None:
        """Serve until standard input ends."""
        loop = asyncio.get_running_loop()
        listener = socket.create_server(("", SSH), backlog=BACKLOG)
        listener.setblocking(False)
        accepting = loop.create_task(self._accept(listener))
        requests = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(requests), sys.stdin)
        keys = {each.name: each.host_key.export_public_key().decode().split()[:2] for each in self.world}
        _tell(ready=keys)
        while line := await requests.readline():
            self._carry_out(json.loads(line))
            # What the request changed is told before it is answered.
            self._tell_changes()
            _tell(done=True)
        accepting.cancel()

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            connection, _ = await loop.sock_accept(listener)
            if (olt := self.world.find(connection.getsockname()[0])) is None:
                connection.close()
                continue
            serving = loop.create_task(self._servers.serve(connection, olt))
            self._serving.add(serving)
            serving.add_done_callback(self._serving.discard)

    def _carry_out(self, request: dict[str, Any]) -> None:
        fibre = self.world.fibre
        match request["do"]:
            case "lose power":
                self.world.lose_power(request["name"])
            case "plug":
                fibre.plug(request["old"], plugged=False)
                fibre.onts.add(request["new"])
                fibre.waits[request["new"]] = tuple(request["place"])
                fibre.plug(request["new"], plugged=True)

    def _note_change(self) -> None:
        if not self._telling:
            self._telling = True
            asyncio.get_running_loop().call_soon(self._tell_changes)

    def _tell_changes(self) -> None:
        if self._telling:
            self._telling = False
            passing = self.world.fibre.passing.values()
            _tell(passing={each.serial: [each.olt, each.port, each.down, each.up] for each in passing})


def _tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(Olts(json.loads(sys.stdin.readline())).run())
