"""Which commands of a router's configuration differ from those that are rendered for what it says."""

from collections.abc import Iterator, Mapping

from provisioning.model.read_intent import Place
from provisioning.platforms.cisco_iosxe.canonical import (
    RUNNING_CONFIG,
    SNMP_USERS,
    sections,
    user_lines,
    without_keys,
)
from provisioning.platforms.cisco_iosxe.configuration_tree import read_configuration
from provisioning.platforms.cisco_iosxe.defaults import IDLE, OURS, is_default
from provisioning.platforms.cisco_iosxe.left_alone import is_left_alone
from provisioning.platforms.cisco_iosxe.said import said
from provisioning.platforms.cisco_iosxe.section import Section
from provisioning.platforms.numbered_lines import is_too_large

Path = tuple[str, ...]


def lines_besides(documents: Mapping[str, str], others: Mapping[str, str]) -> tuple[Place, ...]:
    """Return the commands of documents that others have not; what is never ours is left out.

    Args:
        documents: texts by name.
        others: likewise.

    Returns:
        Their places, in the order of the text.
    """
    return (*_commands(documents, others), *_users(documents, others))


def _commands(documents: Mapping[str, str], others: Mapping[str, str]) -> Iterator[Place]:
    text = documents.get(RUNNING_CONFIG, "")
    if is_too_large(text):
        yield Place(RUNNING_CONFIG)
        return
    known = set(_paths(sections(others.get(RUNNING_CONFIG, "")), ()))
    known |= {(*each.path, each.text) for each in said(read_configuration(others.get(RUNNING_CONFIG, "")))}
    for each in said(read_configuration(text)):
        outer = each.path[0] if each.path else each.text
        section = each.path[-1] if each.path else ""
        if (*each.path, each.text) in known or is_left_alone(outer) or is_default(section, each.text):
            continue
        if not _is_idle(outer, each.text):
            yield each.place


def _is_idle(outer: str, text: str) -> bool:
    """Return whether a command stands there because the hardware does."""
    name = outer.partition(" ")[2]
    if outer.startswith("controller "):
        return text == outer
    return outer.startswith("interface ") and name not in OURS and (text in IDLE or text == outer)


def _paths(found: tuple[Section, ...], path: Path) -> Iterator[Path]:
    for each in found:
        yield (*path, each.text)
        yield from _paths(each.children, (*path, each.text))


def _users(documents: Mapping[str, str], others: Mapping[str, str]) -> Iterator[Place]:
    known = {without_keys(each) for each in user_lines(others.get(SNMP_USERS, ""))}
    for number, line in enumerate(documents.get(SNMP_USERS, "").split("\n"), 1):
        if any(without_keys(each) not in known for each in user_lines(line)):
            yield Place(SNMP_USERS, number)
