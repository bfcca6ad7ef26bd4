"""Change requests in the store: states, audit, refusing and cancelling."""

import pytest
from requested_changes import RUNNING, WAYS, each_state, enter, in_service, opening, submitted
from worlds import World

from provisioning.errors import BadInput, Refused, UnknownName
from provisioning.model.change_request import OPEN_STATES, WITHDRAWABLE, RequestState
from provisioning.store import audit
from provisioning.store.change_requests import ENDED, FOLLOWING
from provisioning.workflows.look_at_change import look_at_change
from provisioning.workflows.withdraw_change import cancel_change, refuse_change

# --- states ----------------------------------------------------------------------------------------------------------


@each_state
def test_only_what_may_follow_follows(state: RequestState, world: World) -> None:
    in_service(world)
    for number, after in enumerate(RequestState, start=1):
        request = enter(world, submitted(world, number, open=[opening(f"tcp/{8000 + number}")]).id, *WAYS[state])
        assert request.state is state
        if after in FOLLOWING[state]:
            assert enter(world, request.id, after).state is after
        else:
            with pytest.raises(Refused):
                enter(world, request.id, after)
            assert look_at_change(request.id, world.around).request == request


def test_nothing_follows_an_end() -> None:
    assert {state for state, after in FOLLOWING.items() if not after} == set(ENDED)
    assert set(OPEN_STATES) == set(RequestState) - set(ENDED)


def test_the_history_is_the_audit(world: World) -> None:
    in_service(world)
    request = submitted(world, open=[opening("tcp/8443")])
    enter(world, request.id, *RUNNING, RequestState.FAILED)
    cancel_change(request.id, "not needed any more", world.around)
    history = look_at_change(request.id, world.around).history
    assert [(each.details.get("from"), each.details["to"]) for each in history] == [
        (None, "submitted"),
        ("submitted", "planned"),
        ("planned", "approved"),
        ("approved", "running"),
        ("running", "failed"),
        ("failed", "cancelled"),
    ]
    assert history[-1].reason == "not needed any more"
    with world.store.read() as connection:
        assert len(list(audit.entries(connection))) == len(history)


def test_a_state_that_cannot_be_entered_leaves_no_entry(world: World) -> None:
    in_service(world)
    request = submitted(world, open=[opening("tcp/8443")])
    with pytest.raises(Refused):
        enter(world, request.id, RequestState.DONE)
    assert len(look_at_change(request.id, world.around).history) == 1


# --- refusing and cancelling -----------------------------------------------------------------------------------------


@each_state
def test_what_can_be_withdrawn(state: RequestState, world: World) -> None:
    in_service(world)
    request = enter(world, submitted(world, open=[opening("tcp/8443")]).id, *WAYS[state])
    if state in WITHDRAWABLE:
        ended = refuse_change(request.id, "  The server\nis not yours. ", world.around)
        assert (ended.state, ended.reason) == (RequestState.REFUSED, "The server is not yours.")
        assert ended.ended_at == world.clock.now()
        assert refuse_change(request.id, "The server is not yours.", world.around) == ended
    else:
        with pytest.raises(Refused):
            refuse_change(request.id, "The server is not yours.", world.around)


def test_a_refusal_gives_its_reason(world: World) -> None:
    in_service(world)
    request = submitted(world, open=[opening("tcp/8443")])
    for reason in ("", "  ", "x" * 2000, "a\x1b[31mb"):
        with pytest.raises(BadInput):
            refuse_change(request.id, reason, world.around)
    with pytest.raises(UnknownName):
        refuse_change("C-99", "why", world.around)
    assert cancel_change(request.id, "", world.around).state is RequestState.CANCELLED
