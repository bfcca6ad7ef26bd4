"""Whether telephony is kept off the mobile bearer, by the access lists that the router has in force (facts: I-6.3).

What the list on the way out denies to anybody are the operator's voice prefixes; the list on the way in must deny what
comes from them. Names are those of the router, not ours: lists that somebody else put there are read as well.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_APPLIED = re.compile(r"^\s*(?:ip access-group|ipv6 traffic-filter) (?P<name>\S+) (?P<way>in|out)\s*$", re.MULTILINE)
_LIST = re.compile(r"^(?:Extended IP|IPv6) access list (?P<name>\S+)", re.MULTILINE)
_ENTRY = re.compile(
    r"^\s+(?:sequence )?(?:\d+ )?(?P<action>permit|deny) +(?P<protocol>\S+) (?P<rest>.+?)"
    r"(?: \(\d+ match(?:es)?\))?(?: sequence \d+)?(?: \(\d+ match(?:es)?\))?\s*$"
)
_EVERYTHING = ("ip", "ipv6")


@dataclass(frozen=True, slots=True)
class _Denied:
    """Networks that a list denies, as it names them, before it permits anything."""

    sources: frozenset[str]
    targets: frozenset[str]


def voice_kept_off(interface: str, lists: str) -> bool | None:
    """Return whether packets to and from the voice prefixes are dropped; None where that cannot be told.

    Args:
        interface: the lines of the mobile interface's configuration that apply access lists.
        lists: what `show access-lists` answers, as far as it tells of those lists.
    """
    denied = dict(_denied(lists))
    applied = {
        (6 if "traffic-filter" in found[0] else 4, found["way"]): found["name"]
        for found in _APPLIED.finditer(interface)
    }
    outwards = {version: name for (version, way), name in applied.items() if way == "out"}
    if not applied or not outwards:
        return False
    if any(name not in denied for name in applied.values()):
        return None
    return all(_both_ways(denied, name, applied.get((version, "in"))) for version, name in outwards.items())


def _both_ways(denied: dict[str, _Denied], outwards: str, inwards: str | None) -> bool:
    targets = denied[outwards].targets
    return bool(targets) and inwards is not None and targets <= denied[inwards].sources


def _denied(lists: str) -> Iterator[tuple[str, _Denied]]:
    heads = [*_LIST.finditer(lists)]
    ends = [each.start() for each in heads[1:]] + [len(lists)]
    for head, end in zip(heads, ends, strict=bool(heads)):
        yield head["name"], _of(lists[head.end() : end])


def _of(body: str) -> _Denied:
    sources, targets = set(), set()
    for line in body.splitlines():
        entry = _ENTRY.match(line)
        if entry is None:
            continue
        if entry["action"] == "permit":
            break
        if entry["protocol"] not in _EVERYTHING:
            continue
        rest = entry["rest"].lower()
        if rest.startswith("any "):
            targets.add(rest.removeprefix("any "))
        elif rest.endswith(" any"):
            sources.add(rest.removesuffix(" any"))
    return _Denied(frozenset(sources), frozenset(targets))
