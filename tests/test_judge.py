"""The judge: case files of tests/cases/proof/judge, and what holds whatever a vantage point says.

A case is what was `seen` for a check (its file's `check`, with the case's own keys), perhaps what the configuration in
force `said` of it, and the `outcome`, the word that was `found` and a part of the `evidence` that must come of it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from proofs import check_of
from renderings import example, operator
from worlds import ROOT, soaked

from provisioning.expecting.expect import expect
from provisioning.judging.judge import judge
from provisioning.model.checks.openings import ClosedPortCheck, OpeningCheck
from provisioning.model.checks.scans import ScanCheck
from provisioning.model.expectation import AnyCheck, Expectation
from provisioning.model.observation import Observation
from provisioning.model.port_range import HIGHEST_PORT
from provisioning.model.proof import CheckKind, Found
from provisioning.model.verdict import CheckResult, Outcome, Weight

FILES = sorted((ROOT / "tests" / "cases" / "proof" / "judge").glob("*.yaml"))
TIMES = settings(max_examples=soaked(150, 3000), deadline=None)


CASE_KEYS = {"seen", "said", "why", "outcome", "found", "evidence"}


@dataclass(frozen=True)
class Case:
    """One case of a file."""

    name: str
    kind: str
    check: AnyCheck
    seen: Any
    said: Any
    why: str
    outcome: str
    found: str
    evidence: str


@cache
def cases() -> tuple[Case, ...]:
    return tuple(_cases())


def _cases() -> Iterator[Case]:
    for path in FILES:
        data = yaml.safe_load(path.read_text("utf-8"))
        assert data.keys() <= {"kind", "check", "cases"}, path
        for name, case in data["cases"].items():
            assert case.keys() <= {*CASE_KEYS, "kind", "check"}, (path, name)
            kind = case.get("kind") or data.get("kind") or path.stem
            keys = case.get("check", {}) if "kind" in case else {**data["check"], **case.get("check", {})}
            yield Case(
                f"{path.stem}: {name}",
                kind,
                check_of(kind, keys),
                case.get("seen"),
                case.get("said"),
                case.get("why", ""),
                case["outcome"],
                case["found"],
                case.get("evidence", ""),
            )


def judged(check: AnyCheck, seen: Any, why: str = "", said: Any = None) -> CheckResult:
    observations = [
        Observation(check.id, seen, why),
        Observation(check.id, said, by=("configuration",), evaluated=True),
    ]
    (result,) = judge(Expectation("L-1", "LX0101", (check,)), observations).results
    return result


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_case(case: Case) -> None:
    result = judged(case.check, case.seen, case.why, case.said)
    assert (result.outcome, result.finding) == (case.outcome, case.found)
    alone = judged(case.check, case.seen, case.why)
    assert not alone.evaluated
    assert result.evaluated == (alone.outcome is Outcome.NOT_OBSERVED != result.outcome)
    assert case.evidence in result.evidence


def test_every_finding_and_every_kind_has_a_case() -> None:
    assert {case.found for case in cases()} == {each.value for each in Found}
    assert {case.kind for case in cases()} == {each.value for each in CheckKind}


def test_what_nobody_tried_is_not_observed() -> None:
    expectation = expect(example("internet-pro-plus"), operator(), {})
    verdict = judge(expectation, [])
    assert {each.outcome for each in verdict.results} == {Outcome.NOT_OBSERVED}
    assert not verdict.proven


def test_a_scan_tells_what_was_open_before() -> None:
    check = check_of("scan", {"address": "192.0.2.1", "tried": [22, 443], "ordered": []})
    before = [Observation(check.id, {"open": [22]})]
    (result,) = judge(
        Expectation("L-1", "", (check,)), [Observation(check.id, {"open": [], "scanned": 2})], before
    ).results
    assert "open before the change: 22" in result.evidence


SILENT = {4: "192.0.2.1", 6: "2001:db8::1"}


@pytest.mark.parametrize("deaf", [(), (4,), (6,), (4, 6)])
def test_silence_proves_nothing_where_nothing_at_all_came_back(deaf: tuple[int, ...]) -> None:
    checks, seen = [], []
    for family, address in SILENT.items():
        path = check_of("latency", {"id": f"latency {family}", "address": address, "weight": "report"})
        scanned = check_of("scan", {"id": f"scan {family}", "address": address, "tried": [22], "ordered": []})
        shut = check_of("port-23", {"id": f"port-23 {family}", "port": 23, "addresses": [address]})
        answer = {"error": "no answer"} if family in deaf else {"average": 1.0, "received": 5}
        checks += [path, scanned, shut]
        seen += [
            Observation(path.id, answer),
            Observation(scanned.id, {"open": [], "closed": [], "scanned": 1}),
            Observation(shut.id, {"tries": [{"address": address, "port": 23, "state": "timeout"}]}),
        ]
    results = {each.check: each for each in judge(Expectation("L-1", "", tuple(checks)), seen).results}
    for family in SILENT:
        for kind in ("scan", "port-23"):
            result = results[f"{kind} {family}"]
            assert (result.outcome is Outcome.PASSED) == (family not in deaf)
            assert (f"nothing at all came back over IPv{family}" in result.evidence) == (family in deaf)


SHUT_ICMP = st.sampled_from([(3, 0), (3, 3), (3, 9), (3, 10), (3, 13), (1, 0), (1, 1), (1, 4), (1, 5), (1, 6)])
SHUT: st.SearchStrategy[Any] = st.one_of(
    st.just({"state": "timeout"}),
    SHUT_ICMP.map(lambda code: {"state": "unreachable", "icmp_type": code[0], "icmp_code": code[1]}),
)
ARRIVALS = st.lists(
    st.fixed_dictionaries(
        {
            "protocol": st.sampled_from(["tcp", "udp"]),
            "from": st.sampled_from(["198.18.1.10 40001", "198.18.1.10 50000", "198.18.1.99 40001"]),
            "to": st.sampled_from(["192.168.1.20", "192.168.1.21", "192.0.2.1"]),
            "port": st.integers(440, 446),
        }
    )
)
WITNESS: st.SearchStrategy[Any] = st.none() | st.fixed_dictionaries(
    {"sniffs": st.booleans(), "owns": st.booleans(), "arrivals": ARRIVALS}
)


@TIMES
@given(st.data())
def test_an_opening_of_which_a_port_is_shut_is_never_passed(data: st.DataObject) -> None:
    ports = list(range(440, 440 + data.draw(st.integers(1, 6))))
    check = check_of(
        "opening",
        {
            "address": "192.0.2.1",
            "ports": {"protocol": "tcp", "first": 440, "last": ports[-1]},
            "tried": ports,
            "target": "192.168.1.20",
            "behind": "lan",
        },
    )
    shut = data.draw(st.sampled_from(ports))
    states = {port: {"state": data.draw(st.sampled_from(["open", "refused"]))} for port in ports}
    states[shut] = data.draw(SHUT)
    tries = [
        {"protocol": "tcp", "address": "192.0.2.1", "port": port, "from": "198.18.1.10 40001", **state}
        for port, state in states.items()
    ]
    witness: Any = data.draw(WITNESS)
    if witness:
        witness["arrivals"] = [each for each in witness["arrivals"] if each["port"] != shut]
    assert judged(check, {"tries": tries, "witness": witness}).outcome is Outcome.FAILED


@TIMES
@given(
    st.sets(st.integers(1, HIGHEST_PORT), max_size=30),
    st.sets(st.integers(1, HIGHEST_PORT), max_size=30),
    st.lists(st.tuples(st.integers(1, HIGHEST_PORT), st.integers(0, 100)), max_size=4),
    st.integers(0, 2 * HIGHEST_PORT),
)
def test_any_port_that_was_not_ordered_fails_its_scan(
    opened: set[int], closed: set[int], ordered: list[tuple[int, int]], scanned: int
) -> None:
    ranges: list[dict[str, Any]] = [
        {"protocol": "tcp", "first": first, "last": min(first + more, HIGHEST_PORT)} for first, more in ordered
    ]
    check = check_of("scan", {"address": "192.0.2.1", "tried": [], "ordered": ranges})
    seen = {"open": sorted(opened), "closed": sorted(closed), "scanned": scanned}
    allowed = {port for each in ranges for port in range(each["first"], each["last"] + 1)}
    outcome = judged(check, seen).outcome
    if (opened | closed) - allowed:
        assert outcome is Outcome.FAILED
    else:
        assert (outcome is Outcome.PASSED) == (scanned == HIGHEST_PORT)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["\x1b[2J\x00", "\ud800", "open", "192.0.2.1", "::1%\n", "x" * 9000, "L-1"]),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


def hostile(seen: Any, data: st.DataObject) -> Any:
    """Return what was seen with one of its values replaced, left out or put into something else."""
    place, keys = seen, list(seen) if isinstance(seen, dict) else range(len(seen))
    if not keys:
        return seen
    key = data.draw(st.sampled_from(list(keys)))
    if isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
        new = hostile(place[key], data)
    else:
        new = data.draw(JSON)
    if isinstance(seen, list):
        return [*seen[:key], new, *seen[key + 1 :]]
    if data.draw(st.integers(0, 3)) == 0:
        return {name: value for name, value in seen.items() if name != key}
    return {**seen, key: new}


@TIMES
@given(st.data())
def test_whatever_a_vantage_point_says_is_judged_and_fit_to_be_kept(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from([each for each in cases() if isinstance(each.seen, dict)]))
    seen = hostile(case.seen, data)
    result = judged(case.check, seen)
    assert result.evidence.isprintable()
    assert len(result.evidence) < 2100
    assert json.dumps(
        [[each.value for each in result.figures], [each.points for each in result.series]], allow_nan=False
    )
    result.evidence.encode()


@TIMES
@given(st.data())
def test_garbage_never_passes_a_gate(data: st.DataObject) -> None:
    expectation = expect(example("internet-pro-plus"), operator(), {"wan0": ("100.64.1.7/16",)})
    check = data.draw(st.sampled_from([each for each in expectation.checks if each.weight is Weight.GATE]))
    known = st.sampled_from(
        ["tries", "witness", "open", "closed", "scanned", "address", "addresses", "rcode", "name", "error"]
    )
    odd: list[Any] = [None, True, "yes", -1, 1.5, 10**400, float("nan"), [], {}, [[]], [{}], "\x00"]
    garbage = st.dictionaries(known, st.sampled_from(odd))
    assert judged(check, data.draw(garbage)).outcome is not Outcome.PASSED


@TIMES
@given(st.data())
def test_what_was_tried_in_part_is_never_passed(data: st.DataObject) -> None:
    passed = [
        each
        for each in cases()
        if each.outcome == "passed"
        and isinstance(each.check, OpeningCheck | ScanCheck | ClosedPortCheck)
        and each.seen
    ]
    case = data.draw(st.sampled_from(passed))
    seen = dict(case.seen)
    if "tries" in seen:
        gone = data.draw(st.integers(0, len(seen["tries"]) - 1))
        seen["tries"] = [each for at, each in enumerate(seen["tries"]) if at != gone]
    else:
        seen["scanned"] = data.draw(st.integers(0, seen["scanned"] - 1))
    assert judged(case.check, seen).outcome is not Outcome.PASSED
