"""What a run decides when answers are lost, somebody else is at the router, or it was killed: on a stateful router."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from routers import SERIAL, Scene, always
from worlds import World

from provisioning.cli.mistakes import mistakes_shown
from provisioning.errors import (
    AuthenticationRefused,
    DeviceMoved,
    DeviceRefused,
    DeviceTimeout,
    DeviceUnreachable,
    HostKeyDiffers,
    OutcomeUnknown,
    ScopeBusy,
    UnusableTemplate,
)
from provisioning.model.line import LineState
from provisioning.model.run import ChangeState, RunKind, RunStage, RunState, Trouble
from provisioning.store import lines, runs
from provisioning.store.engine import Store
from provisioning.workflows.attempt import Attempt
from provisioning.workflows.executor import Executor, executor
from provisioning.workflows.steps.proof import prove_idle
from provisioning.workflows.steps.router import apply_router, confirm_router, plan_router, take_router_back


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    store = Store.in_memory()
    yield Scene(World(store, state=tmp_path / "state"))
    store.close()


@pytest.fixture
def up(scene: Scene) -> Iterator[Executor]:
    """This process as one that carries out runs."""
    with executor(scene.world.around, lambda run: lambda stage, text: None) as found:
        yield found


def planned(scene: Scene) -> Attempt:
    """Return a run that has planned, and not begun."""
    attempt = scene.attempt(scene.begin())
    plan_router(attempt)
    return attempt


def state_of(attempt: Attempt) -> ChangeState:
    change = attempt.router_change()
    assert change is not None
    return change.state


def wanted(attempt: Attempt) -> str:
    change = attempt.router_change()
    assert change is not None
    return change.wanted


# --- who left what is pending --------------------------------------------------------------------------------------


def test_what_somebody_else_left_pending_is_not_ours_to_take_back(scene: Scene) -> None:
    scene.device.pending = {"sshd_config": "# somebody else's\n"}
    with pytest.raises(ScopeBusy, match="not in this store") as caught:
        plan_router(scene.attempt(scene.begin()))
    assert "at 11:02:00 UTC" in caught.value.remedy
    assert scene.device.pending is not None
    assert scene.device.calls == []


def test_what_an_earlier_run_of_ours_left_pending_goes_back_and_is_planned_against(scene: Scene) -> None:
    earlier = planned(scene)
    apply_router(earlier)
    scene.end(earlier.id)
    scene.device.calls.clear()
    later = planned(scene)
    assert scene.device.calls == ["abandon"]
    assert scene.device.pending is None
    change = later.router_change()
    assert change is not None
    assert change.base == scene.device.status().confirmed


def test_what_the_run_itself_left_pending_when_it_was_killed_is_carried_on(scene: Scene) -> None:
    before = planned(scene)
    apply_router(before)
    after = scene.attempt(before.id)
    plan_router(after)
    apply_router(after)
    assert scene.device.calls == ["apply"]
    assert scene.device.status().pending == wanted(after)
    assert after.deadline > 0
    confirm_router(after)
    assert (state_of(after), scene.device.status().confirmed) == (ChangeState.KEPT, wanted(after))


def test_a_run_that_was_killed_before_the_router_heard_of_it_begins_again(scene: Scene) -> None:
    before = planned(scene)
    change = before.router_change()
    assert change is not None
    before.mark(change, ChangeState.BEGUN)
    after = scene.attempt(before.id)
    plan_router(after)
    apply_router(after)
    assert scene.device.calls == ["apply"]
    assert state_of(after) is ChangeState.BEGUN


# --- lost answers --------------------------------------------------------------------------------------------------


def test_the_answer_to_a_confirmation_is_asked_for_again(scene: Scene) -> None:
    attempt = planned(scene)
    apply_router(attempt)
    scene.device.lost["confirm"] = 1
    confirm_router(attempt)
    assert scene.device.calls == ["apply", "confirm", "confirm"]
    assert state_of(attempt) is ChangeState.KEPT


def test_a_change_whose_answer_was_lost_is_found_begun(scene: Scene) -> None:
    """A router that ceases takes away the address by which it was told."""
    attempt = planned(scene)
    scene.device.lost["apply"] = 1
    apply_router(attempt)
    assert scene.device.calls == ["apply"]
    assert (state_of(attempt), scene.device.status().pending) == (ChangeState.BEGUN, wanted(attempt))
    assert attempt.deadline > 0


def test_a_change_that_the_router_never_heard_of_is_not_begun(scene: Scene) -> None:
    attempt = planned(scene)
    scene.device.raises["apply"] = [DeviceUnreachable("the connection was lost", where=SERIAL)]
    with pytest.raises(DeviceUnreachable, match="the connection was lost"):
        apply_router(attempt)
    assert (scene.device.calls, scene.device.pending) == (["apply"], None)


def test_taking_back_what_was_confirmed_and_only_not_answered_finds_out(scene: Scene) -> None:
    attempt = planned(scene)
    apply_router(attempt)
    scene.device.confirm(wanted(attempt))
    assert take_router_back(attempt)
    assert state_of(attempt) is ChangeState.KEPT
    assert scene.device.status().live == wanted(attempt)


def test_a_run_whose_confirmation_was_done_and_never_answered_ends_delivered(scene: Scene, up: Executor) -> None:
    scene.in_service()
    scene.device.lost["confirm"] = 2
    run = scene.carry_out(scene.begin(RunKind.CEASE), up)
    assert run.state is RunState.CEASED
    assert run.trouble is not None
    assert run.trouble.cause == "unreachable"
    assert scene.device.documents == scene.idle()


def test_a_cease_that_was_killed_between_a_confirmation_and_its_record_sees_that_it_was_given(
    scene: Scene, up: Executor
) -> None:
    scene.in_service()
    attempt = scene.attempt(scene.begin(RunKind.CEASE))
    plan_router(attempt)
    apply_router(attempt)
    scene.device.confirm(wanted(attempt))
    after = scene.attempt(attempt.id)
    assert prove_idle(after) == ""
    assert state_of(after) is ChangeState.BEGUN
    run = scene.carry_out(attempt.id, up)
    assert (run.state, run.trouble) == (RunState.CEASED, None)
    assert scene.device.calls == ["apply", "confirm", "confirm"]
    assert scene.device.documents == scene.idle()


def test_a_router_that_went_back_before_it_was_seen_idle_is_not_waited_for(scene: Scene, up: Executor) -> None:
    scene.in_service()
    before = dict(scene.device.documents)
    scene.when[RunStage.PROVE] = scene.device.abandon
    run = scene.carry_out(scene.begin(RunKind.CEASE), up)
    assert (run.state, run.trouble and run.trouble.cause) == (RunState.WENT_BACK, "rejected")
    assert "it went back before it was confirmed" in run.message
    assert scene.device.documents == before


def test_a_run_whose_router_keeps_what_was_proven_does_not_need_it_any_more(scene: Scene, up: Executor) -> None:
    """The ONT of a line that ceases may be cleared already, and nobody reaches its router then."""
    scene.in_service()
    attempt = scene.attempt(scene.begin(RunKind.CEASE))
    plan_router(attempt)
    apply_router(attempt)
    confirm_router(attempt)
    scene.device.raises["reach"] = always(DeviceUnreachable("gone", where=SERIAL))
    run = scene.carry_out(attempt.id, up)
    assert (run.state, run.trouble) == (RunState.CEASED, None)


def test_a_killed_run_that_turned_back_and_finds_the_router_confirmed_ends_proven(scene: Scene, up: Executor) -> None:
    attempt = planned(scene)
    apply_router(attempt)
    scene.device.confirm(wanted(attempt))
    with scene.world.store.write() as connection:
        runs.turn_back(connection, attempt.id, Trouble("unreachable", "the answer was lost"))
    run = scene.carry_out(attempt.id, up)
    assert run.state is RunState.PROVEN
    assert "then: the answer was lost" in run.message
    with scene.world.store.read() as connection:
        assert lines.need_line(connection, "L-1").state is LineState.ACTIVE


# --- taking back ---------------------------------------------------------------------------------------------------


def test_taking_back_what_is_pending_goes_back_and_twice_is_once(scene: Scene) -> None:
    attempt = planned(scene)
    before = scene.device.status().live
    apply_router(attempt)
    assert not take_router_back(attempt)
    assert state_of(attempt) is ChangeState.TAKEN_BACK
    assert scene.device.status().live == before
    done = list(scene.device.calls)
    assert not take_router_back(attempt)
    assert not take_router_back(scene.attempt(attempt.id))
    assert scene.device.calls == done == ["apply", "abandon"]


def test_a_router_that_did_not_hear_that_it_is_to_go_back_is_told_again(scene: Scene) -> None:
    attempt = planned(scene)
    apply_router(attempt)
    scene.device.raises["abandon"] = [DeviceUnreachable("the connection was lost", where=SERIAL)]
    assert not take_router_back(attempt)
    assert scene.device.calls == ["apply", "abandon", "abandon"]
    assert state_of(attempt) is ChangeState.TAKEN_BACK


def test_a_router_that_does_not_come_to_rest_is_asked_again_later(scene: Scene) -> None:
    attempt = planned(scene)
    with pytest.raises(DeviceTimeout, match="did not come to rest") as caught:
        attempt.router.wait_until(lambda status: False, seconds=0)
    assert "`proviso run resume` asks it again" in caught.value.remedy


def test_what_was_never_begun_is_not_taken_back(scene: Scene) -> None:
    attempt = planned(scene)
    assert not take_router_back(attempt)
    assert scene.device.calls == []
    assert state_of(attempt) is ChangeState.PLANNED


def test_a_router_that_has_neither_is_for_a_person_to_look_at(scene: Scene, up: Executor) -> None:
    attempt = planned(scene)
    apply_router(attempt)
    scene.device.documents, scene.device.pending = {"sshd_config": "# of somebody\n"}, None
    with pytest.raises(OutcomeUnknown, match="neither"):
        take_router_back(attempt)
    with scene.world.store.write() as connection:
        runs.turn_back(connection, attempt.id, Trouble("rejected", "no"))
    run = scene.carry_out(attempt.id, up)
    assert run.state is RunState.UNKNOWN
    assert "a person must look" in run.message


def test_a_run_waits_for_a_router_that_cannot_be_asked_and_ends_when_it_can(scene: Scene, up: Executor) -> None:
    before = scene.device.status().live
    refuses = HostKeyDiffers("another key", where=SERIAL)
    scene.when[RunStage.PROVE] = lambda: scene.device.raises.update(reach=always(refuses))
    run = scene.carry_out(scene.begin(), up)
    # It keeps why it turned back, and not that it could not go back at once.
    assert (run.state, run.trouble and run.trouble.cause) == (RunState.INTERRUPTED, "not proven")
    assert "`proviso run resume` carries it on" in run.message
    scene.device.raises.clear()
    run = scene.carry_out(run.id, up)
    assert (run.state, run.trouble and run.trouble.cause) == (RunState.WENT_BACK, "not proven")
    assert scene.device.status().live == before


# --- trouble -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "cause", "state"),
    [
        ("apply", DeviceRefused("dnsmasq says no", where=SERIAL), "rejected", RunState.FAILED),
        ("apply", ScopeBusy("somebody is at it", where=SERIAL), "busy", RunState.FAILED),
        ("apply", DeviceUnreachable("gone", where=SERIAL), "unreachable", RunState.WENT_BACK),
        ("apply", DeviceTimeout("no answer", where=SERIAL), "timeout", RunState.WENT_BACK),
        ("apply", ZeroDivisionError("a mistake of ours"), "unknown", RunState.WENT_BACK),
        ("reach", HostKeyDiffers("another key", where=SERIAL), "host key", RunState.FAILED),
        ("reach", AuthenticationRefused("no", where=SERIAL), "authentication", RunState.FAILED),
        ("reach", UnusableTemplate("no such value", where=SERIAL), "input", RunState.FAILED),
    ],
)
def test_trouble_leaves_a_run_that_says_of_which_kind_it_was(
    scene: Scene, up: Executor, call: str, error: Exception, cause: str, state: RunState
) -> None:
    scene.device.raises[call] = [error]
    before = scene.device.status().live
    run = scene.carry_out(scene.begin(), up)
    assert run.trouble is not None
    assert (run.trouble.cause, run.state) == (cause, state)
    assert "mistake of ours" not in run.trouble.message
    assert scene.device.status().live == before
    assert scene.device.pending is None


def test_a_mistake_of_ours_is_shown_whole_to_whoever_asks_and_to_nobody_else(
    scene: Scene, up: Executor, capfd: pytest.CaptureFixture[str]
) -> None:
    scene.device.raises["apply"] = [ZeroDivisionError("a mistake"), ZeroDivisionError("another one")]
    run = scene.carry_out(scene.begin(), up)
    assert capfd.readouterr().err == ""
    assert run.trouble is not None
    with mistakes_shown():
        scene.carry_out(scene.begin(), up)
    shown = capfd.readouterr().err
    assert shown.count("Traceback (most recent call last)") == 1
    assert "ZeroDivisionError: another one" in shown


def test_what_nobody_could_observe_is_not_proven_and_goes_back(scene: Scene, up: Executor) -> None:
    before = scene.device.status().live
    run = scene.carry_out(scene.begin(), up)
    assert (run.state, run.trouble and run.trouble.cause) == (RunState.WENT_BACK, "not proven")
    assert run.verdict is not None
    assert not run.verdict.proven
    assert scene.device.calls == ["apply", "abandon"]
    assert scene.device.status().live == before
    with scene.world.store.read() as connection:
        assert lines.need_line(connection, "L-1").state is LineState.ACCEPTED


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        (RunStage.REACH, RunState.FAILED),
        (RunStage.PLAN, RunState.FAILED),
        (RunStage.APPLY, RunState.WENT_BACK),
        (RunStage.PROVE, RunState.WENT_BACK),
    ],
)
def test_a_run_that_is_told_to_stop_turns_back(scene: Scene, up: Executor, stage: RunStage, state: RunState) -> None:
    run = scene.begin()
    scene.when[stage] = lambda: up.attempts[run].stop.set()
    ended = scene.carry_out(run, up)
    assert (ended.state, ended.trouble and ended.trouble.cause) == (state, "stopped")
    assert scene.device.pending is None


# --- moved ---------------------------------------------------------------------------------------------------------


def test_a_router_that_moved_between_plan_and_apply_is_planned_again_once(scene: Scene, up: Executor) -> None:
    scene.in_service()
    # Somebody changes it after it was planned, for instance the customer his Wi-Fi key.
    scene.when[RunStage.APPLY] = lambda: scene.device.documents.update({"hostapd.conf": "ssid=new\n"})
    run = scene.carry_out(scene.begin(RunKind.CEASE), up)
    assert (run.state, run.trouble) == (RunState.CEASED, None)
    assert scene.device.calls == ["apply", "apply", "confirm"]
    assert scene.device.documents == scene.idle()
    assert [each.stage for each in run.stages].count(RunStage.PLAN) == 2


def test_a_router_that_moves_again_and_again_is_left_alone(scene: Scene, up: Executor) -> None:
    scene.in_service()
    before = dict(scene.device.documents)
    scene.device.raises["apply"] = always(DeviceMoved("it moved", where=SERIAL))
    run = scene.carry_out(scene.begin(RunKind.CEASE), up)
    assert (run.state, run.trouble and run.trouble.cause) == (RunState.FAILED, "moved")
    assert scene.device.calls == ["apply", "apply"]
    assert scene.device.documents == before


# --- the end -------------------------------------------------------------------------------------------------------


def test_a_ceased_line_leaves_a_router_that_serves_none_and_has_no_devices(scene: Scene, up: Executor) -> None:
    scene.in_service()
    run = scene.carry_out(scene.begin(RunKind.CEASE), up)
    assert run.state is RunState.CEASED
    assert scene.device.documents == scene.idle()
    with scene.world.store.read() as connection:
        assert [each for each in lines.devices_of(connection, "L-1") if each.until is None] == []


def test_a_run_that_has_ended_is_not_carried_out_again(scene: Scene, up: Executor) -> None:
    scene.in_service()
    run = scene.carry_out(scene.begin(RunKind.CEASE), up)
    done = list(scene.device.calls)
    assert scene.carry_out(run.id, up) == run
    assert scene.device.calls == done
