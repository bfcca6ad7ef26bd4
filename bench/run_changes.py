"""Fifty changes over twenty CPEs, all approved, carried out together against the simulator; never two on one device.

Fibre lines with Linux routers. Requests of one line are planned one on top of the other, approved, and then all of
them are carried out by one call, as `proviso change run` does. From the store's own record it is looked up whether
two runs on one device ever overlapped.

    .venv/bin/python bench/run_changes.py [--cpes 20] [--changes 50]
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from approved_changes import approved, content, make_signer, submitted, timed

if TYPE_CHECKING:
    from provisioning.model.change_request import ChangeRequest
    from provisioning.workflows.executor import Executor
    from provisioning.workflows.run_change import RanChange

ROOT = Path(__file__).parent.parent
PROVISO = Path(sys.executable).parent / "proviso"
PORTS = [("olt-brussels-1", f"0/1/{port}") for port in range(4)]
REQUESTER = "contact@client.example.org"


def order(number: int) -> dict[str, object]:
    """Return the order of a customer, with a LAN of his own."""
    olt, port = PORTS[number % len(PORTS)]
    return {
        "order": f"PX-2026-{700000 + number}",
        "customer": {"name": f"Client {number}", "representatives": [REQUESTER]},
        "site": {"address": f"{number} Rue Exemple, 1000 Bruxelles"},
        "formula": "fullfiber-extended",
        "options": {"standard_changes": True},
        "wifi": {"enabled": True, "ssid": f"Client {number}"},
        "lan": {"subnet": "192.168.5.0/24"},
        "servers": [{"ports": ["tcp/443"], "to": "192.168.5.2"}],
        "cpe": {"platform": "linux_cpe", "serial": f"LX{100 + number:04}"},
        "ont": {"serial": f"HWTC{100 + number:08}", "olt": olt, "port": port},
    }


def run(cpes: int, changes: int) -> None:
    """Activate lines, have changes approved, carry them out together, and print what it took."""
    from provisioning.cli import surroundings
    from provisioning.cli.carrying_out import in_turn
    from provisioning.orders import document, read
    from provisioning.orders.form import OrderForm
    from provisioning.workflows.activate_order import activate_order
    from provisioning.workflows.executor import executor
    from provisioning.workflows.run_changes import choose_changes

    around = surroundings.surroundings(create=True)
    forms = [read.form_of(document.Document(document.checked(order(each + 1)), "bench")) for each in range(cpes)]
    with executor(around, lambda run: lambda stage, text: None) as up:

        def activated(form: OrderForm, stop: Event) -> str:
            return activate_order(form, up, lambda stage, text: None, stop).acceptance.line or ""

        lines = [each for each in in_turn(forms, activated, jobs=20) if each]
        for number in range(changes):
            line = lines[number % len(lines)]
            approved(submitted(content(number, line, "192.168.5.2", REQUESTER), around), around)
        chosen = choose_changes((), around, at_once=False)

        def carried_out(some: "Sequence[ChangeRequest]", stop: Event) -> "list[RanChange]":
            return _carry_out(some, up, stop)

        with timed() as taken:
            answers = [each for some in in_turn(chosen.lines, carried_out, jobs=cpes) or () for each in some or ()]
    states: dict[str, int] = {}
    for answer in answers:
        states[answer.request.state.value] = states.get(answer.request.state.value, 0) + 1
        if answer.error is not None:
            print(answer.error)
    print(f"{changes} changes over {cpes} CPEs together     {', '.join(f'{n} {what}' for what, n in states.items())}")
    print(f"wall                                 {taken.wall:6.2f} s   {changes / taken.wall:.2f} changes a second")
    print(f"own CPU for a change                 {taken.cpu / changes:6.3f} s")
    print(f"runs on one device that overlapped   {_overlaps(answers):6}")


def _carry_out(some: "Sequence[ChangeRequest]", up: "Executor", stop: Event) -> "list[RanChange]":
    from provisioning.workflows.run_changes import run_in_order

    return run_in_order(some, up, lambda name: lambda stage, text: None, stop)


def _overlaps(answers: "list[RanChange]") -> int:
    by_device: dict[str, list[tuple[float, float]]] = {}
    for each in answers:
        if each.run is not None and each.run.ended_at is not None:
            times = each.run.started_at.timestamp(), each.run.ended_at.timestamp()
            by_device.setdefault(each.run.scope, []).append(times)
    return sum(one[1] > other[0] for some in by_device.values() for one, other in pairwise(sorted(some)))


def main() -> None:
    """Bring up a simulator, and run again within it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cpes", type=int, default=20)
    parser.add_argument("--changes", type=int, default=50)
    parser.add_argument("--inside", action="store_true")
    asked = parser.parse_args()
    if asked.inside:
        run(asked.cpes, asked.changes)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        environment = {**os.environ, "PROVISO_STATE": str(folder / "state"), **make_signer(folder)}
        environment["PROVISO_SYSLOG"] = ""
        up = [str(PROVISO), "simulator", "up", "--cpes", str(asked.cpes)]
        subprocess.run(up, env=environment, check=True, capture_output=True)
        try:
            inside = [sys.executable, __file__, *sys.argv[1:], "--inside"]
            subprocess.run([str(PROVISO), "simulator", "run", "--", *inside], env=environment, cwd=ROOT, check=True)
        finally:
            subprocess.run([str(PROVISO), "simulator", "down"], env=environment, check=False, capture_output=True)


if __name__ == "__main__":
    main()
