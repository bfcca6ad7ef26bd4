"""What a vantage host on the internet sees: calls, scans, pings."""

import secrets
from collections.abc import Iterator, Mapping
from ipaddress import ip_address

from provisioning.stands.simulator.lines import USUAL_PORTS
from provisioning.stands.simulator.network import OperatorNetwork
from provisioning.stands.simulator.operator_side import INTERNET
from provisioning.stands.simulator.outcomes import OPEN, REFUSED, TELLS, TIMEOUT, UNREACHABLE

HIGHEST = 65535
FIRST_PORT, PORTS = 32768, 28000
ANSWER_MS = 4.2
WHOLE_SCAN_SECONDS, SAMPLE_SECONDS = 6.9, 0.6
ROUND_TRIPS = (3.1, 3.0, 3.3, 2.9, 3.2)
"""Milliseconds, one after the other."""

SMALL_PORTS = (22, 53, 161, 179)
"""Where a router itself may listen."""

Request = Mapping[str, object]


class Outside:
    """Looks at lines from the internet.

    Args:
        name: of the host.
    """

    def __init__(self, network: OperatorNetwork, name: str) -> None:
        self._network = network
        self._name = name

    def tries(self, request: Request) -> dict[str, object]:
        """Call each port that is asked for, once."""
        seconds = float(str(request["seconds"]))
        wanted = request["wanted"]
        return {"tries": [self._try(each, seconds) for each in wanted] if isinstance(wanted, list) else []}

    def _try(self, wanted: Mapping[str, object], seconds: float) -> dict[str, object]:
        protocol, address, port = str(wanted["protocol"]), str(wanted["address"]), int(str(wanted["port"]))
        source, source_port = INTERNET[ip_address(address).version], FIRST_PORT + secrets.randbelow(PORTS)
        outcome = self._network.call_in(protocol, source, source_port, address, port)
        seen: dict[str, object] = {
            "protocol": protocol,
            "address": address,
            "port": port,
            "from": f"{source} {source_port}",
            "state": "silent" if outcome.state == TIMEOUT and protocol == "udp" else outcome.state,
            "ms": seconds * 1000 if outcome.state == TIMEOUT else ANSWER_MS,
        }
        if outcome.state == UNREACHABLE:
            name, kind, code = TELLS[outcome.tells][source.version]
            seen.update(icmp=name, icmp_type=kind, icmp_code=code, by=outcome.by)
        if outcome.state == OPEN and protocol == "udp":
            seen["answer"] = f"{protocol} {port}\n"
        return seen

    def scan(self, request: Request) -> dict[str, object]:
        """Scan TCP ports: all, or those that are asked for."""
        ports = request["ports"]
        asked = sorted({int(each) for each in ports}) if isinstance(ports, list) and ports else []
        addresses = request["addresses"]
        hosts = {str(each): self._scan(str(each), asked) for each in addresses} if isinstance(addresses, list) else {}
        return {"hosts": hosts}

    def _scan(self, address: str, asked: list[int]) -> dict[str, object]:
        states: dict[str, list[int]] = {OPEN: [], REFUSED: []}
        source = INTERNET[ip_address(address).version]
        alike = list(self._alike(address, asked))
        outcomes = self._network.calls_in("tcp", source, FIRST_PORT, address, [first for first, _ in alike])
        for (first, last), outcome in zip(alike, outcomes, strict=True):
            if outcome.state in states:
                states[outcome.state] += range(first, last + 1)
        return {
            "address": address,
            "from": str(source),
            "open": states[OPEN],
            "closed": states[REFUSED],
            "scanned": len(asked) or HIGHEST,
            "seconds": SAMPLE_SECONDS if asked else WHOLE_SCAN_SECONDS,
        }

    def _alike(self, address: str, asked: list[int]) -> Iterator[tuple[int, int]]:
        """Yield runs of ports of which each meets the same rules and servers, so that one speaks for all."""
        if asked:
            yield from ((each, each) for each in asked)
            return
        router = self._network.router_of(address)
        bounds = {1, *SMALL_PORTS, *(each + 1 for each in SMALL_PORTS)}
        if router is not None:
            bounds |= router.bounds()
            line = self._network.lines.of(router.name)
            spans = [*line.firewall_ports, *(span for some in line.servers.values() for span in some)] if line else []
            bounds |= {bound for span in spans for bound in (span.first, span.last + 1)}
            bounds |= {bound for _, port in USUAL_PORTS for bound in (port, port + 1)}
        starts = sorted(each for each in bounds if 0 < each <= HIGHEST)
        for first, following in zip(starts, [*starts[1:], HIGHEST + 1], strict=True):
            yield first, following - 1

    def answering(self, request: Request) -> dict[str, object]:
        """Ping addresses, and tell which of them answer."""
        wanted = request["addresses"]
        addresses = [str(each) for each in wanted] if isinstance(wanted, list) else []
        answers = [each for each in addresses if self._network.ping(INTERNET[ip_address(each).version], each)]
        return {"answered": answers}

    def ping(self, request: Request) -> dict[str, object]:
        """Ping an address."""
        address, count, interval = str(request["address"]), int(str(request["count"])), float(str(request["interval"]))
        if not self._network.ping(INTERNET[ip_address(address).version], address):
            return {"sent": count, "received": 0, "error": "no answer"}
        times = [ROUND_TRIPS[each % len(ROUND_TRIPS)] for each in range(count)]
        return {
            "sent": count,
            "received": count,
            "average": round(sum(times) / count, 3),
            "least": min(times),
            "most": max(times),
            "points": [[round(number * interval, 3), ms] for number, ms in enumerate(times)],
            "largest": int(str(request["bytes"])),
        }
