"""A router in a network namespace with nftables, between two wires; packets as bytes.

The router's neighbours are no hosts: whatever it sends out is taken down, and nobody answers.
"""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest
from renderings import PATH

from provisioning.evaluating.packet import Address, Packet

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="makes network namespaces: run the tests as root")

AGENT = Path(__file__).with_name("frame_agent.py")
OUTSIDE, INSIDE = "outside", "inside"
MACS = {OUTSIDE: "02:00:00:00:00:01", INSIDE: "02:00:00:00:00:03"}
NEIGHBOURS = {OUTSIDE: "02:00:00:00:00:02", INSIDE: "02:00:00:00:00:04"}
GATEWAY, GATEWAY6 = "100.64.0.1", "3fff::1"
ROUTER, ROUTER6, FIXED = "100.64.0.2", "3fff::2", "192.0.2.1"
HOSTS = tuple(f"10.1.0.{last}" for last in range(10, 18))
HOSTS6 = tuple(f"2001:db8:1::{last}" for last in range(10, 18))
SENTINEL = "sentinel-of-the-test"
NUMBERS = {"tcp": 6, "udp": 17}
PROTOCOLS = {6: "tcp", 17: "udp"}
UNREACHABLE = {1: 3, 58: 1}
SYN, ACK = 0x02, 0x10


@dataclass(frozen=True)
class Seen:
    """A packet that the router sent out.

    Attributes:
        protocol: of the packet; of one that is refused by an ICMP message, of that one.
        source_port: a query's identifier stands in both ports.
        destination_port: likewise; of an ICMP message, the source port of what it refuses.
        flags: of TCP.
        kind: of ICMP; -1 elsewhere.
        mark: as it was sent; 0 where none came back.
    """

    wire: str
    protocol: str
    source: Address
    source_port: int
    destination: Address
    destination_port: int
    flags: int
    kind: int
    mark: int


@dataclass
class Router:
    """The router, and whoever stands on both of its wires."""

    holder: "subprocess.Popen[str]"
    agent: "subprocess.Popen[str]"

    def sh(self, script: str) -> None:
        _sh(self.holder.pid, script)

    def load(self, rules: str) -> None:
        """Put rules in force in the place of those before; connections stay known."""
        done = subprocess.run(
            ["nsenter", "-t", str(self.holder.pid), "-n", "nft", "-f", "-"],
            input=f"flush ruleset\n{rules}",
            capture_output=True,
            text=True,
            env={**os.environ, "PATH": PATH},
            check=False,
        )
        assert done.returncode == 0, f"{done.stderr}\n{rules}"

    def send(self, packets: Iterable[tuple[str, bytes]]) -> list[Seen]:
        """Send packets on wires, and return what the router sent out."""
        frames = [[wire, _frame(wire, packet).hex()] for wire, packet in packets]
        last = [[wire, _frame(wire, _sentinel(wire)).hex()] for wire in (OUTSIDE, INSIDE)]
        assert self.agent.stdin and self.agent.stdout
        asked = {"send": [*frames, *last], "until": SENTINEL, "seconds": 180}
        self.agent.stdin.write(json.dumps(asked) + "\n")
        self.agent.stdin.flush()
        told = json.loads(self.agent.stdout.readline())
        return [seen for wire, frame in told for seen in _seen(wire, bytes.fromhex(frame))]


def _sh(pid: int, script: str) -> None:
    command = ["nsenter", "-t", str(pid), "-n", "sh", "-euc", script]
    done = subprocess.run(command, env={**os.environ, "PATH": PATH}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{script}: {done.stderr}"


@contextmanager
def router() -> Iterator[Router]:
    """Yield a router with forwarding, addresses, routes, and neighbours that it need not ask for."""
    with _holder() as inner, _holder() as outer:
        for wire in (OUTSIDE, INSIDE):
            link = ["ip", "link", "add", wire, "netns", str(inner.pid), "type", "veth"]
            peer = ["peer", "name", wire, "netns", str(outer.pid)]
            subprocess.run([*link, *peer], check=True, env={**os.environ, "PATH": PATH})
        _sh(outer.pid, "".join(f"ip link set {wire} address {mac} up\n" for wire, mac in NEIGHBOURS.items()))
        hosts = "".join(f"ip neighbour add {each} lladdr {NEIGHBOURS[INSIDE]} dev inside\n" for each in HOSTS + HOSTS6)
        gateways = "".join(
            f"ip neighbour add {each} lladdr {NEIGHBOURS[OUTSIDE]} dev outside\n" for each in (GATEWAY, GATEWAY6)
        )
        _sh(
            inner.pid,
            "for each in all default; do echo 0 >/proc/sys/net/ipv4/conf/$each/rp_filter; done\n"
            "echo 0 >/proc/sys/net/ipv6/conf/all/accept_dad; echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad\n"
            "echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding\n"
            "echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 0 >/proc/sys/net/ipv6/icmp/ratelimit\n"
            "echo 0 >/proc/sys/net/ipv4/conf/all/send_redirects\n"
            + "".join(f"ip link set {wire} address {mac} up\n" for wire, mac in MACS.items())
            + "for each in outside inside; do echo 0 >/proc/sys/net/ipv4/conf/$each/rp_filter; done\n"
            f"ip link set lo up; ip address add {FIXED}/32 dev lo\n"
            f"ip address add {ROUTER}/24 dev outside; ip address add {ROUTER6}/64 dev outside nodad\n"
            "ip address add 10.1.0.1/24 dev inside; ip address add 2001:db8:1::1/64 dev inside nodad\n"
            f"{hosts}{gateways}ip route add default via {GATEWAY}; ip -6 route add default via {GATEWAY6}\n",
        )
        command = ["nsenter", "-t", str(outer.pid), "-n", sys.executable, str(AGENT), OUTSIDE, INSIDE]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as agent:
            assert agent.stdin and agent.stdout
            assert agent.stdout.readline() == "ready\n"
            yield Router(inner, agent)
            agent.stdin.close()


@contextmanager
def _holder() -> "Iterator[subprocess.Popen[str]]":
    command = ["unshare", "--net", "cat"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin and holder.stdout
        holder.stdin.write("ready\n")
        holder.stdin.flush()
        holder.stdout.readline()
        yield holder
        holder.stdin.close()


def packet_bytes(packet: Packet, mark: int, *, accepts: bool = False) -> bytes:
    """Return a packet as it stands on a wire.

    Args:
        mark: told in its data.
        accepts: whether an established TCP segment is the second one of its session.
    """
    data = struct.pack("!I", mark)
    flags = (ACK | (SYN if accepts else 0)) if packet.established else SYN
    source, destination = packet.source.packed, packet.destination.packed
    number = NUMBERS.get(packet.protocol, 1 if packet.family == 4 else 58)
    ports = struct.pack("!HH", packet.source_port, packet.destination_port)
    if packet.protocol == "tcp":
        body = ports + struct.pack("!IIBBHHH", 1, 1 if packet.established else 0, 5 << 4, flags, 8192, 0, 0) + data
        body = _summed(body, 16, _pseudo(source, destination, number, len(body)))
    elif packet.protocol == "udp":
        body = ports + struct.pack("!HH", 8 + len(data), 0) + data
        body = _summed(body, 6, _pseudo(source, destination, number, len(body)))
    else:
        # A query's identifier stands where others have their source port.
        body = struct.pack("!BBHHH", packet.icmp, packet.icmp_code, 0, packet.source_port, 1) + data
        body = _summed(body, 2, _pseudo(source, destination, number, len(body)) if packet.family == 6 else b"")
    if packet.family == 4:
        header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), mark & 0xFFFF, 0, 64, number, 0)
        return _summed(header + source + destination, 10, b"") + body
    return struct.pack("!IHBB", 6 << 28, len(body), number, 64) + source + destination + body


def _sentinel(wire: str) -> bytes:
    """Return a packet that no rule of a test speaks of: of a protocol that is neither TCP, UDP nor ICMP."""
    body = SENTINEL.encode()
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 0, 0, 64, 253, 0)
    ends = (IPv4Address("198.18.9.9").packed, IPv4Address(HOSTS[0]).packed)
    source, destination = ends if wire == OUTSIDE else ends[::-1]
    return _summed(header + source + destination, 10, b"") + body


def _pseudo(source: bytes, destination: bytes, number: int, length: int) -> bytes:
    return source + destination + struct.pack("!IHBB", length, 0, 0, number)


def _summed(body: bytes, at: int, pseudo: bytes) -> bytes:
    """Return the bytes with their Internet checksum (RFC 1071) in its place."""
    whole = pseudo + body + b"\0" * (len(body) % 2)
    total = sum(struct.unpack(f"!{len(whole) // 2}H", whole))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return body[:at] + struct.pack("!H", (~total & 0xFFFF) or 0xFFFF) + body[at + 2 :]


def _frame(wire: str, packet: bytes) -> bytes:
    kind = 0x0800 if packet[0] >> 4 == 4 else 0x86DD
    return _mac(MACS[wire]) + _mac(NEIGHBOURS[wire]) + struct.pack("!H", kind) + packet


def _mac(written: str) -> bytes:
    return bytes.fromhex(written.replace(":", ""))


def _seen(wire: str, frame: bytes) -> Iterator[Seen]:
    """Yield the packet of a frame."""
    (kind,) = struct.unpack("!H", frame[12:14])
    if kind not in (0x0800, 0x86DD):
        return
    number, source, destination, body = _opened(frame[14:])
    if number in (6, 17):
        ports = struct.unpack("!HH", body[:4])
        flags = body[13] if number == 6 else 0
        data = body[20:24] if number == 6 else body[8:12]
        yield Seen(wire, PROTOCOLS[number], source, ports[0], destination, ports[1], flags, -1, _mark(data))
    elif number in (1, 58) and body[0] == UNREACHABLE[number] and len(body) > 36:
        refused, _, _, inner = _opened(body[8:])
        if refused in PROTOCOLS:
            port = struct.unpack("!H", inner[:2])[0]
            yield Seen(wire, PROTOCOLS[refused], source, 0, destination, port, 0, body[0], 0)
    elif number in (1, 58):
        identifier = struct.unpack("!H", body[4:6])[0]
        yield Seen(wire, "icmp", source, identifier, destination, identifier, 0, body[0], _mark(body[8:12]))


def _opened(packet: bytes) -> tuple[int, Address, Address, bytes]:
    """Return protocol, source, destination and what is above IP."""
    if packet[0] >> 4 == 4:
        end = struct.unpack("!H", packet[2:4])[0]
        body = packet[(packet[0] & 15) * 4 : end]
        return packet[9], IPv4Address(packet[12:16]), IPv4Address(packet[16:20]), body
    return packet[6], IPv6Address(packet[8:24]), IPv6Address(packet[24:40]), packet[40:]


def _mark(data: bytes) -> int:
    return int(struct.unpack("!I", data)[0]) if len(data) == 4 else 0
