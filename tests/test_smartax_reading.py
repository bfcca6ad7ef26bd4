"""What is read of an OLT's pages. Cases are files: a page, where it was published, and what it says."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from provisioning.errors import AnswerNotUnderstood, DeviceRefused
from provisioning.model.ont import AccessRunning, OntScope, OntService
from provisioning.platforms.huawei_smartax.answers import confirmed, nothing_there, refusal, without_echo
from provisioning.platforms.huawei_smartax.differ import differences, plan_ont
from provisioning.platforms.huawei_smartax.read_configuration import read_configuration
from provisioning.platforms.huawei_smartax.read_ont import OntInfo, read_found, read_ont, read_onts
from provisioning.platforms.huawei_smartax.read_service_ports import read_service_ports
from provisioning.platforms.huawei_smartax.read_shared import (
    DbaProfile,
    read_dba_profile,
    read_line_profile,
    read_service_profile,
    read_traffic_table,
)
from provisioning.platforms.huawei_smartax.running import service_of
from provisioning.platforms.huawei_smartax.written import written

CASES = sorted((Path(__file__).parent / "cases" / "smartax").glob("*.yaml"))
SCOPE = OntScope("olt-1", "0/3/14", 20)
DBA = DbaProfile(11, "proviso-gpon-up", "")

READERS: dict[str, Callable[[str], Any]] = {
    "ont": read_ont,
    "onts": read_onts,
    "found": read_found,
    "service_ports": read_service_ports,
    "configuration": lambda page: read_configuration(page, SCOPE),
    "traffic_table": read_traffic_table,
    "dba_profile": read_dba_profile,
    "line_profile": lambda page: read_line_profile(page, DBA),
    "service_profile": read_service_profile,
}


def plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {key: plain(each) for key, each in dataclasses.asdict(value).items()}
    return [plain(each) for each in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_pages(case: Path) -> None:
    says = yaml.safe_load(case.read_text("utf-8"))
    page = case.with_suffix(".txt").read_text("utf-8")
    assert says["source"]
    if "not_understood" in says:
        with pytest.raises(AnswerNotUnderstood) as caught:
            READERS[says["reader"]](page)
        assert says["not_understood"] in caught.value.what
        return
    assert plain(READERS[says["reader"]](page)) == says["expected"]


@pytest.mark.parametrize("name", sorted(READERS))
@given(page=st.text(max_size=300))
def test_what_is_no_page_is_never_an_empty_result(name: str, page: str) -> None:
    if nothing_there(page):
        return
    try:
        READERS[name](page)
    except AnswerNotUnderstood:
        return
    pytest.fail("nonsense was understood")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
@given(data=st.data())
def test_a_page_that_was_cut_says_the_same_or_nothing(case: Path, data: st.DataObject) -> None:
    """A truncated page is either not understood, or lost only what does not matter."""
    says = yaml.safe_load(case.read_text("utf-8"))
    page = case.with_suffix(".txt").read_text("utf-8")
    if "not_understood" in says or nothing_there(page) or says["reader"] == "found":
        return
    cut = page[: data.draw(st.integers(0, len(page)))]
    try:
        found = plain(READERS[says["reader"]](cut))
    except AnswerNotUnderstood:
        return
    assert found == says["expected"]


def test_two_answers_that_contradict_each_other() -> None:
    folder = CASES[0].parent
    info = read_ont((folder / "ont_info_ma5600t.txt").read_text("utf-8"))
    configuration = read_configuration((folder / "configuration.txt").read_text("utf-8"), SCOPE)
    assert info is not None
    with pytest.raises(AnswerNotUnderstood, match=r"\[\] are listed, and \[35430\] stand"):
        service_of(info, configuration, (), {})


# --- answers to commands -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "words", "passing"),
    [
        ("\n  Failure: SN already exists\n", "Failure: SN already exists", False),
        (
            "\n  Failure: This configured object has some service virtual\n  ports\n",
            "Failure: This configured object has some service virtual ports",
            False,
        ),
        (
            "\n                ^\n% Unknown command, the error locates at '^'\n",
            "% Unknown command, the error locates at '^'",
            False,
        ),
        (
            "  Set ONT port(s) VLAN configuration, success: 0, failed: 1\n",
            "Set ONT port(s) VLAN configuration, success: 0, failed: 1",
            False,
        ),
        ("\n% Parameter error, the error locates at '^'\n", "% Parameter error, the error locates at '^'", False),
        (
            "  Failure: System is busy, please retry after a while\n",
            "Failure: System is busy, please retry after a while",
            True,
        ),
    ],
)
def test_refusals(answer: str, words: str, passing: bool) -> None:
    found = refusal("ont delete 3 5", answer)
    assert found is not None
    assert (found.words, found.passing) == (words, passing)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "\n",
        "  Number of ONTs that can be added: 1, success: 1\n  PortID :3, ONTID :5\n",
        "  Failure: Make configuration repeatedly\n",
        "  Create traffic descriptor record successfully\n",
    ],
)
def test_no_refusals(answer: str) -> None:
    assert refusal("ont add 3 5", answer) is None


def test_what_another_run_added_meanwhile_is_there() -> None:
    words = "  Failure: The traffic table exists already\n"
    assert refusal("traffic table ip name proviso-350m cir 350016 pir 350016", words) is None
    assert confirmed("traffic table ip name proviso-350m cir 350016 pir 350016", words)
    assert refusal("service-port vlan 100 gpon 0/1/3", "  Failure: Service virtual port has existed already\n")


def test_a_missing_board_is_not_taken_for_nothing_there() -> None:
    assert not nothing_there("Failure: The board does not exist")
    assert not nothing_there("Failure: This board does not exist")
    assert nothing_there("  Failure: The ONT does not\n  exist\n")


def test_silence_is_no_confirmation() -> None:
    assert not confirmed("ont add 3 5 sn-auth ...", "\n")
    assert not confirmed("ont delete 3 5", "Number of ONTs that can be deleted: 1, success: 0")
    assert confirmed("ont delete 3 5", "Number of ONTs that can be deleted: 1, success: 1")
    assert confirmed("quit", "")


def test_an_echo_that_was_broken_and_repeated() -> None:
    command = 'ont add 1 sn-auth "5A544547C9E3311B" omci ont-lineprofile-id 60 ont-srvprofile-id 1 desc "DR"'
    # As an MA5683T answers (the session of ont_info_long_description): it asks for more, then repeats the command.
    asked = f"{command[:79]}\n{command[79:]}\n  {{ <cr>|ont-type<K> }}:\n\n"
    said = f"{asked}  Command:\n          {command}\n  Failure: SN\n"
    assert (without_echo(command, said) or "").strip() == "Failure: SN"
    assert without_echo(command, said[:50]) is None
    assert without_echo("display version", said) is None


# --- what a backup has of it ---------------------------------------------------------------------------------------


def test_a_backup_names_what_the_olt_numbers() -> None:
    folder = CASES[0].parent
    info = OntInfo("0/3/14", 20, "HWTCED03ED9D", "L-20", "proviso-gpon-v10", "proviso-eth-v10", True, True)
    configuration = read_configuration((folder / "configuration_more.txt").read_text("utf-8"), SCOPE)
    # A number that nobody has a name for stays: better than nothing.
    text = written(SCOPE, info, configuration, {111: "proviso-100m"})
    assert text == (
        "interface gpon 0/3\n"
        ' ont add 14 20 sn-auth "48575443ED03ED9D" omci ont-lineprofile-name proviso-gpon-v10'
        ' ont-srvprofile-name proviso-eth-v10 desc "L-20"\n'
        " ont optical-alarm-profile 14 20 profile-id 3\n"
        " ont ipconfig 14 20 ip-index 2 dhcp vlan 2241 priority 5\n"
        " ont fec 14 20 use-profile-config\n"
        " ont port native-vlan 14 20 eth 1 vlan 10 priority 0\n"
        " quit\n"
        "service-port vlan 2241 gpon 0/3/14 ont 20 gemport 1 multi-service user-vlan 10 tag-transform translate"
        " inbound traffic-table name proviso-100m outbound traffic-table index 112\n"
    )


def test_what_others_told_an_ont_is_shown_without_its_secrets() -> None:
    line = 'ont wan-config 14 20 pppoe username "jan" password "canary-pppoe-12"'
    before = OntService("HWTC1A2B3C4D", "L-20", "a", "b", "", "", 0, False, others=(line,))
    after = OntService("HWTC1A2B3C4D", "L-20", "a", "b", "", "", 0, False)
    (found,) = differences(before, after)
    assert "-other: ont wan-config" in found.text and "canary" not in found.text
    with pytest.raises(DeviceRefused) as caught:
        plan_ont(AccessRunning(SCOPE, before, {}, (), True, ""), after)
    assert "ont wan-config" in str(caught.value) and "canary" not in str(caught.value)
