"""The circle on OLTs: the change reaches what is wanted, the rollback returns, a second plan is empty."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smartax_model import ModelOlt, RefusedByModel

from provisioning.errors import CannotEncode, DeviceRefused
from provisioning.model.olt import PortKind
from provisioning.model.ont import OntScope, OntService
from provisioning.platforms.huawei_smartax import names
from provisioning.platforms.huawei_smartax.differ import plan_ont
from provisioning.platforms.huawei_smartax.digest import service_digest
from provisioning.platforms.huawei_smartax.shared import rounded_rate, shared_by

SCOPE = OntScope("olt-1", "0/1/3", 5)
LINE = "L-1"
NEIGHBOUR = OntService("HWTC00000099", "L-9", "old-line", "old-service", "10M", "10M", 100, False)


def service(**changes: Any) -> OntService:
    plain = OntService(
        serial="HWTC1A2B3C4D",
        line=LINE,
        line_profile=names.line_profile_name(PortKind.GPON, 10),
        service_profile=names.service_profile_name(10),
        down_table="proviso-350m",
        up_table="proviso-100m",
        vlan=100,
        service_port=True,
        user_vlan=10,
    )
    return replace(plain, **changes)


@st.composite
def services(draw: st.DrawFn, *, ours: bool) -> OntService:
    """What an ONT of this line may have; `ours`: as Proviso would have it."""
    kind = draw(st.sampled_from(PortKind))
    rates = st.sampled_from([4, 30, 50, 100, 350, 500, 1000, 2500, 8500])
    found = service(
        serial=draw(st.sampled_from(["HWTC1A2B3C4D", "ALCL0000ABCD"])),
        line_profile=names.line_profile_name(kind, 10),
        down_table=names.table_name(draw(rates)),
        up_table=names.table_name(draw(rates)),
        vlan=draw(st.sampled_from([100, 200])),
    )
    if ours:
        return found
    foreign: dict[str, Any] = {
        "line_profile": draw(st.sampled_from([found.line_profile, "SMARTOLT_1"])),
        "service_profile": draw(st.sampled_from([found.service_profile, "srv-profile_10"])),
        "down_table": draw(st.sampled_from([found.down_table, "", "PLAN_HOME-DOWN"])),
        "up_table": draw(st.sampled_from([found.up_table, "", "PLAN_HOME-UP"])),
        "active": draw(st.booleans()),
    }
    if draw(st.booleans()):
        gone: dict[str, Any] = {"service_port": False, "vlan": 0, "down_table": "", "up_table": ""}
        return replace(found, **{**foreign, **gone, "user_vlan": draw(st.sampled_from([0, 10, 77]))})
    return replace(found, **foreign)


def olt_with(base: OntService | None, *, keeps_begun: bool = False) -> ModelOlt:
    """An OLT that has this ONT and whatever it needs, and a neighbour."""
    olt = ModelOlt(keeps_begun=keeps_begun)
    olt.run(["config", "quit"])
    place = (SCOPE.port, SCOPE.ont_id)
    if base is not None:
        for each in shared_by(base):
            held = {"traffic-table": olt.tables, "dba-profile": olt.dba}.get(each.kind)
            held = held if held is not None else olt._profiles("line" if each.kind == "line-profile" else "srv")
            held[each.name] = {part.says for part in each.parts}
        olt.line_profiles.setdefault(base.line_profile, {"theirs"})
        olt.service_profiles.setdefault(base.service_profile, {"theirs"})
        for table in filter(None, (base.down_table, base.up_table)):
            olt.tables.setdefault(table, {"cir off"})
        olt.onts[place] = replace(base, service_port=False, vlan=0, down_table="", up_table="")
        if base.service_port:
            where = f"gpon {SCOPE.port} ont {SCOPE.ont_id} gemport 1"
            vlans = f"vlan {base.vlan} {where} multi-service user-vlan {base.user_vlan}"
            limits = [
                f" {way} traffic-table name {table}"
                for way, table in (("inbound", base.up_table), ("outbound", base.down_table))
                if table
            ]
            olt.run(["config", f"service-port {vlans} tag-transform translate{''.join(limits)}", "quit"])
    olt.onts[SCOPE.port, 6] = NEIGHBOUR
    return olt


def now(olt: ModelOlt) -> OntService | None:
    return olt.running(SCOPE, None).service


def reach(olt: ModelOlt, wanted: OntService | None) -> None:
    change = plan_ont(olt.running(SCOPE, wanted), wanted, line=LINE)
    olt.run(change.commands)
    assert now(olt) == wanted
    assert service_digest(now(olt)) == change.wanted
    assert olt.mode == "privileged"


either = st.none() | services(ours=False)
wanted_or_none = st.none() | services(ours=True)


@given(either, wanted_or_none)
def test_the_change_reaches_what_is_wanted_and_the_rollback_returns(
    base: OntService | None, wanted: OntService | None
) -> None:
    olt = olt_with(base)
    change = plan_ont(olt.running(SCOPE, wanted), wanted, line=LINE)
    assert change.base == service_digest(base)
    assert bool(change.differences) == bool(change.commands)
    olt.run(change.commands)
    assert now(olt) == wanted
    second = plan_ont(olt.running(SCOPE, wanted), wanted, line=LINE)
    assert second.empty and not second.differences and not second.rollback
    olt.run(change.rollback)
    assert now(olt) == base
    assert olt.onts[SCOPE.port, 6] == NEIGHBOUR


@given(either, wanted_or_none, st.data(), st.booleans())
def test_whoever_dies_on_the_way_can_go_on_or_go_back(
    base: OntService | None, wanted: OntService | None, data: st.DataObject, keeps_begun: bool
) -> None:
    olt = olt_with(base, keeps_begun=keeps_begun)
    change = plan_ont(olt.running(SCOPE, wanted), wanted, line=LINE)
    commands = data.draw(st.sampled_from([change.commands, change.rollback]))
    if commands is change.rollback:
        olt.run(change.commands)
    done = data.draw(st.integers(0, len(commands)))
    olt.run(commands[:done])
    olt.lose_session()
    forth, back = deepcopy(olt), deepcopy(olt)
    reach(forth, wanted)
    reach(back, base)
    reach(forth, base)
    reach(back, wanted)


@given(either, wanted_or_none, st.data())
def test_on_the_way_it_is_as_before_or_as_wanted_or_cut_off(
    base: OntService | None, wanted: OntService | None, data: st.DataObject
) -> None:
    """Nobody's traffic passes at rates, or in a VLAN, that are neither the old ones nor the new."""
    olt = olt_with(base)
    change = plan_ont(olt.running(SCOPE, wanted), wanted, line=LINE)
    for command in change.commands:
        olt.take(command)
        passing = now(olt)
        if passing is not None and passing.service_port:
            flow = (passing.vlan, passing.user_vlan, passing.down_table, passing.up_table)
            assert flow in {
                (each.vlan, each.user_vlan, each.down_table, each.up_table) for each in (base, wanted) if each
            }


def test_a_change_of_speed_interrupts_nothing() -> None:
    olt = olt_with(service())
    wanted = service(down_table="proviso-1000m", up_table="proviso-500m")
    change = plan_ont(olt.running(SCOPE, wanted), wanted)
    assert change.commands == (
        "config",
        "traffic table ip name proviso-1000m cir 1000000 pir 1000000 priority 0 priority-policy local-setting",
        "traffic table ip name proviso-500m cir 500032 pir 500032 priority 0 priority-policy local-setting",
        "service-port 7 inbound traffic-table name proviso-500m outbound traffic-table name proviso-1000m",
        "quit",
    )
    assert change.rollback[1] == (
        "service-port 7 inbound traffic-table name proviso-100m outbound traffic-table name proviso-350m"
    )
    [shared, ont] = change.differences
    assert shared.document == "shared by the OLT"
    assert "-service-port vlan 100 down proviso-350m up proviso-100m" in ont.text
    assert "+service-port vlan 100 down proviso-1000m up proviso-500m" in ont.text


@pytest.mark.parametrize("mbit", [4, 30, 50, 100, 350, 500, 1000, 2500, 8500])
def test_nobody_gets_less_than_he_pays_for(mbit: int) -> None:
    assert 0 <= rounded_rate(mbit) - mbit * 1000 < 64
    assert rounded_rate(mbit) % 64 == 0


# --- what is refused -----------------------------------------------------------------------------------------------


def test_an_id_of_another_line_is_left_alone() -> None:
    olt = olt_with(service(line="L-7", serial="HWTC00000007"))
    with pytest.raises(DeviceRefused, match="taken by HWTC00000007, described `L-7`"):
        plan_ont(olt.running(SCOPE, service()), service())
    with pytest.raises(DeviceRefused, match="taken by"):
        plan_ont(olt.running(SCOPE, None), None, line=LINE)
    with pytest.raises(ValueError, match="whose ONT"):
        plan_ont(olt.running(SCOPE, None), None)


def test_a_serial_that_is_registered_elsewhere() -> None:
    olt = olt_with(None)
    wanted = service(serial=NEIGHBOUR.serial)
    with pytest.raises(DeviceRefused, match="registered already at olt-1 0/1/3 ONT 6"):
        plan_ont(olt.running(SCOPE, wanted), wanted)


def test_an_ont_of_ours_that_nobody_described_is_taken_over() -> None:
    olt = olt_with(service(line="somebody"))
    reach(olt, service())


def test_what_others_made_on_an_ont_is_not_lost() -> None:
    olt = olt_with(service())
    running = olt.running(SCOPE, None)
    assert running.service is not None
    theirs = replace(running, service=replace(running.service, others=("ont ipconfig 3 5 dhcp vlan 20",)))
    with pytest.raises(DeviceRefused, match="ont ipconfig 3 5"):
        plan_ont(theirs, None, line=LINE)


@pytest.mark.parametrize(
    ("held", "name", "parts"),
    [
        ("tables", "proviso-350m", {"cir 64", "pir 64"}),
        ("dba", "proviso-gpon-up", {"type 4", "max 64000"}),
        ("line_profiles", "proviso-gpon-v10", {"tcont 1 dba-profile-id 9"}),
        ("service_profiles", "proviso-eth-v10", {"ont-port pots 2 eth 4"}),
    ],
)
def test_one_under_our_name_with_other_content_is_refused_by_name(held: str, name: str, parts: set[str]) -> None:
    olt = olt_with(None)
    getattr(olt, held)[name] = parts
    with pytest.raises(DeviceRefused, match=name):
        plan_ont(olt.running(SCOPE, service()), service())


def test_a_profile_that_somebody_began_is_gone_on_with() -> None:
    olt = olt_with(None)
    olt.line_profiles["proviso-gpon-v10"] = set()
    olt.service_profiles["proviso-eth-v10"] = {"ont-port pots adaptive eth adaptive"}
    change = plan_ont(olt.running(SCOPE, service()), service())
    assert change.commands.count("ont-port pots adaptive eth adaptive") == 0
    olt.run(change.commands)
    assert now(olt) == service()


def test_what_cannot_be_written_is_refused_before_anything_is_sent() -> None:
    olt = olt_with(service(line_profile="a profile"))
    with pytest.raises(CannotEncode, match="a profile"):
        plan_ont(olt.running(SCOPE, service()), service())


def test_the_model_refuses_what_an_olt_refuses() -> None:
    olt = olt_with(service())
    with pytest.raises(RefusedByModel):
        olt.run(["config", "interface gpon 0/1", "ont delete 3 5"])
