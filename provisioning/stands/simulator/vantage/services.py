"""What goes on at a vantage host between two requests: hosts that watch, and hosts that greet."""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address

from provisioning.stands.simulator.live_calls import LiveCall
from provisioning.stands.simulator.network import OperatorNetwork
from provisioning.stands.simulator.outcomes import Watch
from provisioning.stands.simulator.vantage.streams import LOOK_SECONDS, SimulatedStream, Streams
from provisioning.stands.simulator.world import utc_now

INTERNET = ("198.18.1.10", "198.18.1.11", "198.18.1.53", "3fff:0:1::10", "3fff:0:1::11", "3fff:0:1::53")
FIRST_PORT, PORTS = 32768, 28000
MOST = 20000
BREATH = 4
"""Times as long as a look took, until the next."""

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


@dataclass(slots=True)
class Reflector:
    """Ports by address, from which packets are sent back."""

    ports: dict[str, int]


@dataclass(slots=True)
class Sending:
    """Streams that are sent, until a moment at most."""

    streams: list[SimulatedStream]
    failed: list[dict[str, object]]
    until: datetime


Running = Watch | Greeter | Held | Reflector | Sending


class Services:
    """What one vantage host has begun.

    Args:
        now: the world's clock.
        place: where the host stands: `internet`, or `lan` or `firewall` with the serial of the router before it, or of
            one that stood there before.
    """

    def __init__(
        self, network: OperatorNetwork, place: tuple[str, str], now: Callable[[], datetime] = utc_now
    ) -> None:
        self._network = network
        self._kind, self._cpe = place
        self._now = now
        self._running: dict[str, tuple[str, Running]] = {}
        self._streams = Streams(network, now, lambda: network.standing(self._cpe))
        self._looking: asyncio.Task[None] | None = None

    def start(self, request: Request) -> dict[str, object]:
        """Begin to watch or to greet, under a token."""
        token, name = str(request["token"]), str(request.get("name", ""))
        if request["kind"] == "greeter":
            wanted = [str(each) for each in _list(request["addresses"])]
            greeter = Greeter({each: FIRST_PORT + secrets.randbelow(PORTS) for each in wanted})
            self._running[token] = name, greeter
            return {"ports": greeter.ports}
        if request["kind"] == "reflector":
            return self._reflect(token, [str(each) for each in _list(request["addresses"])])
        if request["kind"] in ("stream", "echo"):
            return self._send(token, request)
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

    def _reflect(self, token: str, addresses: list[str]) -> dict[str, object]:
        reflector = Reflector({each: FIRST_PORT + secrets.randbelow(PORTS) for each in addresses})
        self._network.reflected.update({place: {} for place in reflector.ports.items()})
        self._running[token] = "", reflector
        return {"ports": reflector.ports}

    def _send(self, token: str, request: Request) -> dict[str, object]:
        failed: list[dict[str, object]] = []
        if request["kind"] == "echo":
            streams = self._streams.echoes(request)
        else:
            streams, failed = self._streams.begin(request)
        until = self._now() + timedelta(seconds=float(str(request["seconds"])))
        self._running[token] = "", Sending(streams, failed, until)
        self._look_on()
        return {"flows": [*({"name": each.name, "address": each.address} for each in streams), *failed]}

    def _look_on(self) -> None:
        if self._looking is None or self._looking.done():
            try:
                self._looking = asyncio.get_running_loop().create_task(self._keep_looking())
            except RuntimeError:
                # Whoever asks a host without a loop looks himself.
                self._looking = None

    async def _keep_looking(self) -> None:
        began = time.perf_counter()
        while self.look():
            # Where many streams are looked at, others of this process are to have their turn.
            await asyncio.sleep(max(LOOK_SECONDS, BREATH * (time.perf_counter() - began)))
            began = time.perf_counter()

    def look(self) -> bool:
        """Have streams sent what is due by now; return whether there are any."""
        now = self._now()
        for token, (_, each) in list(self._running.items()):
            if isinstance(each, Sending):
                self._look_at(each, min(now, each.until))
                if now >= each.until:
                    del self._running[token]
        return any(isinstance(each, Sending) for _, each in self._running.values())

    def _look_at(self, sending: Sending, now: datetime) -> None:
        for each in sending.streams:
            each.look(now)
            if each.target in self._network.reflected:
                self._network.reflected[each.target][each.id] = tuple(each.seen_as)

    @property
    def _place(self) -> tuple[str, str]:
        return self._kind, self._network.standing(self._cpe).name if self._cpe else ""

    def ask(self, request: Request) -> dict[str, object]:
        """Return what was seen under a token, and end it unless it is to go on."""
        self.look()
        token = str(request["token"])
        found = self._running.get(token) if request.get("end") is False else self._running.pop(token, None)
        if found is None:
            return {"error": "ConnectionRefusedError: [Errno 111] Connection refused (ask, line 39)"}
        name, service = found
        if isinstance(service, Greeter):
            return {"greeted": service.greeted}
        if isinstance(service, Reflector):
            return self._reflected(service, end=request.get("end") is not False)
        if isinstance(service, Sending):
            return self._sent(service, float(str(request.get("since", 0.0))))
        if isinstance(service, Held):
            lives = service.call is not None and self._network.goes_on(service.call)
            return {"state": "lives" if lives else "dead"}
        self._network.watches = [each for each in self._network.watches if each is not service]
        arrivals = [
            {"protocol": each.protocol, "from": each.source, "to": each.target, "port": each.port}
            for each in list(service.arrivals)[:MOST]
        ]
        return {"name": name, "sniffs": True, "arrivals": arrivals}

    def _reflected(self, reflector: Reflector, *, end: bool) -> dict[str, object]:
        places = list(reflector.ports.items())
        known = {own: senders for each in places for own, senders in self._network.reflected.get(each, {}).items()}
        if end:
            for each in places:
                self._network.reflected.pop(each, None)
        return {"reflected": [{"id": own, "from": list(senders)} for own, senders in known.items()]}

    def _sent(self, sending: Sending, since: float) -> dict[str, object]:
        began = min((each.began for each in sending.streams), default=self._now())
        age = (min(self._now(), sending.until) - began).total_seconds()
        return {"flows": [*(each.told(since) for each in sending.streams), *sending.failed], "age": round(age, 3)}

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
