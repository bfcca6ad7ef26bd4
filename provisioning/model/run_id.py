"""Runs are numbered; people see `R-` and the number."""

PREFIX = "R-"


def run_id(number: int) -> str:
    """Return the id of the run with that number."""
    return f"{PREFIX}{number}"


def run_number(identifier: str) -> int:
    """Return the number of a run.

    Raises:
        ValueError: when it is no run id.
    """
    digits = identifier.removeprefix(PREFIX)
    if not identifier.startswith(PREFIX) or not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        raise ValueError(f"{identifier!r} is no run id")
    return int(digits)
