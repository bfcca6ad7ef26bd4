"""How an assignment looks."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioning.model.assignment import Assignment


def until(assignment: "Assignment") -> str:
    """Return until when it was held, and until when it rests; nothing for what is held now."""
    if assignment.released_at is None:
        return ""
    if assignment.state.value == "quarantined" and assignment.quarantine_until is not None:
        return f"{assignment.released_at:%Y-%m-%d}, rests until {assignment.quarantine_until:%Y-%m-%d}"
    return f"{assignment.released_at:%Y-%m-%d}"
