"""Looking at the ONTs of many lines: sessions are few, and an OLT in trouble costs neither others nor the night."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from labs import eventually

from provisioning.errors import (
    AnswerNotUnderstood,
    AuthenticationRefused,
    DeviceUnreachable,
    ProvisoError,
    UnknownName,
)
from provisioning.fleet.olts import OLTS_AT_ONCE, OPENINGS, PATIENCE, OntLooks, OntTarget
from provisioning.model.ont import AccessRunning, OntScope, OntSeen, OntService

Answer = Callable[[OntScope], None]
"""Raises what a look at an ONT comes to; returns where it succeeds."""


class Node:
    """A session on an OLT."""

    def __init__(self, olts: "Olts", name: str) -> None:
        self.olts, self.name = olts, name

    def fetch(self, scope: OntScope, wanted: OntService | None) -> AccessRunning:
        self.olts.fetched[self.name] += 1
        self.olts.answer(scope)
        return AccessRunning(scope, None, {}, (), None, "", written=str(scope))

    def close(self) -> None:
        with self.olts.lock:
            self.olts.open -= 1

    def run(self, lines: Sequence[str]) -> None:
        raise AssertionError("nothing is changed")

    def save(self) -> None:
        raise AssertionError("nothing is changed")

    def find(self, serial: str) -> tuple[OntScope, ...]:
        return ()

    def autofind(self, port: str) -> tuple[str, ...]:
        return ()


class Olts:
    """OLTs of any name, and what was asked of them."""

    def __init__(self, answer: Answer = lambda scope: None, error: ProvisoError | None = None) -> None:
        self.answer, self.error = answer, error
        self.lock = threading.Lock()
        self.open = self.most = 0
        self.opened: Counter[str] = Counter()
        self.fetched: Counter[str] = Counter()
        self.seen: dict[str, OntSeen] = {}

    def __call__(self, name: str) -> Node:
        with self.lock:
            self.opened[name] += 1
            if self.error is not None:
                raise self.error
            self.open += 1
            self.most = max(self.most, self.open)
        return Node(self, name)

    def looks(self, targets: Sequence[OntTarget]) -> OntLooks:
        def take(line: str, seen: OntSeen) -> None:
            with self.lock:
                assert line not in self.seen
                self.seen[line] = seen

        return OntLooks(targets, self, take)

    def look(self, targets: Sequence[OntTarget]) -> None:
        looks = self.looks(targets)
        looks.start()
        assert eventually(lambda: len(self.seen) == len(targets))
        looks.end()
        assert self.open == 0, "every session is given back"


def targets(number: int, olts: int = 1) -> list[OntTarget]:
    return [OntTarget(f"L-{each}", OntScope(f"olt-{each % olts}", "0/1/0", each // olts)) for each in range(number)]


def test_each_olt_takes_one_session_and_a_few_are_asked_at_a_time() -> None:
    olts = Olts()
    olts.look(targets(200, olts=20))
    assert set(olts.opened.values()) == {1} and len(olts.opened) == 20
    assert set(olts.fetched.values()) == {10}
    assert olts.most <= OLTS_AT_ONCE
    assert all(each.running is not None and each.cause == "" for each in olts.seen.values())


@pytest.mark.parametrize(
    ("error", "cause", "openings"),
    [
        (DeviceUnreachable("no answer", where="olt-0"), "unreachable", OPENINGS),
        (AuthenticationRefused("not let in", where="olt-0"), "authentication", 1),
        (UnknownName("the inventory has none", where="olt-0"), "input", 1),
    ],
)
def test_an_olt_that_nobody_gets_to_is_tried_once_for_all_its_lines(
    error: ProvisoError, cause: str, openings: int
) -> None:
    olts = Olts(error=error)
    olts.look(targets(50))
    assert olts.opened == {"olt-0": openings}
    assert {(each.cause, each.message) for each in olts.seen.values()} == {(cause, str(error))}
    assert {each.scope.ont_id for each in olts.seen.values()} == set(range(50))


def test_a_session_that_is_lost_is_opened_again() -> None:
    def lost(scope: OntScope) -> None:
        if scope.ont_id % 4 == 1:
            raise DeviceUnreachable("the connection was lost", where=scope.olt)

    olts = Olts(lost)
    olts.look(targets(40))
    missed = [line for line, each in olts.seen.items() if each.running is None]
    assert len(missed) == 10
    assert olts.opened == {"olt-0": 11}
    assert olts.fetched == {"olt-0": 40}


def test_an_olt_that_loses_every_session_is_given_up() -> None:
    def lost(scope: OntScope) -> None:
        raise DeviceUnreachable(f"lost at {scope.ont_id}", where=scope.olt)

    olts = Olts(lost)
    olts.look(targets(1000))
    assert olts.opened == {"olt-0": PATIENCE}
    assert olts.seen["L-999"].message == f"olt-0: lost at {PATIENCE - 1}"


def test_one_ont_that_nobody_understands_stops_no_other() -> None:
    def strange(scope: OntScope) -> None:
        if scope.ont_id < 10:
            raise AnswerNotUnderstood("strange", where=str(scope))
        if scope.ont_id == 10:
            raise ZeroDivisionError

    olts = Olts(strange)
    olts.look(targets(20))
    causes = Counter(each.cause for each in olts.seen.values())
    assert causes == {"not understood": 10, "unknown": 1, "": 9}
    assert olts.opened == {"olt-0": 2}, "after what should not happen, a session of its own"


def test_whoever_has_enough_waits_for_nobody() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def waits(scope: OntScope) -> None:
        begun.set()
        assert go_on.wait(60)

    olts = Olts(waits)
    looks = olts.looks(targets(100))
    looks.start()
    assert begun.wait(10)
    threading.Timer(0.2, go_on.set).start()
    looks.end()
    assert eventually(lambda: olts.open == 0)
    assert len(olts.seen) <= 1
