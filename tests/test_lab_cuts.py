"""Cuts in the lab: of one bearer in every way, of everybody's, several at once, and what of them is left."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labs import TestLab, eventually, lab_up, needs_lab

from provisioning.errors import BadInput
from provisioning.stands.lab.cuts import LOSS_PERCENT, UPLINK, Bearer, CutKind, Cuts
from provisioning.stands.lab.layout import build
from provisioning.stands.lab.topology import Node

TOPOLOGY = build(3)
NAMES = [each.name for each in TOPOLOGY.cpes]
PORTS = {Bearer.FIXED: "wan0", Bearer.MOBILE: "wwan0"}

FAR_END = {"fixed": "100.64.0.1", "mobile": "100.96.0.1"}
"""What answers a CPE on a bearer."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestLab]:
    """A lab with two CPEs that have an address on either bearer."""
    with lab_up(tmp_path_factory.mktemp("lab") / "state", cpes=2) as lab:
        for number in (1, 2):
            lab.within(f"cpe{number}", "ip", "address", "add", f"100.96.1.{number}/16", "dev", "wwan0")
        yield lab


@pytest.fixture
def lab(whole: TestLab) -> Iterator[TestLab]:
    """The same; whatever a test cuts is healed after it."""
    yield whole
    for place in ("cpe1", "cpe2"):
        for bearer in PORTS:
            heal(whole, place, "--bearer", bearer)
    for place in ("bng", "mobile"):
        heal(whole, place)


def cut(lab: TestLab, *words: str) -> list[dict[str, str]]:
    answer = lab.proviso("lab", "cut", *words, "--json")
    assert answer.code == 0, answer.stderr
    cuts: list[dict[str, str]] = answer.json["cuts"]
    return cuts


def heal(lab: TestLab, *words: str) -> list[dict[str, str]]:
    answer = lab.proviso("lab", "heal", *words, "--json")
    assert answer.code == 0, answer.stderr
    cuts: list[dict[str, str]] = answer.json["cuts"]
    return cuts


def carrier(lab: TestLab, name: str, bearer: str) -> bool:
    told = lab.within(name, "ip", "-json", "link", "show", PORTS[Bearer(bearer)]).json
    return "LOWER_UP" in told[0]["flags"]


def dead(lab: TestLab, name: str, bearer: str) -> bool:
    return lab.within(name, "ping", "-c", "2", "-i", "0.1", "-W", "0.5", FAR_END[bearer]).code != 0


def reaches(lab: TestLab, name: str, bearer: str) -> bool:
    return lab.pings(name, FAR_END[bearer])


@needs_lab
@pytest.mark.parametrize("bearer", ["fixed", "mobile"])
@pytest.mark.parametrize(("kind", "link_up"), [("link-down", False), ("silent", True), ("one-way", True)])
def test_a_bearer_dies_and_the_other_one_and_the_neighbour_live(
    lab: TestLab, bearer: str, kind: str, link_up: bool
) -> None:
    assert cut(lab, "LX0101", "--bearer", bearer, "--kind", kind) == [{"bearer": bearer, "kind": kind}]
    assert eventually(lambda: carrier(lab, "cpe1", bearer) == link_up)
    assert dead(lab, "cpe1", bearer)
    other = "mobile" if bearer == "fixed" else "fixed"
    assert reaches(lab, "cpe1", other)
    assert reaches(lab, "cpe2", bearer)
    assert heal(lab, "cpe1", "--bearer", bearer) == []
    assert eventually(lambda: carrier(lab, "cpe1", bearer) and reaches(lab, "cpe1", bearer))


@needs_lab
def test_one_way_is_what_goes_to_the_router(lab: TestLab) -> None:
    cut(lab, "cpe1", "--kind", "one-way")
    counter = "cat /sys/class/net/access/statistics/rx_packets"
    before = int(lab.within("bng", "sh", "-c", counter).stdout)
    # Static, so that nothing has to be asked and answered first.
    mac = lab.within("bng", "cat", "/sys/class/net/access/address").stdout.strip()
    lab.within("cpe1", "ip", "neighbour", "replace", "100.64.0.1", "lladdr", mac, "dev", "wan0")
    assert lab.within("cpe1", "ping", "-c", "5", "-i", "0.05", "-W", "1", "100.64.0.1").code == 1
    assert int(lab.within("bng", "sh", "-c", counter).stdout) >= before + 5
    lab.within("cpe1", "ip", "neighbour", "delete", "100.64.0.1", "dev", "wan0")


@needs_lab
@pytest.mark.parametrize("bearer", ["fixed", "mobile"])
def test_a_lossy_bearer_loses_a_part_each_way(lab: TestLab, bearer: str) -> None:
    assert reaches(lab, "cpe1", bearer)
    cut(lab, "cpe1", "--bearer", bearer, "--kind", "loss")
    told = lab.within("cpe1", "ping", "-q", "-c", "400", "-i", "0.005", "-W", "1", FAR_END[bearer]).stdout
    (answered,) = [int(part.split()[0]) for part in told.split(",") if "received" in part]
    whole = (1 - LOSS_PERCENT / 100) ** 2 * 400
    assert abs(answered - whole) < 80, told


@needs_lab
def test_a_flapping_link_is_down_and_up_until_it_is_healed(lab: TestLab) -> None:
    cut(lab, "cpe1", "--kind", "flapping")
    assert eventually(lambda: not carrier(lab, "cpe1", "fixed"))
    assert eventually(lambda: carrier(lab, "cpe1", "fixed"))
    assert eventually(lambda: not carrier(lab, "cpe1", "fixed"))
    assert carrier(lab, "cpe1", "mobile")
    assert heal(lab, "cpe1") == []
    assert eventually(lambda: carrier(lab, "cpe1", "fixed"))
    assert lab.within("olt", "pgrep", "-f", "ip link set dev").stdout.split() == []
    assert eventually(lambda: reaches(lab, "cpe1", "fixed"))


@needs_lab
def test_several_at_once_and_twice_the_same(lab: TestLab) -> None:
    for _ in range(2):
        cut(lab, "cpe1", "--kind", "link-down")
        both = cut(lab, "cpe1", "--kind", "silent", "--bearer", "mobile")
        cut(lab, "cpe2", "--bearer", "mobile", "--kind", "link-down")
    assert both == [{"bearer": "fixed", "kind": "link-down"}, {"bearer": "mobile", "kind": "silent"}]
    assert lab.node("cpe1")["cuts"] == both
    assert lab.node("cpe1")["cut"]
    shown = " ".join(lab.proviso("lab", "status").stdout.split())
    assert "cut off: fixed link-down" in shown
    # In another way: the carrier comes back, and packets do not.
    assert cut(lab, "cpe1")[0] == {"bearer": "fixed", "kind": "silent"}
    assert eventually(lambda: carrier(lab, "cpe1", "fixed"))
    assert dead(lab, "cpe1", "fixed")
    assert heal(lab, "cpe1") == heal(lab, "cpe1") == [{"bearer": "mobile", "kind": "silent"}]
    assert "still cut: mobile silent" in " ".join(lab.proviso("lab", "heal", "cpe1").stdout.split())
    assert not carrier(lab, "cpe2", "mobile")


@needs_lab
def test_a_router_that_loses_power_comes_back_into_its_cut(lab: TestLab) -> None:
    cut(lab, "cpe1", "--kind", "link-down")
    assert lab.proviso("lab", "restart", "cpe1").code == 0
    assert not carrier(lab, "cpe1", "fixed")
    heal(lab, "cpe1")
    assert eventually(lambda: lab.pings("noc", "cpe1"))
    lab.within("cpe1", "ip", "address", "add", "100.96.1.1/16", "dev", "wwan0")


@needs_lab
@pytest.mark.parametrize(("place", "bearer"), [("bng", "fixed"), ("mobile", "mobile")])
def test_what_dies_for_everybody(lab: TestLab, place: str, bearer: str) -> None:
    for _ in range(2):
        assert cut(lab, place) == [{"bearer": bearer, "kind": "dead"}]
    assert lab.node(place)["cuts"]
    for name in ("cpe1", "cpe2"):
        assert dead(lab, name, bearer)
        assert carrier(lab, name, bearer)
        assert reaches(lab, name, "mobile" if bearer == "fixed" else "fixed")
    # What is not their access side goes on.
    assert lab.pings("mobile", "198.18.1.10")
    assert lab.pings("noc", "olt-brussels-1")
    for _ in range(2):
        assert heal(lab, place) == []
    assert eventually(lambda: reaches(lab, "cpe1", bearer) and reaches(lab, "cpe2", bearer))


@needs_lab
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("cut", "bng", "--kind", "loss"), "dies for everybody"),
        (("cut", "mobile", "--bearer", "fixed"), "dies for everybody"),
        (("heal", "bng", "--bearer", "fixed"), "dies for everybody"),
        (("cut", "lan1"), "no CPE, BNG or mobile core lan1"),
        (("heal", "mobil"), "Did you mean mobile?"),
        (("cut", "cpe1", "--kind", "slow"), "link-down"),
        (("cut", "cpe1", "--bearer", "copper"), "fixed"),
    ],
)
def test_what_cannot_be_cut_is_told(lab: TestLab, words: tuple[str, ...], told: str) -> None:
    answer = lab.proviso("lab", *words)
    assert answer.code == 2
    assert told in " ".join(answer.stderr.split())
    assert not any(each["cuts"] for each in lab.status()["nodes"])


PLACES = st.sampled_from([*TOPOLOGY.cpes, TOPOLOGY.node("bng"), TOPOLOGY.node("mobile")])


def choice(node: Node, bearer: Bearer | None) -> Bearer | None:
    return bearer if node.number else None


@given(st.lists(st.tuples(PLACES, st.none() | st.sampled_from(Bearer), st.sampled_from(CutKind), st.booleans())))
def test_whatever_is_cut_ends_when_it_is_healed(deeds: list[tuple[Node, Bearer | None, CutKind, bool]]) -> None:
    cuts = Cuts()
    for node, bearer, kind, heals in deeds:
        its = choice(node, bearer)
        cuts = cuts.heal(node, its) if heals else cuts.cut(node, its, kind if node.number else None)
        again = cuts.heal(node, its) if heals else cuts.cut(node, its, kind if node.number else None)
        assert again == cuts
        for each in Bearer:
            states = cuts.ports(each, NAMES)
            assert {*states.down, *states.lossy, *states.flapping} <= {*NAMES, UPLINK}
            assert states.inbound <= states.outbound
    for node, *_ in deeds:
        for bearer in Bearer:
            cuts = cuts.heal(node, choice(node, bearer))
        assert cuts.of(node) == []
    assert cuts == Cuts()
    assert all(cuts.ports(each, NAMES) == Cuts().ports(each, []) for each in Bearer)


def test_for_everybody_there_is_no_choice() -> None:
    for name in ("bng", "mobile"):
        with pytest.raises(BadInput):
            Cuts().cut(TOPOLOGY.node(name), Bearer.FIXED, None)
        with pytest.raises(BadInput):
            Cuts().cut(TOPOLOGY.node(name), None, CutKind.LOSS)
