"""Since when, by whom and until when what is open is open."""

from datetime import UTC, datetime, timedelta

import pytest
from requested_changes import ACTIVATED, FIREWALL, HOST, LINE, ORDER, OTHER, PACK, WEB, in_service, opening, submitted
from worlds import World

from provisioning.changes.amend_form import amend_form
from provisioning.changes.openings import openings_of
from provisioning.model.change_request import ChangeRequest, RequestState
from provisioning.model.opening import OpeningRecord
from provisioning.store import change_requests, lines, openings
from provisioning.workflows.auditing import audited
from provisioning.workflows.follow_ups import add_follow_ups
from provisioning.workflows.look_at_firewall import FirewallSeen, look_at_firewall
from provisioning.workflows.record_openings import record_openings, record_order
from provisioning.workflows.run_changes import choose_changes

END = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
UNTIL = "2026-12-31T17:00"


def carried_out(world: World, number: int, **keys: object) -> ChangeRequest:
    """Hand a request in, and record it as if a run had proven it; return it."""
    request = submitted(world, number, **keys)
    with audited(world.around) as audit:
        line = lines.need_line(audit.connection, LINE)
        form = amend_form(line.form, request.content)
        lines.change_line(
            audit.connection, LINE, formula=line.formula, customer=line.customer, site=line.site, form=form
        )
        before = openings_of(line.form)
        record_openings(audit.connection, LINE, by=request.id, at=audit.at, request=request, before=before)
        for state in (RequestState.PLANNED, RequestState.APPROVED, RequestState.RUNNING, RequestState.DONE):
            request = change_requests.enter_state(
                audit.connection, request.id, state, at=audit.at, actor=audit.actor, action="change try"
            )
        add_follow_ups(audit, request)
    return request


def records(world: World, *, closed: bool = False) -> dict[str, OpeningRecord]:
    with world.store.read() as connection:
        return {str(each.opening): each for each in openings.records_of(connection, LINE, closed=closed)}


def follow_ups(world: World, *states: RequestState) -> list[ChangeRequest]:
    with world.store.read() as connection:
        found = change_requests.list_requests(connection, line=LINE, states=states or None)
    return [each for each in found if each.parent]


def test_what_was_open_before_there_were_records_is_open_since_the_activation(world: World) -> None:
    in_service(world)
    request = carried_out(world, 1, open=[opening("tcp/8443")])
    found = records(world)
    assert (found[f"tcp/443 to {HOST}"].since, found[f"tcp/443 to {HOST}"].by) == (ACTIVATED, ORDER)
    assert (found[f"tcp/8443 to {HOST}"].since, found[f"tcp/8443 to {HOST}"].by) == (world.clock.now(), request.id)


def test_done_twice_nothing_changes(world: World) -> None:
    in_service(world)
    request = carried_out(world, 1, open=[opening("tcp/8443", until=UNTIL)])
    before = records(world, closed=True)
    world.clock.move(hours=1)
    with world.store.write() as connection:
        record_openings(connection, LINE, by=request.id, at=world.clock.now(), request=request)
    assert records(world, closed=True) == before


def test_what_is_left_of_a_range_keeps_its_past(world: World) -> None:
    in_service(world, servers=[{"ports": ["tcp/8000-8010"], "to": HOST}])
    world.clock.move(days=1)
    request = carried_out(world, 1, close=[opening("tcp/8005")])
    found = records(world, closed=True)
    assert {name: (each.by, each.closed_by) for name, each in found.items()} == {
        f"tcp/8000-8010 to {HOST}": (ORDER, request.id),
        f"tcp/8000-8004 to {HOST}": (ORDER, ""),
        f"tcp/8006-8010 to {HOST}": (ORDER, ""),
    }
    assert {each.since for each in found.values()} == {ACTIVATED}


def test_an_opening_that_is_made_again_begins_anew(world: World) -> None:
    in_service(world)
    carried_out(world, 1, close=[opening("tcp/443")])
    world.clock.move(days=1)
    request = carried_out(world, 2, open=[opening("tcp/443")])
    (found,) = records(world).values()
    assert (found.since, found.by) == (world.clock.now(), request.id)


def test_an_end_makes_a_follow_up(world: World) -> None:
    in_service(world)
    request = carried_out(world, 1, open=[opening("tcp/8443", until=UNTIL), opening("tcp/8444")])
    (follow_up,) = follow_ups(world)
    assert (follow_up.state, follow_up.parent, follow_up.wanted_at) == (RequestState.APPROVED, request.id, END)
    assert follow_up.content["close"] == [{"ports": ["tcp/8443"], "to": HOST}]
    assert records(world)[f"tcp/8443 to {HOST}"].until == END
    world.clock.moment = END - timedelta(seconds=1)
    early = choose_changes((), world.around, at_once=False)
    assert (early.lines, [each.request for each in early.later]) == ((), [follow_up])
    world.clock.moment = END
    assert choose_changes((), world.around, at_once=False).lines == ((follow_up,),)


def test_what_is_closed_before_its_end_is_not_closed_again(world: World) -> None:
    in_service(world)
    carried_out(world, 1, open=[opening("tcp/8443", until=UNTIL)])
    carried_out(world, 2, close=[opening("tcp/8443")])
    (follow_up,) = follow_ups(world)
    assert follow_up.state is RequestState.CANCELLED
    assert "closed already" in follow_up.reason


def test_an_end_that_is_moved_moves_its_follow_up(world: World) -> None:
    in_service(world)
    carried_out(world, 1, open=[opening("tcp/8443", "tcp/8445", until=UNTIL)])
    carried_out(world, 2, on_overlap="merge", open=[opening("tcp/8443", until="2027-01-29T17:00")])
    states = {(each.wanted_at, each.state): each.content["close"] for each in follow_ups(world)}
    assert states == {
        (END, RequestState.CANCELLED): [{"ports": ["tcp/8443", "tcp/8445"], "to": HOST}],
        (END, RequestState.APPROVED): [{"ports": ["tcp/8445"], "to": HOST}],
        (datetime(2027, 1, 29, 16, 0, tzinfo=UTC), RequestState.APPROVED): [{"ports": ["tcp/8443"], "to": HOST}],
    }


def test_an_end_that_is_taken_away_leaves_nothing_to_do(world: World) -> None:
    in_service(world)
    carried_out(world, 1, open=[opening("tcp/8443", until=UNTIL)])
    carried_out(world, 2, on_overlap="merge", open=[opening("tcp/8443")])
    assert [each.state for each in follow_ups(world)] == [RequestState.CANCELLED]
    assert records(world)[f"tcp/8443 to {HOST}"].until is None


def test_an_order_is_recorded_too_and_nothing_is_open_on_a_ceased_line(world: World) -> None:
    line = in_service(world)
    with audited(world.around) as audit:
        record_order(audit, LINE, order=ORDER)
    assert [each.by for each in records(world).values()] == [ORDER]
    carried_out(world, 1, open=[opening("tcp/8443", until=UNTIL)])
    with audited(world.around) as audit:
        lines.cease_line(audit.connection, line.id, audit.at)
        record_order(audit, LINE, order="PX-2026-000901")
    assert records(world) == {}
    assert [each.state for each in follow_ups(world)] == [RequestState.CANCELLED]


# --- what `firewall show` makes of it --------------------------------------------------------------------------------


def seen(world: World) -> FirewallSeen:
    return look_at_firewall(LINE, world.around)


def test_wider_and_double_openings_are_marked(world: World) -> None:
    partner = {"from": ["198.51.100.0/24"]}
    in_service(
        world,
        servers=[
            {"ports": ["tcp/1-22", "udp/500"], "to": FIREWALL},
            {"ports": ["tcp/22"], "to": FIREWALL, **partner},
            {"ports": ["udp/500"], "to": FIREWALL},
            {"ports": ["tcp/22"], "to": OTHER},
        ],
        **PACK,
    )
    marks = {
        str(each.opening): (str(each.shadowed_by.ports) if each.shadowed_by else "", each.duplicate)
        for each in seen(world).openings
    }
    assert marks == {
        f"tcp/1-22 to {FIREWALL}": ("", False),
        f"tcp/22 to {FIREWALL} from 198.51.100.0/24": ("tcp/1-22", False),
        f"udp/500 to {FIREWALL}": ("", True),
        f"tcp/22 to {OTHER}": ("", False),
    }


def test_what_should_be_closed_by_now_is_marked(world: World) -> None:
    in_service(world)
    carried_out(world, 1, open=[opening("tcp/8443", until=UNTIL)])
    assert [each.expired for each in seen(world).openings] == [False, False]
    world.clock.moment = END
    assert {str(each.opening.ports): each.expired for each in seen(world).openings} == {
        "tcp/443": False,
        "tcp/8443": True,
    }


@pytest.mark.parametrize("activated", [ACTIVATED, None])
def test_a_line_without_records_tells_what_it_knows(world: World, activated: datetime | None) -> None:
    in_service(world, activated=activated, servers=[WEB])
    (found,) = seen(world).openings
    assert (found.since, found.by, found.on_router) == (activated, ORDER, None)
