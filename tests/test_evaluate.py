"""The evaluator of Cisco IOS-XE configurations: case files of tests/cases/evaluating."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import pytest
import yaml
from worlds import ROOT

from provisioning.evaluating.cisco_iosxe.evaluate import evaluate
from provisioning.evaluating.packet import Packet
from provisioning.evaluating.passage import Passage

FOLDER = ROOT / "tests" / "cases" / "evaluating"
KEYS = {"at", "source", "source_port", "destination", "protocol", "port", "established"}
WANTED = {"answer", "to", "to_port", "as", "leaves_by", "why", "unread"}


@dataclass(frozen=True)
class Case:
    name: str
    configuration: str
    learned: dict[str, list[str]]
    packet: dict[str, Any]


def cases() -> list[Case]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        data = yaml.safe_load(path.read_text("utf-8"))
        shared = (FOLDER / data["configuration"]).read_text("utf-8") if "configuration" in data else ""
        for name, packet in data["packets"].items():
            text = shared + packet.pop("with", "")
            assert packet.keys() <= KEYS | WANTED, (path, name)
            found.append(Case(f"{path.stem}: {name}", text, data.get("learned", {}), packet))
    return found


def passage(case: Case) -> Passage:
    given = case.packet
    packet = Packet(
        protocol=given.get("protocol", "tcp"),
        source=ip_address(given["source"]),
        source_port=given.get("source_port", 49152),
        destination=ip_address(given["destination"]),
        destination_port=given.get("port", 0),
        arrives_on=given["at"],
        established=given.get("established", False),
    )
    return evaluate(case.configuration, packet, {name: tuple(some) for name, some in case.learned.items()})


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_case(case: Case) -> None:
    found, wanted = passage(case), case.packet
    assert found.let_in.value == wanted["answer"], found
    assert str(found.destination) == wanted.get("to", str(found.destination))
    assert found.destination_port == wanted.get("to_port", found.destination_port)
    assert str(found.source) == wanted.get("as", str(found.source))
    assert list(found.leaves_by) == wanted.get("leaves_by", list(found.leaves_by))
    assert wanted.get("why", "") in "\n".join(found.why)
    assert wanted.get("unread", "") in "\n".join(found.not_understood)
    assert bool(found.not_understood) == (wanted["answer"] == "cannot tell")
