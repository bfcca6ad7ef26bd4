"""The simulated IOS-XE router, driven by real NAPALM: merge, replace, compare, confirm, rollback, facts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from iosxe_routers import SERIAL, Bench, bench

MERGE = "interface Loopback0\n description management\n ip address 10.255.0.21 255.255.255.255\nend\n"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as made:
        yield made


def test_napalm_reads_facts_and_configurations(made: Bench) -> None:
    driver = made.napalm()
    facts = driver.get_facts()
    assert facts["serial_number"] == SERIAL
    assert facts["hostname"] == "Router"
    assert "17.9.4a" in facts["os_version"]
    assert facts["model"] == "C1111-8PLTE"
    assert "GigabitEthernet0/0/0" in facts["interface_list"]
    configurations = driver.get_config()
    assert configurations["running"].rstrip().endswith("end")
    assert configurations["startup"].rstrip().endswith("end")


def test_merge_is_confirmed(made: Bench) -> None:
    driver = made.napalm()
    driver.load_merge_candidate(config=MERGE)
    assert "+interface Loopback0" in driver.compare_config()
    driver.commit_config(revert_in=120)
    assert driver.has_pending_commit()
    assert "interface Loopback0\n description management\n" in made.text()
    driver.confirm_commit()
    assert not driver.has_pending_commit()
    made.clock.passes(1000)
    assert not driver.has_pending_commit()
    assert "interface Loopback0\n" in made.text()
    assert "interface Loopback0\n" in driver.get_config(retrieve="startup")["startup"]
    assert driver.compare_config() == ""


def test_merge_goes_back_by_itself(made: Bench) -> None:
    driver = made.napalm()
    before = made.text()
    driver.load_merge_candidate(config=MERGE)
    driver.commit_config(revert_in=120)
    made.clock.passes(119)
    assert driver.has_pending_commit()
    made.clock.passes(2)
    assert not driver.has_pending_commit()
    assert made.text() == before


def test_merge_is_rolled_back_at_once(made: Bench) -> None:
    driver = made.napalm()
    before = made.text()
    driver.load_merge_candidate(config=MERGE)
    driver.commit_config(revert_in=120)
    assert made.text() != before
    driver.rollback()
    assert not driver.has_pending_commit()
    assert made.text() == before


def test_merge_without_a_timer_is_saved_and_rolled_back_from_the_file(made: Bench) -> None:
    driver = made.napalm()
    before = made.text()
    driver.load_merge_candidate(config=MERGE)
    driver.commit_config()
    assert "interface Loopback0\n" in driver.get_config(retrieve="startup")["startup"]
    driver.rollback()
    assert made.text() == before


def test_replace_is_confirmed(made: Bench) -> None:
    driver = made.napalm()
    wanted = driver.get_config()["running"].replace("hostname Router", "hostname cpe-21") + "\n"
    driver.load_replace_candidate(config=wanted)
    assert driver.compare_config() == "+hostname cpe-21\n-hostname Router"
    driver.commit_config(revert_in=120)
    assert "hostname cpe-21\n" in made.text()
    driver.confirm_commit()
    assert "hostname cpe-21\n" in driver.get_config(retrieve="startup")["startup"]


def test_replace_goes_back_by_itself(made: Bench) -> None:
    driver = made.napalm()
    before = made.text()
    running = driver.get_config()["running"]
    driver.load_replace_candidate(config=running.replace("file prompt quiet", "no file prompt quiet") + "\n")
    driver.commit_config(revert_in=60)
    assert made.text() != before
    made.clock.passes(61)
    assert not driver.has_pending_commit()
    assert made.text() == before


def test_a_line_that_is_refused_takes_the_merge_back(made: Bench) -> None:
    from napalm.base.exceptions import MergeConfigException

    driver = made.napalm()
    before = made.text()
    driver.load_merge_candidate(config="interface Loopback0\n description here\nfoo bar\nend\n")
    with pytest.raises(MergeConfigException, match="Invalid input detected"):
        driver.commit_config(revert_in=120)
    assert not driver.has_pending_commit()
    assert made.text() == before


def test_nothing_is_done_without_an_archive(made: Bench) -> None:
    from napalm.base.exceptions import CommitConfirmException

    made.configure("no archive\n")
    driver = made.napalm()
    driver.load_merge_candidate(config=MERGE)
    with pytest.raises(CommitConfirmException, match="archive"):
        driver.commit_config(revert_in=120)
    assert "interface Loopback0\n" not in made.text()


def test_nothing_is_sent_without_a_server_of_secure_copy(made: Bench) -> None:
    from napalm.base.exceptions import CommandErrorException

    made.configure("no ip scp server enable\n")
    driver = made.napalm()
    with pytest.raises(CommandErrorException, match="SCP"):
        driver.load_merge_candidate(config=MERGE)
