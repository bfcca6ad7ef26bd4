"""The form in which two configurations are compared: what is ours, without order where order means nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from provisioning.platforms.cisco_iosxe.barred import without_barred
from provisioning.platforms.cisco_iosxe.configuration_tree import Kind, Line, read_configuration
from provisioning.platforms.cisco_iosxe.defaults import is_default, is_idle
from provisioning.platforms.cisco_iosxe.left_alone import is_left_alone
from provisioning.platforms.cisco_iosxe.list_entries import entries_in_order, is_access_list, with_named_lists
from provisioning.platforms.cisco_iosxe.section import Section

RUNNING_CONFIG = "running-config"
SNMP_USERS = "snmp-users"
ORDER = (RUNNING_CONFIG, SNMP_USERS)
"""The names of all documents, in the order in which they are digested."""


@dataclass(frozen=True, slots=True)
class InOrder:
    """Commands whose order among each other means something.

    Attributes:
        section: pattern of the section's line; empty at the top.
        line: pattern of the commands; its first group parts them into lists.
    """

    section: str
    line: str
    reason: str


IN_ORDER: tuple[InOrder, ...] = (
    InOrder(r"ip(?:v6)? access-list .+", r"()(?!no ).*", "the first entry that matches decides"),
    InOrder(r"", r"(access-list \d+) .*", "the first entry that matches decides"),
    InOrder(r"policy-map .+", r"()class .+", "the first class that matches decides"),
    InOrder(r"aaa group server .+", r"()server .+", "the first server that answers decides"),
    InOrder(r"ipv6 dhcp pool .+", r"(dns-server|domain-name) .+", "hosts ask the first one first"),
    InOrder(r"interface .+", r"(ipv6 nd ra dns server) .+", "hosts ask the first one first"),
    InOrder(r"", r"(ip name-server|ipv6 name-server) .+", "the router asks the first one first"),
)

_IN_ORDER = tuple((re.compile(each.section), re.compile(each.line, re.DOTALL)) for each in IN_ORDER)

_USER_KEYS = re.compile(r"(snmp-server user .+? auth \S+)(?: (?!priv )\S+)?( priv (?:aes \d+|\S+))?(?: .+)?")


def canonical(name: str, text: str) -> str:
    """Return the canonical form of a document: two that say the same have the same.

    Args:
        name: of the document.
        text: as it was rendered, or as the device shows it.
    """
    if name == SNMP_USERS:
        return "".join(f"{each}\n" for each in sorted({without_keys(each) for each in user_lines(text)}))
    return "".join(f"{each}\n" for each in _lines(_sorted("", sections(text)), 0))


def sections(text: str) -> tuple[Section, ...]:
    """Return the commands of a configuration that are ours, in the order of the text; repeated sections are one."""
    ours = (each for each in _sections(read_configuration(text).lines) if not is_left_alone(each.text))
    found = _merged("", with_named_lists(ours))
    return without_barred(found, found)


def says_the_same(one: Section, other: Section) -> bool:
    """Return whether two commands say the same, with all that stands under them."""
    return _sorted("", [one]) == _sorted("", [other])


def user_lines(text: str) -> tuple[str, ...]:
    """Return the commands of the document of SNMP users."""
    stripped = (each.strip() for each in text.split("\n"))
    return tuple(each for each in stripped if each and not each.startswith("!"))


def without_keys(user: str) -> str:
    """Return an SNMP user's command as far as the device tells it: it shows no keys."""
    found = _USER_KEYS.fullmatch(user)
    return f"{found[1]}{found[2] or ''}" if found else user


def list_of(section: str, text: str) -> str | None:
    """Return which list a command belongs to, whose order means something; None where order means nothing.

    Args:
        section: the line of the section in which it stands; empty at the top.
        text: the command.
    """
    for within, line in _IN_ORDER:
        if within.fullmatch(section) and (found := line.fullmatch(text)):
            return found[1]
    return None


def _sections(lines: Iterable[Line]) -> Iterator[Section]:
    for line in lines:
        if line.kind is Kind.COMMAND:
            text = "\n".join((line.text, *line.body)) if line.body else line.text
            yield Section(text, tuple(_sections(line.children)))


def _merged(section: str, found: Iterable[Section]) -> tuple[Section, ...]:
    """Return sections with those of the same line made one, as the device makes them; a list may repeat itself."""
    if is_access_list(section):
        return entries_in_order(found)
    by_text: dict[str, Section] = {}
    for each in found:
        if is_default(section, each.text):
            continue
        before = by_text.get(each.text)
        children = each.children if before is None else (*before.children, *each.children)
        by_text[each.text] = Section(each.text, children)
    whole = (Section(each.text, _merged(each.text, each.children)) for each in by_text.values())
    return tuple(each for each in whole if not is_idle(each))


def _sorted(section: str, found: Iterable[Section]) -> list[Section]:
    """Return sections sorted, but for lists, which keep their order."""
    whole = (Section(each.text, tuple(_sorted(each.text, each.children))) for each in found)
    return sorted(whole, key=lambda each: _key(section, each.text))


def _key(section: str, text: str) -> str:
    listed = list_of(section, text)
    return text if listed is None else listed


def _lines(found: Iterable[Section], depth: int) -> Iterator[str]:
    for each in found:
        yield " " * depth + each.text
        yield from _lines(each.children, depth + 1)
