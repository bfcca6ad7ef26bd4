"""Fifty changes over twenty CPEs, all approved, carried out together against the simulator; never two on one device.

Fibre lines with Linux routers. Requests of one line are planned one on top of the other, approved, and then all of
them are carried out by one call, as `proviso change run` does. From the store's own record it is looked up whether
two runs on one device ever overlapped.

    .venv/bin/python bench/run_changes.py [--cpes 20] [--changes 50]
"""

import argparse
from collections.abc import Sequence
from itertools import pairwise
from threading import Event
from typing import TYPE_CHECKING

from approved_changes import approved, content, make_signer, submitted, timed
from simulated import SERVER, in_simulator, order

if TYPE_CHECKING:
    from provisioning.model.change_request import ChangeRequest
    from provisioning.orders.form import OrderForm
    from provisioning.workflows.executor import Executor
    from provisioning.workflows.run_change import RanChange

REQUESTER = "contact@client.example.org"


def orders(number: int) -> "list[OrderForm]":
    """Return the orders of so many customers who may have their ports changed at any time."""
    from provisioning.orders import document, read

    any_time = {"standard_changes": True}
    who = [{"name": f"Client {each}", "representatives": [REQUESTER]} for each in range(1, number + 1)]
    made = [
        order(each, formula="fullfiber-extended", options=any_time, customer=one) for each, one in enumerate(who, 1)
    ]
    return [read.form_of(document.Document(document.checked(each), "bench")) for each in made]


def run(cpes: int, changes: int) -> None:
    """Activate lines, have changes approved, carry them out together, and print what it took."""
    from provisioning.cli import surroundings
    from provisioning.cli.carrying_out import in_turn
    from provisioning.workflows.activate_order import activate_order
    from provisioning.workflows.executor import executor
    from provisioning.workflows.run_changes import choose_changes

    around = surroundings.surroundings(create=True)
    with executor(around, lambda run: lambda stage, text: None) as up:

        def activated(form: "OrderForm", stop: Event) -> str:
            return activate_order(form, up, lambda stage, text: None, stop).acceptance.line or ""

        lines = [each for each in in_turn(orders(cpes), activated, jobs=20) if each]
        for number in range(changes):
            line = lines[number % len(lines)]
            approved(submitted(content(number, line, SERVER, REQUESTER), around), around)
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
    """Measure within a simulator."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cpes", type=int, default=20)
    parser.add_argument("--changes", type=int, default=50)
    in_simulator(
        parser,
        lambda asked: run(asked.cpes, asked.changes),
        cpes=lambda asked: asked.cpes,
        prepare=lambda folder: {**make_signer(folder), "PROVISO_SYSLOG": ""},
    )


if __name__ == "__main__":
    main()
