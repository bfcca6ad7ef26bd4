"""A hundred fibre orders in one call, against the simulator: CPU of ours for each, orders a second, and the floor.

In one warm process: imports and the first order are told apart. The floor is what has to be said to devices whatever
the product is: as many SSH connections and commands on them as an order needs, through the same proxy.

    .venv/bin/python bench/activate_orders.py [--orders 100] [--jobs 20] [--profile FILE]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent
PROVISO = Path(sys.executable).parent / "proviso"
PORTS = [("olt-brussels-1", f"0/1/{port}") for port in range(4)] + [("olt-namur-1", "0/1/0")]

if TYPE_CHECKING:
    from provisioning.orders.form import OrderForm
    from provisioning.workflows.activate_order import Activation
    from provisioning.workflows.executor import Executor


def order(number: int) -> dict[str, object]:
    """Return the order of a customer, with a LAN of his own."""
    olt, port = PORTS[number % len(PORTS)]
    return {
        "order": f"PX-2026-{700000 + number}",
        "customer": {"name": f"Client {number}"},
        "site": {"address": f"{number} Rue Exemple, 1000 Bruxelles"},
        "formula": "fullfiber",
        "wifi": {"enabled": True, "ssid": f"Client {number}"},
        "lan": {"subnet": "192.168.5.0/24"},
        "servers": [{"ports": ["tcp/443"], "to": "192.168.5.2"}],
        "cpe": {"platform": "linux_cpe", "serial": f"LX{100 + number:04}"},
        "ont": {"serial": f"HWTC{100 + number:08}", "olt": olt, "port": port},
    }


def run(orders: int, jobs: int) -> None:
    """Activate the orders in this process, and print what it cost."""
    from provisioning.cli import surroundings
    from provisioning.orders import document, read
    from provisioning.workflows.activate_order import activate_order
    from provisioning.workflows.executor import executor

    forms = [read.form_of(document.Document(document.checked(order(each + 1)), "bench")) for each in range(orders)]
    around = surroundings.surroundings(create=True)
    with executor(around, lambda run: lambda stage, text: None) as up:
        activate_order(forms[0], up, lambda stage, text: None)
        imports = time.process_time()
        print(f"imports and the first order           {imports:6.2f} s CPU")
        began, cpu = time.monotonic(), time.process_time()
        states = activate_all(forms[1:], up, jobs)
        wall, cpu = time.monotonic() - began, time.process_time() - cpu
    done = len(forms) - 1
    print(f"{done} orders, {jobs} at a time             {', '.join(f'{n} {what}' for what, n in states.items())}")
    print(f"wall                                  {wall:6.2f} s   {done / wall:.2f} orders a second")
    print(f"CPU of ours for an order              {cpu / done:6.3f} s")


def activate_all(forms: "list[OrderForm]", up: "Executor", jobs: int) -> Counter[str]:
    """Return how many ended how."""
    from provisioning.cli.carrying_out import in_turn
    from provisioning.errors import ProvisoError
    from provisioning.workflows.activate_order import activate_order

    def one(form: "OrderForm", stop: Event) -> "Activation | ProvisoError":
        try:
            return activate_order(form, up, lambda stage, text: None, stop)
        except ProvisoError as error:
            return error

    found: Counter[str] = Counter()
    for each in in_turn(forms, one, jobs=jobs):
        if isinstance(each, ProvisoError):
            print(each)
        found[
            type(each).__name__
            if each is None or isinstance(each, ProvisoError) or each.run is None
            else each.run.state
        ] += 1
    return found


def main() -> None:
    """Bring up a simulator, and run again within it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=101)
    parser.add_argument("--jobs", type=int, default=20)
    parser.add_argument("--profile")
    parser.add_argument("--inside", action="store_true")
    asked = parser.parse_args()
    if asked.inside:
        if asked.profile:
            import cProfile

            profile = cProfile.Profile()
            profile.runcall(run, asked.orders, asked.jobs)
            profile.dump_stats(asked.profile)
        else:
            run(asked.orders, asked.jobs)
        return
    with tempfile.TemporaryDirectory() as state:
        environment = {**os.environ, "PROVISO_STATE": state}
        up = [str(PROVISO), "simulator", "up", "--cpes", str(asked.orders)]
        subprocess.run(up, env=environment, check=True, capture_output=True)
        try:
            inside = [sys.executable, __file__, *sys.argv[1:], "--inside"]
            subprocess.run([str(PROVISO), "simulator", "run", "--", *inside], env=environment, cwd=ROOT, check=True)
        finally:
            subprocess.run([str(PROVISO), "simulator", "down"], env=environment, check=False, capture_output=True)


if __name__ == "__main__":
    main()
