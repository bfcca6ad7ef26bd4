"""From what was seen to a verdict: `judge(expectation, observations) -> Verdict`."""

from collections.abc import Iterable
from dataclasses import replace

from provisioning.judging import access, behind, openings, performance, scans, sessions
from provisioning.judging.evaluated import evaluated
from provisioning.judging.judgement import Judgement, untold
from provisioning.judging.reached import families, unheard
from provisioning.judging.reading import Seen, printable
from provisioning.model.checks.behind import (
    DnsCheck,
    FirewallCheck,
    LeaseCheck,
    NatCheck,
    SlaacCheck,
    SourceFilterCheck,
)
from provisioning.model.checks.devices import ConfigurationCheck, ManagementCheck, OntCheck
from provisioning.model.checks.openings import ClosedPortCheck, OpeningCheck, RoutedBlockCheck, ShutCheck
from provisioning.model.checks.performance import LatencyCheck, LossCheck, MtuCheck, ThroughputCheck
from provisioning.model.checks.scans import ScanCheck, UnchangedCheck
from provisioning.model.checks.sessions import SessionEndedCheck, SessionSurvivesCheck
from provisioning.model.expectation import AnyCheck, Expectation
from provisioning.model.observation import Observation
from provisioning.model.proof import Found
from provisioning.model.verdict import CheckResult, Outcome, Verdict


def judge(
    expectation: Expectation, observations: Iterable[Observation], before: Iterable[Observation] = ()
) -> Verdict:
    """Return the verdict: one result for each check, in the order of the expectation.

    A check without an observation was not observed. That nothing answers is proven only where something did come back
    to the vantage point, in the same family. What the configuration says counts where nobody could look; where it says
    something else than was seen, one of the two is wrong, and the check has failed.

    Args:
        observations: those of vantage points, and what was told from the configuration.
        before: what scans saw before the change; they are evidence only.
    """
    found = tuple(observations)
    seen = {each.check: each for each in found if not each.evaluated}
    said = {each.check: each.seen for each in found if each.evaluated and each.seen is not None}
    earlier = {each.check: each.seen for each in before}
    told = {name: each.seen for name, each in seen.items() if each.seen is not None}
    deaf = unheard(expectation, told)
    results = (
        _completed(check, said[check.id], result) if check.id in said else result
        for check in expectation.checks
        for result in (_result(check, seen.get(check.id), earlier.get(check.id), deaf),)
    )
    return Verdict(tuple(results))


def _completed(check: AnyCheck, said: Seen, result: CheckResult) -> CheckResult:
    """Return a result with what the configuration says of the check."""
    judged = evaluated(check, said)
    if judged.outcome is Outcome.NOT_OBSERVED:
        told = f"{result.evidence}; the configuration does not tell: {judged.evidence}"
        return replace(result, evidence=printable(told)) if result.outcome is Outcome.NOT_OBSERVED else result
    if result.outcome is Outcome.NOT_OBSERVED:
        return replace(
            result,
            outcome=judged.outcome,
            finding=judged.found.value,
            evidence=printable(f"the configuration in force: {judged.evidence}"),
            figures=judged.figures,
            evaluated=True,
        )
    if judged.outcome is result.outcome:
        return replace(result, evidence=printable(f"{result.evidence}; the configuration says the same"))
    told = f"{result.evidence}; but the configuration says: {judged.found}: {judged.evidence}"
    finding = Found.CONTRADICTED.value if result.outcome is Outcome.PASSED else result.finding
    return replace(result, outcome=Outcome.FAILED, finding=finding, evidence=printable(told))


def _result(
    check: AnyCheck, observation: Observation | None, before: Seen | None, deaf: frozenset[int]
) -> CheckResult:
    if observation is None or observation.seen is None:
        why = observation.why_not if observation is not None else "nothing was tried"
        judged = untold(Found.NOBODY_COULD_LOOK, why)
    else:
        judged = _judged(check, observation.seen, before)
        if isinstance(check, ScanCheck | ClosedPortCheck | ShutCheck) and judged.outcome is Outcome.PASSED:
            judged = _heard(judged, families(check) & deaf)
    by = f"{' and '.join(observation.by)}: " if observation and observation.seen is not None and observation.by else ""
    return CheckResult(
        check=check.id,
        kind=check.kind.value,
        subject=check.subject,
        viewpoint=check.viewpoint,
        weight=check.weight,
        outcome=judged.outcome,
        finding=judged.found.value,
        evidence=printable(f"{by}{judged.evidence}"),
        facts=check.facts,
        figures=judged.figures,
        series=judged.series,
    )


def _heard(judged: Judgement, deaf: frozenset[int]) -> Judgement:
    if not deaf:
        return judged
    some = " and ".join(f"IPv{each}" for each in sorted(deaf))
    return untold(Found.COULD_NOT_TELL, f"nothing at all came back over {some}: the vantage point may be cut off")


def _judged(check: AnyCheck, seen: Seen, before: Seen | None) -> Judgement:  # noqa: C901 - one case a kind
    match check:
        case OpeningCheck():
            return openings.opening(check, seen)
        case ScanCheck():
            return scans.scan(check, seen, before)
        case ShutCheck():
            return openings.shut(check, seen)
        case UnchangedCheck():
            return scans.unchanged(check, seen)
        case SessionSurvivesCheck() | SessionEndedCheck():
            return sessions.session(check, seen)
        case ClosedPortCheck():
            return openings.closed_port(check, seen)
        case RoutedBlockCheck():
            return openings.routed_block(check, seen)
        case LeaseCheck():
            return behind.lease(check, seen)
        case NatCheck():
            return behind.nat(check, seen)
        case SlaacCheck():
            return behind.slaac(check, seen)
        case DnsCheck():
            return behind.dns(check, seen)
        case FirewallCheck():
            return behind.customer_firewall(check, seen)
        case SourceFilterCheck():
            return behind.source_filter(check, seen)
        case ThroughputCheck():
            return performance.throughput(check, seen)
        case LatencyCheck():
            return performance.latency(check, seen)
        case LossCheck():
            return performance.loss(check, seen)
        case MtuCheck():
            return performance.mtu(check, seen)
        case ManagementCheck():
            return behind.management(check, seen)
        case OntCheck():
            return access.ont(check, seen)
        case ConfigurationCheck():
            return behind.configuration(check, seen)
