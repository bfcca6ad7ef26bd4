"""Change requests that are disturbed while a process carries them out: power, other people, the store."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from changed_lines import NOW, audit, opening, ready, request
from changes_in_process import in_process
from fibre_lines import Fibre, everything, fibre_world
from killed_changes import assert_as_before, assert_done
from restored_lines import spoil
from router_kinds import CISCO, LINUX
from warm import Warm

from provisioning.errors import Refused
from provisioning.model.change_request import RequestState
from provisioning.store.engine import FILE_NAME


@pytest.fixture(params=["linux", "cisco"])
def world(request: pytest.FixtureRequest, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    kind = LINUX if request.param == "linux" else CISCO
    base = request.getfixturevalue("line_in_service" if kind is LINUX else "cisco_line_in_service")
    with fibre_world(tmp_path / "world", warm, base, kind=kind) as made:
        yield made


def test_a_router_that_loses_its_power_before_it_is_proven_is_as_before(world: Fibre) -> None:
    before, identifier = everything(world), ready(world, opening())
    lost = False

    def meanwhile(stage: str, _: str) -> None:
        nonlocal lost
        if stage == "prove" and not lost:
            lost = True
            world.up.do(lambda: world.up.world.lose_power(world.kind.serial(1)))

    with in_process(world) as inside:
        (answer,) = inside.run(identifier, because="the shop is cut off", meanwhile=meanwhile)
    assert lost
    assert answer.request.state is RequestState.FAILED, answer
    assert_as_before(world, identifier, before)


def test_told_to_stop_it_turns_back_and_stays_approved(world: Fibre) -> None:
    before, identifier = everything(world), ready(world, opening())
    with in_process(world) as inside:

        def meanwhile(stage: str, _: str) -> None:
            if stage == "prove":
                inside.stop.set()

        (answer,) = inside.run(identifier, because="the shop is cut off", meanwhile=meanwhile)
        assert answer.error is not None and "it was told to stop" in answer.error.what
        inside.stop.clear()
        chosen = inside.choose()
        assert chosen.lines == ()  # it was tried just now
        (later,) = chosen.later
        assert later.at is not None and later.at > inside.around.clock.now() + timedelta(minutes=10)
        assert_as_before(world, identifier, before, state="approved")
        assert "it was tried" in later.why
        try:
            inside.choose(identifier)  # by its name, nobody waits for the next try
        except Refused as refused:  # at night and at weekends
            assert "in the change window" in refused.what and "it was tried" not in refused.what
        (answer,) = inside.run(identifier, because="the shop is cut off")
        assert answer.request.state is RequestState.DONE, answer
    assert_done(world, identifier)


def test_what_somebody_changes_between_plan_and_apply_makes_the_approval_void(world: Fibre) -> None:
    identifier = ready(world, opening())
    runs, spoilt = len(world.runs()), False

    def meanwhile(stage: str, text: str) -> None:
        nonlocal spoilt
        if stage == "apply" and not spoilt:
            spoilt = True
            spoil(world)

    with in_process(world) as inside:
        (answer,) = inside.run(identifier, because="the shop is cut off", meanwhile=meanwhile)
    assert spoilt
    assert answer.error is not None and "the router has changed since it was planned" in answer.error.what
    assert request(world, identifier)["state"] == "submitted"
    assert audit(world, identifier)[-2:] == ["change run", "change void"]
    assert len(world.runs()) == runs + 1  # and not planned again by itself: what was approved is what is done
    assert world.where(world.kind.serial(1))["pending"] == ""


def test_a_store_that_nobody_can_write_in_the_middle_leaves_a_run_that_is_carried_on(world: Fibre) -> None:
    identifier = ready(world, opening())
    world.extra["PROVISO_LOCK_TIMEOUT_SECONDS"] = "0.5"
    running = world.start("change", "run", identifier, *NOW)
    while "apply" not in running.said():
        assert not running.ended, running.answer()
    with closing(sqlite3.connect(world.state / FILE_NAME, timeout=60, isolation_level=None)) as hold:
        hold.execute("begin immediate")
        answer = running.answer()
        hold.execute("rollback")
    assert answer.code in (3, 4), answer.stdout + answer.stderr
    assert "Traceback" not in answer.stderr
    assert "another process holds the store" in answer.stderr
    world.extra.clear()
    assert request(world, identifier)["state"] == "running"
    world.resume_all()
    assert_done(world, identifier)
