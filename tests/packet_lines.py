"""A line in network namespaces, whose hosts send and take real packets: the router with its rendered firewall."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from renderings import PATH, config, example, need, revealed

INTERNET, NOC, VOICE = "198.18.1.10", "100.127.0.2", "198.18.2.10"
INTERNET6, VOICE6 = "3fff:0:1::10", "3fff:0:2::10"
FIXED, MANAGEMENT, SERVER, CUSTOMER = "192.0.2.1", "10.255.0.0", "172.20.8.10", "198.51.100.2"
SERVER6, NEXT_HOP, ROUTED6 = "2001:db8::99", "2001:db8::10", "2001:db8:0:80::1"
ANSWERING = 7
PORTS = (1, 20, 22, 23, 25, 53, 80, 161, 179, 443, 2323, 3784, 8080, 65535)
WAIT = 0.5

ANSWER_EVERYWHERE = f"""
table inet answer {{
    chain c {{
        type nat hook prerouting priority dstnat;
        iifname eth0 meta l4proto {{ tcp, udp }} redirect to :{ANSWERING}
    }}
}}
"""


@dataclass
class Host:
    """An agent in a namespace of its own."""

    process: "subprocess.Popen[str]"

    def do(self, what: str, **more: Any) -> Any:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"what": what, **more}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def run(self, command: str, text: str | None = None) -> str:
        code, said = self.do("run", command=command, text=text)
        assert code == 0, f"{command}: {said}"
        return str(said)

    def ask(
        self, source: str, address: str, ports: Sequence[int] = PORTS, protocol: str = "tcp", wait: float = WAIT
    ) -> dict[int, str]:
        """Return the ports that answered, and by which address we are seen there."""
        answers = self.do("ask", probes=[[protocol, source, address, port, wait] for port in ports])
        return {port: answer for port, answer in zip(ports, answers, strict=True) if answer is not None}


def start(stack: ExitStack) -> Host:
    process = stack.enter_context(
        subprocess.Popen(
            ["unshare", "--net", sys.executable, str(Path(__file__).with_name("packet_agent.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PATH": PATH},
        )
    )
    assert process.stdin
    stack.callback(process.stdin.close)
    host = Host(process)
    host.run("sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.forwarding=1 && ip link set lo up")
    return host


@dataclass
class Line:
    """A router with its LAN, the customer's firewall, and all the world outside."""

    router: Host
    outside: Host
    lan: Host
    firewall: Host
    folder: Path
    documents: dict[str, str]

    def load(self, text: str | None = None) -> None:
        file = self.folder / "nftables.conf"
        file.write_text(self.documents["nftables.conf"] if text is None else text)
        self.router.run(f"nft -f {file}")

    def changed(self, *pairs: tuple[str, str]) -> str:
        text = self.documents["nftables.conf"]
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        return text

    def leave_by(self, gateway: str, gateway6: str, device: str) -> None:
        self.router.run(f"ip route replace default via {gateway} && ip -6 route replace default via {gateway6}")
        back, back6 = f"{gateway[:-3]}1.1", f"{gateway6}:1"
        for prefix in (FIXED, MANAGEMENT, "198.51.100.0/29"):
            self.outside.run(f"ip route replace {prefix} via {back}")
        self.outside.run(f"ip -6 route replace 2001:db8::/56 via {back6} dev {device}")


def wire(one: Host, name: str, other: Host, there: str) -> None:
    pids = (one.process.pid, other.process.pid)
    one.run(f"ip link add {name} netns {pids[0]} type veth peer name {there} netns {pids[1]}")


@contextmanager
def packet_line(folder: Path) -> Iterator[Line]:
    """Yield a line, its documents in force; its namespaces are gone at the end."""
    need("nft", "unshare", "ip")
    with ExitStack() as stack:
        router, outside, lan, firewall = (start(stack) for _ in range(4))
        wire(router, "wan0", outside, "access")
        wire(router, "wwan0", outside, "cells")
        wire(router, "lan1", lan, "eth0")
        wire(router, "lan2", firewall, "eth0")
        made = Line(
            router,
            outside,
            lan,
            firewall,
            folder,
            revealed(config(example("internet-pro-plus"))),
        )
        prepare(made)
        yield made


def prepare(line: Line) -> None:
    """Put the documents in force, and addresses where others would; each host behind it answers on every port."""
    for name in ("sysctl.conf", "network.sh"):
        (line.folder / name).write_text(line.documents[name])
    line.load()
    line.router.run(
        f"sysctl -qe -p {line.folder}/sysctl.conf && sh {line.folder}/network.sh"
        " && ip address add 100.64.1.1/16 dev wan0 && ip address add 3fff:0:0:a::1:1/64 dev wan0"
        " && ip address add 100.96.1.1/16 dev wwan0 && ip address add 3fff:0:0:b::1:1/64 dev wwan0"
    )
    line.outside.run(
        "sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0"
        " && ip link set access up && ip link set cells up"
        " && ip address add 100.64.0.1/16 dev access && ip address add 3fff:0:0:a::1/64 dev access"
        " && ip address add 100.96.0.1/16 dev cells && ip address add 3fff:0:0:b::1/64 dev cells"
    )
    for address in (INTERNET, NOC, VOICE, INTERNET6, VOICE6, "172.20.8.77", "2001:db8:0:80::77"):
        line.outside.run(f"ip address add {address} dev lo")
    line.lan.run(
        f"ip address add {SERVER}/24 dev eth0 && ip address add {SERVER6}/64 dev eth0"
        " && ip address add 10.9.9.9 dev lo && ip link set eth0 up"
        " && ip route add default via 172.20.8.1 && ip -6 route add default via 2001:db8::1"
    )
    line.firewall.run(
        f"ip address add {CUSTOMER}/29 dev eth0 && ip address add {NEXT_HOP}/64 dev eth0"
        f" && ip address add {ROUTED6} dev lo && ip link set eth0 up"
        " && ip route add default via 198.51.100.1 && ip -6 route add default via 2001:db8::1"
    )
    line.router.run(f"ip -6 route add 2001:db8:0:80::/57 via {NEXT_HOP}")  # FRR's part
    for host in (line.lan, line.firewall):
        host.run("nft -f -", ANSWER_EVERYWHERE)
    for host in (line.lan, line.firewall):
        host.do("listen", address="::", port=ANSWERING)
        host.do("listen", address="0.0.0.0", port=ANSWERING)
    for address in (INTERNET, VOICE, INTERNET6, VOICE6, "100.64.0.1"):
        line.outside.do("listen", address=address, port=ANSWERING)
    for address in (FIXED, MANAGEMENT, "198.51.100.1", "100.64.1.1", "172.20.8.1", "2001:db8::1"):
        for port in (22, 23, 53, 161):
            line.router.do("listen", address=address, port=port)
