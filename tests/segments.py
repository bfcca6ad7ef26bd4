"""Three hosts in network namespaces of their own: one on the internet, a router, and one on its LAN.

They end with their processes, and leave nothing on this machine. The vantage points are the product's, which reach
them by a shell in the namespace in place of SSH.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from renderings import PATH

from provisioning.errors import DeviceUnreachable
from provisioning.model.verdict import Viewpoint
from provisioning.ports import Completed
from provisioning.vantages.ssh_vantage import SshVantage

AGENT = Path(__file__).parent / "packet_agent.py"
INTERNET, OUTSIDE, INSIDE, HOST, NOBODY = "198.18.1.10", "198.18.1.1", "192.168.1.1", "192.168.1.20", "192.168.1.99"
INTERNET6, HOST6, NOBODY6 = "3fff:0:1::10", "2001:db8::20", "2001:db8::99"

needs_namespaces = pytest.mark.skipif(os.geteuid() != 0, reason="makes network namespaces: run the tests as root")


@dataclass
class Segment:
    """A host, and a shell in it."""

    name: str
    process: "_Child"
    running: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    @property
    def entrance(self) -> list[str]:
        return ["nsenter", "-t", str(self.process.pid), "-n", "-m", "-p"]

    def sh(self, script: str) -> str:
        done = subprocess.run(
            [*self.entrance, "sh", "-euc", script],
            env=_environment(),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, f"{script}: {done.stderr}"
        return done.stdout

    def start(self, *command: str, **more: int) -> "subprocess.Popen[bytes]":
        # Popen's overloads cannot tell from a mapping that it is bytes.
        began: subprocess.Popen[bytes] = subprocess.Popen(  # type: ignore[call-overload]
            [*self.entrance, *command], env=_environment(), **more
        )
        self.running.append(began)
        return began

    def listen(self, address: str, port: int) -> None:
        """Answer calls and datagrams at a port."""
        wish = json.dumps({"what": "listen", "address": address, "port": port})
        agent = self.start(sys.executable, str(AGENT), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert agent.stdin and agent.stdout
        agent.stdin.write(wish.encode() + b"\n")
        agent.stdin.flush()
        assert agent.stdout.readline() == b"null\n"

    # A session of the product's.

    def run(self, command: str, *, given: bytes = b"", seconds: float = 30.0) -> Completed:
        try:
            done = subprocess.run(
                [*self.entrance, "sh", "-c", command],
                env=_environment(),
                input=given,
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise DeviceUnreachable(
                f"no answer within {seconds:.0f} s", where=self.name, remedy="Try again."
            ) from None
        return Completed(done.returncode, done.stdout, done.stderr.decode(errors="replace"))

    def close(self) -> None:
        pass

    def vantage(self, viewpoint: Viewpoint) -> SshVantage:
        return SshVantage(self, self.name, viewpoint, "eth0")

    def processes(self) -> list[str]:
        """Return the commands that run there, besides this question."""
        return [
            each for each in self.sh("ps -eo args=").splitlines() if not each.startswith(("ps ", "sh -euc", "cat"))
        ]


def _environment() -> dict[str, str]:
    return {"PATH": PATH, "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class Street:
    """All three."""

    internet: Segment
    router: Segment
    host: Segment

    def rules(self, forward: str = "", nat: bool = False) -> None:
        """Put rules in force on the router."""
        masquerade = "chain n { type nat hook postrouting priority srcnat; oifname out masquerade; }" if nat else ""
        self.router.sh(
            f"nft -f - <<'END'\nflush ruleset\ntable inet t {{\n"
            f"chain f {{ type filter hook forward priority filter;\n{forward}\n}}\n{masquerade}\n}}\nEND"
        )


@contextmanager
def _segment(name: str) -> Iterator[Segment]:
    command = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "cat"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin and holder.stdout
        holder.stdin.write("ready\n")
        holder.stdin.flush()
        holder.stdout.readline()
        (child,) = Path(f"/proc/{holder.pid}/task/{holder.pid}/children").read_text().split()
        segment = Segment(name, _Child(holder, int(child)))
        try:
            segment.sh(
                "ip link set lo up; mount -t tmpfs tmpfs /run; echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad"
            )
            yield segment
        finally:
            for each in segment.running:
                each.kill()
                each.communicate()
            holder.stdin.close()


@dataclass(frozen=True)
class _Child:
    """The first process of a namespace, which lives as long as its holder."""

    holder: "subprocess.Popen[str]"
    pid: int


@contextmanager
def street() -> Iterator[Street]:
    """Yield the three, cabled and routed."""
    with ExitStack() as stack:
        internet, router, host = (stack.enter_context(_segment(each)) for each in ("internet", "router", "host"))
        for end, name in ((internet, "out"), (host, "in")):
            link = ["ip", "link", "add", "name", name, "netns", str(router.process.pid), "type", "veth"]
            subprocess.run([*link, "peer", "name", "eth0", "netns", str(end.process.pid)], check=True)
        router.sh(
            f"ip address add {OUTSIDE}/24 dev out; ip address add 3fff:0:1::1/64 dev out\n"
            f"ip address add {INSIDE}/24 dev in; ip address add 2001:db8::1/64 dev in\n"
            "ip link set out up; ip link set in up; echo 1 >/proc/sys/net/ipv4/ip_forward\n"
            "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding\n"
            "for each in all default in out; do echo 0 >/proc/sys/net/ipv4/conf/$each/rp_filter; done\n"
            "echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 0 >/proc/sys/net/ipv6/icmp/ratelimit"
        )
        internet.sh(
            f"ip address add {INTERNET}/24 dev eth0; ip address add {INTERNET6}/64 dev eth0; ip link set eth0 up\n"
            "echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter; echo 0 >/proc/sys/net/ipv4/conf/eth0/rp_filter\n"
            f"ip route add 192.168.0.0/16 via {OUTSIDE}; ip route add 2001:db8::/32 via 3fff:0:1::1"
        )
        host.sh(
            "echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_ra\n"
            f"ip address add {HOST}/24 dev eth0; ip address add {HOST6}/64 dev eth0; ip link set eth0 up\n"
            f"ip route add default via {INSIDE}; ip -6 route add default via 2001:db8::1\n"
            "echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 0 >/proc/sys/net/ipv6/icmp/ratelimit"
        )
        yield Street(internet, router, host)
