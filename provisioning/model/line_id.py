"""Lines are numbered; people see `L-` and the number."""

from provisioning.errors import UnknownName
from provisioning.model.numbered import number_of

PREFIX = "L-"


def line_id(number: int) -> str:
    """Return the id of the line with that number."""
    return f"{PREFIX}{number}"


def line_number(identifier: str) -> int:
    """Return the number of a line.

    Raises:
        ValueError: when it is no line id.
    """
    return number_of(identifier, PREFIX, "line")


def no_line(identifier: str) -> UnknownName:
    """Return the error for what somebody named, and is not there: that it is no id of a line, where it is none."""
    remedy = "`proviso line list` shows the lines."
    try:
        line_number(identifier)
    except ValueError as error:
        return UnknownName(f"there is no line {identifier!r}: {error}", where="line", remedy=remedy)
    return UnknownName(f"there is no line {identifier!r}", where="line", remedy=remedy)
