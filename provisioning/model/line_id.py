"""Lines are numbered; people see `L-` and the number."""

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
