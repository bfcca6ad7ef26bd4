"""What was looked at on the way to a drill, written down."""

from provisioning.model.drill import Weight
from provisioning.model.readiness import ReadinessFinding, Standing


def gate(code: str, subject: str, good: bool, reason: str, remedy: str, *facts: str) -> ReadinessFinding:
    """Return a gate that is good or bad; one that is good needs no remedy."""
    standing = Standing.GOOD if good else Standing.BAD
    return finding(code, subject, Weight.GATE, standing, reason, "" if good else remedy, *facts)


def finding(
    code: str, subject: str, weight: Weight, standing: Standing, reason: str, remedy: str, *facts: str
) -> ReadinessFinding:
    """Return one thing that was looked at."""
    return ReadinessFinding(code, subject, weight, standing, reason, remedy, facts)
