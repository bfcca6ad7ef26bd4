"""Class maps of the zone-based firewall: `class-map type inspect`.

Security Configuration Guide: Zone-Based Policy Firewall, IOS XE 17, "Zone-Based Policy Firewalls", "Class Maps and
Policy Maps for Zone-Based Policy Firewalls".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from provisioning.evaluating.cisco_iosxe.sections import Section


@dataclass(frozen=True, slots=True)
class Match:
    """One condition.

    Attributes:
        kind: `access-group`, `protocol`, `class-map`; empty for one that is not understood.
        name: of the list, the protocol or the class.
    """

    kind: str
    name: str
    written: str


@dataclass(frozen=True, slots=True)
class ClassMap:
    """A class of packets.

    Attributes:
        all_of: whether every condition must hold, not just one.
    """

    name: str
    all_of: bool
    matches: tuple[Match, ...]


def read_class_maps(configuration: Iterable[Section]) -> Mapping[str, ClassMap]:
    """Return the classes of a configuration by name."""
    found: dict[str, ClassMap] = {}
    for section in configuration:
        rest = section.rest("class-map", "type", "inspect")
        if rest is None or not 1 <= len(rest) <= 2:
            continue
        how, name = rest if len(rest) == 2 else ("match-all", rest[0])
        if how in ("match-all", "match-any"):
            found[name] = ClassMap(name, how == "match-all", tuple(_matches(name, section.below)))
    return found


def _matches(name: str, below: Iterable[Section]) -> Iterator[Match]:
    for each in below:
        written = f"class {name}: {each.line}"
        match each.words:
            case ("description", *_):
                continue
            case ("match", "access-group", "name", some) | ("match", "access-group", some):
                yield Match("access-group", some, written)
            case ("match", "protocol", some):
                yield Match("protocol", some, written)
            case ("match", "class-map", some):
                yield Match("class-map", some, written)
            case _:
                yield Match("", "", written)
