"""Lines are numbered; people see `L-` and the number."""

PREFIX = "L-"


def line_id(number: int) -> str:
    """Return the id of the line with that number."""
    return f"{PREFIX}{number}"


def line_number(identifier: str) -> int:
    """Return the number of a line.

    Raises:
        ValueError: when it is no line id.
    """
    digits = identifier.removeprefix(PREFIX)
    if not identifier.startswith(PREFIX) or not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        raise ValueError(f"{identifier!r} is no line id")
    return int(digits)
