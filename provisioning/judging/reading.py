"""Reads what was seen: JSON from another machine, of which nothing may be taken for granted."""

import math
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address

from provisioning.model.port_range import HIGHEST_PORT

Seen = Mapping[str, object]

LONGEST = 2000
"""Characters of what is shown to people: enough for all that the probe says."""


def part(seen: Seen, key: str) -> Seen | None:
    """Return a mapping in a mapping; None when there is none."""
    value = seen.get(key)
    return value if isinstance(value, Mapping) else None


def parts(seen: Seen, key: str) -> tuple[Seen, ...]:
    """Return the mappings of a list; what is none is left out."""
    value = seen.get(key)
    return tuple(each for each in value if isinstance(each, Mapping)) if isinstance(value, list | tuple) else ()


def text(seen: Seen, key: str) -> str:
    """Return a text; empty when there is none."""
    value = seen.get(key)
    return value if isinstance(value, str) else ""


def number(seen: Seen, key: str) -> float | None:
    """Return a number; None when there is none."""
    return _number(seen.get(key))


def numbers(seen: Seen, key: str) -> tuple[int, ...]:
    """Return whole numbers; what is none is left out."""
    value = seen.get(key)
    if not isinstance(value, list | tuple):
        return ()
    return tuple(each for each in value if isinstance(each, int) and not isinstance(each, bool))


def ports(seen: Seen, key: str) -> tuple[int, ...]:
    """Return the ports of a list; what is none is left out."""
    return tuple(each for each in numbers(seen, key) if 0 <= each <= HIGHEST_PORT)


def texts(seen: Seen, key: str) -> tuple[str, ...]:
    """Return texts; what is none is left out."""
    value = seen.get(key)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list | tuple) else ()


def points(seen: Seen, key: str) -> tuple[tuple[float, float], ...]:
    """Return pairs of numbers; what is none is left out."""
    value = seen.get(key)
    found = []
    for each in value if isinstance(value, list | tuple) else ():
        if isinstance(each, list | tuple) and len(each) == 2:
            first, second = _number(each[0]), _number(each[1])
            if first is not None and second is not None:
                found.append((first, second))
    return tuple(found)


def address(written: str) -> IPv4Address | IPv6Address | None:
    """Return an address; None when it is none."""
    try:
        return ip_address(written)
    except ValueError:
        return None


def printable(told: str) -> str:
    """Return what another machine said without characters that would do something to a terminal or a database."""
    kept = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in told[:LONGEST])
    return f"{kept} …" if len(told) > LONGEST else kept


def _number(value: object) -> float | None:
    # JSON from Python may hold NaN and Infinity, and whole numbers that no float holds.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None
