"""Verdicts in which checks were evaluated: what they prove, how they are told, and that older ones still load."""

from dataclasses import replace

from acceptances import RESULTS
from pydantic import TypeAdapter

from provisioning.model.verdict import Outcome, Verdict, Weight

ALL_PASSED = tuple(replace(each, outcome=Outcome.PASSED) for each in RESULTS)


def test_a_line_of_which_nothing_was_observed_is_not_proven() -> None:
    assert Verdict(ALL_PASSED).proven
    evaluated = tuple(replace(each, evaluated=True) for each in ALL_PASSED)
    assert not Verdict(evaluated).proven
    one_gate = next(each for each in ALL_PASSED if each.weight is Weight.GATE)
    assert Verdict((*evaluated, one_gate)).proven


def test_an_evaluated_gate_that_failed_stands_in_the_way() -> None:
    first, *others = ALL_PASSED
    failed = replace(first, outcome=Outcome.FAILED, evaluated=True)
    assert Verdict((failed, *others)).in_the_way == (failed,)


def test_the_summary_counts_what_was_evaluated_apart() -> None:
    first, second, *others = ALL_PASSED
    unseen = replace(second, outcome=Outcome.NOT_OBSERVED, weight=Weight.REPORT)
    some = Verdict((replace(first, evaluated=True), unseen, *others))
    count = len(ALL_PASSED)
    expected = f"{count} checks: {count - 2} observed, 1 evaluated; {count - 1} passed, 1 not observed"
    assert some.summary == expected
    assert Verdict(ALL_PASSED).summary == f"{count} passed"


def test_what_was_looked_at_for_information_does_not_read_as_a_failure_of_the_line() -> None:
    first, second, *others = (replace(each, weight=Weight.GATE) for each in ALL_PASSED)
    informed = replace(first, outcome=Outcome.FAILED, weight=Weight.REPORT)
    count = len(ALL_PASSED)
    assert Verdict((informed, second, *others)).summary == f"{count - 1} passed, 1 failed, for information only"
    failed = replace(second, outcome=Outcome.FAILED)
    assert f"{count - 2} passed, 1 failed, 1 failed, for information only; in the way" in (
        Verdict((informed, failed, *others)).summary
    )


def test_a_verdict_that_was_kept_before_there_was_an_evaluator_still_loads() -> None:
    adapter = TypeAdapter(Verdict)
    kept = adapter.dump_python(Verdict(ALL_PASSED), mode="json")
    for each in kept["results"]:
        del each["evaluated"]
    assert adapter.validate_python(kept) == Verdict(ALL_PASSED)
