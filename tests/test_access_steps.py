"""Which ONTs change and when, as a table: what a line had and shall have; what happens before and after the proof."""

from dataclasses import replace
from functools import cache

import pytest
from forms import minimal, typed
from worlds import World

from provisioning.catalogue import FORMULAS
from provisioning.model.ont import OntScope
from provisioning.model.product import OntDevice
from provisioning.model.run import Snapshot
from provisioning.planning.access import AccessStep, access_steps, place_of
from provisioning.store.engine import Store
from provisioning.workflows.accept_order import accept_order

BRUSSELS, NAMUR = "olt-brussels-1", "olt-namur-1"

AT_HOME = ("HWTC00000001", BRUSSELS, "0/1/0", 3)
FASTER = AT_HOME
SAME_ONT_MOVED = ("HWTC00000001", BRUSSELS, "0/1/2", 0)
OTHER_ONT_MOVED = ("HWTC00000002", BRUSSELS, "0/1/2", 0)
SAME_ONT_ELSEWHERE = ("HWTC00000001", NAMUR, "0/1/0", 5)
OTHER_ONT_ELSEWHERE = ("HWTC00000002", NAMUR, "0/1/0", 5)
REPLACED = ("HWTC00000002", BRUSSELS, "0/1/0", 3)
ANOTHER_ID = ("HWTC00000001", BRUSSELS, "0/1/0", 4)
COPPER = "copper"
NOTHING = None

Place = tuple[str, str, str, int] | str | None

ON, OFF = "on", "off"

CASES: dict[str, tuple[Place, Place, list[tuple[str, Place]], list[tuple[str, Place]]]] = {
    # line before        line after           before the proof                               after it
    "new": (NOTHING, AT_HOME, [(ON, AT_HOME)], []),
    "asked again": (AT_HOME, AT_HOME, [(ON, AT_HOME)], []),
    "speed change": (AT_HOME, FASTER, [(ON, FASTER)], []),
    "same ONT moves": (AT_HOME, SAME_ONT_MOVED, [(OFF, AT_HOME), (ON, SAME_ONT_MOVED)], []),
    "another ONT at the new site": (AT_HOME, OTHER_ONT_MOVED, [(ON, OTHER_ONT_MOVED)], [(OFF, AT_HOME)]),
    "same ONT, other OLT": (AT_HOME, SAME_ONT_ELSEWHERE, [(ON, SAME_ONT_ELSEWHERE)], [(OFF, AT_HOME)]),
    "other ONT, other OLT": (AT_HOME, OTHER_ONT_ELSEWHERE, [(ON, OTHER_ONT_ELSEWHERE)], [(OFF, AT_HOME)]),
    "replaced at its place": (AT_HOME, REPLACED, [(ON, REPLACED)], []),
    "another id on its port": (AT_HOME, ANOTHER_ID, [(OFF, AT_HOME), (ON, ANOTHER_ID)], []),
    "cease": (AT_HOME, NOTHING, [], [(OFF, AT_HOME)]),
    "cease of what never was": (NOTHING, NOTHING, [], []),
    "copper stays copper": (COPPER, COPPER, [], []),
    "new on copper": (NOTHING, COPPER, [], []),
    "copper ceases": (COPPER, NOTHING, [], []),
    "copper becomes fibre": (COPPER, AT_HOME, [(ON, AT_HOME)], []),
    "fibre becomes copper": (AT_HOME, COPPER, [], [(OFF, AT_HOME)]),
}


@cache
def line(formula: str) -> Snapshot:
    """A line of a formula, alone in a fresh store."""
    store = Store.in_memory()
    answer = accept_order(typed(minimal(FORMULAS[formula])), World(store).around)
    store.close()
    assert answer.product is not None
    assert answer.addressed is not None
    return Snapshot(answer.product, answer.addressed)


def at(place: Place) -> Snapshot | None:
    """The line as it is at a place; on copper it has none."""
    if place is None:
        return None
    if isinstance(place, str):
        return line("internet-pro-plus")
    serial, olt, port, ont_id = place
    fibre, device = line("fullfiber-extended"), OntDevice(serial, olt, port)
    intent = replace(fibre.addressed.intent, ont=device)
    return Snapshot(replace(fibre.product, ont=device), replace(fibre.addressed, intent=intent, ont_id=ont_id))


def written(steps: tuple[AccessStep, ...]) -> list[tuple[str, OntScope, str | None]]:
    """Steps in the table's words, with the serial that is to work there."""
    found = []
    for each in steps:
        ont = each.addressed.intent.ont if each.addressed else None
        found.append((ON if each.addressed else OFF, each.scope, ont.serial if ont else None))
    return found


def expected(rows: list[tuple[str, Place]]) -> list[tuple[str, OntScope, str | None]]:
    found = []
    for what, place in rows:
        assert isinstance(place, tuple)
        serial, olt, port, ont_id = place
        found.append((what, OntScope(olt, port, ont_id), serial if what == ON else None))
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.replace(" ", "-"))
def test_what_happens_on_olts_before_and_after_the_proof(case: str) -> None:
    before, after, first, last = CASES[case]
    steps = access_steps(at(before), at(after))
    assert written(steps.first) == expected(first)
    assert written(steps.last) == expected(last)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.replace(" ", "-"))
def test_no_olt_ever_knows_a_serial_twice_and_nothing_of_the_old_place_stays(case: str) -> None:
    before, after, _, _ = CASES[case]
    previous, target = at(before), at(after)
    known = {place: serial_of(previous) for place in [place_of(previous)] if place}
    steps = access_steps(previous, target)
    for step in (*steps.first, *steps.last):
        known.pop(step.scope, None)
        if step.addressed is not None:
            known[step.scope] = serial_of(target)
        on_olts = [(scope.olt, serial) for scope, serial in known.items()]
        assert len(on_olts) == len(set(on_olts))
    assert known == {place: serial_of(target) for place in [place_of(target)] if place}


def serial_of(snapshot: Snapshot | None) -> str:
    assert snapshot is not None
    assert snapshot.product.ont is not None
    return snapshot.product.ont.serial


def test_a_line_that_has_no_id_on_its_port_yet_hangs_nowhere() -> None:
    fibre = at(AT_HOME)
    assert fibre is not None
    without = replace(fibre, addressed=replace(fibre.addressed, ont_id=None))
    assert place_of(without) is None
    assert place_of(fibre) == OntScope(BRUSSELS, "0/1/0", 3)
