"""Ids of numbered things, as people see them: a prefix and the number."""

LONGEST = 18
"""Digits: what a key of 64 bits always holds."""


def number_of(identifier: str, prefix: str, what: str) -> int:
    """Return the number in an id.

    Args:
        prefix: such as `L-`.
        what: it is the id of, for the error.

    Raises:
        ValueError: when it is no such id; a number with zeros before it is none, or one thing would have many ids.
    """
    digits = identifier.removeprefix(prefix)
    if not identifier.startswith(prefix) or not (digits.isascii() and digits.isdigit()) or len(digits) > LONGEST:
        raise ValueError(f"{identifier!r} is no {what} id")
    if str(int(digits)) != digits:
        raise ValueError(f"{identifier!r} is no {what} id, {prefix}{int(digits)} is")
    return int(digits)
