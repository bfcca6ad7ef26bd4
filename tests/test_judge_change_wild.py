"""Whatever a change request asks, it is judged, and port 23 stays shut."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requested_changes import (
    FIREWALL,
    HOST,
    LINE,
    MANY,
    OTHER,
    PARTNER,
    content,
    form_of,
    in_service,
)
from worlds import NOON, World

from provisioning.changes.amend_form import amend_form
from provisioning.changes.judge import judge
from provisioning.changes.openings import openings_of
from provisioning.changes.request import plain
from provisioning.model.port_range import MANAGEMENT_PORT
from provisioning.orders.amend import stored
from provisioning.orders.check import check_whole
from provisioning.store import lines
from provisioning.store.engine import Store

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
