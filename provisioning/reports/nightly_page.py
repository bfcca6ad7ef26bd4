"""The report of a night as one HTML file that needs nothing but itself."""

from provisioning.model.backup import BackupCause, Night
from provisioning.model.nightly import NightlyReport
from provisioning.reports.nightly_figures import coverage, failed_restores, good, restorable
from provisioning.reports.nightly_views import (
    MOST_LINES,
    causes,
    covered,
    lines,
    proven,
    remarked,
    size,
    speed,
    trends,
)
from provisioning.reports.page import coded, environment, frame
from provisioning.reports.visible import one_line
from provisioning.reports.words import Language, Words


def nightly_page(report: NightlyReport, language: Language) -> str:
    """Return the report of a night as HTML: self-contained, without scripts, and allowed to load nothing.

    Args:
        language: `en`, `fr` or `nl`, the last two as in Belgium.
    """
    words = Words(language)
    return (
        environment(language)
        .get_template("nightly.html.j2")
        .render(
            **frame(words, "acceptance.css", "nightly.css"),
            **_head(report, words),
            counts=_counts(report, words),
            causes=list(causes(report, words)),
            covered=list(covered(report, words)),
            proven=list(proven(report, words)),
            unproven=_unproven(report, words),
            speed=list(speed(report, words)),
            largest=[
                (one_line(each.line), one_line(each.customer), size(words, each.size)) for each in report.largest
            ],
            remarked=list(remarked(report, words)),
            trends=list(trends(report, words)),
            number=words.number,
            coded=coded,
            **_drift(report, words),
        )
    )


def _head(report: NightlyReport, words: Words) -> dict[str, object]:
    night = report.night
    return {
        "title": words.date_of(night.started_at) if night else words.text("No night yet"),
        "night": night.id if night else "",
        "began": words.minute(night.started_at) if night else "",
        "asked": night is not None and night.cause is BackupCause.ASKED,
        "made": words.minute(report.at),
        "latest": report.latest,
        "status": _status(night),
        "heading": _heading(night, words),
        "lede": _lede(report, words),
    }


def _status(night: Night | None) -> str:
    if night is None or night.ended_at is None or not night.total:
        return "unseen"
    return "failed" if night.missed else "passed"


def _heading(night: Night | None, words: Words) -> str:
    if night is None:
        return words.text("Nothing was backed up yet")
    if night.ended_at is None:
        return words.text("This night has not come to its end")
    if not night.total:
        return words.text("There was nothing to back up")
    if night.missed:
        return words.count("%(number)s line was not backed up", "%(number)s lines were not backed up", night.missed)
    return words.text("Every line was backed up")


def _lede(report: NightlyReport, words: Words) -> str:
    night = report.night
    if night is None:
        return words.text(
            "`proviso backup run` takes the backups, and `proviso backup schedule` has it done each night."
        )
    told = []
    share = coverage(night)
    if night.ended_at is None:
        told.append(words.text("It is under way, or was cut off; what it had fetched by then is kept."))
    elif share is not None:
        told.append(
            words.text(
                "%(good)s of %(total)s, that is %(share)s.",
                good=words.number(good(night)),
                total=lines(words, night.total),
                share=words.percent(share),
            )
        )
    never = report.in_scope - report.backed_up
    if never > 0:
        told.append(
            words.count("%(number)s line has no backup at all.", "%(number)s lines have no backup at all.", never)
        )
    return " ".join(told)


def _counts(report: NightlyReport, words: Words) -> list[tuple[str, str, str]]:
    night, found = report.night, restorable(report.proofs, report.at)
    share = coverage(night) if night else None
    drifting = len(report.drifting)
    return [
        (
            "unseen" if share is None else "passed" if share == 1 else "failed",
            words.percent(share) if share is not None else "–",
            words.text("backed up"),
        ),
        (
            "failed" if found.failed else "passed" if found.lines and found.proven == found.lines else "unseen",
            words.percent(found.share) if found.lines else "–",
            words.text("proven to restore"),
        ),
        (
            "failed" if drifting else "passed" if report.drift_looked else "unseen",
            words.number(drifting) if report.drift_looked else "–",
            words.count("line drifts", "lines drift", drifting),
        ),
    ]


def _unproven(report: NightlyReport, words: Words) -> list[tuple[str, str, str, str]]:
    return [
        (
            one_line(each.line),
            one_line(each.customer),
            words.minute(each.at, report.at) if each.at else "",
            one_line(each.message),
        )
        for each in failed_restores(report)[:MOST_LINES]
    ]


def _drift(report: NightlyReport, words: Words) -> dict[str, object]:
    looked_at = report.drift_looked_at
    return {
        "drift_looked": report.drift_looked,
        "drift_told": ""
        if looked_at is None
        else words.count(
            "The router of %(number)s line was held against what the line is meant to be",
            "The routers of %(number)s lines were held against what the lines are meant to be",
            report.drift_looked,
        )
        + f" ({words.minute(looked_at)}).",
        "drift_unseen": report.drift_unseen
        and words.count(
            "At %(number)s router the latest look failed.",
            "At %(number)s routers the latest look failed.",
            report.drift_unseen,
        ),
        "drifting": [
            (
                one_line(each.line),
                one_line(each.customer),
                one_line(each.serial),
                words.minute(each.since, report.at),
                one_line(each.where),
            )
            for each in report.drifting[:MOST_LINES]
        ],
        "drift_more": max(0, len(report.drifting) - MOST_LINES),
    }
