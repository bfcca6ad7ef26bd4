"""IPv4 access lists, standard and extended, named and numbered.

Security Configuration Guide, Access Control Lists, IOS XE 17: "IP Access List Overview", "IP Access List Entry
Sequence Numbering", "Object Groups for ACLs".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

from provisioning.evaluating.cisco_iosxe.addresses import ANY, Pattern, host, wildcard
from provisioning.evaluating.cisco_iosxe.entry import Entry, Service
from provisioning.evaluating.cisco_iosxe.entry_words import read_entry
from provisioning.evaluating.cisco_iosxe.object_groups import ObjectGroups
from provisioning.evaluating.cisco_iosxe.sections import Section

STANDARD_NUMBERS = (range(1, 100), range(1300, 2000))


@dataclass(frozen=True, slots=True)
class AccessList:
    """A list of one family.

    Attributes:
        entries: in the order in which they are asked.
        implied: what comes after them, besides the end that refuses everything.
    """

    name: str
    family: int
    entries: tuple[Entry, ...]
    implied: tuple[Entry, ...] = ()


def read_access_lists(configuration: Iterable[Section], groups: ObjectGroups) -> Mapping[str, AccessList]:
    """Return the IPv4 lists of a configuration by name or number."""
    lines: dict[str, list[tuple[str, ...]]] = {}
    standard: set[str] = set()
    for section in configuration:
        match section.words:
            case ("ip", "access-list", ("standard" | "extended") as kind, name):
                lines.setdefault(name, []).extend(each.words for each in section.below)
                standard |= {name} if kind == "standard" else set()
            case ("access-list", number, *entry) if entry:
                lines.setdefault(number, []).append(tuple(entry))
                if number.isdigit() and any(int(number) in each for each in STANDARD_NUMBERS):
                    standard.add(number)
    return {
        name: AccessList(name, 4, ordered(name, some, groups, standard=name in standard))
        for name, some in lines.items()
    }


def ordered(name: str, lines: Iterable[tuple[str, ...]], groups: ObjectGroups, *, standard: bool) -> tuple[Entry, ...]:
    """Return the entries of a list by their sequence numbers; those without one stay where they are written."""
    found: list[tuple[int, Entry]] = []
    for words in lines:
        number = int(words[0]) if words[0].isdigit() else found[-1][0] if found else 0
        body = words[1:] if words[0].isdigit() else words
        if body[:1] == ("remark",):
            continue
        written = f"{name}: {' '.join(words)}"
        found.append((number, _standard(body, written) if standard else read_entry(body, 4, groups, written)))
    return tuple(each for _, each in sorted(found, key=lambda pair: pair[0]))


def _standard(words: tuple[str, ...], written: str) -> Entry:
    """Return an entry of a standard list, which looks at the source alone."""
    every = (Service(None),)
    try:
        sources, rest = _source(words[1:])
        if words[0] not in ("permit", "deny"):
            raise ValueError(written)
    except (ValueError, IndexError):
        return Entry(None, every, ANY, ANY, False, False, written)
    return Entry(words[0] == "permit", every, sources, ANY, False, rest in ((), ("log",)), written)


def _source(words: tuple[str, ...]) -> tuple[tuple[Pattern, ...], tuple[str, ...]]:
    match words:
        case ("any", *rest):
            return ANY, tuple(rest)
        case ("host", one, *rest):
            return (host(IPv4Address(one)),), tuple(rest)
        case (one, bits, *rest) if bits[:1].isdigit():
            return (wildcard(one.rstrip(","), bits),), tuple(rest)
        case (one, *rest):
            return (host(IPv4Address(one)),), tuple(rest)
    raise ValueError("no source")
