"""Reads what was seen: JSON from another machine, of which nothing may be taken for granted."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address

Seen = Mapping[str, object]


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


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
