"""May a line be drilled now? `refusals(…)`: every reason why not, at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioning.clock import CONTRACT_TIME_ZONE
from provisioning.drills import codes
from provisioning.model.bearer import Cut
from provisioning.model.drill import Announcement
from provisioning.model.finding import Finding
from provisioning.model.readiness import Readiness

BASELINE_SECONDS = 3
"""That everything is watched before anything is cut."""

MARGIN_SECONDS = 30
"""By which the router's own timer is longer than the cut: it is for when nobody ends the cut."""

RETURN_SECONDS = 30
"""That traffic may take to return, besides the hold time."""

_OF_THEIR_OWN = {"no-incident", "no-work", "backup-ordered"}
"""Findings that have a refusal of their own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The drill that somebody asks for.

    Attributes:
        seconds: how long the fixed bearer is cut.
        bounce: whether it is cut once more, for a moment, while it is held.
        at_once: whether neither window nor notice is waited for; a reason stands in the audit.
    """

    cut: Cut
    seconds: int
    bounce: bool = False
    at_once: bool = False

    def lasts(self, hold_seconds: int) -> int:
        """Return the seconds that the whole may take."""
        holds = 2 * hold_seconds if self.bounce else hold_seconds
        return BASELINE_SECONDS + self.seconds + MARGIN_SECONDS + holds + RETURN_SECONDS


def refusals(
    found: Readiness,
    cuts: frozenset[Cut],
    announced: Sequence[Announcement],
    asked: Asked,
    *,
    now: datetime,
    notice: timedelta,
    hold_seconds: int,
) -> tuple[Finding, ...]:
    """Return why a line is not drilled now; empty when it may be.

    Args:
        found: whether its back-up is ready.
        cuts: that its router can make; empty where it could not be asked.
        announced: what its customer was told of drills, without what was withdrawn.
        notice: between telling him and drilling his line.
        hold_seconds: how long the fixed bearer has to work again before it is trusted.
    """
    reasons = [*_of_readiness(found), *_of_the_cut(found, cuts, asked)]
    if not asked.at_once:
        reasons += _of_the_period(found.line, announced, now, notice, timedelta(seconds=asked.lasts(hold_seconds)))
    return tuple(reasons)


def agreed_until(announced: Sequence[Announcement], now: datetime, notice: timedelta) -> datetime | None:
    """Return when the agreed period ends that now lies in; None when it lies in none of which he was told in time."""
    fitting = [each.closes_at for each in announced if _covers(each, now) and each.told_at + notice <= now]
    return max(fitting, default=None)


def dead_man_seconds(asked: Asked, *, now: datetime, until: datetime | None) -> int:
    """Return after how many seconds the router ends the cut by itself: never after the agreed period.

    Args:
        until: when that ends; None where the drill waits for none.
    """
    wanted = asked.seconds + MARGIN_SECONDS
    return wanted if until is None else min(wanted, int((until - now).total_seconds()))


def _of_readiness(found: Readiness) -> Iterator[Finding]:
    by_code = {each.code: each for each in found.findings}
    incident, work, backup = (by_code.get(code) for code in ("no-incident", "no-work", "backup-ordered"))
    if backup is not None and backup.in_the_way:
        yield codes.NO_BACKUP.at(found.line, backup.reason, backup.remedy)
        return
    if work is not None and work.in_the_way:
        yield codes.BUSY.at(found.line, work.reason, work.remedy)
    if incident is not None and incident.in_the_way:
        yield codes.INCIDENT_OPEN.at(found.line, incident.reason, incident.remedy)
    for each in found.in_the_way:
        if each.code not in _OF_THEIR_OWN:
            yield codes.NOT_READY.at(each.code, f"{each.subject}: {each.reason}", each.remedy, facts=each.facts)


def _of_the_cut(found: Readiness, cuts: frozenset[Cut], asked: Asked) -> Iterator[Finding]:
    if cuts and asked.cut not in cuts:
        able = ", ".join(sorted(each.value for each in cuts))
        yield codes.CUT_IMPOSSIBLE.at(
            "--cut", f"a {found.platform} router cannot make the cut {asked.cut.value}", f"It can make: {able}."
        )
    elif cuts and asked.bounce and asked.cut is Cut.FLAPPING:
        yield codes.CUT_IMPOSSIBLE.at("--bounce", "a flapping bearer bounces already", "Leave --bounce out.")


def _of_the_period(
    line: str, announced: Sequence[Announcement], now: datetime, notice: timedelta, lasts: timedelta
) -> Iterator[Finding]:
    tell = f"`proviso failover announce {line} --from … --until …` tells the customer of a period."
    open_now = [each for each in announced if _covers(each, now)]
    ahead = [each for each in announced if each.opens_at > now]
    told = [each for each in (open_now or ahead) if each.told_at + notice <= now]
    if not open_now:
        when = f"; the next one opens on {_told(min(each.opens_at for each in ahead))}" if ahead else ""
        yield codes.OUTSIDE_WINDOW.at(line, f"no period that was announced is open now{when}", tell)
    elif all(now + lasts > each.closes_at for each in (told or open_now)):
        closes = max(each.closes_at for each in (told or open_now))
        yield codes.OUTSIDE_WINDOW.at(
            line,
            f"the announced period closes on {_told(closes)}, and the drill may last {lasts.total_seconds():.0f} s",
            "Cut for less (`--for`), or announce a longer period.",
        )
    if not told:
        hours = notice.total_seconds() / 3600
        late = f"the customer was told less than {hours:.0f} hours ago"
        yield codes.NOT_TOLD.at(line, late if open_now or ahead else "the customer was told of no drill", tell)


def _covers(announcement: Announcement, now: datetime) -> bool:
    return announcement.opens_at <= now < announcement.closes_at


def _told(moment: datetime) -> str:
    return f"{moment.astimezone(CONTRACT_TIME_ZONE):%Y-%m-%d at %H:%M} (Brussels)"
