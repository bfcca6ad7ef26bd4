"""Scans TCP ports with nmap: half-open connections, two probes a port, as fast as 20,000 packets a second."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from typing import Any

RATE = 20000


def scan(request: dict[str, Any]) -> dict[str, Any]:
    """Scan the addresses of `addresses`, one family, on `ports` (all when empty); answer by address."""
    program = shutil.which("nmap", path="/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin")
    if program is None:
        return {"error": "nmap is not installed there"}
    addresses, ports = list(request["addresses"]), list(request["ports"])
    command = [
        program,
        "-sS",
        "-Pn",
        "-n",
        "--min-rate",
        str(RATE),
        "--max-retries",
        "1",
        "--max-rtt-timeout",
        "200ms",
    ]
    command += ["-p", ",".join(map(str, ports)) if ports else "1-65535", "-oX", "-"]
    command += ["-6"] if ":" in addresses[0] else []
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - addresses and numbers, no shell
        [*command, *addresses], capture_output=True, timeout=float(request["seconds"]), check=False
    )
    seconds = round(time.monotonic() - began, 1)
    if done.returncode:
        return {"error": f"nmap: {done.stderr.decode('utf-8', 'replace').strip()[-300:]}"}
    return {
        "hosts": {
            each["address"]: {**each, "from": _own(each["address"]), "seconds": seconds}
            for each in _hosts(done.stdout)
        }
    }


def _own(address: str) -> str:
    """Return the address of this host that an address is called from; nothing is sent."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect((address, 9))
        except OSError:
            return ""
        return str(one.getsockname()[0])


def _hosts(xml: bytes) -> list[dict[str, Any]]:
    return [_host(each) for each in ElementTree.fromstring(xml).findall("host")]  # noqa: S314 - our own program's


def _host(host: ElementTree.Element) -> dict[str, Any]:
    address = host.find("address")
    states: dict[str, list[int]] = {"open": [], "closed": [], "filtered": []}
    for port in host.iterfind("ports/port"):
        state = port.find("state")
        name = state.get("state", "") if state is not None else ""
        states.setdefault(name, []).append(int(port.get("portid", "0")))
    scanned = sum(map(len, states.values()))
    for extra in host.iterfind("ports/extraports"):
        scanned += int(extra.get("count", "0"))
        if extra.get("state") in ("open", "closed"):
            states[str(extra.get("state"))] += _ports_of(extra)
    return {
        "address": address.get("addr", "") if address is not None else "",
        "open": states["open"],
        "closed": states["closed"],
        "scanned": scanned,
    }


def _ports_of(extra: ElementTree.Element) -> list[int]:
    found: list[int] = []
    for reason in extra.iterfind("extrareasons"):
        for part in reason.get("ports", "").split(","):
            first, _, last = part.partition("-")
            if first.isdecimal():
                found += range(int(first), int(last or first) + 1)
    return found
