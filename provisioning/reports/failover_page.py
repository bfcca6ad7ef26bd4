"""The report of drills and incidents as one HTML file that needs nothing but itself."""

from collections import Counter

from babel.dates import format_date

from provisioning.model.drill import DrillState
from provisioning.model.failover_report import FailoverReport
from provisioning.reports.failover_views import (
    MOST_DRILLS,
    MOST_LINES,
    NARROWEST,
    bearer_names,
    drills,
    incidents,
    latest,
    overdue,
)
from provisioning.reports.page import coded, environment, frame
from provisioning.reports.words import Language, Words


def failover_page(report: FailoverReport, language: Language) -> str:
    """Return the report as HTML: self-contained, without scripts, and allowed to load nothing.

    Args:
        language: `en`, `fr` or `nl`, the last two as in Belgium.
    """
    words = Words(language)
    counted = Counter(each.state for each in report.drills)
    status = _status(report, counted)
    return (
        environment(language)
        .get_template("failover.html.j2")
        .render(
            **frame(words, "acceptance.css", "nightly.css", "failover.css"),
            title=_title(report, words),
            made=words.minute(report.at),
            status=status,
            heading=_heading(report, counted, words),
            lede=_lede(report, words),
            counts=_counts(report, counted, words),
            drills=list(drills(report, words)),
            more_drills=max(0, len(report.drills) - MOST_DRILLS),
            latest=latest(report, words) if report.line is None else [],
            more_lines=max(0, len(report.lines) - MOST_LINES),
            incidents=incidents(report, words),
            more_incidents=max(0, len(report.incidents) - MOST_LINES),
            bearers=bearer_names(words),
            narrowest=NARROWEST,
            number=words.number,
            coded=coded,
        )
    )


def _title(report: FailoverReport, words: Words) -> str:
    month = format_date(report.month, format="LLLL yyyy", locale=words.locale) if report.month else ""
    return " · ".join(each for each in (report.line or "", month) if each) or words.text("All drills")


def _status(report: FailoverReport, counted: Counter[DrillState]) -> str:
    if counted[DrillState.FAILED]:
        return "failed"
    if counted[DrillState.PASSED] and not overdue(report):
        return "passed"
    return "unseen"


def _heading(report: FailoverReport, counted: Counter[DrillState], words: Words) -> str:
    failed = counted[DrillState.FAILED]
    if not report.drills:
        return words.text("Nothing was drilled")
    if failed:
        return words.count("%(number)s drill failed", "%(number)s drills failed", failed)
    if counted[DrillState.PASSED] == len(report.drills):
        return words.text("Every drill passed")
    return words.text("No drill failed")


def _lede(report: FailoverReport, words: Words) -> str:
    if not report.lines:
        return words.text("No line in service has a mobile back-up.")
    told = []
    due = overdue(report)
    if due:
        told.append(
            words.count(
                "%(number)s line was not drilled for too long, or never: nobody knows that its back-up works.",
                "%(number)s lines were not drilled for too long, or never: nobody knows that their back-ups work.",
                due,
            )
        )
    if not report.drills:
        told.append(words.text("`proviso failover drill LINE` drills a back-up, once its customer was told."))
    return " ".join(told)


def _counts(report: FailoverReport, counted: Counter[DrillState], words: Words) -> list[tuple[str, str, str]]:
    passed, failed, due = counted[DrillState.PASSED], counted[DrillState.FAILED], overdue(report)
    return [
        (
            "passed" if passed else "unseen",
            words.number(passed),
            words.count("drill passed", "drills passed", passed),
        ),
        (
            "failed" if failed else "passed" if passed else "unseen",
            words.number(failed),
            words.count("drill failed", "drills failed", failed),
        ),
        (
            "unseen" if due else "passed",
            words.number(due),
            words.count("back-up not proven", "back-ups not proven", due),
        ),
    ]
