"""Access lists as a configuration shows them: their entries repeat themselves, and stand in an order."""

import re
from collections.abc import Iterable, Iterator

from provisioning.platforms.cisco_iosxe.section import Section

STANDARD_LISTS = (range(1, 100), range(1300, 2000))
EXTENDED_LISTS = (range(100, 200), range(2000, 2700))
"""Numbers of IPv4's access lists (access-list)."""

_ACCESS_LIST = re.compile(r"(?:ip access-list (?:standard|extended)|ipv6 access-list) \S+")
_NUMBERED_LIST = re.compile(r"access-list (\d{1,4}) (.+)")
_SEQUENCE = re.compile(r"(?:sequence )?(\d{1,10}) .+|.+ sequence (\d{1,10})")

# The words of an entry stand in columns.
_COLUMNS = re.compile(r"^((?:\d+ )?(?:permit|deny)) {2,}")


def is_access_list(text: str) -> bool:
    """Return whether a section is an access list."""
    return _ACCESS_LIST.fullmatch(text) is not None


def sequence(text: str) -> int | None:
    """Return the number that an entry carries, before it or (IPv6) after it."""
    found = _SEQUENCE.fullmatch(text)
    return int(found[1] or found[2]) if found else None


def entries_in_order(found: Iterable[Section]) -> tuple[Section, ...]:
    """Return the entries of a list as they are compared: by their numbers, where all have one."""
    entries = [Section(_COLUMNS.sub(r"\1 ", each.text)) for each in found]
    numbers = [sequence(each.text) for each in entries]
    if None in numbers:
        return tuple(entries)
    return tuple(each for _, each in sorted(zip(numbers, entries, strict=True), key=lambda pair: pair[0] or 0))


def with_named_lists(found: Iterable[Section]) -> Iterator[Section]:
    """Yield commands with those of numbered lists as named ones, as which later releases show them."""
    for each in found:
        entry = _NUMBERED_LIST.fullmatch(each.text)
        kind = _kind(int(entry[1])) if entry else ""
        if entry and kind:
            yield Section(f"ip access-list {kind} {entry[1]}", (Section(entry[2]),))
        else:
            yield each


def _kind(number: int) -> str:
    if any(number in some for some in STANDARD_LISTS):
        return "standard"
    return "extended" if any(number in some for some in EXTENDED_LISTS) else ""
