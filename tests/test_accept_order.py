"""Orders on the store: new ones and changes, asked once and again, planned and accepted."""

import json
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

import pytest
import yaml
from accepting import (
    accept,
    accepted,
    addresses,
    change,
    devices_of,
    line_of,
    new,
    order_numbers,
    pack,
    refusals,
    steps,
)
from forms import FormData, typed
from worlds import NOON, Command, World, dump

from provisioning.addressing.pool import PURPOSES
from provisioning.model.intent import Role
from provisioning.model.line import LineState
from provisioning.orders.amend import digest
from provisioning.orders.read import read
from provisioning.store import lines
from provisioning.store.assigning import Step
from provisioning.store.engine import FILE_NAME
from provisioning.workflows.accept_order import Acceptance, accept_order, plan_order

# --- new -----------------------------------------------------------------------------------------------------------


def test_a_new_order_gets_a_line_with_all_it_needs(world: World) -> None:
    answer = accepted(world, new(options=pack(8)))
    assert (answer.line, answer.known) == ("L-1", False)
    assert set(steps(answer)) == set(PURPOSES)
    assert set(steps(answer).values()) == {Step.ASSIGNED}
    addressed = answer.addressed
    assert addressed is not None
    assert addressed.fixed_ipv4 == IPv4Address("192.0.2.1")
    assert addressed.ip_pack == IPv4Network("198.51.100.0/29")
    assert addressed.management == IPv4Address("10.255.0.0")
    assert addressed.ont_id == 0
    assert addressed.ipv6 is not None
    assert addressed.ipv6.block == IPv6Network("2001:db8::/56")
    assert addressed.ipv6.routed_half == IPv6Network("2001:db8:0:80::/57")
    assert line_of(world).state is LineState.ACCEPTED


def test_accepted_again_it_is_the_same_line_with_the_same_addresses(world: World) -> None:
    first = accepted(world, new(options=pack(8)))
    before = dump(world.store)
    again = accepted(world, new(options=pack(8)))
    assert (again.line, again.known) == (first.line, True)
    assert set(steps(again).values()) == {Step.KEPT}
    assert again.addressed == first.addressed
    assert dump(world.store) == before


def test_yaml_and_json_in_any_order_of_keys_are_one_order(world: World, tmp_path: Path) -> None:
    form = new(options=pack(8), lan={"subnet": "192.168.7.0/24", "customer_firewall": True})
    as_yaml, as_json = tmp_path / "order.yaml", tmp_path / "order.json"
    as_yaml.write_text(yaml.safe_dump(form, sort_keys=True), "utf-8")
    as_json.write_text(json.dumps(dict(reversed(form.items()))), "utf-8")
    assert digest(read(as_yaml)) == digest(read(as_json))
    accept_order(read(as_yaml), world.around)
    assert accept_order(read(as_json), world.around).known


def test_an_order_number_stands_for_one_content(world: World) -> None:
    accepted(world, new(1))
    assert refusals(world, new(1, term_months=24)) == ["order-number-reused"]
    assert refusals(world, change(1, options=pack(4))) == ["order-number-reused"]
    assert refusals(world, change(1, kind="cease")) == ["order-number-reused"]


def test_an_old_order_asked_again_does_not_undo_what_came_after(world: World) -> None:
    first = accepted(world, new(1))
    accepted(world, change(2, options=pack(4)))
    before = dump(world.store)
    again = accepted(world, new(1))
    assert again.known
    assert addresses(again) == {**addresses(first), Role.IP_PACK: "198.51.100.0/30"}
    assert dump(world.store) == before


def test_two_lines_never_share(world: World) -> None:
    one, other = accepted(world, new(1, options=pack(4))), accepted(world, new(2, options=pack(4)))
    assert one.line != other.line
    assert not set(addresses(one).values()) & set(addresses(other).values())


def test_warnings_are_told_and_kept(world: World) -> None:
    site = {"address": "1 Rue Exemple", "mobile_coverage": "unknown"}
    answer = accepted(world, new(site=site, options={"mobile_backup": True}))
    assert [finding.code for finding in answer.findings] == ["coverage-unknown"]
    with world.store.read() as connection:
        [order] = lines.orders_of(connection, "L-1")
    assert order.warnings == ("coverage-unknown",)


def test_a_refused_form_makes_nothing(world: World) -> None:
    assert refusals(world, new(formula="internet-essential")) == ["formula-stop-sell"]


# --- plan ----------------------------------------------------------------------------------------------------------

PLANNED: list[list[FormData]] = [
    [new(1, options=pack(8))],
    [new(1), new(1)],
    [new(1, options=pack(4)), new(2, options=pack(4)), change(3, options=pack(16))],
    [new(1), change(2, kind="move", site={"address": "2 Rue"}, ont={"port": "0/1/1"})],
    [new(1, options=pack(16)), change(2, options=pack(4))],
    [new(1, options=pack(16)), change(2, kind="cease")],
    [new(1), change(2, kind="cease"), change(2, kind="cease")],
]


@pytest.mark.parametrize("forms", PLANNED, ids=["new", "again", "renumbered", "move", "shrink", "cease", "ceased"])
def test_what_is_planned_is_what_is_accepted_and_leaves_no_trace(world: World, forms: list[FormData]) -> None:
    for form in forms[:-1]:
        accepted(world, form)
    before = dump(world.store)
    planned = plan_order(typed(forms[-1]), world.around)
    assert dump(world.store) == before
    answer = accept(world, forms[-1])
    assert answer.accepted
    assert told(answer) == told(planned)


def told(answer: Acceptance) -> list[Any]:
    """All that an acceptance says, but for the keys of rows."""
    blocks = [
        (each.step, each.assignment.role, each.assignment.address, each.before.address if each.before else None)
        for each in answer.assigned
    ]
    return [answer.line, answer.known, answer.findings, answer.product, answer.addressed, *blocks]


def test_a_plan_on_disk_does_not_touch_the_file(world_on_disk: World, tmp_path: Path) -> None:
    accepted(world_on_disk, new(1))
    world_on_disk.store.close()
    before = (tmp_path / "state" / FILE_NAME).read_bytes()
    assert plan_order(typed(new(2)), world_on_disk.around).accepted
    world_on_disk.store.close()
    assert (tmp_path / "state" / FILE_NAME).read_bytes() == before


def test_a_plan_without_a_store_makes_none(proviso: Command) -> None:
    answer = proviso("order", "plan", "examples/orders/fullfiber-extended.yaml", "--json")
    assert (answer.code, answer.json["line"]) == (0, "L-1")
    assert not proviso.state.exists()


# --- change --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "keys",
    [
        {"options": {"speed": "fiber-up", "sla": "premium"}},
        {"formula": "fiber-internet-pro-plus"},
        {"wifi": {"enabled": True, "ssid": "Exemple"}},
        {"term_months": 36},
        {"customer": {"name": "Another name"}},
        {"cpe": {"serial": "LX7777"}},
        {"lan": {"subnet": "192.168.9.0/24"}},
    ],
    ids=lambda keys: next(iter(keys)),
)
def test_a_change_keeps_every_address(world: World, keys: FormData) -> None:
    before = accepted(world, new(1))
    after = accepted(world, change(2, **keys))
    assert (after.line, after.known) == ("L-1", False)
    assert set(steps(after).values()) == {Step.KEPT}
    assert addresses(after) == addresses(before)
    assert order_numbers(world) == ["PX-2026-000001", "PX-2026-000002"]


def test_a_change_changes_what_it_names_and_nothing_else(world: World) -> None:
    accepted(world, new(1, options={"speed": "fiber-up", "mobile_backup": True}, wifi={"enabled": True, "ssid": "A"}))
    answer = accepted(world, change(2, options={"speed": "extended-boost"}, wifi={"channel": 36}))
    assert answer.product is not None
    assert str(answer.product.rate) == "500/100"
    assert answer.product.mobile_backup
    assert answer.product.wifi is not None
    assert (answer.product.wifi.ssid, answer.product.wifi.channel) == ("A", 36)


def test_null_takes_an_option_away(world: World) -> None:
    accepted(world, new(1, options={"speed": "fiber-up", "mobile_backup": True}))
    answer = accepted(world, change(2, options={"mobile_backup": None}))
    assert answer.product is not None
    assert not answer.product.mobile_backup
    assert str(answer.product.rate) == "1000/500"
    options = line_of(world).form["options"]
    assert options == {"speed": "fiber-up"}


@pytest.mark.parametrize("key", ["customer", "site", "formula", "cpe", "ont"])
def test_null_does_not_take_away_what_a_line_needs(world: World, key: str) -> None:
    accepted(world, new(1))
    kind = "move" if key == "site" else "change"
    nothing: FormData = {key: None}
    codes = refusals(world, change(2, kind=kind, **nothing))
    assert set(codes) <= {"key-missing", "cpe-missing", "ont-missing"}


def test_a_list_is_replaced_as_a_whole(world: World) -> None:
    accepted(world, new(1, servers=[{"ports": ["tcp/80"], "to": "192.168.1.10"}]))
    answer = accepted(world, change(2, servers=[{"ports": ["tcp/443"], "to": "192.168.1.11"}]))
    assert answer.addressed is not None
    assert [str(each.ports) for each in answer.addressed.intent.port_mappings] == ["tcp/443"]


def test_a_line_that_is_sold_no_more_may_change(world: World) -> None:
    form = new(1, formula="internet-essential")
    with world.store.write() as connection:
        lines.add_line(
            connection, formula=form["formula"], customer="c", site="s", form={**form, "kind": "new"}, now=NOON
        )
    answer = accepted(world, change(2, wifi={"enabled": True, "ssid": "A"}))
    assert answer.product is not None
    assert answer.product.formula == "internet-essential"
    assert refusals(world, new(3, formula="internet-essential")) == ["formula-stop-sell"]


def test_a_line_cannot_change_to_what_is_sold_no_more(world: World) -> None:
    accepted(world, new(1, formula="internet-pro"))
    assert refusals(world, change(2, formula="internet-essential")) == ["formula-stop-sell"]


def test_a_rush_date_does_not_spoil_a_later_change(world: World) -> None:
    rushed = new(1, formula="temporary-fullfiber-extended", options={"rush": {"rfs": "2026-11-24"}})
    accepted(world, rushed)
    world.clock.move(days=100)
    assert accepted(world, change(2, term_months=12)).product is not None
    assert accepted(world, rushed).known
    assert "rush-date-past" in refusals(
        world, {**rushed, "order": "PX-2026-000003", "cpe": {**rushed["cpe"], "serial": "N"}}
    )


def test_a_day_ends_when_it_ends_in_brussels(world: World) -> None:
    rushed = new(1, formula="temporary-fullfiber-extended", options={"rush": {"rfs": "2026-11-23"}})
    world.clock.moment = datetime(2026, 11, 23, 22, 59, tzinfo=UTC)
    assert plan_order(typed(rushed), world.around).accepted
    world.clock.move(minutes=1)
    assert refusals(world, rushed) == ["rush-date-past"]


def test_a_change_is_judged_as_the_whole_that_results(world: World) -> None:
    accepted(world, new(1, lan={"subnet": "192.168.1.0/24"}, servers=[{"ports": ["tcp/80"], "to": "192.168.1.9"}]))
    assert refusals(world, change(2, lan={"subnet": "192.168.2.0/24"})) == ["target-outside-lan"]
    assert refusals(world, change(3, formula="internet-pro")) == ["ont-on-copper", "opening-no-address"]


def test_a_change_to_the_customers_own_router_takes_ours_back(world: World) -> None:
    accepted(world, new(1, options=pack(4)))
    answer = accepted(world, change(2, formula="fullfiber-extended-essential", cpe=None))
    assert steps(answer)[Role.MANAGEMENT] is Step.RELEASED
    assert steps(answer)[Role.IP_PACK] is Step.KEPT
    assert [(device.kind, device.until) for device in devices_of(world)] == [("cpe", NOON), ("ont", None)]
