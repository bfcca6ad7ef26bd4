"""2,000 openings on one line by one request: judged, planned, approved, applied in one commit, proven.

On a router of either platform of the simulator, or in the lab with real packets. Half of the openings lead to the
customer's firewall and half to hosts of the LAN, as far as the router maps so many ports. What the stand itself
takes of the machine is in the wall time.

    .venv/bin/python bench/many_openings_applied.py [--on cisco_iosxe|linux_cpe|lab] [--openings 2000]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from approved_changes import Taken, carried_out, make_signer, submitted, timed

ROOT = Path(__file__).parent.parent
PROVISO = Path(sys.executable).parent / "proviso"
REQUESTER = "contact@client.example.org"
HOSTS = 8
MAPPED = {"cisco_iosxe": 255}
"""Ports that a router maps to hosts of the LAN at most, less the one that the order has; others know no limit."""

SERIALS = {"cisco_iosxe": "FGL26000121", "linux_cpe": "LX0101"}


def order(platform: str) -> dict[str, object]:
    """Return the order of a line with one server."""
    return {
        "order": "PX-2026-900001",
        "customer": {"name": "Client Exemple", "representatives": [REQUESTER]},
        "site": {"address": "1 Rue Exemple, 1000 Bruxelles"},
        "formula": "internet-pro-plus",
        "options": {"standard_changes": True, "ip_pack": {"addresses": 8}, "router_choice": True},
        "wifi": {"enabled": True, "ssid": "Client"},
        "lan": {"subnet": "192.168.1.0/24", "customer_firewall": True},
        "servers": [{"ports": ["tcp/443"], "to": "192.168.1.20"}, {"ports": ["tcp/443"], "to": "customer_firewall"}],
        "cpe": {"platform": platform, "serial": SERIALS[platform]},
    }


def request(line: str, platform: str, openings: int) -> dict[str, object]:
    """Return a request for so many openings; none are beside each other, so that none become one."""
    mapped = min(openings // 2, MAPPED.get(platform, openings))
    ports = [f"tcp/{10_000 + 2 * each}" for each in range(openings)]
    to_hosts = [
        {"ports": ports[host:mapped:HOSTS], "to": f"192.168.1.{20 + host}"} for host in range(HOSTS) if host < mapped
    ]
    return {
        "schema": 1,
        "request": "CR-2026-0001",
        "line": line,
        "requester": REQUESTER,
        "open": [*to_hosts, {"ports": ports[mapped:], "to": "customer_firewall"}],
    }


def inside(platform: str, openings: int) -> None:
    """Put a line in service, open all of it by one request in this process, and print what that cost."""
    from provisioning.changes.approval_text import NAMESPACE
    from provisioning.cli import surroundings
    from provisioning.model.run import RunState
    from provisioning.orders import document, read
    from provisioning.signatures.ssh_keygen import sign
    from provisioning.store import openings as store_openings
    from provisioning.workflows.activate_order import activate_order
    from provisioning.workflows.approve_change import approve_change, to_approve
    from provisioning.workflows.executor import executor
    from provisioning.workflows.plan_change import plan_change

    around = surroundings.surroundings(create=True)
    form = read.form_of(document.Document(document.checked(order(platform)), "bench"))
    with executor(around, lambda run: lambda stage, text: None) as up:
        begun = time.monotonic()
        activated = activate_order(form, up, lambda stage, text: None)
        line = activated.acceptance.line or ""
        if activated.run is None or activated.run.state is not RunState.PROVEN:
            raise SystemExit(activated.obstacle or (activated.run.message if activated.run else "it was not begun"))
        print(f"{platform}: the line in service          {time.monotonic() - begun:6.2f} s wall")
        with timed() as handed_in:
            identifier = submitted(request(line, platform, openings), around)
        with timed() as planned:
            plan_change(identifier, around)
        text = to_approve(identifier, around).text
        approve_change(identifier, sign(text, Path(os.environ["BENCH_KEY"]), NAMESPACE), around)
        run = carried_out([identifier], up)
    print(f"{openings} openings by one request")
    for what, taken in (("handed in and judged", handed_in), ("planned, reading the router", planned)):
        _tell(what, taken)
    print(f"  {'approved to proven':<32} {run.wall:6.2f} s wall {run.cpu:6.2f} s CPU")
    for stage, seconds in run.stages.items():
        print(f"    {seconds:6.2f} s  {stage}")
    with around.store.read() as connection:
        print(f"on record as open                    {len(store_openings.records_of(connection, line)):6}")
    print(f"load {' '.join(f'{each:.1f}' for each in os.getloadavg())} (1, 5, 15 minutes)")


def _tell(what: str, taken: Taken) -> None:
    print(f"  {what:<32} {taken.wall:6.2f} s wall {taken.cpu:6.2f} s CPU")


def main() -> None:
    """Bring up the stand, and measure within it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", choices=("cisco_iosxe", "linux_cpe", "lab"), default="cisco_iosxe")
    parser.add_argument("--openings", type=int, default=2000)
    parser.add_argument("--inside", action="store_true")
    asked = parser.parse_args()
    platform = "linux_cpe" if asked.on == "lab" else asked.on
    if asked.inside:
        inside(platform, asked.openings)
        return
    stand = "lab" if asked.on == "lab" else "simulator"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        environment = {**os.environ, "PROVISO_STATE": str(folder / "state"), **make_signer(folder)}
        environment["PROVISO_SYSLOG"] = ""
        # The shipped inventory knows who stands behind the twenty-first customer's router, the first of IOS-XE.
        customers = ["--cpes", "1"] if stand == "lab" else ["--cpes", "20", "--iosxe", "1"]
        subprocess.run([str(PROVISO), stand, "up", *customers], env=environment, check=True, capture_output=True)
        try:
            within = [sys.executable, __file__, *sys.argv[1:], "--inside"]
            subprocess.run([str(PROVISO), stand, "run", "--", *within], env=environment, cwd=ROOT, check=True)
        finally:
            subprocess.run([str(PROVISO), stand, "down"], env=environment, check=False, capture_output=True)


if __name__ == "__main__":
    main()
