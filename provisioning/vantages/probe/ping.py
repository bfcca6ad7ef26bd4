"""Latency, loss and the largest packet that passes whole, by the system's own ping."""

from __future__ import annotations

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import Any

TIMES = re.compile(r"icmp_seq=(\d+).*? time=([\d.]+) ms")
HEADERS = {4: 28, 6: 48}
"""Bytes of the IP and the ICMP header."""

AT_ONCE = 50
"""Programs that ping at the same time."""

SMALLER = (1492, 1480, 1472, 1460, 1420, 1400, 1280, 576)
"""What tunnels and PPPoE leave of 1500."""


def ping(request: dict[str, Any]) -> dict[str, Any]:
    """Ping `address` `count` times, `interval` seconds apart, then with `bytes` that must not be cut."""
    address, count, interval = str(request["address"]), int(request["count"]), float(request["interval"])
    output = _ping(address, "-c", str(count), "-i", str(interval), "-W", "1")
    times = [(int(number), float(ms)) for number, ms in TIMES.findall(output)]
    seen: dict[str, Any] = {"sent": count, "received": len(times)}
    if times:
        values = [ms for _, ms in times]
        seen.update(average=round(sum(values) / len(values), 3), least=min(values), most=max(values))
        seen["points"] = [[round((number - 1) * interval, 3), ms] for number, ms in times]
        seen["largest"] = _largest(address, int(request["bytes"]))
    else:
        seen["error"] = "no answer"
    return seen


def answering(request: dict[str, Any]) -> dict[str, Any]:
    """Tell which of `addresses` answer one of `count` pings, `interval` seconds apart; many are asked at once."""
    options = ("-c", str(int(request["count"])), "-i", str(float(request["interval"])), "-W", "1")
    addresses = [str(each) for each in request["addresses"]]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outputs = list(pool.map(lambda each: _ping(each, *options), addresses))
    return {"answered": [address for address, output in zip(addresses, outputs, strict=True) if TIMES.search(output)]}


def _largest(address: str, wanted: int) -> int:
    headers = HEADERS[6 if ":" in address else 4]
    for size in (wanted, *(each for each in SMALLER if each < wanted)):
        # One may be lost, and the first tells the kernel of a smaller path only.
        if TIMES.search(_ping(address, "-c", "2", "-i", "0.2", "-W", "1", "-M", "do", "-s", str(size - headers))):
            return size
    return 0


def _ping(address: str, *options: str) -> str:
    command = ["ping", "-n", *options, "--", address]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)  # noqa: S603 - no shell
    return done.stdout.decode("utf-8", "replace")
