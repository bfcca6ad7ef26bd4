"""The acceptance report as one HTML file that needs nothing but itself."""

from provisioning.model.acceptance import AcceptanceReport
from provisioning.model.verdict import Outcome, Verdict, Weight
from provisioning.reports.checks import STATUSES, check_views, plots, topics
from provisioning.reports.delivered import delivered, openings, ordered
from provisioning.reports.page import environment, frame
from provisioning.reports.subjects import subject
from provisioning.reports.terms import OUTCOMES, STAGES
from provisioning.reports.visible import one_line
from provisioning.reports.words import Language, Words


def acceptance_page(report: AcceptanceReport, language: Language) -> str:
    """Return the acceptance report as HTML: self-contained, without scripts, and allowed to load nothing.

    Args:
        language: `en`, `fr` or `nl`, the last two as in Belgium.
    """
    words = Words(language)
    views = check_views(report.verdict, words)
    return (
        environment(language)
        .get_template("acceptance.html.j2")
        .render(
            **frame(words, "acceptance.css"),
            order=one_line(report.product.order),
            customer=one_line(report.product.customer),
            site=one_line(report.product.site),
            formula=one_line(report.product.formula_name),
            proven=report.verdict.proven,
            lede=_lede(report.verdict, words),
            counts=[
                (STATUSES[outcome], words.number(report.verdict.count(outcome)), words.text(OUTCOMES[outcome]))
                for outcome in Outcome
            ],
            failed=[view for _, view in views if view.status == "failed"],
            unseen=report.verdict.count(Outcome.NOT_OBSERVED),
            evaluated=_evaluated(report.verdict, words),
            ordered=list(ordered(report.product, words)),
            delivered=list(delivered(report, words)),
            openings=list(openings(report.addressed, words)),
            plots=list(plots(report.verdict, words)),
            topics=list(topics(views, words)),
            number=words.number,
            **_run(report, words),
        )
    )


def _run(report: AcceptanceReport, words: Words) -> dict[str, object]:
    return {
        "run": one_line(report.run),
        "date": words.date_of(report.ended),
        "started": f"{words.date_of(report.started)}, {words.time(report.started)}",
        "ended": f"{words.date_of(report.ended)}, {words.time(report.ended)}",
        "duration": words.number((report.ended - report.started).total_seconds(), 1),
        "timings": [(words.text(STAGES[each.stage]), words.number(each.seconds, 1)) for each in report.timings],
        "open_before": None if report.open_before is None else [subject(words, each) for each in report.open_before],
    }


def _lede(verdict: Verdict, words: Words) -> str:
    """Return the verdict in a sentence or two."""
    gates = [each.outcome for each in verdict.results if each.weight is Weight.GATE]
    if verdict.proven:
        told = (
            words.text("Every required check that could be made has passed.")
            if Outcome.NOT_OBSERVED in gates
            else words.text("Every required check has passed.")
        )
        aside = sum(each.outcome is Outcome.FAILED for each in verdict.results)
        if aside:
            told += " " + words.count(
                "%(number)s check made for information has failed.",
                "%(number)s checks made for information have failed.",
                aside,
            )
        return told
    if Outcome.FAILED in gates:
        return words.count(
            "%(number)s required check has failed.",
            "%(number)s required checks have failed.",
            gates.count(Outcome.FAILED),
        )
    return words.text("Too little could be observed to say that the line works as ordered.")


def _evaluated(verdict: Verdict, words: Words) -> str:
    """Return how many checks were evaluated; empty when none was."""
    if not verdict.evaluated:
        return ""
    return words.count(
        "Besides what was seen, %(number)s check was evaluated: what the router has in force was read back, and "
        "another program told what it lets through. That is calculated, not observed.",
        "Besides what was seen, %(number)s checks were evaluated: what the router has in force was read back, and "
        "another program told what it lets through. That is calculated, not observed.",
        verdict.evaluated,
    )
