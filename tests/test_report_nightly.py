"""The report of a night: what it says of the store, what it never says, and the same as JSON."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from acceptances import HOSTILE
from nights import FAILED, FLEET, LAST, MORNING, hostile, large, night, no_night, one_night, proof
from sqlalchemy import insert
from worlds import NOON, Command, FixedClock, World

from provisioning.model.backup import BackupCause, ProofOutcome
from provisioning.model.change import Difference
from provisioning.model.drift import DriftOutcome, DriftState
from provisioning.model.line import Device
from provisioning.reports import Language, nightly_data, nightly_page
from provisioning.reports.nightly_figures import coverage, rate, restorable
from provisioning.reports.nightly_terms import CAUSES
from provisioning.reports.trend import trend
from provisioning.reports.visible import one_line
from provisioning.store import lines
from provisioning.store.drift import keep_looks
from provisioning.store.engine import Store
from provisioning.store.tables import BACKUP_MISS, BACKUP_RUN, BACKUP_STATE, RESTORE_PROOF
from provisioning.workflows.report_nightly import report_nightly

each_language = pytest.mark.parametrize("language", ["en", "fr", "nl"])


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("</style>")[2]))


# --- the page -------------------------------------------------------------------------------------------------------


@each_language
@pytest.mark.parametrize("make", [no_night, one_night, large, hostile])
def test_the_policy_lets_nothing_in_but_the_style(make: object, language: Language) -> None:
    assert callable(make)
    page = nightly_page(make(), language)
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert len(style) == 1
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in page
    assert not re.search(r"<(script|img|iframe|link|base|form|object|embed)\b", page)
    assert not re.search(r"<[^>]*\s(style|on\w+|src|srcset|action)=", page)


def test_what_customers_and_routers_wrote_is_text() -> None:
    page = nightly_page(hostile(), "en")
    for text in HOSTILE:
        assert one_line(text) in text_of(page).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace(
            "&#34;", '"'
        ).replace("&#39;", "'")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "300 lines were not backed up"),
        ("fr", "300 lignes n’ont pas été sauvegardées"),
        ("nl", "300 lijnen werden niet geback-upt"),
    ],
)
def test_it_says_at_the_top_what_the_night_came_to(language: Language, said: str) -> None:
    assert said in text_of(nightly_page(large(), language))[:400]


def test_it_says_what_failed_what_to_do_and_which_lines() -> None:
    text = text_of(nightly_page(large(), "en"))
    for shown in (
        "9,700 of 10,000 lines, that is 97%.",
        "12 lines have no backup at all.",
        "The router does not answer · 212 lines",
        "Is the line up?",
        "The router has another host key · 4 lines",
        "198.18.7.21: no connection within 4 s",
        "8,998 (89%)",
        "running-config differs in 2 lines after the restore",
        "slow key exchange: diffie-hellman-group14-sha1 41 lines: L-1, L-2,",
        "and 29 more",
        "3 min 50 s",
        "43.5",
        "79.5 MB",
        "At 288 routers the latest look failed.",
        "Latest 97; least 89.72, most 99.55 (%).",
    ):
        assert shown in text, shown
    assert text.count("no connection within 4 s") == 212


def test_a_night_without_a_failure_says_so() -> None:
    page = nightly_page(one_night(), "en")
    assert "Every line was backed up" in text_of(page)
    assert "What failed" not in page
    assert "<polyline" not in page  # a trend needs two nights


def test_before_the_first_night_it_says_so() -> None:
    text = text_of(nightly_page(no_night(), "en"))
    assert "Nothing was backed up yet" in text
    assert "proviso backup run takes the backups" in re.sub(r"\s+", " ", text)
    assert nightly_data(no_night())["night"] is None


def test_a_night_that_did_not_end_is_not_called_whole() -> None:
    cut = night(9, 0, 100, 0, kept=20, unchanged=0, ended_at=None)
    text = text_of(nightly_page(replace(one_night(), night=cut, nights=(cut,)), "en"))
    assert "This night has not come to its end" in text
    assert "Every line was backed up" not in text


def test_another_night_than_the_latest_says_what_it_does_not_know() -> None:
    assert "This is not the latest night" in text_of(nightly_page(replace(large(), latest=False), "en"))
    assert "This is not the latest night" not in text_of(nightly_page(large(), "en"))


def test_thousands_of_failures_are_listed_up_to_a_number() -> None:
    report = large()
    many = tuple(replace(report.failures[0], line=f"L-{each}") for each in range(1, 701))
    text = text_of(nightly_page(replace(report, failures=many), "en"))
    assert "and 200 more: the JSON of this report has them all." in text
    data = nightly_data(replace(report, failures=many))
    assert isinstance(data["failures"], list)
    assert len(data["failures"][0]["lines"]) == 700


def test_every_cause_of_ours_has_words() -> None:
    from provisioning import errors

    known = {cause for _, cause in errors._CAUSES} - {"moved", "refused", "void", "input"}  # which no backup meets
    assert known | {"incomplete", "not kept"} <= set(CAUSES)


def test_json_says_the_same() -> None:
    data = nightly_data(large())
    assert json.loads(json.dumps(data)) == data
    found = data["night"]
    assert isinstance(found, dict)
    assert (found["id"], found["lines"], found["missed"], found["coverage"]) == ("B-60", FLEET, FAILED, 0.97)
    assert isinstance(data["nights"], list)
    assert len(data["nights"]) == 60
    assert isinstance(data["restorable"], dict)
    assert (data["restorable"]["proven"], data["restorable"]["failed"]) == (8_998, 2)


# --- figures --------------------------------------------------------------------------------------------------------


def test_what_nobody_tried_is_not_proven() -> None:
    found = restorable([proof(1, 3), proof(2, None), proof(3, 40), proof(4, 1, ProofOutcome.FAILED)], MORNING)
    assert (found.lines, found.proven, found.failed, found.never) == (4, 2, 1, 1)
    assert found.share == 0.5
    assert found.ages == {7: 1, 30: 0, 90: 1, None: 0}
    assert restorable([], MORNING).share == 0


def test_a_night_over_nothing_has_no_coverage() -> None:
    assert coverage(night(1, 0, 0, 0)) is None
    assert rate(replace(night(1, 0, 5, 0), seconds=0.0)) is None


def test_a_trend_below_a_ceiling_begins_just_below_its_least_value() -> None:
    drawn = trend([(LAST, 99.0), (LAST + timedelta(days=1), 97.0)], ceiling=100.0)
    assert drawn is not None
    assert (drawn.y_ticks[0].value, drawn.y_ticks[-1].value) == (94.0, 100.0)
    assert trend([(LAST, 99.0)]) is None
    flat = trend([(LAST, 0.0), (LAST + timedelta(days=1), 0.0)])
    assert flat is not None
    assert flat.y_ticks[0].value == 0


# --- from the store -------------------------------------------------------------------------------------------------


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(Store.open(tmp_path, now=NOON, lock_timeout=10), clock=FixedClock(MORNING), state=tmp_path)


def fill(world: World) -> None:
    """Put three active lines into a store, two of them in scope, and two nights."""
    with world.store.write() as connection:
        for number, formula in ((1, "internet-pro-plus"), (2, "internet-pro-plus"), (3, "fullfiber")):
            line = lines.add_line(connection, formula=formula, customer=f"Klant {number}", site="x", form={}, now=NOON)
            device = Device("cpe", f"LX{number}", "linux_cpe", None, None, NOON, None)
            lines.set_devices(connection, line, [device], NOON)
            lines.activate_line(connection, line, NOON)
        for number, missed in ((1, 0), (2, 1)):
            began = LAST - timedelta(days=2 - number)
            figures: dict[str, object] = {
                "total": 2,
                "kept": 0,
                "unchanged": 2 - missed,
                "missed": missed,
                "bytes": 900,
                "seconds": 3.0,
            }
            row: dict[str, object] = {
                "id": number,
                "cause": "nightly",
                "started_at": began,
                "ended_at": began,
                **figures,
            }
            connection.execute(insert(BACKUP_RUN).values(row))
        connection.execute(
            insert(BACKUP_MISS).values(backup_run_id=2, line_id=2, cause="unreachable", message="no connection")
        )
        state = {"tried_at": LAST, "since": LAST, "good_at": LAST - timedelta(days=1), "version": "v", "cause": ""}
        for id_, outcome, remark in ((1, "unchanged", "slow key exchange: x"), (2, "missed", "")):
            more: dict[str, object] = {
                "serial": f"LX{id_}",
                "outcome": outcome,
                "size": 450,
                "message": "",
                "remark": remark,
            }
            connection.execute(insert(BACKUP_STATE).values({"line_id": id_, **state, **more}))
        tried: dict[str, object] = {
            "version": "v",
            "how": "rehearsal",
            "platform": "linux_cpe",
            "seconds": 1.0,
            "message": "",
        }
        for id_, days, came_out in ((1, 9, "failed"), (1, 2, "restored"), (2, 5, "restored"), (2, 1, "differs")):
            proof_row: dict[str, object] = {
                "line_id": id_,
                "at": MORNING - timedelta(days=days),
                "outcome": came_out,
                **tried,
            }
            connection.execute(insert(RESTORE_PROOF).values(proof_row))
        drift = DriftState("L-1", "LX1", DriftOutcome.DRIFT, LAST, LAST, (Difference("dnsmasq.conf", "-x"),))
        keep_looks(connection, [drift, DriftState("L-2", "LX2", DriftOutcome.MISSED, LAST, LAST, cause="timeout")])


def test_it_is_put_together_from_the_store(world: World) -> None:
    fill(world)
    report = report_nightly(None, world.around)
    assert report.night is not None
    assert (report.night.id, report.latest, report.in_scope, report.backed_up) == ("B-2", True, 2, 2)
    assert [each.id for each in report.nights] == ["B-1", "B-2"]
    (failed,) = report.failures
    assert (failed.line, failed.customer, failed.serial, failed.since) == ("L-2", "Klant 2", "LX2", LAST)
    assert [(each.line, each.outcome) for each in report.proofs] == [
        ("L-1", ProofOutcome.RESTORED),
        ("L-2", ProofOutcome.DIFFERS),
    ]
    assert (report.drift_looked, report.drift_unseen) == (1, 1)
    assert [(each.line, each.where) for each in report.drifting] == [("L-1", "dnsmasq.conf")]
    assert (report.size, report.largest[0].size) == (900, 450)
    assert [each.remark for each in report.remarks] == ["slow key exchange: x"]


def test_an_earlier_night_is_told_by_its_id(world: World) -> None:
    fill(world)
    report = report_nightly("B-1", world.around)
    assert (report.failures, report.latest, len(report.nights)) == ((), False, 1)


def test_formulas_of_the_settings_are_in_scope_as_well(world: World) -> None:
    fill(world)
    more = replace(world.around, backups=replace(world.around.backups, formulas=("fullfiber",)))
    assert report_nightly(None, more).in_scope == 3


def test_runs_that_somebody_asked_for_are_told_where_there_is_no_night(world: World) -> None:
    with world.store.write() as connection:
        row = {"total": 0, "kept": 0, "unchanged": 0, "missed": 0, "bytes": 0, "seconds": 0.0}
        connection.execute(insert(BACKUP_RUN).values({"cause": "asked", "started_at": LAST, "ended_at": LAST, **row}))
    report = report_nightly(None, world.around)
    assert report.night is not None
    assert report.night.cause is BackupCause.ASKED
    assert "There was nothing to back up" in nightly_page(report, "en")


# --- the command ----------------------------------------------------------------------------------------------------


def test_the_command_writes_a_page_or_prints_json(proviso: Command, tmp_path: Path) -> None:
    file = tmp_path / "night.html"
    answer = proviso("report", "nightly", "--language", "nl", "--to", str(file))
    assert answer.code == 0, answer.stderr
    assert "Er is nog niets geback-upt" in file.read_text()
    assert "no night yet" in answer.stderr
    assert proviso("report", "nightly", "--json").json["nights"] == []
    assert "<!doctype html>" in proviso("report", "nightly", "--to", "-").stdout
    for name in ("B-9", "nonsense", "B--1"):
        refused = proviso("report", "nightly", "--night", name)
        assert (refused.code, "there is no night" in refused.stderr) == (2, True)
