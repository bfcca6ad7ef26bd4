"""The report of a night as JSON knows values; the keys are stable."""

from datetime import datetime

from provisioning.model.backup import Night
from provisioning.model.nightly import NightlyReport
from provisioning.reports.nightly_figures import (
    Restorable,
    by_cause,
    by_platform,
    by_remark,
    coverage,
    failed_restores,
    good,
    mean_size,
    rate,
    restorable,
)

SCHEMA = 1
"""Counts up when a key changes its meaning or goes away; new keys may come at any time."""


def nightly_data(report: NightlyReport) -> dict[str, object]:
    """Return the report's content as dictionaries, lists, text, numbers, true, false and null."""
    return {
        "schema": SCHEMA,
        "made_at": _moment(report.at),
        "night": _night(report.night) if report.night else None,
        "latest": report.latest,
        "coverage": {
            "in_scope": report.in_scope,
            "with_a_backup": report.backed_up,
            "never_backed_up": report.in_scope - report.backed_up,
        },
        "failures": [
            {
                "cause": group.cause,
                "count": len(group.failures),
                "lines": [
                    {
                        "line": each.line,
                        "customer": each.customer,
                        "serial": each.serial,
                        "platform": each.platform,
                        "message": each.message,
                        "since": _moment(each.since),
                        "good_at": _moment(each.good_at),
                    }
                    for each in group.failures
                ],
            }
            for group in by_cause(report.failures)
        ],
        "restorable": _restorable(report),
        "drift": {
            "looked": report.drift_looked,
            "looked_at": _moment(report.drift_looked_at),
            "not_seen": report.drift_unseen,
            "lines": [
                {
                    "line": each.line,
                    "customer": each.customer,
                    "serial": each.serial,
                    "since": _moment(each.since),
                    "differs_in": each.where,
                }
                for each in report.drifting
            ],
        },
        "sizes": {
            "bytes": report.size,
            "largest": [{"line": each.line, "customer": each.customer, "bytes": each.size} for each in report.largest],
        },
        "remarks": [
            {"remark": remark, "count": len(lines), "lines": [each.line for each in lines]}
            for remark, lines in by_remark(report.remarks)
        ],
        "nights": [_night(each) for each in report.nights],
    }


def _restorable(report: NightlyReport) -> dict[str, object]:
    return {
        **_share(restorable(report.proofs, report.at)),
        "platforms": {name: _share(each) for name, each in by_platform(report.proofs, report.at).items()},
        "failed_lines": [
            {
                "line": each.line,
                "customer": each.customer,
                "platform": each.platform,
                "outcome": each.outcome.value if each.outcome else None,
                "at": _moment(each.at),
                "message": each.message,
            }
            for each in failed_restores(report)
        ],
    }


def _share(found: Restorable) -> dict[str, object]:
    return {
        "lines": found.lines,
        "proven": found.proven,
        "failed": found.failed,
        "never_tried": found.never,
        "share": round(found.share, 4),
        "median_age_days": None if found.median is None else round(found.median, 2),
        "oldest_age_days": None if found.oldest is None else round(found.oldest, 2),
    }


def _night(night: Night) -> dict[str, object]:
    share, per_second, mean = coverage(night), rate(night), mean_size(night)
    return {
        "id": night.id,
        "cause": night.cause.value,
        "started_at": _moment(night.started_at),
        "ended_at": _moment(night.ended_at),
        "seconds": round(night.seconds, 3),
        "lines": night.total,
        "backed_up": good(night),
        "changed": night.kept,
        "unchanged": night.unchanged,
        "missed": night.missed,
        "coverage": None if share is None else round(share, 4),
        "bytes": night.bytes,
        "mean_bytes": None if mean is None else round(mean),
        "routers_per_second": None if per_second is None else round(per_second, 2),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
