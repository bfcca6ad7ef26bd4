"""What routers announce on their bearers, read: whole answers of IOS-XE and of FRR as files."""

import os
import subprocess
from ipaddress import ip_network
from pathlib import Path

import pytest
import yaml
from worlds import ROOT

from provisioning.model.bearer import BearerName
from provisioning.platforms.cisco_iosxe.bearer_report import announced_to
from provisioning.platforms.cisco_iosxe.parsing.announced import shown_announced
from provisioning.platforms.linux_cpe.announced import parse_announced

IOSXE = ROOT / "tests/cases/iosxe_announced"
EXPECTED: dict[str, list[str]] = yaml.safe_load((IOSXE / "expected.yaml").read_text("utf-8"))

FRR_CASES = ROOT / "tests/cases/linux_cpe_announced"
FRR: dict[str, list[str] | None] = yaml.safe_load((FRR_CASES / "expected.yaml").read_text("utf-8"))
BEARERS = ROOT / "provisioning/platforms/linux_cpe/proviso-bearers"

FIXED, MOBILE = BearerName.FIXED, BearerName.MOBILE


def test_every_answer_has_its_meaning() -> None:
    assert {each.stem for each in IOSXE.glob("*.txt")} == EXPECTED.keys()
    assert {each.stem for each in FRR_CASES.glob("*.json")} == FRR.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_what_iosxe_announces(name: str) -> None:
    text = (IOSXE / f"{name}.txt").read_text("utf-8")
    assert [str(each) for each in shown_announced(text)] == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_an_answer_of_iosxe_that_was_cut_is_none(name: str) -> None:
    lines = (IOSXE / f"{name}.txt").read_text("utf-8").splitlines(keepends=True)
    for end in range(len(lines)):
        with pytest.raises(ValueError):
            shown_announced("".join(lines[:end]))


@pytest.mark.parametrize("left_out", [" *>   192.0.2.1/32 ", "     Network "])
def test_an_answer_of_iosxe_with_a_line_too_few_is_none(left_out: str) -> None:
    text = (IOSXE / "own-ipv4.txt").read_text("utf-8")
    less = "".join(each for each in text.splitlines(keepends=True) if not each.startswith(left_out))
    assert less != text
    with pytest.raises(ValueError, match="of them were understood"):
        shown_announced(less)


@pytest.mark.parametrize("words", ["% Invalid input detected at '^' marker.\n", "% BGP not active\n", "", "\n"])
def test_what_tells_nothing_of_announcements_is_not_read(words: str) -> None:
    with pytest.raises(ValueError, match="was cut"):
        shown_announced(words)


def test_what_does_not_belong_into_the_table_is_not_passed_over() -> None:
    text = (IOSXE / "own-ipv4.txt").read_text("utf-8").replace(" *>   192.0.2.1/32", " *>   192.0.2.x/32")
    with pytest.raises(ValueError, match="not known"):
        shown_announced(text)


def test_iosxe_is_asked_in_the_family_of_the_neighbour() -> None:
    assert announced_to("100.64.0.1") == "show bgp ipv4 unicast neighbors 100.64.0.1 advertised-routes"
    assert announced_to("3fff:0:0:a::1") == "show bgp ipv6 unicast neighbors 3fff:0:0:a::1 advertised-routes"


@pytest.mark.parametrize(
    ("said", "fixed", "mobile"),
    [
        (
            "announced fixed 192.0.2.1/32\ntold fixed 4 1\nannounced fixed 3fff:1::/56\ntold fixed 6 1\n"
            "announced mobile 192.0.2.1/32\nannounced mobile 10.255.0.1/32\ntold mobile 4 2\ntold mobile 6 0\n",
            ["192.0.2.1/32", "3fff:1::/56"],
            ["10.255.0.1/32", "192.0.2.1/32"],
        ),
        ("told fixed 4 0\nannounced mobile 0.0.0.0/0\ntold mobile 4 0\n", [], ["0.0.0.0/0"]),
        ("announced fixed 192.0.2.1/32\ntold fixed 4 1\nsilent fixed 6\ntold mobile 4 0\n", None, []),
        ("silent fixed 4\nsilent mobile 4\n", None, None),
        ("", None, None),
    ],
)
def test_what_the_helper_tells(said: str, fixed: list[str] | None, mobile: list[str] | None) -> None:
    found = parse_announced(f"{said}end\n")
    for bearer, expected in ((FIXED, fixed), (MOBILE, mobile)):
        assert found[bearer] == (tuple(map(ip_network, expected)) if expected is not None else None)


@pytest.mark.parametrize(
    "said",
    [
        "told fixed 4 0\n",
        "told copper 4 0\nend\n",
        "told fixed 4\nend\n",
        "announced fixed 192.0.2.1/24\nend\n",
        "heard fixed 4\nend\n",
        "announced fixed 192.0.2.1/32\ntold fixed 4 2\nend\n",
        "announced fixed 192.0.2.1/32\ntold fixed 4 1\ntold fixed 6 1\nend\n",
    ],
)
def test_what_the_helper_never_tells_is_refused(said: str) -> None:
    with pytest.raises(ValueError):
        parse_announced(said)


VTYSH = """\
#!/bin/sh
case $2 in
*" there "*) cat {folder}/{name}.json ;;
*) cat {folder}/nothing.json ;;
esac
"""


@pytest.mark.parametrize("name", FRR)
def test_what_frr_announces(name: str, tmp_path: Path) -> None:
    vtysh = tmp_path / "vtysh"
    vtysh.write_text(VTYSH.format(folder=FRR_CASES, name=name), "utf-8")
    vtysh.chmod(0o700)
    ipv4, ipv6 = ("", "there") if name.endswith("ipv6") else ("there", "")
    neighbours = f"fixed_ipv4={ipv4} fixed_ipv6={ipv6} mobile_ipv4=elsewhere mobile_ipv6="
    shell = f". {BEARERS}; {neighbours}; announced && echo end"
    path = f"{tmp_path}:{os.environ['PATH']}"
    said = subprocess.run(["sh", "-euc", shell], capture_output=True, text=True, check=True, env={"PATH": path}).stdout
    found = parse_announced(said)
    announced = found[FIXED]
    assert (None if announced is None else [str(each) for each in announced]) == FRR[name]
    assert found[MOBILE] == ()
