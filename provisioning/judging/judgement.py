"""What is made of one check, before it becomes a result."""

from dataclasses import dataclass

from provisioning.model.proof import Found
from provisioning.model.verdict import Figure, Outcome, Series


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of one check.

    Attributes:
        evidence: what it rests on, for people.
    """

    outcome: Outcome
    found: Found
    evidence: str = ""
    figures: tuple[Figure, ...] = ()
    series: tuple[Series, ...] = ()


def passed(
    found: Found, evidence: str, figures: tuple[Figure, ...] = (), series: tuple[Series, ...] = ()
) -> Judgement:
    """Return that it is as it must be."""
    return Judgement(Outcome.PASSED, found, evidence, figures, series)


def failed(
    found: Found, evidence: str, figures: tuple[Figure, ...] = (), series: tuple[Series, ...] = ()
) -> Judgement:
    """Return that it is not."""
    return Judgement(Outcome.FAILED, found, evidence, figures, series)


def untold(found: Found, evidence: str) -> Judgement:
    """Return that nobody can tell."""
    return Judgement(Outcome.NOT_OBSERVED, found, evidence)
