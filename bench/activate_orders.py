"""A hundred fibre orders in one call, against the simulator: CPU of ours and of the simulator, orders a second.

In one warm process: imports and the first order are told apart. What the state of a run costs (the store,
DBOS and their writes to the disk) is measured on lines that have no device of ours, so that nothing else is done.

    .venv/bin/python bench/activate_orders.py [--orders 100] [--jobs 20] [--profile FILE]
"""

import argparse
import os
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from simulated import in_simulator, order

if TYPE_CHECKING:
    from provisioning.orders.form import OrderForm
    from provisioning.workflows.activate_order import Activation
    from provisioning.workflows.executor import Executor


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
        began, cpu, simulator = time.monotonic(), time.process_time(), simulator_cpu()
        states = activate_all(forms[1:], up, jobs)
        wall, cpu = time.monotonic() - began, time.process_time() - cpu
        simulator = simulator_cpu() - simulator
        state_wall, state_cpu = state_overhead(up)
    done = len(forms) - 1
    print(f"{done} orders, {jobs} at a time             {', '.join(f'{n} {what}' for what, n in states.items())}")
    print(f"wall                                  {wall:6.2f} s   {done / wall:.2f} orders a second")
    print(f"CPU of ours for an order              {cpu / done:6.3f} s")
    print(f"CPU of the simulator for an order     {simulator / done:6.3f} s")
    print(f"state of a run: wall, CPU             {state_wall:6.3f} s {state_cpu:6.3f} s")
    print(f"load of the machine, 1 and 5 minutes  {' '.join(f'{each:.1f}' for each in os.getloadavg()[:2]):>6}")


def simulator_cpu() -> float:
    """Return the seconds of CPU that the simulator has used."""
    folder = str(Path(os.environ["PROVISO_STATE"]).resolve() / "simulator")
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if folder in (process / "cmdline").read_text().split("\0"):
                user, system = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
                return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return 0.0


def state_overhead(up: "Executor", runs: int = 20) -> tuple[float, float]:
    """Return the seconds and the seconds of CPU of a run that asks no device anything, its order accepted already."""
    from provisioning.orders import document, read
    from provisioning.workflows.accept_order import accept_order
    from provisioning.workflows.activate_order import activate_order

    forms = [read.form_of(document.Document(document.checked(without_devices(each)), "bench")) for each in range(runs)]
    for form in forms:
        accept_order(form, up.around)
    began, cpu = time.monotonic(), time.process_time()
    for form in forms:
        activate_order(form, up, lambda stage, text: None)
    return (time.monotonic() - began) / runs, (time.process_time() - cpu) / runs


def without_devices(number: int) -> dict[str, object]:
    """Return the order of a customer on copper who has a router of his own."""
    return {
        "order": f"PX-2026-{800000 + number}",
        "customer": {"name": f"Client {number}"},
        "site": {"address": f"{number} Rue Exemple, 1000 Bruxelles"},
        "formula": "internet-pro-plus-essential",
    }


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


def measure(asked: argparse.Namespace) -> None:
    """Measure what was asked, with a profile if it was asked for."""
    if not asked.profile:
        run(asked.orders, asked.jobs)
        return
    import cProfile

    profile = cProfile.Profile()
    profile.runcall(run, asked.orders, asked.jobs)
    profile.dump_stats(asked.profile)


def main() -> None:
    """Measure within a simulator."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=101)
    parser.add_argument("--jobs", type=int, default=20)
    parser.add_argument("--profile")
    in_simulator(parser, measure, cpes=lambda asked: asked.orders)


if __name__ == "__main__":
    main()
