"""Makes one figure: held against its target, or told why nobody measured it."""

from provisioning.model.drill import Figure, Outcome, Weight

RESTARTED = "the router restarted, and its clock with it"
NO_CUT = "the router does not tell of the cut"


def figure(
    key: str,
    subject: str,
    value: float | None,
    unit: str,
    target: float | None,
    *,
    gate: bool = False,
    needed: bool = False,
    at_least: bool = False,
    why_not: str = "",
    facts: tuple[str, ...] = (),
) -> Figure:
    """Return a figure with its outcome.

    Args:
        value: None where it was not measured.
        gate: whether it decides about the drill when it was measured.
        needed: whether it decides when it was not: no drill passes without it.
        at_least: whether more is better.
        why_not: why it was not measured.
    """
    weight = Weight.GATE if gate and (value is not None or needed) else Weight.REPORT
    if value is None:
        outcome = Outcome.NOT_MEASURED
    elif target is None or (value >= target if at_least else value <= target):
        outcome = Outcome.MET
    else:
        outcome = Outcome.MISSED
    told = why_not if value is None else ""
    rounded = None if value is None else round(value, 3)
    return Figure(key, subject, rounded, unit, target, weight, outcome, at_least, told, facts)
