"""Runs are numbered; people see `R-` and the number."""

from provisioning.model.numbered import number_of

PREFIX = "R-"


def run_id(number: int) -> str:
    """Return the id of the run with that number."""
    return f"{PREFIX}{number}"


def run_number(identifier: str) -> int:
    """Return the number of a run.

    Raises:
        ValueError: when it is no run id.
    """
    return number_of(identifier, PREFIX, "run")
