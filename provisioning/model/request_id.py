"""Change requests are numbered; people see `C-` and the number."""

from provisioning.model.numbered import number_of

PREFIX = "C-"


def request_id(number: int) -> str:
    """Return the id of the change request with that number."""
    return f"{PREFIX}{number}"


def request_number(identifier: str) -> int:
    """Return the number of a change request.

    Raises:
        ValueError: when it is no id of one.
    """
    return number_of(identifier, PREFIX, "change request")
