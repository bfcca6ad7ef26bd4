"""The checks of a verdict, as a page shows them: by topic, each with what was found and what it rests on."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite

from provisioning.model.verdict import CheckResult, Figure, Outcome, Series, Verdict
from provisioning.reports.plot import Plot, plot
from provisioning.reports.subjects import subject
from provisioning.reports.terms import (
    EVALUATED,
    FIGURES,
    KINDS,
    LESS_IS_BETTER,
    NOTES,
    OTHER_TOPIC,
    OUTCOMES,
    SCALED,
    SPEEDS,
    TOPICS,
    UNITS,
    VIEWPOINTS,
    WEIGHTS,
)
from provisioning.reports.visible import one_line, visible
from provisioning.reports.words import Words


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure, its target, and whether it was met; None where there is nothing to meet or nobody could say."""

    name: str
    value: str
    target: str
    met: bool | None
    note: str


@dataclass(frozen=True, slots=True)
class PlotView:
    """A plot with its words."""

    id: str
    title: str
    description: str
    unit: str
    target: str
    plot: Plot


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check.

    Attributes:
        anchor: its id on the page.
        status: `passed`, `failed` or `unseen`: chooses colour and symbol beside the word.
    """

    anchor: str
    status: str
    outcome: str
    title: str
    subject: str
    seen: str
    finding: str
    evidence: str
    figures: tuple[FigureView, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicView:
    """Checks that a reader looks for together."""

    title: str
    checks: tuple[CheckView, ...]


MOST_EVIDENCE = 4000
"""Characters of evidence on a page; a device may say more than anybody wants to read. JSON has all of it."""

STATUSES = {Outcome.PASSED: "passed", Outcome.FAILED: "failed", Outcome.NOT_OBSERVED: "unseen"}


def check_views(verdict: Verdict, words: Words) -> tuple[tuple[str, CheckView], ...]:
    """Return each check with its kind, in the order of the verdict."""
    return tuple((each.kind, _check(number, each, words)) for number, each in enumerate(verdict.results, 1))


def topics(views: tuple[tuple[str, CheckView], ...], words: Words) -> Iterator[TopicView]:
    """Yield the checks by topic; what belongs to none comes last."""
    known = {kind for topic in TOPICS for kind in topic.kinds}
    for title, kinds in (*((topic.title, topic.kinds) for topic in TOPICS), (OTHER_TOPIC, None)):
        members = tuple(view for kind, view in views if (kind in kinds if kinds else kind not in known))
        if members:
            yield TopicView(words.text(title), members)


def _check(number: int, result: CheckResult, words: Words) -> CheckView:
    return CheckView(
        anchor=f"check-{number}",
        status=STATUSES[result.outcome],
        outcome=words.text(OUTCOMES[result.outcome]),
        title=words.text(KINDS[result.kind]) if result.kind in KINDS else one_line(result.kind),
        subject=subject(words, result.subject),
        seen=f"{words.text(_source(result))} · {words.text(WEIGHTS[result.weight])}",
        finding=one_line(words.text(result.finding)),
        evidence=_evidence(result.evidence, words),
        figures=tuple(_figure(each, result, words) for each in result.figures),
        facts=tuple(one_line(each) for each in result.facts),
    )


def _source(result: CheckResult) -> str:
    return EVALUATED if result.evaluated else VIEWPOINTS[result.viewpoint]


def _evidence(written: str, words: Words) -> str:
    shown, more = visible(written[:MOST_EVIDENCE]).strip(), len(written) - MOST_EVIDENCE
    if more <= 0:
        return shown
    rest = words.count("(%(number)s more character)", "(%(number)s more characters)", more)
    return f"{shown} … {rest}"


def figure_name(name: str, words: Words) -> str:
    """Return what a figure is called."""
    return words.text(FIGURES[name]) if name in FIGURES else one_line(name)


def unit(name: str, words: Words) -> str:
    """Return a unit as the language writes it."""
    return words.text(UNITS[name]) if name in UNITS else one_line(name)


def amount(value: float, of: str, words: Words) -> str:
    """Return a value with its unit, to as many decimals as it deserves."""
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
    return f"{words.number(value, digits)} {unit(of, words)}".rstrip()


def met(figure: Figure, result: CheckResult) -> bool | None:
    """Return whether a figure meets its target, as the check that it belongs to was judged; None where nobody can say.

    A check that passed has met its targets, though a measured speed lies a little below the line's: the judge knows
    how much of it is the headers'. In a check that failed, the figure that is furthest from its target has surely
    missed it; others that are short of theirs may have been near enough. What is scaled meets no target of the order.
    """
    if figure.target is None or result.outcome is Outcome.NOT_OBSERVED:
        return None
    share = _share(figure)
    if result.outcome is Outcome.PASSED or share >= 1:
        return None if figure.note == SCALED else True
    return False if share <= min(_share(each) for each in result.figures) else None


def _share(figure: Figure) -> float:
    """Return how much of its target a figure reaches; 1 and more is all of it, or more."""
    if figure.target is None:
        return 1.0
    reached, wanted = figure.value, figure.target
    if figure.name in LESS_IS_BETTER:
        reached, wanted = wanted, reached
    return reached / wanted if wanted > 0 else 1.0


def _figure(figure: Figure, result: CheckResult, words: Words) -> FigureView:
    return FigureView(
        name=figure_name(figure.name, words),
        value=amount(figure.value, figure.unit, words),
        target=_target(figure, words),
        met=met(figure, result),
        note=words.text(NOTES[figure.note]) if figure.note in NOTES else one_line(figure.note),
    )


def _target(figure: Figure, words: Words) -> str:
    if figure.target is None:
        return ""
    told = amount(figure.target, figure.unit, words)
    share = _share(figure)
    return f"{told} ({words.percent(share)})" if figure.name in SPEEDS and isfinite(share) else told


def plots(verdict: Verdict, words: Words) -> Iterator[PlotView]:
    """Yield a plot for each series that can be drawn; of several of one figure, each says what it is of."""
    drawn = list(_plots(verdict, words))
    titles = Counter(each.title for each, _ in drawn)
    for each, of in drawn:
        yield replace(each, title=f"{each.title} · {of}") if titles[each.title] > 1 else each


def _plots(verdict: Verdict, words: Words) -> Iterator[tuple[PlotView, str]]:
    for number, result in enumerate(verdict.results, 1):
        targets = {each.name: each.target for each in result.figures}
        for position, series in enumerate(result.series, 1):
            drawn = plot(series.points, targets.get(series.name))
            if drawn is not None:
                view = _plot(f"plot-{number}-{position}", series, targets.get(series.name), drawn, words)
                yield view, subject(words, result.subject)


def _plot(identifier: str, series: Series, target: float | None, drawn: Plot, words: Words) -> PlotView:
    of = series.unit
    name = figure_name(series.name, words)
    description = words.text(
        "%(name)s over %(seconds)s s: between %(lowest)s and %(highest)s, on average %(mean)s.",
        name=name,
        seconds=words.number(drawn.seconds),
        lowest=amount(drawn.lowest, of, words),
        highest=amount(drawn.highest, of, words),
        mean=amount(drawn.mean, of, words),
    )
    return PlotView(
        id=identifier,
        title=name,
        description=description,
        unit=unit(of, words),
        target=words.text("target: %(amount)s", amount=amount(target, of, words)) if target is not None else "",
        plot=drawn,
    )
