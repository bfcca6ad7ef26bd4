"""Which incident a line's bearers make, and how urgent it is (facts: I-6.5, I-9.1)."""

from collections.abc import Mapping

from provisioning.model.incident import Condition, IncidentKind, Priority

KINDS: Mapping[Condition, IncidentKind] = {
    Condition.ON_MOBILE: IncidentKind.BACK_UP_ACTIVE,
    Condition.MOBILE_FAILED: IncidentKind.BACK_UP_FAILED,
    Condition.DOWN: IncidentKind.LINE_DOWN,
}
"""`on-fixed` is how it should be; of a router that says nothing nobody knows."""

PRIORITIES: Mapping[IncidentKind, Priority] = {
    # "no internet at all" (facts: I-9.1)
    IncidentKind.LINE_DOWN: Priority.P1,
    # "or the back-up is active": an incident on the fixed line (facts: I-6.5)
    IncidentKind.BACK_UP_ACTIVE: Priority.P2,
    # "failure of the mobile back-up" (facts: I-6.5)
    IncidentKind.BACK_UP_FAILED: Priority.P3,
}


def kind_of(condition: Condition) -> IncidentKind | None:
    """Return the incident that a condition makes; None where it makes none."""
    return KINDS.get(condition)


def priority_of(kind: IncidentKind) -> Priority:
    """Return how urgent an incident is."""
    return PRIORITIES[kind]
