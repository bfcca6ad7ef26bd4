"""What an ONT shall have for what is ordered, and what is made of what an OLT tells of one."""

from dataclasses import replace

import pytest
from renderings import example

from provisioning.errors import UnreadableProject
from provisioning.model.olt import Olt, PortKind
from provisioning.model.ont import OntScope
from provisioning.platforms.huawei_smartax.digest import service_digest, service_text
from provisioning.platforms.huawei_smartax.read_configuration import OntConfiguration, read_configuration
from provisioning.platforms.huawei_smartax.read_ont import OntInfo
from provisioning.platforms.huawei_smartax.read_service_ports import ServicePort
from provisioning.platforms.huawei_smartax.running import service_of
from provisioning.platforms.huawei_smartax.wanted import ont_scope, wanted_service

BRUSSELS = Olt("olt-brussels-1", {"0/1/3": PortKind.GPON, "0/2/0": PortKind.XGS_PON}, service_vlan=200, user_vlan=20)
INFO = OntInfo("0/1/3", 5, "HWTC1A2B3C4D", "L-1", "lp", "sp", True, True)
PORT = ServicePort(7, 200, "0/1/3", 5, 1, "vlan 20", 8, 9)
LINE = "service-port 7 vlan 200 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 20 tag-transform translate"
TABLES = {8: "up", 9: "down"}


def test_what_a_fibre_order_wants() -> None:
    addressed = example("fullfiber-extended")
    olt = replace(BRUSSELS, ports={"0/1/2": PortKind.GPON})
    wanted = wanted_service(addressed, olt)
    assert wanted is not None
    assert ont_scope(addressed) == OntScope("olt-brussels-1", "0/1/2", addressed.ont_id or 0)
    assert service_text(wanted) == (
        f"serial HWTC00000110\nline {addressed.intent.line}\nline-profile proviso-gpon-v20\n"
        "service-profile proviso-eth-v20\nuser-vlan 20\nactive\n"
        "service-port vlan 200 down proviso-1000m up proviso-500m\n"
    )
    fast = wanted_service(addressed, replace(olt, ports={"0/1/2": PortKind.XGS_PON}))
    assert fast == replace(wanted, line_profile="proviso-xgs-pon-v20")


def test_a_copper_line_wants_nothing_of_an_olt() -> None:
    addressed = example("internet-pro-plus")
    assert wanted_service(addressed, BRUSSELS) is None
    assert ont_scope(addressed) is None


def test_a_port_that_the_inventory_does_not_know() -> None:
    with pytest.raises(UnreadableProject, match="no port 0/1/2"):
        wanted_service(example("fullfiber-extended"), BRUSSELS)


# --- what an OLT tells ---------------------------------------------------------------------------------------------


def test_an_ont_with_a_service_port_of_ours() -> None:
    service, index = service_of(INFO, OntConfiguration(20, {7: LINE}, ()), (PORT,), TABLES)
    assert index == 7
    assert (service.service_port, service.vlan, service.down_table, service.up_table) == (True, 200, "down", "up")
    assert service.others == ()
    again, _ = service_of(
        INFO, OntConfiguration(20, {8: LINE.replace("port 7", "port 8")}, ()), (replace(PORT, index=8),), TABLES
    )
    assert service_digest(again) == service_digest(service)
    offline, _ = service_of(replace(INFO, online=False), OntConfiguration(20, {7: LINE}, ()), (PORT,), TABLES)
    assert service_digest(offline) == service_digest(service)


@pytest.mark.parametrize(
    ("port", "line"),
    [
        (replace(PORT, gem=2), LINE.replace("gemport 1", "gemport 2")),
        (replace(PORT, flow="vlan 30"), LINE.replace("user-vlan 20", "user-vlan 30")),
        (PORT, LINE.replace("translate", "transparent")),
    ],
)
def test_a_service_port_of_another_shape_is_somebody_elses(port: ServicePort, line: str) -> None:
    service, index = service_of(INFO, OntConfiguration(20, {7: line}, ()), (port,), TABLES)
    assert (service.service_port, index) == (False, None)
    assert service.others == (line.replace("service-port 7 ", "service-port "),)


def test_two_service_ports_that_could_be_ours_are_nobodys() -> None:
    ports = (PORT, replace(PORT, index=8, vlan=300))
    lines = {7: LINE, 8: LINE.replace("port 7", "port 8").replace("vlan 200", "vlan 300")}
    service, index = service_of(INFO, OntConfiguration(20, lines, ()), ports, TABLES)
    assert (service.service_port, index, len(service.others)) == (False, None, 2)


def test_the_native_vlan_that_a_port_has_by_itself_is_none() -> None:
    page = ' ont add 3 5 sn-auth "4857"\n ont port native-vlan 3 5 eth 1 vlan 1 priority 0\nreturn\n'
    assert read_configuration(page, OntScope("olt-1", "0/1/3", 5)).user_vlan == 0
