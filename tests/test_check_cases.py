"""Runs the case files of tests/cases/check: an order form in, the complete set of refusals and warnings out.

A case is `today`, a `form`, what is expected of it (`refusals` and `warnings`, as `{code: where}` or as a list of
`{code, where}`), and `sold` where the form is the whole that a change makes of a line with that formula.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from forms import FormData, typed

from provisioning.model.finding import Finding, Severity
from provisioning.orders.check import Judgement, check, check_whole
from provisioning.orders.codes import CODES

CASES = Path(__file__).parent / "cases" / "check"
FILES = sorted(CASES.glob("*/*.yaml"))
ACCEPTED = "accepted"

ELSEWHERE = frozenset(
    {
        "lan-overlaps",
        "line-ceased",
        "line-unknown",
        "olt-port-too-slow",
        "olt-port-unknown",
        "olt-unknown",
        "order-number-reused",
        "addresses-given-up",
        "renumbered",
        "router-limit",
        "router-stays",
        "serial-in-use",
        "wifi-key",
    }
)
"""Codes that need the store, the inventory or the environment: `check` opens none of them."""

Places = list[tuple[str, str]]


@dataclass(frozen=True)
class CaseFile:
    """What one file says."""

    today: date
    form: FormData
    sold: str | None
    refusals: Places
    warnings: Places

    def judge(self) -> Judgement:
        form = typed(self.form)
        return check(form, self.today) if self.sold is None else check_whole(form, self.today, sold=self.sold)


def load(path: Path) -> CaseFile:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    unknown = data.keys() - {"today", "form", "sold", "refusals", "warnings"}
    assert not unknown, f"{path}: unknown keys {unknown}"
    return CaseFile(
        today=data["today"],
        form=data["form"],
        sold=data.get("sold"),
        refusals=places(data.get("refusals", {})),
        warnings=places(data.get("warnings", {})),
    )


def places(written: Mapping[str, str] | list[Mapping[str, Any]]) -> Places:
    if isinstance(written, Mapping):
        return sorted(written.items())
    return sorted((each["code"], each["where"]) for each in written)


def found(judgement: Judgement, severity: Severity) -> Places:
    return sorted((each.code, each.where) for each in judgement.findings if each.severity is severity)


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_case(path: Path) -> None:
    case = load(path)
    judgement = case.judge()
    assert found(judgement, Severity.REFUSAL) == case.refusals
    assert found(judgement, Severity.WARNING) == case.warnings
    whole = case.sold is not None or case.form.get("kind", "new") == "new"
    assert (judgement.product is not None) == (whole and not case.refusals)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_case_stands_in_the_folder_of_its_code(path: Path) -> None:
    case, folder = load(path), path.parent.name
    codes = {code for code, _ in (*case.refusals, *case.warnings)}
    if folder == ACCEPTED:
        assert not case.refusals
    else:
        assert folder in codes


def test_every_code_has_a_case() -> None:
    names = {code.name for code in CODES}
    folders = {path.parent.name for path in FILES}
    assert names >= ELSEWHERE
    assert folders - {ACCEPTED} == names - ELSEWHERE


def all_findings() -> list[Finding]:
    return [finding for path in FILES for finding in load(path).judge().findings]


def test_findings_tell_a_person_what_to_do() -> None:
    for finding in all_findings():
        assert finding.facts, finding
        assert finding.reason.endswith("."), finding
        assert finding.remedy.endswith((".", "?")), finding


def test_a_conflict_is_named_with_its_section() -> None:
    # Section X: a finding that rests on a row of it names that row and the section that the row belongs to.
    alone = {each.code for each in all_findings() if not any(fact.startswith("I-") for fact in each.facts)}
    assert not alone
