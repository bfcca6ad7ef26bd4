"""By which policy lines are drilled, and where each of them stands in it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from provisioning.drills.campaign import Candidate, Rules, Turn, in_order, turn_of
from provisioning.drills.preconditions import Asked
from provisioning.model.bearer import Cut
from provisioning.model.drill import Announcement
from provisioning.model.line import LineState
from provisioning.store.announcements import list_announcements
from provisioning.store.drills import latest_drills, running_drills
from provisioning.store.incidents import list_incidents
from provisioning.store.selection import Selection, select_devices
from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Place:
    """A line with a mobile back-up, and where it stands in the policy."""

    candidate: Candidate
    turn: Turn


def asked_of(around: Surroundings) -> Asked:
    """Return the drill that a campaign makes: the plainest cut, which every platform can make."""
    return Asked(Cut.LINK_DOWN, around.drills.seconds)


def rules_of(around: Surroundings) -> Rules:
    """Return what campaigns keep to."""
    policy = around.drills
    return Rules(
        every=timedelta(days=policy.every_days),
        notice=timedelta(hours=policy.notice_hours),
        lasts=timedelta(seconds=asked_of(around).lasts(around.operator.routing.hold_seconds)),
        at_once=policy.at_once,
        per_cell=policy.per_cell,
        failures=policy.failures,
    )


def policy_of(around: Surroundings) -> dict[str, int]:
    """Return the settings that campaigns keep to, for the record."""
    policy = around.drills
    return {
        "drill_seconds": policy.seconds,
        "drill_notice_hours": policy.notice_hours,
        "drill_every_days": policy.every_days,
        "drills_at_once": policy.at_once,
        "drills_per_cell": policy.per_cell,
        "drill_failures": policy.failures,
    }


def standings(around: Surroundings) -> list[Place]:
    """Return where each line with a mobile back-up stands, in the order in which they are drilled."""
    now, rules = around.clock.now(), rules_of(around)
    announced: defaultdict[str, list[Announcement]] = defaultdict(list)
    trouble: dict[str, str] = {}
    with around.store.read() as connection:
        wanted = Selection(states=(LineState.ACTIVE,), backed_up=True)
        devices = select_devices(connection, wanted)
        latest = latest_drills(connection)
        for announcement in list_announcements(connection, ends_after=now):
            announced[announcement.line].append(announcement)
        for drill in running_drills(connection):
            trouble[drill.line] = f"{drill.identifier} is under way"
        for incident in list_incidents(connection, only_open=True):
            trouble[incident.line] = f"{incident.identifier} is open: {incident.reason}"
    candidates = [
        Candidate(
            line=each.line,
            customer=each.customer,
            latest=latest.get(each.line),
            announcements=tuple(announced[each.line]),
            trouble=trouble.get(each.line, ""),
        )
        for each in devices
    ]
    return [Place(each, turn_of(each, now, rules)) for each in in_order(candidates)]
