"""What is sent to an OLT: no text of anybody's can end a line, begin another command, or ask for help."""

import re
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.catalogue import FORMULAS, SPEED_UPGRADES, Rate
from provisioning.errors import CannotEncode
from provisioning.model.olt import PortKind
from provisioning.model.ont import AccessRunning, OntScope, OntService
from provisioning.platforms.huawei_smartax import commands, encoders, shared
from provisioning.platforms.huawei_smartax.differ import plan_ont
from provisioning.platforms.huawei_smartax.digest import service_digest

SCOPE = OntScope("olt-1", "0/1/3", 5)
PLAIN = OntService("HWTC1A2B3C4D", "L-1", "lp", "sp", "down", "up", 100, True, user_vlan=10)

hostile = st.text(max_size=80) | st.sampled_from(
    [
        "x\nont delete 0 1",
        "x\r\nreboot system",
        'x" desc "y',
        "x?",
        "x | include y",
        "",
        " ",
        "\x00",
        "\x1b[A",
        "é",
        "x;y",
        "-x",
    ]
)

WORDS = re.compile(r"[ -~]+")


def is_one_plain_line(command: str) -> bool:
    """Printable ASCII, quotation marks in pairs, and nothing that the command line takes for its own."""
    return bool(WORDS.fullmatch(command)) and command.count('"') % 2 == 0 and not set("?|\\`;$&<>") & set(command)


@given(hostile, st.sampled_from([field.name for field in fields(OntService) if field.type in (str, "str")]))
def test_hostile_text_in_an_ont(text: str, where: str) -> None:
    service = replace(PLAIN, **{where: text})  # type: ignore[arg-type]
    running = AccessRunning(SCOPE, None, {}, (), None, service_digest(None))
    try:
        change = plan_ont(running, service)
    except CannotEncode:
        return
    assert all(map(is_one_plain_line, (*change.commands, *change.rollback)))
    whole = "\n".join(change.commands)
    assert whole.count("ont add ") == 1 and whole.count("service-port ") == 1
    assert len(change.commands) == 7


@given(hostile)
def test_hostile_text_in_a_scope(text: str) -> None:
    scope = OntScope("olt-1", text, 5)
    for make in (commands.show_ont, commands.show_ont_configuration, commands.show_service_ports, commands.delete_ont):
        try:
            assert is_one_plain_line(make(scope))
        except CannotEncode:
            continue


@given(hostile)
def test_hostile_text_in_questions(text: str) -> None:
    for make in (commands.show_serial, commands.show_traffic_table, commands.show_line_profile):
        try:
            assert is_one_plain_line(make(text))
        except CannotEncode:
            continue


@pytest.mark.parametrize("number", [-1, 256, 10**9])
def test_an_ont_id_out_of_range(number: int) -> None:
    with pytest.raises(CannotEncode, match=str(number)):
        commands.show_ont(OntScope("olt-1", "0/1/3", number))


@given(st.from_regex(r"[A-Z]{4}[0-9A-F]{8}", fullmatch=True))
def test_serials_there_and_back(serial: str) -> None:
    assert encoders.serial_text(encoders.serial_digits(serial)) == serial


def test_a_vendor_that_is_no_text() -> None:
    assert encoders.serial_text("00010203E6983A40") == "00010203E6983A40"
    assert encoders.serial_digits("00010203E6983A40") == "00010203E6983A40"
    with pytest.raises(CannotEncode, match="no serial"):
        encoders.serial_digits("hwtc1a2b3c4d")


def test_the_commands_of_a_new_line() -> None:
    wanted = replace(
        PLAIN,
        line_profile="proviso-gpon-v10",
        service_profile="proviso-eth-v10",
        down_table="proviso-350m",
        up_table="proviso-100m",
    )
    change = plan_ont(AccessRunning(SCOPE, None, {}, (), None, service_digest(None)), wanted)
    assert change.commands == (
        "config",
        "traffic table ip name proviso-350m cir 350016 pir 350016 priority 0 priority-policy local-setting",
        "traffic table ip name proviso-100m cir 100032 pir 100032 priority 0 priority-policy local-setting",
        "dba-profile add profile-name proviso-gpon-up type4 max 1024000",
        "ont-lineprofile gpon profile-name proviso-gpon-v10",
        "tcont 1 dba-profile-name proviso-gpon-up",
        "gem add 1 eth tcont 1",
        "gem mapping 1 0 vlan 10",
        "commit",
        "quit",
        "ont-srvprofile gpon profile-name proviso-eth-v10",
        "ont-port pots adaptive eth adaptive",
        "port vlan eth 1 10",
        "commit",
        "quit",
        "interface gpon 0/1",
        'ont add 3 5 sn-auth "485754431A2B3C4D" omci ont-lineprofile-name proviso-gpon-v10'
        ' ont-srvprofile-name proviso-eth-v10 desc "L-1"',
        "ont port native-vlan 3 5 eth 1 vlan 10 priority 0",
        "quit",
        "service-port vlan 100 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 10 tag-transform translate"
        " inbound traffic-table name proviso-100m outbound traffic-table name proviso-350m",
        "quit",
    )
    assert change.rollback == (
        "config",
        "undo service-port port 0/1/3 ont 5",
        "interface gpon 0/1",
        "ont delete 3 5",
        "quit",
        "quit",
    )


def test_every_rate_of_the_catalogue_fits_what_an_ont_is_granted() -> None:
    for each in SPEED_UPGRADES.values():
        kind = PortKind.XGS_PON if each.needs_xgs_pon else PortKind.GPON
        assert shared.rounded_rate(each.rate.up) <= shared.GRANTED_KBIT[kind]
    for formula in FORMULAS.values():
        if isinstance(formula.rate.value, Rate):
            assert shared.rounded_rate(formula.rate.value.up) <= shared.GRANTED_KBIT[PortKind.GPON]
