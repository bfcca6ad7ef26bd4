"""How campaigns look, and where lines stand in their policy, to people and as JSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from provisioning.cli import output
from provisioning.cli.announced_period import announced_period
from provisioning.cli.counting import number_of

if TYPE_CHECKING:
    from provisioning.workflows.campaign_policy import Place
    from provisioning.workflows.drill_campaign import CampaignOver, LineOver

_WORDS = {
    "proven": ("proven", "green"),
    "not-told": ("due, not told", "yellow"),
    "told": ("due, told", ""),
    "now": ("due now", "bold"),
    "trouble": ("in trouble", "bold red"),
}
_STATES = {"passed": "green", "failed": "bold red", "interrupted": "yellow"}


def print_places(places: "Sequence[Place]", policy: Mapping[str, int]) -> None:
    """Print where each line stands in the policy."""
    if output.JSON_MODE.get():
        output.print_json({"policy": dict(policy), "lines": [_place(each) for each in places]})
        return
    if not places:
        output.say("No line in service has a mobile back-up.")
        return
    rows = [
        (
            each.candidate.line,
            each.candidate.customer,
            f"{each.candidate.latest.begun_at:%Y-%m-%d}" if each.candidate.latest else "never",
            each.candidate.latest.state.value if each.candidate.latest else "",
            output.styled(_WORDS[each.turn.value]),
            _next(each),
        )
        for each in places
    ]
    columns = ("line", "customer", "last drill", "result", "stands", "because")
    output.print_table(columns, rows, wraps=("customer", "because"))
    counts = Counter(each.turn.value for each in places)
    told = ", ".join(f"{counts[turn]} {word}" for turn, (word, _) in _WORDS.items() if counts[turn])
    output.say(f"{number_of(len(places), 'line')}: {told}.")


def _next(place: "Place") -> str:
    if place.candidate.trouble:
        return place.candidate.trouble
    if place.candidate.announcements and place.turn.value in ("told", "now", "not-told"):
        return f"announced from {announced_period(place.candidate.announcements[0])} (Brussels)"
    return ""


def remark(over: "LineOver") -> str:
    """Return what became of a line, in one line."""
    drill = over.drilled.drill if over.drilled is not None else None
    if drill is None:
        return f"{over.line}  left out: {over.why}"
    return f"{over.line}  {drill.identifier} {drill.state.value}{': ' if drill.reason else ''}{drill.reason}"


def print_campaign(found: "CampaignOver") -> None:
    """Print what came of a campaign."""
    if output.JSON_MODE.get():
        output.print_json(
            {
                "campaign": found.campaign.identifier if found.campaign else None,
                "stopped": found.stopped or None,
                "lines": [_over(each) for each in found.lines],
            }
        )
        return
    if found.campaign is None:
        output.say("Nothing is to be drilled now: `proviso failover schedule due` shows what is due, and when.")
        return
    drilled = [each.drilled.drill for each in found.lines if each.drilled is not None and each.drilled.drill]
    counts = Counter(each.state.value for each in drilled)
    told = [f"{counts[state]} {state}" for state in _STATES if counts[state]]
    left_out = len(found.lines) - len(drilled)
    told += [f"{left_out} left out"] if left_out else []
    output.say(f"{found.campaign.identifier}: {', '.join(told) if told else 'nothing was drilled'}.")
    if found.stopped:
        output.say(f"It was stopped: {found.stopped}.", "bold red")


def _place(place: "Place") -> dict[str, object]:
    latest = place.candidate.latest
    return {
        "line": place.candidate.line,
        "customer": place.candidate.customer,
        "stands": place.turn.value,
        "trouble": place.candidate.trouble or None,
        "drill": latest.identifier if latest else None,
        "drilled_at": latest.begun_at if latest else None,
        "state": latest.state.value if latest else None,
        "announcements": place.candidate.announcements,
    }


def _over(over: "LineOver") -> dict[str, object]:
    drill = over.drilled.drill if over.drilled is not None else None
    return {
        "line": over.line,
        "drill": drill.identifier if drill else None,
        "state": drill.state.value if drill else None,
        "reason": (drill.reason if drill else over.why) or None,
    }
