"""The table of outcomes of docs/change-runs.md: what happens, and how request, line and router stand afterwards.

On simulated routers of both platforms; what ends before a router is told anything, on one, and on both in `make soak`.
"""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from changed_lines import NOW, approved, audit, form, handed_in, opening, planned, ready, request, run, signing_key
from fibre_lines import Fibre, assert_no_secret, assert_serves, assert_whole, everything
from killed_changes import IN_SERVICE, assert_as_before, assert_done, assert_nothing_left
from killed_runs import JOBS, Kills, spoilt
from restored_lines import spoil
from router_kinds import CISCO, LINUX, RouterKind
from together import Together
from warm import KILLED, Kill, Warm
from worlds import SOAK, Answer

from provisioning.stands.simulator.faults import Faults
from provisioning.store.engine import FILE_NAME

KINDS: dict[str, RouterKind] = {"linux": LINUX, "cisco": CISCO}


@pytest.fixture(params=KINDS)
def kills(request: pytest.FixtureRequest, warm: Warm, tmp_path: Path) -> Kills:
    kind = KINDS[request.param]
    base = request.getfixturevalue("line_in_service" if kind is LINUX else "cisco_line_in_service")
    return Kills(warm, base, tmp_path, kind)


def said(answer: Answer) -> str:
    """Return all that a command said."""
    return answer.stdout + answer.stderr


def approved_while_nobody_runs(world: Fibre) -> None:
    identifier = ready(world, opening())
    assert len(world.runs()) == 1
    answer = run(world, identifier)
    assert answer.code == 0, answer.stderr
    assert_done(world, identifier)
    done = ["change submit", "change plan", "change approve", "change run", "change done"]
    assert audit(world, identifier) == done
    (message,) = (world.state / "messages").glob(f"{identifier}.json")
    assert "CR-2026-0001" in message.read_text()


def run_twice(world: Fibre) -> None:
    identifier = ready(world, opening())
    assert run(world, identifier).code == 0
    before = everything(world)
    assert_nothing_left(world)
    again = run(world, identifier)
    assert (again.code, "it is done" in said(again)) == (1, True), said(again)
    assert everything(world) == before


def two_at_once(world: Fibre) -> None:
    identifier = ready(world, opening())
    both = [world.start("change", "run", identifier, *NOW, "--json") for _ in range(2)]
    answers = [each.answer() for each in both]
    assert sorted(each.code for each in answers)[0] == 0, [each.stderr for each in answers]
    assert len(world.runs()) == 2
    other = next((each for each in answers if each.code), None)
    if other is not None:  # else it came when the first had ended, and says that it is done
        assert other.code == 1
        assert "another run is changing" in said(other) or "it is" in said(other), said(other)
    assert_done(world, identifier)


def power_lost_while_pending(world: Fibre) -> None:
    before, identifier = everything(world), ready(world, opening())
    assert run(world, identifier, kill=Kill("apply router", done=True)).code == KILLED
    world.up.do(lambda: world.up.world.lose_power(world.kind.serial(1)))
    assert world.where(world.kind.serial(1))["live"] == before["routers"][world.kind.serial(1)]
    world.await_onts()
    world.resume_all()  # begun again under another timer, it is not proven: a session did not live through it
    assert_as_before(world, identifier, before)


def power_lost_before_the_record(world: Fibre) -> None:
    identifier = ready(world, opening())
    assert run(world, identifier, kill=Kill("confirm router", done=True)).code == KILLED
    world.up.do(lambda: world.up.world.lose_power(world.kind.serial(1)))
    world.await_onts()
    world.resume_all()
    assert_done(world, identifier)


def router_does_not_answer(world: Fibre) -> None:
    identifier = ready(world, opening())
    before, serial = everything(world), world.kind.serial(1)
    world.up.do(lambda: world.up.world.faults.update({serial: Faults(refuse_login=True)}))
    answer = run(world, identifier)
    world.up.do(world.up.world.faults.clear)
    assert answer.code == 3, answer.stderr
    assert_as_before(world, identifier, before)
    approved(world, identifier)
    assert run(world, identifier).code == 0
    assert_done(world, identifier)


def no_plan_without_an_answer(world: Fibre) -> None:
    identifier, serial = handed_in(world, opening()), world.kind.serial(1)
    world.up.do(lambda: world.up.world.faults.update({serial: Faults(refuse_login=True)}))
    answer = world.run("change", "plan", identifier)
    world.up.do(world.up.world.faults.clear)
    assert (answer.code, answer.stdout) == (3, ""), answer.stderr
    assert request(world, identifier)["state"] == "submitted"
    assert world.rows("select * from change_plan") == []
    assert audit(world, identifier) == ["change submit"]


def not_proven(world: Fibre, project: Path) -> None:
    before, identifier = everything(world), handed_in(world, opening())
    world.extra["PROVISO_PROJECT"] = str(project)
    approved(world, identifier)
    answer = run(world, identifier)
    world.extra.pop("PROVISO_PROJECT")
    assert answer.code == 1, answer.stderr
    assert "not proven" in request(world, identifier)["reason"]
    assert_as_before(world, identifier, before)
    assert world.rows("select * from opening where opened_by = ?", identifier) == []


def void_since_another_was_first(world: Fibre) -> None:
    one, other = handed_in(world, opening(1)), handed_in(world, opening(2, 9443))
    planned(world, one)
    planned(world, other)
    for each in (one, other):
        assert world.run("change", "approve", each, "--key", signing_key(world)).code == 0
    assert run(world, one).code == 0
    before = everything(world)
    answer = run(world, other)
    assert answer.code == 1
    assert "the router has changed since it was planned" in said(answer)
    assert_as_before(world, other, before, state="submitted")
    assert audit(world, other)[-2:] == ["change run", "change void"]
    (approval,) = world.rows("select * from change_approval where request_id = 2")
    assert approval["void_at"] is not None
    approved(world, other)
    assert run(world, other).code == 0
    assert request(world, other)["state"] == "done"


def void_since_somebody_changed_the_router(world: Fibre) -> None:
    identifier = ready(world, opening())
    spoil(world)
    before = {each: world.where(each)["live"] for each in world.routers}
    answer = run(world, identifier)
    assert answer.code == 1, answer.stderr
    assert request(world, identifier)["state"] == "submitted"
    assert {each: world.where(each)["live"] for each in world.routers} == before


def void_since_an_order_came_first(world: Fibre) -> None:
    identifier = ready(world, opening())
    change = {"order": "PX-2026-000901", "kind": "change", "line": "L-1", "wifi": {"channel": 6}}
    assert world.run("order", "accept", world.write(change)).code == 0
    before = everything(world)
    answer = run(world, identifier)
    assert (answer.code, "is accepted, and not in force" in said(answer)) == (1, True), said(answer)
    assert request(world, identifier)["state"] == "submitted"
    assert everything(world) == before
    assert_nothing_left(world)


def one_on_top_of_the_other(world: Fibre) -> None:
    one = ready(world, opening(1))
    other = handed_in(world, opening(2, 9443))
    assert planned(world, other)["behind"] == [one]
    approved(world, other)
    answer = world.run("change", "run", other, one, *NOW, "--json")
    assert answer.code == 0, answer.stderr
    assert [each["id"] for each in answer.json["requests"]] == [one, other]
    assert {"tcp/8443", "tcp/9443"} <= set(str(form(world)["servers"]).split("'"))
    assert_whole(world)
    assert_serves(world)


def the_one_on_top_alone_waits(world: Fibre) -> None:
    one, other = ready(world, opening(1)), ready(world, opening(2, 9443))
    before = everything(world)
    answer = world.run("change", "run", other, "--json")
    assert (answer.code, f"planned on top of {one}" in said(answer)) == (1, True), said(answer)
    assert everything(world) == before


def cancelled_while_queued(world: Fibre) -> None:
    identifier = ready(world, opening())
    before = everything(world)
    answer = world.run("change", "cancel", identifier, "--reason", "not needed any more")
    assert answer.code == 0, answer.stderr
    answer = run(world, identifier)
    assert (answer.code, "it is cancelled" in said(answer)) == (1, True), said(answer)
    assert_as_before(world, identifier, before, state="cancelled")
    assert_nothing_left(world)


def void_since_its_plan_was_altered(world: Fibre) -> None:
    identifier = ready(world, opening())
    before = everything(world)
    with closing(sqlite3.connect(world.state / FILE_NAME, timeout=60)) as connection, connection:
        connection.execute("update change_plan set plan = json_set(plan, '$.steps[3].task', 'notify')")
    answer = run(world, identifier)
    assert (answer.code, "somebody changed it in the store" in said(answer)) == (1, True), said(answer)
    assert_as_before(world, identifier, before, state="submitted")
    assert len(world.runs()) == 1


OUTCOMES: Mapping[str, Callable[[Fibre], None]] = {
    each.__name__: each
    for each in (
        approved_while_nobody_runs,
        run_twice,
        two_at_once,
        power_lost_while_pending,
        power_lost_before_the_record,
        router_does_not_answer,
        no_plan_without_an_answer,
        void_since_another_was_first,
        void_since_somebody_changed_the_router,
        void_since_an_order_came_first,
        void_since_its_plan_was_altered,
        one_on_top_of_the_other,
        the_one_on_top_alone_waits,
        cancelled_while_queued,
    )
}

BEFORE_A_ROUTER = (
    no_plan_without_an_answer,
    void_since_an_order_came_first,
    void_since_its_plan_was_altered,
    the_one_on_top_alone_waits,
    cancelled_while_queued,
)
"""Outcomes in which no router is told anything of a request."""


def case(kills: Kills, outcome: Callable[[Fibre], None]) -> None:
    with kills.world(IN_SERVICE) as world:
        outcome(world)
        assert_no_secret(world)


def test_whatever_happens_request_line_and_router_agree(kills: Kills, tmp_path: Path) -> None:
    project = spoilt(tmp_path / "project", kills.kind)
    cases: dict[str, Callable[[Fibre], None]] = {**OUTCOMES, "not_proven": partial(not_proven, project=project)}
    if kills.kind is not LINUX and not SOAK:
        cases = {name: outcome for name, outcome in cases.items() if outcome not in BEFORE_A_ROUTER}
    Together(JOBS)({name: partial(case, kills, outcome) for name, outcome in cases.items()})
