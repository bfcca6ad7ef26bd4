"""A simulated vantage host: takes the probe's requests over SSH, and answers them."""

import io
import json
from collections.abc import Callable
from datetime import datetime

import asyncssh

from provisioning.stands.simulator.linux_cpe.commands import COMMANDS
from provisioning.stands.simulator.linux_cpe.shell import Shell
from provisioning.stands.simulator.linux_cpe.shell_types import Streams
from provisioning.stands.simulator.linux_cpe.tree import Tree
from provisioning.stands.simulator.linux_cpe.units import programs
from provisioning.stands.simulator.network import OperatorNetwork
from provisioning.stands.simulator.terminal import serve_terminal
from provisioning.stands.simulator.vantage.behind import Behind
from provisioning.stands.simulator.vantage.outside import Outside
from provisioning.stands.simulator.vantage.services import Services
from provisioning.stands.simulator.world import utc_now

PYTHON = "python3 -c "
PLACES = {"internet": "internet", "lan": "lan", "customer-firewall": "firewall"}

Process = asyncssh.SSHServerProcess[bytes]


class VantageHost:
    """A host from which lines are looked at.

    Args:
        user_key: the public key that root logs in with.
        sees: internet, lan or customer-firewall.
        cpe: serial of the router that it stands behind.
        now: the world's clock.
    """

    kind = "vantage host"

    def __init__(
        self,
        name: str,
        host_key: asyncssh.SSHKey,
        user_key: asyncssh.SSHKey,
        network: OperatorNetwork,
        sees: str,
        cpe: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.name = name
        self.host_key = host_key
        self._user_key = user_key.public_data
        place = PLACES.get(sees, "internet")
        self._services = Services(network, (place, cpe if place != "internet" else ""), now)
        self._outside = Outside(network, name)
        self._behind = Behind(network, place, cpe) if cpe else None

    def lets_in(self, user: str, *, password: str | None, key: asyncssh.SSHKey | None) -> bool:
        """Let root in with the operator's key."""
        return user == "root" and key is not None and key.public_data == self._user_key

    async def execute(self, command: str, process: Process) -> int:
        """Answer a request of the probe, or run a command."""
        given = await process.stdin.read()
        if command.startswith(PYTHON):
            process.stdout.write(json.dumps(self._asked(given)).encode() + b"\n")
            return 0
        streams = Streams(io.BytesIO(given), bytearray(), bytearray())
        code = Shell(Tree(), {**COMMANDS, **programs(self.name)}).run(command, streams)
        process.stdout.write(bytes(streams.out))
        process.stderr.write(bytes(streams.err))
        return code

    async def converse(self, process: Process) -> None:
        """Serve a shell on a terminal."""

        def run(line: str) -> bytes:
            streams = Streams(io.BytesIO(), bytearray(), bytearray())
            Shell(Tree(), {**COMMANDS, **programs(self.name)}).run(line, streams)
            return bytes(streams.out + streams.err)

        await serve_terminal(process, f"root@{self.name}:~# ", run)

    def lose_power(self) -> None:
        """Forget what goes on between two requests."""
        self._services.forget()

    def _asked(self, given: bytes) -> dict[str, object]:
        """Return the answer to what came over standard input: a length, a program so long, a line of JSON."""
        length, _, rest = given.partition(b"\n")
        try:
            sent = json.loads(rest[int(length) :])
            return self.answer(str(sent["what"]), sent["request"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return {"error": f"{type(error).__name__}: {error}"}

    def answer(self, what: str, request: dict[str, object]) -> dict[str, object]:
        """Return what is seen."""
        match what:
            case "tries":
                return self._outside.tries(request)
            case "scan":
                return self._outside.scan(request)
            case "ping":
                return self._outside.ping(request)
            case "answering":
                return self._outside.answering(request)
            case "addresses":
                return {"addresses": list(self._services.addresses())}
            case "start":
                return self._services.start(request)
            case "ask":
                return self._services.ask(request)
            case "lan" if self._behind is not None:
                return self._behind.new_host(request)
            case "firewall" if self._behind is not None:
                return self._behind.firewall(request)
            case _:
                return {"error": f"KeyError: {what!r} (answer, line 31)"}
