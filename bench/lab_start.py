"""The lab: how long it takes to come up and to go, and what a CPE takes of memory, bare and with its daemons."""

import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from provisioning.stands.lab.client import Client, start
from provisioning.stands.lab.layout import build
from provisioning.stands.lab.packages import full_path
from provisioning.stands.lab.privileges import mode_of_caller

SIZES = (1, 20)
MIB = 1024
FLOOR = ("unshare", "--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc", "true")

# What a configured router runs; the lab itself boots it with sshd and dhcpcd.
DAEMONS = """\
for daemon in zebra bgpd bfdd; do /usr/lib/frr/$daemon -d -A 127.0.0.1; done
dnsmasq --interface=lan1 --port=5353 --pid-file=/run/dnsmasq.pid --dhcp-range=192.168.1.10,192.168.1.20
snmpd -C -LS0d --rocommunity=public udp:127.0.0.1:161
"""


def floor(nodes: int) -> float:
    """Return the seconds that bare namespaces for so many nodes take, one after the other."""
    began = time.monotonic()
    for _ in range(nodes):
        subprocess.run(mode_of_caller().unshare[:1] + FLOOR[1:], check=True)
    return time.monotonic() - began


def memory(client: Client, node: str) -> tuple[float, float]:
    """Return the PSS and RSS of all processes of a node, in MiB."""
    entrance = client.enter(node)
    namespace = Path(f"/proc/self/fd/{entrance.descriptors[2]}").readlink()
    for each in entrance.descriptors:
        os.close(each)
    pss = rss = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "ns" / "net").readlink() != namespace:
                continue
            for line in (process / "smaps_rollup").read_text().splitlines():
                name, _, value = line.partition(":")
                pss += int(value.split()[0]) if name == "Pss" else 0
                rss += int(value.split()[0]) if name == "Rss" else 0
        except OSError:
            continue
    return pss / MIB, rss / MIB


def run_in(client: Client, node: str, script: str) -> str:
    """Return what a script printed in a node."""
    entrance = client.enter(node)
    command = entrance.command(["sh", "-c", script])
    environment = {**os.environ, "PATH": full_path()}
    # Daemons keep standard error open for good: only standard output is read to its end.
    result = subprocess.run(
        command, pass_fds=entrance.descriptors, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    for each in entrance.descriptors:
        os.close(each)
    return result.stdout.decode()


def report(client: Client, what: str, names: list[str]) -> None:
    """Print the memory of some nodes."""
    found = [memory(client, each) for each in names]
    pss, rss = ([each[index] for each in found] for index in (0, 1))
    print(
        f"  {what:<34} PSS {statistics.median(pss):5.1f} MiB (most {max(pss):5.1f}),"
        f" RSS {statistics.median(rss):5.1f} (most {max(rss):5.1f})"
    )


def measure(cpes: int, folder: Path) -> None:
    """Measure a lab of one size."""
    names = [each.name for each in build(cpes).cpes]
    nodes = len(build(cpes).nodes)
    client = Client(folder)
    began = time.monotonic()
    start(folder, cpes, mode_of_caller(), lambda _stage, _number: None)
    up = time.monotonic() - began
    try:
        print(f"{nodes} nodes, {cpes} of them CPEs: up in {up:.2f} s; {nodes} bare namespaces {floor(nodes):.2f} s")
        report(client, "a CPE as it boots (sshd, dhcpcd)", names)
        report(client, "its LAN host", [each.replace("cpe", "lan") for each in names])
        report(client, "the BNG", ["bng"])
        for each in names:
            run_in(client, each, DAEMONS)
        running = run_in(client, names[0], "ps -eo comm=").split()
        report(client, "a CPE with FRR, dnsmasq, snmpd", names)
        print(f"  its processes: {' '.join(sorted(set(running) - {'ps', 'sh'}))}")
        disk = run_in(client, names[0], "df -k --output=used / | tail -1")
        print(f"  its disk, in memory too: {int(disk) / MIB:.1f} MiB")
    finally:
        began = time.monotonic()
        client.down()
        print(f"  down in {time.monotonic() - began:.2f} s")


def main() -> None:
    """Measure a small and a large lab."""
    print(f"load average before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    with tempfile.TemporaryDirectory() as folder:
        for cpes in SIZES:
            measure(cpes, Path(folder) / "lab")


if __name__ == "__main__":
    main()
