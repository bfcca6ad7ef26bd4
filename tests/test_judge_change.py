"""Change requests judged: each rule, its place and its facts; all reasons at once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requested_changes import (
    FIREWALL,
    HOST,
    LINE,
    OTHER,
    PACK,
    WEB,
    codes,
    content,
    form_of,
    in_service,
    opening,
    submit,
    submitted,
)
from worlds import NOON, World, dump

from provisioning.changes import codes as change_codes
from provisioning.changes.amend_form import amend_form
from provisioning.changes.judge import judge
from provisioning.changes.openings import openings_of
from provisioning.changes.request import plain
from provisioning.errors import Refused, UnreadableForm
from provisioning.model.change_request import ChangeAction, ChangeRequest, RequestState
from provisioning.model.port_range import MANAGEMENT_PORT
from provisioning.orders import codes as order_codes
from provisioning.orders.amend import stored
from provisioning.orders.check import check_whole
from provisioning.store import lines, openings
from provisioning.store.engine import Store
from provisioning.workflows.judge_change import need_fit
from provisioning.workflows.record_openings import record_openings
from provisioning.workflows.submit_change import submit_change

PARTNER = "198.51.100.0/24"
Found = dict[str, str]

MANY: dict[str, Any] = {
    "servers": [WEB, {"ports": ["tcp/8000-8010"], "to": OTHER}, {"to": FIREWALL, "ports": ["udp/500"]}],
    **PACK,
}
"""What the line of the rows has."""

ROWS: dict[str, tuple[dict[str, Any], Found]] = {
    "another port": ({"open": [opening("tcp/8443")]}, {}),
    "from a partner, to another port": (
        {"open": [opening("tcp/8443", to_port=443, sources=(PARTNER,))]},
        {"sources-differ": "open.0.from"},
    ),
    "from a partner": ({"open": [opening("tcp/15432", to_port=5432, sources=(PARTNER,))]}, {}),
    "towards the firewall": ({"open": [opening("tcp/1-22", "udp/24-100", to=FIREWALL)]}, {}),
    "what somebody closes": ({"close": [opening("tcp/443")]}, {}),
    "a part of a range is closed": ({"close": [opening("tcp/8005", to=OTHER)]}, {}),
    "everything of a host": ({"close": [opening("all", to=OTHER)]}, {}),
    "a server moves": ({"close": [opening("tcp/443")], "open": [opening("tcp/443", to=OTHER)]}, {}),
    # who
    "a stranger": (
        {"requester": "stranger@example.org", "open": [opening("tcp/8443")]},
        {"requester-not-listed": "requester"},
    ),
    "in other letters": ({"requester": "CONTACT@example.ORG", "open": [opening("tcp/8443")]}, {}),
    # what
    "nothing": ({}, {"request-asks-nothing": ""}),
    "an empty list": ({"open": []}, {"request-asks-nothing": ""}),
    "two things": ({"open": [opening("tcp/8443")], "fixed_ipv4": "new"}, {"request-asks-several": "fixed_ipv4"}),
    # ports
    "port 23": ({"open": [opening("tcp/23")]}, {"port-reserved": "open.0.ports.0"}),
    "port 23 in a range": (
        {"open": [opening("tcp/443-500", "udp/20-25", to=FIREWALL)]},
        {"port-reserved": "open.0.ports.1"},
    ),
    "port 23 as the target": ({"open": [opening("tcp/2323", to_port=23)]}, {"port-reserved": "open.0.to_port"}),
    "a range translated onto port 23": (
        {"open": [opening("tcp/2000-2010", to_port=20)]},
        {"port-reserved": "open.0.to_port"},
    ),
    "closing port 23": ({"close": [opening("tcp/23")]}, {"closing-not-open": "close.0.ports"}),
    "no port": ({"open": [opening("tcp/0")]}, {"port-malformed": "open.0.ports.0"}),
    "no ports": ({"open": [opening()]}, {"ports-empty": "open.0.ports"}),
    "none": ({"open": [opening("none", to=FIREWALL)]}, {"ports-none": "open.0.ports"}),
    "all of a host": ({"open": [opening("all")]}, {"ports-all": "open.0.ports.0"}),
    "several translated": (
        {"open": [opening("tcp/8443", "tcp/8444", to_port=443)]},
        {"to-port-ports": "open.0.to_port"},
    ),
    # targets
    "outside the LAN": ({"open": [opening("tcp/8443", to="10.0.0.1")]}, {"target-outside-lan": "open.0.to"}),
    "the second of two": (
        {"open": [opening("tcp/8443"), opening("tcp/8444", to="192.168.1.1")]},
        {"target-outside-lan": "open.1.to"},
    ),
    "no host": ({"open": [opening("tcp/8443", to="server")]}, {"target-malformed": "open.0.to"}),
    "no network": ({"open": [opening("tcp/8443", sources=("everywhere",))]}, {"source-malformed": "open.0.from.0"}),
    "everybody by name": (
        {"open": [opening("tcp/8443", sources=("0.0.0.0/0",))]},
        {"source-everybody": "open.0.from.0"},
    ),
    # what is there
    "open already": ({"open": [opening("tcp/443")]}, {"opening-duplicate": "open.0.ports"}),
    "open already, merged": (
        {"on_overlap": "merge", "open": [opening("tcp/443")]},
        {"opening-merged": "open.0.ports", "request-nothing-to-do": "open"},
    ),
    "open already to everybody": (
        {"open": [opening("tcp/443", sources=(PARTNER,))]},
        {"opening-duplicate": "open.0.ports"},
    ),
    "open in part": ({"open": [opening("tcp/440-450")]}, {"opening-overlaps": "open.0.ports"}),
    "open in part, merged": (
        {"on_overlap": "merge", "open": [opening("tcp/440-450")]},
        {"opening-merged": "open.0.ports"},
    ),
    "leads elsewhere": ({"open": [opening("tcp/8005")]}, {"opening-port-taken": "open.0.ports"}),
    "leads elsewhere, merged or not": (
        {"on_overlap": "merge", "open": [opening("tcp/8005")]},
        {"opening-port-taken": "open.0.ports"},
    ),
    "leads to another port": ({"open": [opening("tcp/443", to_port=8443)]}, {"opening-port-taken": "open.0.ports"}),
    "asked twice": ({"open": [opening("tcp/8443"), opening("tcp/8443")]}, {"opening-duplicate": "open.1.ports"}),
    "asked twice, merged": ({"on_overlap": "merge", "open": [opening("tcp/8443"), opening("tcp/8443")]}, {}),
    "asked for two hosts": (
        {"open": [opening("tcp/8443"), opening("tcp/8440-8450", to=OTHER)]},
        {"opening-port-taken": "open.1.ports"},
    ),
    "the firewall and a host": ({"open": [opening("tcp/8443"), opening("tcp/8443", to=FIREWALL)]}, {}),
    "not open": ({"close": [opening("tcp/25")]}, {"closing-not-open": "close.0.ports"}),
    "open to another": ({"close": [opening("tcp/443", to=OTHER)]}, {"closing-not-open": "close.0.ports"}),
    "open in part only": ({"close": [opening("tcp/8000-8020", to=OTHER)]}, {"closing-not-open": "close.0.ports"}),
    "everything of a host that has nothing": (
        {"close": [opening("all", to="192.168.1.12")]},
        {"closing-not-open": "close.0.ports"},
    ),
    "a source of everybody": (
        {"close": [opening("tcp/443", sources=(PARTNER,))]},
        {"closing-open-to-everybody": "close.0.from"},
    ),
    "closed twice": (
        {"close": [opening("tcp/8000-8005", "tcp/8003", to=OTHER), opening("tcp/8005-8006", to=OTHER)]},
        {"closing-duplicate": "close.1.ports"},
    ),
    "there and back": (
        {"close": [opening("tcp/443")], "open": [opening("tcp/443")]},
        {"request-nothing-to-do": "open"},
    ),
    # when
    "no moment": ({"wanted": "tomorrow", "open": [opening("tcp/8443")]}, {"wanted-unreadable": "wanted"}),
    "no such day": ({"wanted": "2027-02-30T09:00", "open": [opening("tcp/8443")]}, {"wanted-unreadable": "wanted"}),
    "an hour that is skipped": (
        {"wanted": "2027-03-28T02:30", "open": [opening("tcp/8443")]},
        {"wanted-unreadable": "wanted"},
    ),
    "an hour that comes twice": (
        {"wanted": "2027-10-31T02:30", "open": [opening("tcp/8443")]},
        {"wanted-unreadable": "wanted"},
    ),
    "the second of the two": (
        {"wanted": "2027-10-31T02:30+01:00", "open": [opening("tcp/8443")]},
        {"wanted-outside-window": "wanted"},
    ),
    "yesterday": ({"wanted": "2026-11-22T09:00", "open": [opening("tcp/8443")]}, {"wanted-past": "wanted"}),
    "in two years": ({"wanted": "2028-11-22T09:00", "open": [opening("tcp/8443")]}, {"wanted-far": "wanted"}),
    "in a window": ({"wanted": "2026-11-24T09:00", "open": [opening("tcp/8443")]}, {}),
    "at night": ({"wanted": "2026-11-24T22:00", "open": [opening("tcp/8443")]}, {"wanted-outside-window": "wanted"}),
    "until a moment": ({"open": [opening("tcp/8443", until="2026-12-31T17:00")]}, {}),
    "until a holiday": (
        {"open": [opening("tcp/8443", until="2026-12-25T10:00")]},
        {"until-outside-window": "open.0.until"},
    ),
    "until yesterday": ({"open": [opening("tcp/8443", until="2026-11-22T09:00")]}, {"until-past": "open.0.until"}),
    "until it begins": (
        {"wanted": "2026-11-24T09:00", "open": [opening("tcp/8443", until="2026-11-24T09:00")]},
        {"until-past": "open.0.until"},
    ),
    "until the end of time": (
        {"open": [opening("tcp/8443", until="9999-12-31T23:59")]},
        {"until-unreadable": "open.0.until"},
    ),
    "merged, with an end": (
        {"on_overlap": "merge", "open": [opening("tcp/440-450", until="2026-12-31T17:00")]},
        {"until-overlaps": "open.0.ports"},
    ),
    "two ends": (
        {"on_overlap": "merge", "open": [opening("tcp/8443", until="2026-12-31T17:00"), opening("tcp/8443")]},
        {"until-overlaps": "open.1.ports"},
    ),
    # addresses
    "another address": ({"fixed_ipv4": "new"}, {}),
    "another pack": ({"ip_pack": {"block": "new", "side_by_side": "14d"}}, {}),
    "for too long": (
        {"ip_pack": {"block": "new", "side_by_side": "91d"}},
        {"request-side-by-side": "ip_pack.side_by_side"},
    ),
    "for no time": (
        {"ip_pack": {"block": "new", "side_by_side": "soon"}},
        {"request-side-by-side": "ip_pack.side_by_side"},
    ),
    "another next hop": ({"next_hop": "::20"}, {}),
    "the same next hop": ({"next_hop": "::0010"}, {"request-nothing-to-do": "next_hop"}),
    "the router's": ({"next_hop": "::1"}, {"next-hop-taken": "next_hop"}),
    "the network's": ({"next_hop": "::"}, {"next-hop-taken": "next_hop"}),
    "65 bits": ({"next_hop": "::1:0:0:0:1"}, {"next-hop-malformed": "next_hop"}),
    "a whole address": ({"next_hop": "2001:db8::20"}, {"next-hop-malformed": "next_hop"}),
    "no address": ({"next_hop": "20"}, {"next-hop-malformed": "next_hop"}),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_request_is_judged(row: str, world: World) -> None:
    in_service(world, **MANY)
    keys, found = ROWS[row]
    answer = submit(world, **keys)
    assert codes(answer) == found, answer.findings
    assert all(each.facts and each.remedy for each in answer.findings)


def test_every_code_is_tried() -> None:
    tried = {code for _, found in ROWS.values() for code in found}
    elsewhere = {
        "request-reference-reused",
        "requester-nobody-listed",
        "request-line-unknown",
        "request-line-ceased",
        "request-line-not-in-service",
        "request-line-not-whole",
        "request-firewall-not-managed",
        "request-pack-missing",
    }
    assert {each.name for each in change_codes.CODES} == (tried | elsewhere) - {
        each.name for each in order_codes.CODES
    }
    assert not {each.name for each in change_codes.CODES} & {each.name for each in order_codes.CODES}


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


# --- whatever is asked -----------------------------------------------------------------------------------------------

_WILD_PORTS = st.sampled_from(
    ["tcp/23", "udp/20-25", "tcp/443", "tcp/8005", "tcp/0", "tcp/25-20", "tcp/1-65535", "udp/65536", "all", "none", ""]
) | st.integers(1, 65535).map("udp/{}".format)
_WILD_TARGETS = st.sampled_from([HOST, OTHER, FIREWALL, "192.168.1.1", "10.0.0.0", "255.255.255.255", "fd00::1", "x"])
_WILD_SOURCES = st.lists(
    st.sampled_from([PARTNER, "198.51.100.7", "0.0.0.0/0", "2001:db8::/32", "10.0.0.1/24", "fe80::1%0", "x", ""]),
    max_size=3,
)
_WILD_MOMENTS = st.sampled_from(
    ["2026-12-31T17:00", "2026-11-22T09:00", "2027-03-28T02:30", "9999-12-31T23:59", "0001-01-01T00:00", "soon", ""]
)


def _wild_items(*, opens: bool) -> st.SearchStrategy[list[dict[str, Any]]]:
    keys: dict[str, st.SearchStrategy[Any]] = {"from": _WILD_SOURCES}
    if opens:
        keys |= {"until": _WILD_MOMENTS, "to_port": st.sampled_from([0, 22, 23, 443, 65535, -1])}
    required = {"ports": st.lists(_WILD_PORTS, max_size=3), "to": _WILD_TARGETS}
    return st.lists(st.fixed_dictionaries(required, optional=keys), max_size=3)


_WILD = st.fixed_dictionaries(
    {},
    optional={
        "requester": st.sampled_from(["contact@example.org", "x"]),
        "wanted": _WILD_MOMENTS,
        "on_overlap": st.sampled_from(["refuse", "merge"]),
        "open": _wild_items(opens=True),
        "close": _wild_items(opens=False),
        "next_hop": st.sampled_from(["::20", "::1", "", "x", "::1:0:0:0:1"]),
        "ip_pack": st.just({"block": "new"}),
    },
)


@pytest.fixture(scope="module")
def judged_world() -> Iterator[World]:
    store = Store.in_memory()
    world = World(store)
    in_service(world, **MANY)
    yield world
    store.close()


@given(keys=_WILD)
@settings(deadline=None, max_examples=300)
def test_whatever_is_asked_is_judged_and_port_23_stays_shut(judged_world: World, keys: dict[str, Any]) -> None:
    form = form_of({**content(), **keys})
    with judged_world.store.read() as connection:
        line = lines.need_line(connection, LINE)
    answer = judge(form, line, now=judged_world.clock.now())
    assert all(each.facts and each.remedy and each.reason for each in answer.findings)
    if answer.accepted:
        amended = amend_form(line.form, plain(form))
        assert amend_form(amended, plain(form)) == amended
        assert check_whole(stored(amended, LINE), NOON.date(), sold=line.formula).accepted
        for each in openings_of(amended):
            assert MANAGEMENT_PORT not in each.ports
            assert MANAGEMENT_PORT not in each.target_ports


# --- when time has passed --------------------------------------------------------------------------------------------


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
