"""Change requests judged: all reasons at once, whatever the line, and again when time has passed."""

from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
from requested_changes import (
    HOST,
    LINE,
    MANY,
    OTHER,
    WEB,
    codes,
    content,
    form_of,
    in_service,
    opening,
    submit,
    submitted,
)
from worlds import World, dump

from provisioning.changes.amend_form import amend_form
from provisioning.errors import Refused, UnreadableForm
from provisioning.model.change_request import ChangeAction, ChangeRequest, RequestState
from provisioning.store import lines, openings
from provisioning.workflows.judge_change import need_fit
from provisioning.workflows.record_openings import record_openings
from provisioning.workflows.submit_change import submit_change


def test_all_reasons_are_told_at_once(world: World) -> None:
    in_service(world, **MANY)
    answer = submit(
        world,
        requester="stranger@example.org",
        wanted="2026-11-22T09:00",
        open=[opening("tcp/23"), opening("tcp/443"), opening("tcp/8443", to="10.0.0.1")],
        close=[opening("tcp/25")],
    )
    assert codes(answer) == {
        "requester-not-listed": "requester",
        "wanted-past": "wanted",
        "port-reserved": "open.0.ports.0",
        "opening-duplicate": "open.1.ports",
        "target-outside-lan": "open.2.to",
        "closing-not-open": "close.0.ports",
    }
    assert answer.request is not None
    assert answer.request.state is RequestState.REFUSED
    assert answer.request.findings == answer.findings


def test_a_line_that_is_not_there_keeps_nothing(world: World) -> None:
    before = dump(world.store)
    answer = submit(world, open=[opening("tcp/8443")])
    assert codes(answer) == {"request-line-unknown": "line"}
    assert answer.request is None
    assert dump(world.store) == before


def test_a_line_that_is_only_ordered(world: World) -> None:
    in_service(world, activated=None)
    assert codes(submit(world, open=[opening("tcp/8443")])) == {"request-line-not-in-service": "line"}


def test_a_ceased_line(world: World) -> None:
    in_service(world)
    with world.store.write() as connection:
        lines.cease_line(connection, LINE, world.clock.now())
    assert codes(submit(world, open=[opening("tcp/8443")])) == {"request-line-ceased": "line"}


def test_an_adopted_line_whose_form_is_not_whole(world: World) -> None:
    line = in_service(world)
    form = {key: value for key, value in line.form.items() if key != "cpe"}
    with world.store.write() as connection:
        lines.change_line(connection, LINE, formula=line.formula, customer=line.customer, site=line.site, form=form)
    answer = submit(world, open=[opening("tcp/8443")])
    assert codes(answer) == {"request-line-not-whole": "line"}
    assert "names none" in answer.findings[0].reason or "router" in answer.findings[0].reason


def test_a_formula_without_a_managed_firewall(world: World) -> None:
    in_service(world, formula="internet-pro", options={"fixed_ipv4": True})
    assert codes(submit(world, open=[opening("tcp/8443")])) == {"request-firewall-not-managed": "line"}


def test_a_customer_who_has_named_nobody(world: World) -> None:
    in_service(world, customer={"name": "Imprimerie Exemple"})
    assert codes(submit(world, open=[opening("tcp/8443")])) == {"requester-nobody-listed": "requester"}


def test_a_line_without_an_ip_pack(world: World) -> None:
    in_service(world)
    assert codes(submit(world, ip_pack={"block": "new"})) == {"request-pack-missing": "ip_pack"}
    assert codes(submit(world, 2, next_hop="::20")) == {"next-hop-without-pack": "next_hop"}


def test_with_the_option_no_window_matters(world: World) -> None:
    in_service(world, options={"standard_changes": True})
    answer = submit(world, wanted="2026-11-28T22:00", open=[opening("tcp/8443", until="2026-12-25T03:00")])
    assert not answer.findings


def test_the_same_content_gets_the_same_answer(world: World) -> None:
    in_service(world)
    first = submit(world, open=[opening("tcp/8443")])
    before = dump(world.store)
    again = submit_change(form_of({**content(), "open": [opening("tcp/8443")], "schema": 1}), world.around)
    assert (again.request, again.known, again.accepted) == (first.request, True, True)
    assert dump(world.store) == before


def test_another_content_under_the_same_reference(world: World) -> None:
    in_service(world)
    submitted(world, open=[opening("tcp/8443")])
    before = dump(world.store)
    answer = submit(world, open=[opening("tcp/8444")])
    assert codes(answer) == {"request-reference-reused": "request"}
    assert answer.request is None
    assert not answer.accepted
    assert dump(world.store) == before


def test_an_end_can_be_moved(world: World) -> None:
    in_service(world, servers=[WEB, {"ports": ["tcp/8443"], "to": HOST}])
    first = submitted(world, on_overlap="merge", open=[opening("tcp/8443", until="2026-12-31T17:00")])
    assert first.action is ChangeAction.OPEN_PORT
    with world.store.write() as connection:
        record_openings(connection, LINE, by=first.id, at=world.clock.now(), request=first)
    assert codes(submit(world, 2, on_overlap="merge", open=[opening("tcp/8443", until="2026-12-31T17:00")])) == {
        "request-nothing-to-do": "open"
    }
    later = submitted(world, 3, on_overlap="merge", open=[opening("tcp/8443", until="2027-01-29T17:00")])
    with world.store.write() as connection:
        record_openings(connection, LINE, by=later.id, at=world.clock.now(), request=later)
        ends = {str(each.opening.ports): each.until for each in openings.records_of(connection, LINE)}
    assert ends == {"tcp/443": None, "tcp/8443": datetime(2027, 1, 29, 16, 0, tzinfo=UTC)}
    assert submitted(world, 4, on_overlap="merge", open=[opening("tcp/8443")])
    assert codes(submit(world, 5, on_overlap="merge", open=[opening("tcp/8440-8443")])) == {
        "until-overlaps": "open.0.ports"
    }


def test_the_action_follows_from_what_is_asked(world: World) -> None:
    in_service(world, **MANY)
    asked: dict[ChangeAction, dict[str, Any]] = {
        ChangeAction.OPEN_PORT: {"open": [opening("tcp/8443")], "close": [opening("tcp/443")]},
        ChangeAction.CLOSE_PORT: {"close": [opening("tcp/443")]},
        ChangeAction.CHANGE_ADDRESS: {"fixed_ipv4": "new"},
        ChangeAction.RENUMBER_IP_PACK: {"ip_pack": {"block": "new"}},
        ChangeAction.CHANGE_NEXT_HOP: {"next_hop": "::20"},
    }
    for number, (action, keys) in enumerate(asked.items(), start=1):
        assert submitted(world, number, **keys).action is action


def test_two_thousand_openings_are_judged_in_no_time(world: World) -> None:
    in_service(world, servers=[{"ports": [f"tcp/{1024 + 2 * number}" for number in range(2000)], "to": HOST}])
    wanted = [opening(f"udp/{1024 + 2 * number}", to=OTHER) for number in range(2000)]
    begun = perf_counter()
    answer = submit(world, open=wanted)
    assert answer.accepted, answer.findings[:3]
    assert perf_counter() - begun < 5


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"open": [{"to": HOST}]}, "the key 'open.0.ports' is missing"),
        ({"opens": []}, "unknown key 'opens', did you mean 'open'?"),
        ({"line": "7"}, "line has a form that is not allowed"),
        ({"language": "de"}, "language"),
        ({"close": [opening("tcp/443", until="2026-12-31T17:00")]}, "unknown key 'close.0.until'"),
        ({"fixed_ipv4": "192.0.2.1"}, "fixed_ipv4"),
        ({"open": [opening("tcp/8443")] * 10_001}, "open has more than 10,000 entries"),
    ],
)
def test_what_is_no_request_is_unreadable(data: dict[str, Any], reason: str) -> None:
    with pytest.raises(UnreadableForm) as raised:
        form_of({**content(), **data})
    assert reason in raised.value.what


def test_a_moment_of_now_is_not_over(world: World) -> None:
    in_service(world)
    now = world.clock.now() + timedelta(minutes=1)
    assert submitted(world, wanted=f"{now:%Y-%m-%dT%H:%M}Z", open=[opening("tcp/8443")]).wanted_at == now


def fits(world: World, request: ChangeRequest, *before: dict[str, Any]) -> None:
    """Look whether a request still fits, once others have been worked in."""
    with world.store.read() as connection:
        line = lines.need_line(connection, LINE)
        form = line.form
        for each in before:
            form = amend_form(form, each)
        need_fit(connection, request, line, form, world.clock.now())


def test_what_fitted_may_not_fit_any_more(world: World) -> None:
    in_service(world)
    request = submitted(world, open=[opening("tcp/8443", until="2026-12-31T17:00")], close=[opening("tcp/443")])
    fits(world, request)
    fits(world, request, {"open": [opening("tcp/9443")]})
    for other in (
        {"open": [opening("tcp/8443")]},
        {"open": [opening("tcp/8440-8450", to=OTHER)]},
        {"close": [opening("tcp/443")]},
    ):
        with pytest.raises(Refused) as raised:
            fits(world, request, other)
        assert "does not fit what is open any more" in raised.value.what
    world.clock.move(days=60)
    with pytest.raises(Refused):
        fits(world, request)


def test_a_wanted_time_that_has_come_is_nothing_against_it(world: World) -> None:
    in_service(world)
    request = submitted(world, wanted="2026-11-24T09:00", open=[opening("tcp/8443")])
    world.clock.move(days=7)
    fits(world, request)
