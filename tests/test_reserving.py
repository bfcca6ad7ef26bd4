"""Blocks of a planned change: reserved, taken into force, left beside their successor, given back."""

from dataclasses import replace
from pathlib import Path

import pytest
from forms import minimal, typed
from worlds import ROOT, World, project_with_pools

from provisioning.catalogue import FORMULAS
from provisioning.errors import NothingToRelease, PoolExhausted
from provisioning.model.assignment import AssignmentState
from provisioning.model.intent import Role
from provisioning.store import assignments, reserving
from provisioning.store.assignments import Holder, Release
from provisioning.store.engine import Store
from provisioning.workflows.accept_order import accept_order

LINE = "L-1"


FORM = {**minimal(FORMULAS["internet-pro-plus"]), "options": {"ip_pack": {"addresses": 4}}}


@pytest.fixture
def world() -> World:
    made = World(Store.in_memory())
    assert accept_order(typed(FORM), made.around).accepted
    return made


def holder(world: World, role: Role = Role.IP_PACK) -> Holder:
    return Holder(LINE, role, "C-1", world.clock.now())


def release(world: World) -> Release:
    return Release("change C-1", world.clock.now(), 30)


def held(world: World) -> dict[Role, str]:
    with world.store.read() as connection:
        return {each.role: each.address for each in assignments.held_by(connection, LINE)}


def reserve(world: World, role: Role) -> str:
    with world.store.write() as connection:
        return reserving.reserve_next(connection, LINE, role, holder(world, role)).address


@pytest.mark.parametrize("role", [Role.FIXED_IPV4, Role.IP_PACK])
def test_another_block_of_the_same_size_is_reserved_once(world: World, role: Role) -> None:
    before = held(world)
    first = reserve(world, role)
    assert first != before[role] and first.partition("/")[2] == before[role].partition("/")[2]
    assert reserve(world, role) == first
    assert held(world).items() > before.items()


def test_a_line_without_the_role_has_nothing_to_change(world: World) -> None:
    with world.store.write() as connection, pytest.raises(NothingToRelease):
        reserving.reserve_next(connection, "L-2", Role.FIXED_IPV4, replace(holder(world), line="L-2"))


def test_what_was_reserved_takes_the_place_and_the_old_one_rests(world: World) -> None:
    before, coming = held(world), reserve(world, Role.FIXED_IPV4)
    for _ in range(2):
        with world.store.write() as connection:
            now = reserving.take_into_force(connection, LINE, Role.FIXED_IPV4, by="C-1", release=release(world))
        assert now.address == coming
    assert held(world) == {**before, Role.FIXED_IPV4: coming}
    with world.store.read() as connection:
        resting = assignments.list_assignments(connection, line=LINE, states=[AssignmentState.QUARANTINED])
    assert [each.address for each in resting] == [before[Role.FIXED_IPV4]]


def test_the_address_that_was_left_is_not_what_the_next_change_gives(world: World) -> None:
    before, coming = held(world)[Role.FIXED_IPV4], reserve(world, Role.FIXED_IPV4)
    with world.store.write() as connection:
        reserving.take_into_force(connection, LINE, Role.FIXED_IPV4, by="C-1", release=release(world))
    assert reserve(world, Role.FIXED_IPV4) not in (before, coming)


def test_a_pack_stands_beside_its_successor_until_it_is_retired(world: World) -> None:
    before, coming = held(world)[Role.IP_PACK], reserve(world, Role.IP_PACK)
    for _ in range(2):
        with world.store.write() as connection:
            reserving.take_into_force(connection, LINE, Role.IP_PACK, by="C-1", release=release(world), beside=True)
    found = held(world)
    assert (found[Role.IP_PACK], found[Role.FORMER_IP_PACK]) == (coming, before)
    assert Role.NEXT_IP_PACK not in found
    with world.store.write() as connection:
        assert [each.address for each in reserving.retire_former(connection, LINE, release(world))] == [before]
        assert reserving.retire_former(connection, LINE, release(world)) == ()
    assert Role.FORMER_IP_PACK not in held(world)


def test_what_is_given_up_rests_and_nothing_else_moves(world: World) -> None:
    before, coming = held(world), reserve(world, Role.IP_PACK)
    with world.store.write() as connection:
        for by, given_up in (("C-2", None), ("C-1", coming), ("C-1", None)):
            found = reserving.give_up_next(connection, LINE, Role.IP_PACK, by=by, release=release(world))
            assert (found.address if found is not None else None) == given_up
    assert held(world) == before


def test_an_order_in_between_leaves_what_is_reserved(world: World) -> None:
    coming = reserve(world, Role.IP_PACK)
    change = {"order": "PX-2026-000777", "kind": "change", "line": LINE, "wifi": {"enabled": False}}
    assert accept_order(typed(change), world.around).accepted
    assert held(world)[Role.NEXT_IP_PACK] == coming


def test_an_order_that_drops_the_pack_drops_what_was_reserved_for_it(world: World) -> None:
    reserve(world, Role.IP_PACK)
    change = {"order": "PX-2026-000777", "kind": "change", "line": LINE, "options": {"ip_pack": None}}
    assert accept_order(typed(change), world.around).accepted
    assert not {Role.IP_PACK, Role.NEXT_IP_PACK} & set(held(world))


def test_a_line_that_ceases_leaves_everything(world: World) -> None:
    reserve(world, Role.FIXED_IPV4)
    assert accept_order(typed({"order": "PX-2026-000778", "kind": "cease", "line": LINE}), world.around).accepted
    assert held(world) == {}


def test_a_pool_without_room_leaves_everything_as_it_was(tmp_path: Path) -> None:
    pools = (ROOT / "inventory" / "pools.yaml").read_text("utf-8").replace("198.51.100.0/24", "198.51.100.0/29")
    small = project_with_pools(tmp_path, pools.replace("203.0.113.0/24", "203.0.113.0/30"))
    world = World(Store.in_memory(), project=small)
    for number in range(3):
        form = {
            **FORM,
            "order": f"PX-2026-00000{number}",
            "cpe": {"platform": "linux_cpe", "serial": f"LX000{number}"},
        }
        assert accept_order(typed(form), world.around).accepted
    before = held(world)
    with pytest.raises(PoolExhausted, match="ip-pack"):
        reserve(world, Role.IP_PACK)
    assert held(world) == before
