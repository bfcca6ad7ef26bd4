"""Change requests worked into order forms: nothing opens that nobody asked for, and what is there stays."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network
from time import perf_counter
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from provisioning.changes.amend_form import amend_form
from provisioning.changes.openings import openings_of
from provisioning.model.opening import Opening
from provisioning.model.port_range import MANAGEMENT_PORT, PortRange, Protocol

HOST, OTHER = "192.168.1.10", "192.168.1.11"
FIREWALL = "customer_firewall"
PARTNER, SECOND = "198.51.100.0/24", "203.0.113.0/25"

Form = dict[str, Any]


def shown(form: Mapping[str, object]) -> list[str]:
    return [str(each) for each in openings_of(form)]


def with_servers(*servers: Form, firewall: bool = False) -> Form:
    lan = {"lan": {"customer_firewall": True}} if firewall else {}
    return {"formula": "fullfiber-extended", **lan, "servers": list(servers)}


def opening(*ports: str, to: str = HOST, sources: tuple[str, ...] = (), **keys: Any) -> Form:
    return {"open": [item(ports, to, sources) | keys]}


def closing(*ports: str, to: str = HOST, sources: tuple[str, ...] = ()) -> Form:
    return {"close": [item(ports, to, sources)]}


def item(ports: tuple[str, ...], to: str, sources: tuple[str, ...]) -> Form:
    return {"ports": list(ports), "to": to, **({"from": list(sources)} if sources else {})}


# --- what a form opens ---------------------------------------------------------------------------------------------


def test_a_server_without_ports_has_the_standard_set() -> None:
    found = openings_of(with_servers({"to": HOST}))
    assert [each.ports.first for each in found] == [20, 21, 22, 25, 80, 110, 119, 143, 220, 443]
    assert {each.target for each in found} == {IPv4Address(HOST)}


def test_an_announced_firewall_has_the_standard_set_until_an_entry_says_otherwise() -> None:
    assert len(openings_of(with_servers(firewall=True))) == 10
    assert shown(with_servers({"to": FIREWALL, "ports": ["udp/500"]}, firewall=True)) == [
        "udp/500 to customer_firewall"
    ]
    assert shown(with_servers({"to": FIREWALL, "ports": ["none"]}, firewall=True)) == []


def test_all_is_everything_but_port_23() -> None:
    assert shown(with_servers({"to": FIREWALL, "ports": ["all"]}, firewall=True)) == [
        "tcp/1-22 to customer_firewall",
        "tcp/24-65535 to customer_firewall",
        "udp/1-22 to customer_firewall",
        "udp/24-65535 to customer_firewall",
    ]


def test_translation_and_sources_are_told() -> None:
    form = with_servers({"ports": ["tcp/8443"], "to": HOST, "to_port": 443, "from": [SECOND, PARTNER]})
    (found,) = openings_of(form)
    assert found == Opening(
        PortRange("tcp", 8443, 8443), IPv4Address(HOST), 443, (IPv4Network(PARTNER), IPv4Network(SECOND))
    )


# --- row by row ----------------------------------------------------------------------------------------------------

WEB = {"ports": ["tcp/443"], "to": HOST}

ROWS: dict[str, tuple[Form, Form, list[Form]]] = {
    "a first opening": ({}, opening("tcp/443"), [WEB]),
    "into the entry that is alike": (
        with_servers(WEB),
        opening("tcp/8443"),
        [{"ports": ["tcp/443", "tcp/8443"], "to": HOST}],
    ),
    "what is open already": (with_servers(WEB), opening("tcp/443"), [WEB]),
    "what is open to everybody is open to a partner": (
        with_servers(WEB),
        opening("tcp/443", sources=(PARTNER,)),
        [WEB],
    ),
    "a partner more": (
        with_servers({**WEB, "from": [PARTNER]}),
        opening("tcp/443", sources=(SECOND,)),
        [{"ports": ["tcp/443"], "to": HOST, "from": [PARTNER, SECOND]}],
    ),
    "to everybody after all": (with_servers({**WEB, "from": [PARTNER]}), opening("tcp/443"), [WEB]),
    "a wider range takes the narrower in": (
        with_servers(WEB),
        opening("tcp/440-450"),
        [{"ports": ["tcp/440-450"], "to": HOST}],
    ),
    "a translation stands alone": (
        with_servers(WEB),
        opening("tcp/8443", to_port=443),
        [WEB, {"ports": ["tcp/8443"], "to": HOST, "to_port": 443}],
    ),
    "out of the standard set": (
        with_servers({"to": HOST}),
        closing("tcp/25"),
        [
            {
                "to": HOST,
                "ports": [f"tcp/{port}" for port in (20, 21, 22, 80, 110, 119, 143, 220, 443)],
            }
        ],
    ),
    "the standard set stays unspoken beside another opening": (
        with_servers({"to": HOST}),
        opening("udp/500"),
        [{"to": HOST}, {"ports": ["udp/500"], "to": HOST}],
    ),
    "the implied openings of the firewall stay when another comes": (
        with_servers(firewall=True),
        opening("udp/500", to=FIREWALL),
        [{"to": FIREWALL}, {"ports": ["udp/500"], "to": FIREWALL}],
    ),
    "nothing is open towards the firewall, and the form says so": (
        with_servers(firewall=True),
        closing("all", to=FIREWALL),
        [{"to": FIREWALL, "ports": ["none"]}],
    ),
    "towards a firewall that was closed": (
        with_servers({"to": FIREWALL, "ports": ["none"]}, firewall=True),
        opening("udp/500", to=FIREWALL),
        [{"ports": ["udp/500"], "to": FIREWALL}],
    ),
    "out of all": (
        with_servers({"to": FIREWALL, "ports": ["all"]}, firewall=True),
        closing("tcp/1-1024", "udp/1-65535", to=FIREWALL),
        [{"ports": ["tcp/1025-65535"], "to": FIREWALL}],
    ),
    "out of the middle of a translated range": (
        with_servers({"ports": ["tcp/8000-8010"], "to": HOST, "to_port": 80}),
        closing("tcp/8005"),
        [
            {"ports": ["tcp/8000-8004"], "to": HOST, "to_port": 80},
            {"ports": ["tcp/8006-8010"], "to": HOST, "to_port": 86},
        ],
    ),
    "one partner less": (
        with_servers({**WEB, "from": [PARTNER, SECOND]}),
        closing("tcp/443", sources=(PARTNER,)),
        [{"ports": ["tcp/443"], "to": HOST, "from": [SECOND]}],
    ),
    "the last partner": (with_servers({**WEB, "from": [PARTNER]}), closing("tcp/443", sources=(PARTNER,)), []),
    "a partner out of everybody": (with_servers(WEB), closing("tcp/443", sources=(PARTNER,)), [WEB]),
    "towards another host": (with_servers(WEB), closing("tcp/443", to=OTHER), [WEB]),
    "a server moves": (
        with_servers(WEB),
        {**closing("tcp/443"), **opening("tcp/443", to=OTHER)},
        [{"ports": ["tcp/443"], "to": OTHER}],
    ),
    "from everybody to a partner": (
        with_servers(WEB),
        {**closing("tcp/443"), **opening("tcp/443", sources=(PARTNER,))},
        [{"ports": ["tcp/443"], "to": HOST, "from": [PARTNER]}],
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_request_is_worked_in(row: str) -> None:
    form, content, servers = ROWS[row]
    amended = amend_form(form, content)
    assert amended == {**form, "servers": servers}
    assert amend_form(amended, content) == amended


def test_the_next_hop_stands_in_the_lan() -> None:
    form = with_servers(firewall=True)
    amended = amend_form(form, {"next_hop": "::20"})
    assert amended == {**form, "lan": {"customer_firewall": True, "next_hop": "::20"}}
    assert amend_form(amended, {"next_hop": "::20"}) == amended


@pytest.mark.parametrize("content", [{"fixed_ipv4": "new"}, {"ip_pack": {"block": "new"}}])
def test_other_addresses_leave_the_form_as_it_is(content: Form) -> None:
    form = with_servers(WEB)
    assert amend_form(form, content) == form


# --- whatever the form and the request are ---------------------------------------------------------------------------

_PORTS = st.sampled_from([22, 24, 25, 80, 443, 8000, 8010, 65535]) | st.integers(24, 65535)

_PROTOCOLS: st.SearchStrategy[Protocol] = st.sampled_from(["tcp", "udp"])


@st.composite
def _ranges(draw: st.DrawFn) -> str:
    protocol, first = draw(_PROTOCOLS), draw(_PORTS)
    last = first if first < MANAGEMENT_PORT else min(65535, first + draw(st.integers(0, 12)))
    return str(PortRange(protocol, first, last))


_SOURCES = st.lists(st.sampled_from([PARTNER, SECOND, "198.51.100.16/28", "192.0.2.7/32"]), min_size=1, unique=True)


@st.composite
def _entries(draw: st.DrawFn, *, ports: bool) -> Form:
    entry: Form = {"to": draw(st.sampled_from([HOST, OTHER, FIREWALL]))}
    if ports or draw(st.booleans()):
        entry["ports"] = draw(st.lists(_ranges(), min_size=1, max_size=4))
    if draw(st.booleans()):
        entry["from"] = draw(_SOURCES)
    if "ports" in entry and len(entry["ports"]) == 1 and draw(st.booleans()):
        ports_named = PortRange.parse(entry["ports"][0])
        entry["to_port"] = draw(st.integers(24, 65535 - (ports_named.last - ports_named.first)))
    return entry


@st.composite
def forms(draw: st.DrawFn) -> Form:
    servers = draw(st.lists(_entries(ports=False), max_size=5))
    return with_servers(*servers, firewall=draw(st.booleans()))


@st.composite
def contents(draw: st.DrawFn) -> Form:
    closes = [
        {key: value for key, value in each.items() if key != "to_port"}
        for each in draw(st.lists(_entries(ports=True), max_size=3))
    ]
    return {"open": draw(st.lists(_entries(ports=True), max_size=3)), "close": closes}


def let_in(form: Mapping[str, object]) -> set[tuple[str, int, str, int, str]]:
    """Who gets where: protocol, port, target, the target's port, and a source or everybody."""
    found: set[tuple[str, int, str, int, str]] = set()
    for each in openings_of(form):
        for port in {
            each.ports.first,
            each.ports.last,
            *range(each.ports.first, min(each.ports.last, each.ports.first + 30) + 1),
        }:
            inside = each.target_ports.first + port - each.ports.first
            sources = [str(one) for one in each.sources] or ["everybody"]
            found.update((each.ports.protocol, port, str(each.target), inside, source) for source in sources)
    return found


@settings(deadline=None)
@given(forms(), contents())
def test_worked_in_twice_is_worked_in_once(form: Form, content: Form) -> None:
    amended = amend_form(form, content)
    assert amend_form(amended, content) == amended


@settings(deadline=None)
@given(forms(), contents())
def test_closing_never_opens_anything(form: Form, content: Form) -> None:
    before = openings_of(form)
    for each in openings_of(amend_form(form, {"close": content["close"]})):
        assert any(
            each.target == one.target
            and each.ports.protocol == one.ports.protocol
            and one.ports.first <= each.ports.first
            and each.ports.last <= one.ports.last
            and each.target_ports.first - each.ports.first == one.target_ports.first - one.ports.first
            and (not one.sources or (each.sources and set(each.sources) <= set(one.sources)))
            for one in before
        ), each


@settings(deadline=None)
@given(forms(), contents())
def test_what_is_closed_is_closed(form: Form, content: Form) -> None:
    closes = [each for each in content["close"] if "from" not in each]
    after = openings_of(amend_form(form, {"close": closes}))
    for entry in closes:
        for ports in map(PortRange.parse, entry["ports"]):
            assert not any(str(each.target) == entry["to"] and each.ports.overlaps(ports) for each in after)


@settings(deadline=None)
@given(forms(), contents())
def test_opening_closes_nothing_and_opens_what_was_asked(form: Form, content: Form) -> None:
    asked = {"servers": content["open"]}
    before, after = let_in(form), let_in(amend_form(form, {"open": content["open"]}))
    for protocol, port, target, inside, source in before | let_in(asked):
        reached = {each[4] for each in after if each[:4] == (protocol, port, target, inside)}
        wider = {PARTNER} if source == "198.51.100.16/28" else set()
        assert reached & ({source, "everybody"} | wider), (protocol, port, target, inside, source)


@settings(deadline=None)
@given(forms(), contents())
def test_what_was_opened_and_is_closed_again_leaves_what_was_there(form: Form, content: Form) -> None:
    before = openings_of(form)
    fresh = [
        {**each, "ports": ports}
        for each in content["open"]
        if (
            ports := [
                ports
                for ports in each["ports"]
                if not any(PortRange.parse(ports).overlaps(one.ports) for one in before)
            ]
        )
    ]
    assume(fresh)
    closes = [{"ports": each["ports"], "to": each["to"]} for each in fresh]
    assert openings_of(amend_form(amend_form(form, {"open": fresh}), {"close": closes})) == before


@settings(deadline=None)
@given(forms(), contents())
def test_port_23_is_never_opened(form: Form, content: Form) -> None:
    assert not any(MANAGEMENT_PORT in each.ports for each in openings_of(amend_form(form, content)))


def test_two_thousand_openings_take_no_time() -> None:
    form = with_servers(*({"ports": [f"tcp/{1024 + 2 * number}"], "to": HOST} for number in range(2000)))
    content = {"open": [{"ports": [f"udp/{1024 + 2 * number}"], "to": OTHER} for number in range(2000)]}
    begun = perf_counter()
    amended = amend_form(form, content)
    assert perf_counter() - begun < 2
    assert len(openings_of(amended)) == 4000
    assert amend_form(amended, content) == amended
