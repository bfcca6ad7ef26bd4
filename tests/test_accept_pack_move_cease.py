"""Orders on the store that grow and shrink IP Packs, move lines and cease them."""

from datetime import timedelta

import pytest
from accepting import (
    ALL_BUT_PACK,
    accepted,
    addresses,
    change,
    devices_of,
    line_of,
    new,
    order_numbers,
    pack,
    refusals,
    resting,
    steps,
)
from forms import FormData
from worlds import NOON, World, dump

from provisioning.addressing.pool import PURPOSES
from provisioning.model.intent import Role
from provisioning.model.line import LineState
from provisioning.store import assigning
from provisioning.store.assigning import Step
from provisioning.store.assignments import Release

# --- IP Packs ------------------------------------------------------------------------------------------------------


def test_a_pack_grows_in_place_while_its_neighbours_are_free(world: World) -> None:
    accepted(world, new(1, options=pack(4)))
    for number, size, prefix in ((2, 8, "198.51.100.0/29"), (3, 16, "198.51.100.0/28"), (4, 256, "198.51.100.0/24")):
        answer = accepted(world, change(number, options=pack(size)))
        assert steps(answer)[Role.IP_PACK] is Step.GROWN
        assert addresses(answer)[Role.IP_PACK] == prefix
        assert not answer.findings
    assert not resting(world)


def test_a_pack_whose_neighbour_is_taken_is_renumbered_with_a_warning(world: World) -> None:
    accepted(world, new(1, options=pack(4)))
    accepted(world, new(2, options=pack(4)))
    answer = accepted(world, change(3, options=pack(8)))
    assert steps(answer)[Role.IP_PACK] is Step.RENUMBERED
    assert addresses(answer)[Role.IP_PACK] == "198.51.100.8/29"
    [finding] = answer.findings
    assert (finding.code, finding.where) == ("renumbered", "options.ip_pack")
    assert "198.51.100.0/30" in finding.reason
    assert "198.51.100.8/29" in finding.reason
    assert [(each.address, each.line) for each in resting(world)] == [("198.51.100.0/30", "L-1")]


def test_a_pack_shrinks_to_its_start_and_the_rest_rests(world: World) -> None:
    accepted(world, new(1, options=pack(16)))
    answer = accepted(world, change(2, options=pack(4)))
    assert steps(answer)[Role.IP_PACK] is Step.SHRUNK
    assert addresses(answer)[Role.IP_PACK] == "198.51.100.0/30"
    assert [each.address for each in resting(world)] == ["198.51.100.4/30", "198.51.100.8/29"]


def test_what_a_pack_lost_comes_back_to_it_alone(world: World) -> None:
    accepted(world, new(1, options=pack(16)))
    accepted(world, change(2, options=pack(4)))
    other = accepted(world, new(3, options=pack(4)))
    assert addresses(other)[Role.IP_PACK] == "198.51.100.16/30"
    answer = accepted(world, change(4, options=pack(16)))
    assert steps(answer)[Role.IP_PACK] is Step.GROWN
    assert addresses(answer)[Role.IP_PACK] == "198.51.100.0/28"
    assert not resting(world)


def test_a_dropped_pack_rests_for_its_time_and_then_serves_others(world: World) -> None:
    accepted(world, new(1, options=pack(4)))
    answer = accepted(world, change(2, options={"ip_pack": None}))
    assert steps(answer) == {**dict.fromkeys(ALL_BUT_PACK, Step.KEPT), Role.IP_PACK: Step.RELEASED}
    [rest] = resting(world)
    assert rest.quarantine_until == NOON + timedelta(days=30)
    assert rest.release_reason is not None
    assert "PX-2026-000002" in rest.release_reason
    world.clock.move(days=29, hours=23)
    assert addresses(accepted(world, new(3, options=pack(4))))[Role.IP_PACK] == "198.51.100.4/30"
    world.clock.move(hours=1)
    assert addresses(accepted(world, new(4, options=pack(4))))[Role.IP_PACK] == "198.51.100.0/30"


def test_what_was_released_by_hand_comes_back_when_the_order_is_accepted_again(world: World) -> None:
    first = accepted(world, new(1, options=pack(4)))
    for role in PURPOSES:
        with world.store.write() as connection:
            assigning.release_role(connection, "L-1", role, Release("by hand", world.clock.now(), 30))
    other = accepted(world, new(2, options=pack(4)))
    assert not set(addresses(other).values()) & set(addresses(first).values())
    again = accepted(world, new(1, options=pack(4)))
    assert addresses(again) == addresses(first)
    assert set(steps(again).values()) == {Step.ASSIGNED}


# --- move and cease ------------------------------------------------------------------------------------------------


def test_a_move_to_another_port_changes_the_ont_id_only(world: World) -> None:
    accepted(world, new(1, formula="fullfiber-extended"))
    first = accepted(world, new(2, options=pack(4)))
    assert addresses(first)[Role.ONT_ID] == "1"
    site = {"address": "44 Rue de l'Herboriste", "mobile_coverage": "good"}
    answer = accepted(world, change(3, "L-2", kind="move", site=site, ont={"port": "0/1/1"}))
    assert {role for role, step in steps(answer).items() if step is not Step.KEPT} == {Role.ONT_ID}
    assert addresses(answer)[Role.ONT_ID] == "0"
    assert not answer.findings, "nobody renumbers for an ONT id"
    assert line_of(world, "L-2").site == "44 Rue de l'Herboriste"
    onts = [(device.port, device.until) for device in devices_of(world, "L-2") if device.kind == "ont"]
    assert onts == [("0/1/0", NOON), ("0/1/1", None)]


def test_a_line_that_moves_back_gets_its_number_back(world: World) -> None:
    accepted(world, new(1))
    accepted(world, new(2))
    site = {"address": "2 Rue"}
    accepted(world, change(3, "L-2", kind="move", site=site, ont={"port": "0/1/1"}))
    answer = accepted(world, change(4, "L-2", kind="move", site=site, ont={"port": "0/1/0"}))
    assert addresses(answer)[Role.ONT_ID] == "1"


def test_each_port_counts_its_own_onts(world: World) -> None:
    ids = []
    for number, (olt, port) in enumerate(
        [
            ("olt-brussels-1", "0/1/0"),
            ("olt-brussels-1", "0/1/1"),
            ("olt-namur-1", "0/1/0"),
            ("olt-brussels-1", "0/1/0"),
        ]
    ):
        form = new(number, ont={"serial": f"HWTC{number:08d}", "olt": olt, "port": port})
        ids.append(addresses(accepted(world, form))[Role.ONT_ID])
    assert ids == ["0", "0", "0", "1"]


def test_a_cease_puts_everything_to_rest_and_ends_the_devices(world: World) -> None:
    before = accepted(world, new(1, options=pack(8)))
    answer = accepted(world, change(2, kind="cease"))
    assert set(steps(answer)) == set(PURPOSES)
    assert set(steps(answer).values()) == {Step.RELEASED}
    assert {each.address for each in resting(world)} == set(addresses(before).values())
    days = {each.role: each.quarantine_until - NOON for each in resting(world) if each.quarantine_until}
    assert days == {**dict.fromkeys(PURPOSES, timedelta(days=30)), Role.ONT_ID: timedelta(days=1)}
    line = line_of(world)
    assert (line.state, line.ceased_at) == (LineState.CEASED, NOON)
    assert {device.until for device in devices_of(world)} == {NOON}
    assert order_numbers(world) == ["PX-2026-000001", "PX-2026-000002"]


def test_a_cease_asked_again_changes_nothing(world: World) -> None:
    accepted(world, new(1))
    accepted(world, change(2, kind="cease"))
    before = dump(world.store)
    for form in (change(2, kind="cease"), new(1)):
        again = accepted(world, form)
        assert (again.known, again.line, again.assigned) == (True, "L-1", ())
    assert dump(world.store) == before


@pytest.mark.parametrize(
    ("kind", "keys"), [("change", {"term_months": 12}), ("move", {"site": {"address": "2 Rue"}}), ("cease", {})]
)
def test_a_ceased_line_takes_no_orders(world: World, kind: str, keys: FormData) -> None:
    accepted(world, new(1))
    accepted(world, change(2, kind="cease"))
    assert refusals(world, change(3, kind=kind, **keys)) == ["line-ceased"]


@pytest.mark.parametrize("line", ["L-2", "L-999999999999999999"])
@pytest.mark.parametrize(
    ("kind", "keys"), [("change", {"term_months": 12}), ("move", {"site": {"address": "2 Rue"}}), ("cease", {})]
)
def test_an_unknown_line_takes_no_orders(world: World, line: str, kind: str, keys: FormData) -> None:
    accepted(world, new(1))
    assert refusals(world, change(3, line, kind=kind, **keys)) == ["line-unknown"]


def test_the_devices_of_a_ceased_line_may_serve_again(world: World) -> None:
    accepted(world, new(1))
    accepted(world, change(2, kind="cease"))
    again = new(3)
    again |= {"cpe": new(1)["cpe"], "ont": new(1)["ont"]}
    assert accepted(world, again).line == "L-2"
