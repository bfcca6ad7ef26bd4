"""Lists that are changed in place, because their names stay: never more open on the way than before or after.

An access list is a mixture of both states while it is changed, and may then let in what neither does; without an entry
it lets in everything ("IP Access List Overview": an empty list permits). So a first entry shuts it for that time. A
list whose name tells its content never comes here: another content is another name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from provisioning.platforms.cisco_iosxe.list_entries import sequence
from provisioning.platforms.cisco_iosxe.negation import negation

_PREFIX_LIST = re.compile(r"(ip|ipv6) prefix-list (\S+) seq (\d+) .+")

FIRST_SEQUENCE = 10
"""Of an entry that was given no number (ip access-list resequence)."""

HIGHEST_SEQUENCE = 4294967294
"""Of a prefix list (ip prefix-list)."""

EVERY_PREFIX = {"ip": "0.0.0.0/0 le 32", "ipv6": "::/0 le 128"}


_SHUTTING = {
    "extended": (
        ("deny ip any any",),
        ("deny ip 0.0.0.0 127.255.255.255 any", "deny ip 128.0.0.0 127.255.255.255 any"),
    ),
    "standard": (("deny any",), ("deny 0.0.0.0 127.255.255.255", "deny 128.0.0.0 127.255.255.255")),
    "ipv6": (("deny ipv6 any any",), ("deny ipv6 ::/1 any", "deny ipv6 8000::/1 any")),
}

_COUNTED = re.compile(r"^(?:sequence )?\d+ ")


def access_list_edit(header: str, before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Return the commands, inside an access list, that make one content of it another.

    Args:
        header: the list's line.
        before: its entries, in order.
        after: likewise.
    """
    numbers = [sequence(each) for each in (*before, *after)]
    if None not in numbers:
        steps, lowest = _by_number(header, before, after), min(each or 0 for each in numbers)
    else:
        steps, lowest = [*(f"no {each}" for each in before), *after], FIRST_SEQUENCE
    guards = _guards(header, lowest, {*before, *after})
    return (*guards, *steps, *(negation(header, each) for each in reversed(guards)))


def _by_number(header: str, before: Sequence[str], after: Sequence[str]) -> list[str]:
    old, new = ({_place(each): each for each in some} for some in (before, after))
    gone = [negation(header, each) for place, each in old.items() if new.get(place) != each]
    come = [each for place, each in new.items() if old.get(place) != each]
    return [*gone, *come]  # in this order, because an entry that stands already is not taken twice


def _place(entry: str) -> tuple[int | None, bool]:
    """Return an entry's number, which a remark shares with the entry that it stands before."""
    return sequence(entry), " remark " in entry


def _guards(header: str, lowest: int, entries: set[str]) -> tuple[str, ...]:
    """Return the entries that shut a list; none where its first entry leaves no number before it.

    An entry that says what another one says already is not taken, so that there are two ways of saying it.
    """
    said = {_COUNTED.sub("", each) for each in entries}
    for way in _SHUTTING[_kind(header)]:
        if not said.intersection(way) and lowest > len(way):
            before = "sequence " if header.startswith("ipv6") else ""
            return tuple(f"{before}{lowest - len(way) + at} {each}" for at, each in enumerate(way))
    return ()


def _kind(header: str) -> str:
    return "ipv6" if header.startswith("ipv6") else "standard" if " standard " in header else "extended"


def prefix_list_of(text: str) -> tuple[str, str] | None:
    """Return family and name of the prefix list to which a top-level command belongs."""
    found = _PREFIX_LIST.fullmatch(text)
    return (found[1], found[2]) if found else None


def prefix_list_edit(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Return the top-level commands that make one content of a prefix list another, never leaving it without an entry.

    Args:
        before: the commands of its entries; not empty.
        after: likewise.
    """
    standing = {_number(each): each for each in before}
    wanted = {_number(each): each for each in after}
    steps: list[str] = []
    for number, each in sorted(wanted.items()):
        if standing.get(number) == each:
            continue
        # Neither a number nor a prefix is taken twice ("%Insertion failed - prefix-list entry exists").
        in_the_way = [one for one in standing if one == number or _prefix(standing[one]) == _prefix(each)]
        steps += [f"no {standing.pop(one)}" for one in in_the_way]
        steps.append(each)
        standing[number] = each
    steps += [f"no {each}" for number, each in sorted(standing.items()) if number not in wanted]
    if not _is_left_empty(steps, len(before)):
        return tuple(steps)
    family, name = prefix_list_of(before[0]) or ("ip", "")
    guard = f"{family} prefix-list {name} seq {HIGHEST_SEQUENCE} deny {EVERY_PREFIX[family]}"
    return (guard, *steps, f"no {guard}")


def _prefix(text: str) -> str:
    return text.partition(" seq ")[2].partition(" ")[2]


def _number(text: str) -> int:
    found = _PREFIX_LIST.fullmatch(text)
    return int(found[3]) if found else 0


def _is_left_empty(steps: Iterable[str], count: int) -> bool:
    for each in steps:
        count += -1 if each.startswith("no ") else 1
        if not count:
            return True
    return False


def in_new_order(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Return which of a list's commands, standing in both, must go and come again so that the order is the wanted one.

    What is new is added at the end, and what goes leaves the others where they are.
    """
    standing, kept = iter(before), 0
    for each in after:
        if each not in set(before) or not _reaches(standing, each):
            break
        kept += 1
    return tuple(each for each in after[kept:] if each in set(before))


def _reaches(standing: Iterator[str], wanted: str) -> bool:
    return any(each == wanted for each in standing)
