"""Vantage points as the inventory names them; bad ones are refused with what is wrong and where."""

from pathlib import Path

import pytest
from worlds import INVENTORY, ROOT

from provisioning.errors import UnreadableProject
from provisioning.model.verdict import Viewpoint
from provisioning.nornir_setup.vantages import VantagePoint, read_vantages


def read(folder: Path, hosts: str, groups: str = "vantage: {}\n") -> tuple[VantagePoint, ...]:
    inventory = folder / "inventory"
    inventory.mkdir()
    for name, text in (("hosts.yaml", hosts), ("groups.yaml", groups), ("defaults.yaml", "{}\n")):
        (inventory / name).write_text(text, "utf-8")
    return read_vantages(folder, INVENTORY)


def test_what_is_stated_and_what_is_taken_for_granted(tmp_path: Path) -> None:
    points = read(
        tmp_path,
        "out: {groups: [vantage], data: {sees: internet}}\n"
        "in:\n  hostname: 192.0.2.7\n  username: probe\n  groups: [vantage]\n"
        "  data: {sees: lan, cpe: LX0101, interface: enp3s0}\n"
        "fw: {groups: [vantage], data: {sees: customer-firewall, cpe: LX0101}}\n"
        "olt: {data: {sees: nothing}}\n",
    )
    assert points == (
        VantagePoint("out", "out", "root", Viewpoint.INTERNET, "", "eth0"),
        VantagePoint("in", "192.0.2.7", "probe", Viewpoint.LAN, "LX0101", "enp3s0"),
        VantagePoint("fw", "fw", "root", Viewpoint.CUSTOMER_FIREWALL, "LX0101", "eth0"),
    )


def test_two_on_the_internet_are_read_in_order_the_second_for_when_the_first_is_gone(tmp_path: Path) -> None:
    two = "".join(f"{name}: {{groups: [vantage], data: {{sees: internet}}}}\n" for name in ("b", "a"))
    assert [each.name for each in read(tmp_path, two)] == ["b", "a"]


def test_an_inventory_without_any(tmp_path: Path) -> None:
    assert read(tmp_path, "olt: {}\n") == ()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ("{sees: moon}", "sees: Input should be 'internet', 'lan' or 'customer-firewall'"),
        ("{}", "sees: Field required"),
        ("{sees: lan}", "a host that sees lan or customer-firewall needs `cpe`"),
        ("{sees: customer-firewall}", "a host that sees lan or customer-firewall needs `cpe`"),
        ("{sees: internet, cpe: LX0101}", "and only such a host"),
        ("{sees: lan, cpe: 101}", "cpe: Input should be a valid string"),
        ("{sees: lan, cpe: LX0101, interface: [eth0]}", "interface: Input should be a valid string"),
    ],
)
def test_what_is_wrong_is_told_with_host_key_and_file(tmp_path: Path, data: str, word: str) -> None:
    with pytest.raises(UnreadableProject) as caught:
        read(tmp_path, f"probe-7: {{groups: [vantage], data: {data}}}\n")
    assert caught.value.what.startswith("probe-7: ")
    assert word in caught.value.what
    assert "Value error" not in caught.value.what
    assert caught.value.where == str(tmp_path / "inventory" / "hosts.yaml")
    assert "sees: internet" in caught.value.remedy


def test_the_shipped_inventory_sees_the_lab() -> None:
    points = read_vantages(ROOT, INVENTORY)
    assert {each.carries for each in points} == {2000.0}
    assert [each.name for each in points if each.viewpoint is Viewpoint.INTERNET] == ["probe-internet-1"]
    lans = {each.cpe for each in points if each.viewpoint is Viewpoint.LAN}
    assert lans == {each.cpe for each in points if each.viewpoint is Viewpoint.CUSTOMER_FIREWALL}
