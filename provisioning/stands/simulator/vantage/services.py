"""What goes on at a vantage host between two requests: hosts that watch, and hosts that greet."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address

from provisioning.stands.simulator.live_calls import LiveCall
from provisioning.stands.simulator.network import OperatorNetwork
from provisioning.stands.simulator.outcomes import Watch

INTERNET = ("198.18.1.10", "198.18.1.11", "198.18.1.53", "3fff:0:1::10", "3fff:0:1::11", "3fff:0:1::53")
FIRST_PORT, PORTS = 32768, 28000
MOST = 20000

Request = Mapping[str, object]


@dataclass(slots=True)
class Greeter:
    """Ports by address, on which callers are told how they are seen."""

    ports: dict[str, int]
    greeted: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Held:
    """A call that goes on; `None` where nobody answered."""

    call: LiveCall | None
    told: dict[str, object]


class Services:
    """What one vantage host has begun.

    Args:
        place: where the host stands: `internet`, or `lan` or `firewall` with the serial of the router before it, or of
            one that stood there before.
    """

    def __init__(self, network: OperatorNetwork, place: tuple[str, str]) -> None:
        self._network = network
        self._kind, self._cpe = place
        self._running: dict[str, tuple[str, Watch | Greeter | Held]] = {}

    def start(self, request: Request) -> dict[str, object]:
        """Begin to watch or to greet, under a token."""
        token, name = str(request["token"]), str(request.get("name", ""))
        if request["kind"] == "greeter":
            wanted = [str(each) for each in _list(request["addresses"])]
            greeter = Greeter({each: FIRST_PORT + secrets.randbelow(PORTS) for each in wanted})
            self._running[token] = name, greeter
            return {"ports": greeter.ports}
        if request["kind"] == "hold":
            held = self._hold(str(request["address"]), int(str(request["port"])))
            self._running[token] = name, held
            return held.told
        watch = Watch(self._place, frozenset(str(each) for each in _list(request["watched"])))
        self._running[token] = name, watch
        self._network.watches.append(watch)
        return {"addresses": list(self.addresses())}

    def _hold(self, address: str, port: int) -> Held:
        source = ip_address(INTERNET[0] if ip_address(address).version == 4 else INTERNET[3])
        source_port = FIRST_PORT + secrets.randbelow(PORTS)
        found = self._network.hold(source, source_port, address, port)
        told: dict[str, object] = {"from": f"{source} {source_port}"}
        if isinstance(found, LiveCall):
            return Held(found, {**told, "state": "open"})
        return Held(None, {**told, "state": found.state})

    @property
    def _place(self) -> tuple[str, str]:
        return self._kind, self._network.standing(self._cpe).name if self._cpe else ""

    def ask(self, request: Request) -> dict[str, object]:
        """Return what was seen under a token, and end it."""
        found = self._running.pop(str(request["token"]), None)
        if found is None:
            return {"error": "ConnectionRefusedError: [Errno 111] Connection refused (ask, line 39)"}
        name, service = found
        if isinstance(service, Greeter):
            return {"greeted": service.greeted}
        if isinstance(service, Held):
            lives = service.call is not None and self._network.goes_on(service.call)
            return {"state": "lives" if lives else "dead"}
        self._network.watches = [each for each in self._network.watches if each is not service]
        arrivals = [
            {"protocol": each.protocol, "from": each.source, "to": each.target, "port": each.port}
            for each in list(service.arrivals)[:MOST]
        ]
        return {"name": name, "sniffs": True, "arrivals": arrivals}

    def addresses(self) -> tuple[str, ...]:
        """Return the addresses of the host."""
        kind, cpe = self._place
        if kind == "internet":
            return INTERNET
        line = self._network.lines.of(cpe)
        if line is None:
            return ()
        return tuple(line.servers) if kind == "lan" else tuple(map(str, line.firewall))

    def forget(self) -> None:
        """End everything."""
        watches = [service for _, service in self._running.values() if isinstance(service, Watch)]
        self._network.watches = [each for each in self._network.watches if not any(each is one for one in watches)]
        self._running.clear()


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []
