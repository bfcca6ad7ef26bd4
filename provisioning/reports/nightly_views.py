"""The parts of the report of a night, in words: what a template places, and nothing that it has to work out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from provisioning.model.backup import Night
from provisioning.model.nightly import FailedBackup, NightlyReport
from provisioning.reports.nightly_figures import (
    AGES,
    Restorable,
    by_cause,
    by_platform,
    by_remark,
    coverage,
    good,
    mean_size,
    rate,
    restorable,
)
from provisioning.reports.nightly_terms import cause_term
from provisioning.reports.trend import Trend, trend
from provisioning.reports.visible import one_line
from provisioning.reports.words import Words, message

MOST_LINES = 500
"""In one table: a page of ten thousand is read by nobody, and the JSON has them all."""

MISSED = "missed"
NAMED = 12
"""Lines that a remark names."""

Scales = tuple[tuple[float, str], ...]
"""Factors with their units, the largest first."""

_TIMES: Scales = ((3600, "h"), (60, "min"), (1, "s"))
_SIZES: Scales = ((1e9, message("GB")), (1e6, message("MB")), (1e3, message("kB")))


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its name; `share` draws a bar, from 0 to 100."""

    label: str
    value: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class FailureView:
    """A line that was missed."""

    line: str
    customer: str
    router: str
    since: str
    good: str
    message: str


@dataclass(frozen=True, slots=True)
class CauseView:
    """What was missed for one cause.

    Attributes:
        anchor: its id on the page.
        more: how many lines are not listed, in words; empty when all are.
    """

    anchor: str
    title: str
    cause: str
    counted: str
    remedy: str
    failures: tuple[FailureView, ...]
    more: str


@dataclass(frozen=True, slots=True)
class TrendView:
    """A plot over nights with its words; `days` and `marks` are the texts of the axes."""

    id: str
    title: str
    unit: str
    description: str
    trend: Trend
    days: tuple[str, ...]
    marks: tuple[str, ...]


def size(words: Words, octets: float) -> str:
    """Return a size, as people say it."""
    for factor, unit in _SIZES:
        if octets >= factor:
            return f"{words.number(octets / factor, 1)} {words.text(unit)}"
    return words.count("%(number)s byte", "%(number)s bytes", round(octets))


def duration(words: Words, seconds: float) -> str:
    """Return a time that something took."""
    if seconds < 60:
        return f"{words.number(seconds, 1)} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def age(words: Words, days: float) -> str:
    """Return an age in days."""
    if days < 1:
        return words.text("less than a day")
    return words.count("%(number)s day", "%(number)s days", int(days))


def lines(words: Words, number: int) -> str:
    """Return a number of lines."""
    return words.count("%(number)s line", "%(number)s lines", number)


def causes(report: NightlyReport, words: Words) -> Iterator[CauseView]:
    """Yield what was missed, by cause, the most frequent first."""
    for number, group in enumerate(by_cause(report.failures)):
        term, hidden = cause_term(group.cause), len(group.failures) - MOST_LINES
        yield CauseView(
            anchor=f"cause-{number}",
            title=words.text(term.title),
            cause=one_line(group.cause),
            counted=lines(words, len(group.failures)),
            remedy=words.text(term.remedy),
            failures=tuple(_failure(each, words, report.at) for each in group.failures[:MOST_LINES]),
            more=_more(words, hidden),
        )


def covered(report: NightlyReport, words: Words) -> Iterator[Fact]:
    """Yield what was to be backed up, and what was."""
    night = report.night
    yield Fact(words.text("Lines to be backed up, now"), words.number(report.in_scope))
    share = report.backed_up / report.in_scope if report.in_scope else None
    yield _share(words, words.text("With a backup, of whatever age"), report.backed_up, share)
    if night is None:
        return
    yield Fact(words.text("Lines of this night"), words.number(night.total))
    yield _share(words, words.text("Backed up this night"), good(night), coverage(night))
    yield Fact(words.text("Of these, changed"), words.number(night.kept))
    yield Fact(words.text("Of these, as before"), words.number(night.unchanged))
    yield Fact(words.text("Missed"), words.number(night.missed))


def proven(report: NightlyReport, words: Words) -> Iterator[Fact]:
    """Yield how much is proven to restore, and how old the proofs are."""
    found = restorable(report.proofs, report.at)
    yield _share(words, words.text("Proven to restore"), found.proven, found.share if found.lines else None)
    if found.median is not None and found.oldest is not None:
        yield Fact(words.text("Age of a proof, half are younger"), age(words, found.median))
        yield Fact(words.text("Age of the oldest proof"), age(words, found.oldest))
        earlier = 0
        for limit in AGES:
            name = words.text("Proofs of %(from_days)s to %(to_days)s days", from_days=earlier, to_days=limit)
            yield Fact(name, words.number(found.ages[limit]), _hundred(found.ages[limit], found.lines))
            earlier = limit
        name = words.text("Proofs of more than %(days)s days", days=earlier)
        yield Fact(name, words.number(found.ages[None]), _hundred(found.ages[None], found.lines))
    yield Fact(words.text("Did not restore"), words.number(found.failed))
    yield Fact(words.text("Never tried"), words.number(found.never), _hundred(found.never, found.lines))
    platforms = by_platform(report.proofs, report.at)
    if len(platforms) > 1:
        for name, each in platforms.items():
            yield _platform(words, name, each)


def speed(report: NightlyReport, words: Words) -> Iterator[Fact]:
    """Yield how long the night took and how much was fetched."""
    night = report.night
    if night is None:
        return
    yield Fact(words.text("Duration"), duration(words, night.seconds))
    per_second, mean = rate(night), mean_size(night)
    if per_second is not None:
        yield Fact(words.text("Routers a second"), words.number(per_second, 2 if per_second < 1 else 1))
    yield Fact(words.text("Fetched"), size(words, night.bytes))
    if mean is not None:
        yield Fact(words.text("Mean size of a backup"), size(words, mean))
    yield Fact(words.text("Latest backups together"), size(words, report.size))


def remarked(report: NightlyReport, words: Words) -> Iterator[Fact]:
    """Yield what people should know of good backups, each with the lines that it is of."""
    for remark, found in by_remark(report.remarks):
        named = ", ".join(one_line(each.line) for each in found[:NAMED])
        more = _more(words, len(found) - NAMED)
        told = f"{lines(words, len(found))}: {named}" if len(found) > 1 else named
        yield Fact(one_line(remark), f"{told} {more}".strip())


def trends(report: NightlyReport, words: Words) -> Iterator[TrendView]:
    """Yield plots over the latest nights; none where there were fewer than two."""
    ended = [each for each in report.nights if each.ended_at is not None]

    def hundred(night: Night) -> float | None:
        share = coverage(night)
        return None if share is None else share * 100

    figures: tuple[tuple[str, str, Scales, Callable[[Night], float | None], float | None], ...] = (
        ("coverage", words.text("Backed up"), ((1, "%"),), hundred, 100.0),
        (MISSED, words.text("Missed"), ((1, words.text("lines")),), lambda night: night.missed, None),
        ("duration", words.text("Duration"), _TIMES, lambda night: night.seconds, None),
        ("fetched", words.text("Fetched"), _sizes(words), lambda night: night.bytes, None),
    )
    for name, title, scales, value_of, ceiling in figures:
        points = [(each.started_at, value) for each in ended if (value := value_of(each)) is not None]
        factor, unit = _scale(max((value for _, value in points), default=0), scales)
        scaled = [(moment, value / factor) for moment, value in points]
        drawn = trend(scaled, ceiling=ceiling, whole=name == MISSED)
        if drawn is not None:
            yield _trend(words, name, title, unit, drawn)


def _scale(highest: float, scales: Scales) -> tuple[float, str]:
    """Return by how much to divide, and the unit then: the largest in which the highest value is 2 at least."""
    return next((each for each in scales if highest >= 2 * each[0]), scales[-1])


def _sizes(words: Words) -> Scales:
    return (*((factor, words.text(unit)) for factor, unit in _SIZES), (1, "B"))


def _trend(words: Words, name: str, title: str, unit: str, drawn: Trend) -> TrendView:
    described = words.text(
        "Latest %(latest)s; least %(least)s, most %(most)s (%(unit)s).",
        latest=words.number(drawn.last, 2),
        least=words.number(drawn.lowest, 2),
        most=words.number(drawn.highest, 2),
        unit=unit,
    )
    return TrendView(
        id=f"trend-{name}",
        title=title,
        unit=unit,
        description=described,
        trend=drawn,
        days=_days(words, drawn),
        marks=tuple(words.number(each.value, 2) for each in drawn.y_ticks),
    )


def _days(words: Words, drawn: Trend) -> tuple[str, ...]:
    """Return the texts of the axis of time; a day is named once, however many runs it had."""
    named = [words.short_day(each.moment) for each in drawn.x_ticks]
    return tuple(day if day not in named[:at] else "" for at, day in enumerate(named))


def _failure(failed: FailedBackup, words: Words, now: datetime) -> FailureView:
    return FailureView(
        line=one_line(failed.line),
        customer=one_line(failed.customer),
        router=one_line(failed.serial),
        since=words.minute(failed.since, now) if failed.since else words.text("backed up since"),
        good=words.minute(failed.good_at, now) if failed.good_at else words.text("never"),
        message=one_line(failed.message),
    )


def _platform(words: Words, name: str, found: Restorable) -> Fact:
    return _share(words, words.text("Of these, on %(platform)s", platform=one_line(name)), found.proven, found.share)


def _share(words: Words, label: str, number: int, share: float | None) -> Fact:
    if share is None:
        return Fact(label, words.number(number))
    return Fact(label, f"{words.number(number)} ({words.percent(share)})", round(share * 100, 1))


def _hundred(number: int, lines_in_all: int) -> float | None:
    return round(number / lines_in_all * 100, 1) if lines_in_all else None


def _more(words: Words, hidden: int) -> str:
    return words.count("and %(number)s more", "and %(number)s more", hidden) if hidden > 0 else ""
