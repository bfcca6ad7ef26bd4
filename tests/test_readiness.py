"""Whether a back-up is ready: rows of tests/cases/failover/readiness.yaml."""

from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest
import yaml
from reported_bearers import report
from worlds import ROOT

from provisioning.drills.readiness import readiness
from provisioning.model.incident import Incident, IncidentKind, Priority
from provisioning.model.line import LineState
from provisioning.model.readiness import LineSeen, ManagementReading, Readiness, Standing

CASES: dict[str, dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests" / "cases" / "failover" / "readiness.yaml").read_text("utf-8")
)["cases"]
KEYS = {"seen", "report", "management", "without_report", "found", "said"}


def incident(kind: str) -> Incident:
    """Return an open incident."""
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    return Incident(4, "L-1", IncidentKind(kind), Priority.P3, "Standard", "", "", at, None, None, "", "", told=True)


def looked_at(case: dict[str, Any]) -> Readiness:
    """Return what a case comes to."""
    assert case.keys() <= KEYS
    given = dict(case.get("seen", {}))
    management: ManagementReading | None = ManagementReading("L-1", 4000.0, {"wan0": 1, "wwan0": 1})
    if "management" in case:
        said = case["management"]
        known = {"name": "L-1", "uptime": 4000.0, "status": {"wan0": 1, "wwan0": 1}}
        management = ManagementReading(**{**known, **said}) if said is not None else None
    seen = LineSeen(
        line="L-1",
        serial="LX0101",
        platform=given.pop("platform", "linux_cpe"),
        state=LineState(given.pop("state", "active")),
        backed_up=given.pop("backed_up", True),
        families=tuple(given.pop("families", (4, 6))),
        own=(ip_network("192.0.2.1"), ip_network("3fff:1::/56")),
        as_planned=given.pop("as_planned", True),
        report=None if case.get("without_report") else report(**case.get("report", {})),
        silence=given.pop("silence", ""),
        management=management,
        work=given.pop("work", ""),
        incidents=tuple(incident(each) for each in given.pop("incidents", ())),
        unheard=given.pop("unheard", ""),
        silence_remedy=given.pop("silence_remedy", ""),
    )
    assert not given
    return readiness(seen)


@pytest.mark.parametrize("name", CASES)
def test_what_is_not_good_is_found_and_nothing_else(name: str) -> None:
    case = CASES[name]
    found = looked_at(case)
    bad = {each.code: each.weight.value for each in found.findings if each.standing is not Standing.GOOD}
    assert bad == case["found"]
    assert found.ready == ("gate" not in case["found"].values())


def test_a_router_that_could_not_be_asked_says_what_to_do_where_it_is_known() -> None:
    seen = {"silence": "LX0101: no SSH key is set", "silence_remedy": "Name the file of the operator's key."}
    found = looked_at({"seen": seen, "without_report": True, "found": {}})
    assert [each.remedy for each in found.in_the_way] == ["Name the file of the operator's key."]


@pytest.mark.parametrize("name", CASES)
def test_what_stands_in_the_way_says_what_to_do(name: str) -> None:
    found = looked_at(CASES[name])
    assert all(each.remedy.endswith(".") for each in found.in_the_way)
    assert all(each.reason for each in found.findings)
    codes = [each.code for each in found.findings]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "said" in case])
def test_what_is_announced_is_told_with_its_bearer(name: str) -> None:
    found = {each.code: each.reason for each in looked_at(CASES[name]).findings}
    assert {code: found[code] for code in CASES[name]["said"]} == CASES[name]["said"]


def test_a_line_without_a_back_up_is_looked_at_no_further() -> None:
    found = looked_at({"seen": {"backed_up": False}})
    assert [each.code for each in found.findings] == ["in-service", "backup-ordered"]
