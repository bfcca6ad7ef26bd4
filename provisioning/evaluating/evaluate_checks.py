"""Answers what can be answered of an expectation from the configuration that a router has in force."""

from collections.abc import Callable, Iterator, Mapping

from provisioning.evaluating.cisco_iosxe.checks import evaluate_check
from provisioning.evaluating.surroundings import Surroundings
from provisioning.model.expectation import AnyCheck, Expectation
from provisioning.model.observation import Observation

Documents = Mapping[str, str]
Evaluate = Callable[[Expectation, Documents, Surroundings], Callable[[AnyCheck], Mapping[str, object] | None]]

PLATFORMS: Mapping[str, Evaluate] = {"cisco_iosxe": evaluate_check}
"""By platform; the others have no evaluator, and need vantage points."""

BY = ("the configuration in force",)


def can_evaluate(platform: str) -> bool:
    """Return whether anything can be told of a platform's routers from their configuration."""
    return platform in PLATFORMS


def evaluate_checks(
    platform: str, expectation: Expectation, documents: Documents, around: Surroundings
) -> tuple[Observation, ...]:
    """Return what the configuration says of each check that can be answered from it.

    Args:
        documents: what is in force, text by name, as it was fetched from the router.
        around: where the line stands around the router.
    """
    evaluate = PLATFORMS.get(platform)
    return tuple(_observations(evaluate(expectation, documents, around), expectation)) if evaluate else ()


def _observations(
    evaluate: Callable[[AnyCheck], Mapping[str, object] | None], expectation: Expectation
) -> Iterator[Observation]:
    for check in expectation.checks:
        seen = evaluate(check)
        if seen is not None:
            yield Observation(check.id, seen, by=BY, evaluated=True)
