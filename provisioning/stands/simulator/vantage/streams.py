"""Streams of the simulated network: no packet is sent; it is looked often whether those that are due would pass."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address, ip_network

from provisioning.stands.simulator.customer_router import CustomerRouter
from provisioning.stands.simulator.network import OperatorNetwork
from provisioning.stands.simulator.operator_side import INTERNET
from provisioning.stands.simulator.outcomes import OPEN
from provisioning.stands.simulator.packets import LAN, MOBILE, UDP, Packet

BUCKET = 0.1
LOOK_SECONDS = 0.05
"""As often as it is looked: what lies between goes by what is seen then."""

TRIPS = {MOBILE: (38.2, 41.0, 36.7, 44.9, 39.5)}
"""Milliseconds there and back over mobile, one after the other."""

OTHER_TRIPS = (4.1, 4.0, 4.3, 3.9, 4.2)
SESSION_TRIP = 0.04
CLIENT = 0x1B
"""Another than that of the checks, which look at the same time."""

INTERFACE_ID = 0x0200_00FF_FE00_5A18
SOURCE_PORT = 45700

Request = Mapping[str, object]
Passes = Callable[[], tuple[str, str] | None]
"""Returns the bearer that a packet takes now and as whom it is seen; None when it does not come back."""


@dataclass(slots=True)
class SimulatedStream:
    """One stream.

    Attributes:
        looks: how many packets were sent between two looks, and by which bearer they came back; empty for lost.
        target: the reflector's address and port; None for echoes.
        stall: seconds of the longest time in which nothing passed.
    """

    name: str
    version: str
    interval: float
    address: str
    began: datetime
    passes: Passes
    target: tuple[str, int] | None
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    sent: int = 0
    looks: list[tuple[int, str]] = field(default_factory=list)
    seen_as: dict[str, None] = field(default_factory=dict)
    stall: float = SESSION_TRIP

    def look(self, now: datetime) -> None:
        """Send what was due until now."""
        due = int((now - self.began).total_seconds() / self.interval) + 1
        if due <= self.sent:
            return
        found = self.passes()
        if found is not None:
            self.seen_as[found[1]] = None
        bearer = found[0] if found is not None else ""
        self.looks.append((due - self.sent, bearer))
        self.sent = due
        if not bearer:
            self.stall = max(self.stall, self._silent() * self.interval)

    def _silent(self) -> int:
        """Return how many of the last packets are lost."""
        packets = 0
        for many, bearer in reversed(self.looks):
            if bearer:
                break
            packets += many
        return packets

    def told(self, since: float) -> dict[str, object]:
        """Return what became of the packets, as the probe says it."""
        trips = list(self._trips())
        first = max(0, int(since / BUCKET))
        return {
            "name": self.name,
            "version": self.version,
            "id": self.id,
            "interval": self.interval,
            "address": self.address,
            "sent": len(trips),
            "returned": sum(each is not None for each in trips),
            "losses": [run for run in self._losses(trips) if run[0] >= first * BUCKET],
            "first": first,
            "buckets": self._buckets(trips)[first:],
            **({"session": self._session()} if self.target is not None else {}),
        }

    def _session(self) -> dict[str, object]:
        # TCP sends again after twice the time each time (RFC 6298, 5.5): it notices later that there is a way again.
        stall = round(self.stall * 1.5 if self.stall > SESSION_TRIP else self.stall, 3)
        lives = bool(self.looks and self.looks[-1][1]) and len(self.seen_as) == 1
        return {"state": "lives" if lives else "dead", "stall": stall}

    def _trips(self) -> Iterator[float | None]:
        number = 0
        for many, bearer in self.looks:
            times = TRIPS.get(bearer, OTHER_TRIPS)
            for _ in range(many):
                yield times[number % len(times)] if bearer else None
                number += 1

    def _losses(self, trips: list[float | None]) -> list[list[float]]:
        runs: list[list[float]] = []
        before = -2
        for number, trip in enumerate(trips):
            if trip is None:
                if number == before + 1:
                    runs[-1][1] += 1
                else:
                    runs.append([round(number * self.interval, 3), 1])
                before = number
        return runs

    def _buckets(self, trips: list[float | None]) -> list[list[object]]:
        size = max(1, round(BUCKET / self.interval))
        found: list[list[object]] = []
        for start in range(0, len(trips), size):
            some = trips[start : start + size]
            back = sorted(each for each in some if each is not None)
            found.append([len(some), len(back), back[len(back) // 2] if back else None])
        return found


class Streams:
    """Begins streams, and looks at them.

    Args:
        now: the world's clock.
        standing: returns the router behind which the host stands.
    """

    def __init__(
        self, network: OperatorNetwork, now: Callable[[], datetime], standing: Callable[[], CustomerRouter]
    ) -> None:
        self._network, self._now, self._standing = network, now, standing

    def begin(self, request: Request) -> tuple[list[SimulatedStream], list[dict[str, object]]]:
        """Return the streams that are asked for, and what is said of those that cannot be."""
        begun: list[SimulatedStream] = []
        failed: list[dict[str, object]] = []
        wanted = request["flows"]
        for each in wanted if isinstance(wanted, list) else []:
            name, version = str(each["name"]), str(each["version"])
            own = self._own(version, each.get("within"))
            if not own:
                error = f"no IPv{version} address to send from"
                failed.append({"name": name, "version": version, "error": error})
                continue
            begun.append(self._stream(name, version, own, request))
        return begun, failed

    def _stream(self, name: str, version: str, own: str, request: Request) -> SimulatedStream:
        reflector = request["reflector"]
        known = reflector.get(version) if isinstance(reflector, Mapping) else None
        target = (str(known[0]), int(known[1])) if known and known[1] is not None else (str(INTERNET[int(version)]), 0)
        interval = float(str(request["interval"]))
        return SimulatedStream(name, version, interval, own, self._now(), lambda: self._reflected(own, target), target)

    def _reflected(self, own: str, target: tuple[str, int]) -> tuple[str, str] | None:
        source, there = ip_address(own), ip_address(target[0])
        packet = Packet(source.version, UDP, int(source), int(there), SOURCE_PORT, target[1])
        outcome = self._network.call_out(self._standing(), packet, LAN)
        answers = outcome.state == OPEN and target in self._network.reflected
        return (outcome.bearer, outcome.seen_as) if answers else None

    def _own(self, version: str, within: object) -> str:
        """Return the address to send from: of the customer's firewall, or of a new host on the LAN."""
        router = self._standing()
        router.tick()
        if isinstance(within, list):
            line = self._network.lines.of(router.name)
            own = line.firewall if line is not None else ()
            nets = [ip_network(str(each)) for each in within]
            return next((str(each) for net in nets for each in own if each in net), "")
        if version == "4":
            lease = router.lease(CLIENT)
            return lease.address if lease is not None and router.owns(lease.router) else ""
        made = [each for each in router.advertised() if each.prefixlen == 64]
        return str(made[0].network_address + INTERFACE_ID) if made else ""

    def echoes(self, request: Request) -> list[SimulatedStream]:
        """Return the streams of echoes that are asked for."""
        wanted = request["flows"]
        interval = float(str(request["interval"]))
        return [
            SimulatedStream(
                *(str(each["name"]), str(each["version"]), interval, str(each["address"]), self._now()),
                self._echoed(str(each["address"])),
                None,
            )
            for each in (wanted if isinstance(wanted, list) else [])
        ]

    def _echoed(self, address: str) -> Passes:
        def passes() -> tuple[str, str] | None:
            source = INTERNET[ip_address(address).version]
            router = self._network.router_of(address)
            if router is None or not self._network.ping(source, address):
                return None
            return self._network.way(router, ip_address(address)), ""

        return passes
