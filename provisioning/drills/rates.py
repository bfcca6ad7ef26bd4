"""Reads what a line carried out of a verdict on its throughput."""

from provisioning.model.bearer import BearerName
from provisioning.model.drill import MeasuredRate
from provisioning.model.proof import CheckKind
from provisioning.model.verdict import Outcome, Verdict


def measured_rate(verdict: Verdict, *, at: float, seconds: float, bearer: BearerName) -> MeasuredRate | None:
    """Return the rate that a verdict tells of; None where it was not observed.

    Args:
        at: seconds since the drill's streams began, when it was measured.
        seconds: for which it was measured.
        bearer: that carried it.
    """
    found = next((each for each in verdict.results if each.kind == CheckKind.THROUGHPUT), None)
    if found is None or found.outcome is Outcome.NOT_OBSERVED:
        return None
    values = {each.name: each.value for each in found.figures}
    return MeasuredRate(at, seconds, bearer, values.get("down"), values.get("up"))
