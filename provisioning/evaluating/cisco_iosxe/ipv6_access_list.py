"""IPv6 access lists: Security Configuration Guide, Access Control Lists, IOS XE 17, "IPv6 Access Control Lists".

Each ends with entries that stand nowhere: neighbour advertisements and solicitations are permitted, then everything is
refused (the same chapter, "IPv6 ACL").
"""

from collections.abc import Iterable, Mapping

from provisioning.evaluating.cisco_iosxe.access_list import AccessList
from provisioning.evaluating.cisco_iosxe.entry import Entry
from provisioning.evaluating.cisco_iosxe.entry_words import read_entry
from provisioning.evaluating.cisco_iosxe.object_groups import ObjectGroups
from provisioning.evaluating.cisco_iosxe.sections import Section

NEIGHBOUR_DISCOVERY = ("permit icmp any any nd-na", "permit icmp any any nd-ns")


def read_ipv6_access_lists(configuration: Iterable[Section], groups: ObjectGroups) -> Mapping[str, AccessList]:
    """Return the IPv6 lists of a configuration by name."""
    found: dict[str, AccessList] = {}
    for section in configuration:
        rest = section.rest("ipv6", "access-list")
        if rest is not None and len(rest) == 1 and rest[0] != "log-update":
            name = rest[0]
            implied = tuple(
                read_entry(tuple(each.split()), 6, ObjectGroups(), f"{name}: [{each}]") for each in NEIGHBOUR_DISCOVERY
            )
            found[name] = AccessList(name, 6, _ordered(name, section.below, groups), implied)
    return found


def _ordered(name: str, below: Iterable[Section], groups: ObjectGroups) -> tuple[Entry, ...]:
    """Return the entries by their sequence numbers, which stand before or behind them, by release."""
    found: list[tuple[int, Entry]] = []
    for section in below:
        words = section.words
        number = found[-1][0] if found else 0
        if words[0] == "sequence" and len(words) > 2 and words[1].isdigit():
            number, words = int(words[1]), words[2:]
        elif words[0].isdigit():
            number, words = int(words[0]), words[1:]
        elif len(words) > 2 and words[-2] == "sequence" and words[-1].isdigit():
            number = int(words[-1])
        if words[:1] != ("remark",):
            found.append((number, read_entry(words, 6, groups, f"{name}: {section.line}")))
    return tuple(each for _, each in sorted(found, key=lambda pair: pair[0]))
