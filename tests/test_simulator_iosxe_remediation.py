"""What the differ sends, as the simulated router takes it: without a word, there, a second time nothing, and back."""

import base64
from collections.abc import Mapping
from functools import cache
from itertools import permutations
from pathlib import Path

import pytest

from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG, SNMP_USERS, canonical
from provisioning.platforms.cisco_iosxe.differ import remediate
from provisioning.stands.simulator.cisco_iosxe.configuration import Configuration, factory_new

RENDERED = Path(__file__).parent / "cases" / "render_cisco_iosxe"
NAMES = sorted(each.name for each in RENDERED.iterdir())
KEY = f"ssh-rsa {base64.b64encode(bytes([0, 0, 0, 7]) + b'ssh-rsa' + bytes(200)).decode()}"


@cache
def wanted(name: str) -> Mapping[str, str]:
    """The documents of an example, with secrets in the place of their marks."""
    folder = RENDERED / name / "documents"
    return {each.name: each.read_text().replace("<secret>", "secretsecret") for each in folder.iterdir()}


def shown(configuration: Configuration) -> dict[str, str]:
    users = [each.text for each in configuration.root.named("snmp-server user")]
    return {RUNNING_CONFIG: configuration.text(), SNMP_USERS: "\n".join(users)}


def canonicals(documents: Mapping[str, str]) -> dict[str, str]:
    return {name: canonical(name, documents.get(name, "")) for name in (RUNNING_CONFIG, SNMP_USERS)}


def go(configuration: Configuration, name: str) -> tuple[str, ...]:
    """Bring a router to an example; return how to go back."""
    change = remediate(shown(configuration), wanted(name))
    assert configuration.merge("\n".join(change.commands)) == []
    assert canonicals(shown(configuration)) == canonicals(wanted(name))
    assert remediate(shown(configuration), wanted(name)).commands == ()
    return change.rollback


def from_the_box() -> Configuration:
    """A router that knows whom to let in, and serves no line."""
    return factory_new("FGL26000121", "root", KEY)


def prepared() -> Configuration:
    """The same with the new model of AAA, as every line of ours has it."""
    configuration = from_the_box()
    configuration.merge("aaa new-model\n")
    return configuration


@pytest.mark.parametrize("name", NAMES)
def test_from_the_box_and_back(name: str) -> None:
    configuration = from_the_box()
    back = go(configuration, name)
    assert configuration.merge("\n".join(back)) == []
    assert canonicals(shown(configuration)) == canonicals(shown(from_the_box()))
    assert vty(configuration) == vty(from_the_box())  # otherwise nobody gets in any more


def vty(configuration: Configuration) -> str:
    return configuration.text().partition("\nline vty")[2].partition("!")[0]


@pytest.mark.parametrize(("before", "after"), list(permutations(NAMES, 2)))
def test_from_one_line_to_another_and_back(before: str, after: str) -> None:
    configuration = prepared()
    go(configuration, before)
    back = go(configuration, after)
    assert configuration.merge("\n".join(back)) == []
    assert canonicals(shown(configuration)) == canonicals(wanted(before))
