"""Runs over the fleet are numbered; people see `B-` and the number."""

from provisioning.model.numbered import number_of

PREFIX = "B-"


def night_id(number: int) -> str:
    """Return the id of the fleet run with that number."""
    return f"{PREFIX}{number}"


def night_number(identifier: str) -> int:
    """Return the number of a fleet run.

    Raises:
        ValueError: when it is no such id.
    """
    return number_of(identifier, PREFIX, "fleet run")
