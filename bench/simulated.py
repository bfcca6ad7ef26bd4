"""What benches against the simulator have in common: its world of fibre customers, and a process that is led there."""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROVISO = Path(sys.executable).parent / "proviso"
PORTS = [("olt-brussels-1", f"0/1/{port}") for port in range(4)] + [("olt-namur-1", "0/1/0")]
SERVER = "192.168.5.2"
"""The host of each customer that is reached from outside."""


def order(number: int, *, formula: str = "fullfiber", **more: object) -> dict[str, object]:
    """Return the order of a customer, with a LAN of his own.

    Args:
        number: from 1, of him and of his devices.
        formula: of the contract, on fibre.
        more: further keys of the form.
    """
    olt, port = PORTS[number % len(PORTS)]
    return {
        "order": f"PX-2026-{700000 + number}",
        "customer": {"name": f"Client {number}"},
        "site": {"address": f"{number} Rue Exemple, 1000 Bruxelles"},
        "formula": formula,
        "wifi": {"enabled": True, "ssid": f"Client {number}"},
        "lan": {"subnet": "192.168.5.0/24"},
        "servers": [{"ports": ["tcp/443"], "to": SERVER}],
        "cpe": {"platform": "linux_cpe", "serial": f"LX{100 + number:04}"},
        "ont": {"serial": f"HWTC{100 + number:08}", "olt": olt, "port": port},
        **more,
    }


def in_simulator(
    parser: argparse.ArgumentParser,
    measure: Callable[[argparse.Namespace], None],
    *,
    cpes: Callable[[argparse.Namespace], int],
    prepare: Callable[[Path], Mapping[str, str]] = lambda folder: {},
) -> None:
    """Bring up a simulator, and measure in a process that reaches it: this program, called again within it.

    Args:
        parser: of the command line, to which `--inside` is added.
        measure: is called within, with what was asked.
        cpes: how many Linux routers there are, of what was asked.
        prepare: makes what is needed in a folder that goes in the end, and returns variables of the environment.
    """
    parser.add_argument("--inside", action="store_true", help="do not bring up a simulator, there is one")
    asked = parser.parse_args()
    if asked.inside:
        measure(asked)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        environment = {**os.environ, "PROVISO_STATE": str(folder / "state"), **prepare(folder)}
        up = [str(PROVISO), "simulator", "up", "--cpes", str(cpes(asked))]
        subprocess.run(up, env=environment, check=True, capture_output=True)
        try:
            inside = [sys.executable, str(Path(sys.argv[0]).absolute()), *sys.argv[1:], "--inside"]
            subprocess.run([str(PROVISO), "simulator", "run", "--", *inside], env=environment, cwd=ROOT, check=True)
        finally:
            subprocess.run([str(PROVISO), "simulator", "down"], env=environment, check=False, capture_output=True)
