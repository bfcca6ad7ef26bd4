"""Classes, policies and zone pairs: which access list leads to which treatment."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from provisioning.errors import CannotEncode
from provisioning.model.operator import SessionTimer
from provisioning.platforms.cisco_iosxe.access_list import AccessList
from provisioning.platforms.cisco_iosxe.encoders import Ios, ios_word
from provisioning.platforms.cisco_iosxe.firewall import lan_lists, opening_lists, timed_lan_lists
from provisioning.platforms.cisco_iosxe.names import INSIDE, OUTSIDE
from provisioning.platforms.cisco_iosxe.router_access import (
    from_lan,
    from_lan_without_session,
    from_outside,
    from_outside_without_session,
    from_router,
    from_router_without_session,
)
from provisioning.platforms.router_line import RouterLine
from provisioning.platforms.template import Values

SELF = "self"
ALL_SESSIONS = "SESSIONS"

TIMER_COMMANDS: dict[tuple[str, str], str] = {
    ("tcp", "established"): "tcp idle-time",
    ("tcp", "syn_sent"): "tcp synwait-time",
    ("tcp", "fin_wait"): "tcp finwait-time",
    ("udp", "replied"): "udp idle-time",
}
"""By protocol and state of the operator's timers: what `parameter-map type inspect` calls it."""

DEFAULTS = frozenset({"tcp idle-time 3600", "tcp synwait-time 30", "tcp finwait-time 1", "udp idle-time 30"})
"""What IOS-XE does anyway, and does not show (Zone-Based Policy Firewall, "Parameter Maps")."""

UNSAYABLE = frozenset({("udp", "unreplied")})
"""Of these the platform knows none: a question without an answer is remembered as long as one with."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done with the packets of some access lists.

    Attributes:
        name: of the class.
        sessions: the parameter map to inspect with; empty where packets pass without a session.
    """

    name: str
    lists: tuple[AccessList, ...]
    action: Literal["inspect", "pass"]
    sessions: str = ""


@dataclass(frozen=True, slots=True)
class ZonePair:
    """What may go from one zone to another: treatments in order, and nothing else."""

    source: str
    destination: str
    treatments: tuple[Treatment, ...]

    @property
    def name(self) -> str:
        """The name of the pair and of its policy."""
        return f"{self.source}-{self.destination}".upper()


def zone_pairs(line: RouterLine) -> tuple[ZonePair, ...]:
    """Return what passes between zones; what the router sends into the LAN is not looked at."""
    return (
        ZonePair(INSIDE, OUTSIDE, tuple(_of_lan(line))),
        ZonePair(OUTSIDE, INSIDE, tuple(_openings(line))),
        ZonePair(
            OUTSIDE,
            SELF,
            (
                Treatment("TO-ROUTER-PASS", from_outside_without_session(line), "pass"),
                Treatment("TO-ROUTER", from_outside(line), "inspect", ALL_SESSIONS),
            ),
        ),
        ZonePair(
            INSIDE,
            SELF,
            (
                Treatment("LAN-SERVICES-PASS", from_lan_without_session(), "pass"),
                Treatment("LAN-SERVICES", from_lan(line), "inspect", ALL_SESSIONS),
            ),
        ),
        ZonePair(
            SELF,
            OUTSIDE,
            (
                Treatment("FROM-ROUTER-PASS", from_router_without_session(line), "pass"),
                Treatment("FROM-ROUTER", from_router(), "inspect", ALL_SESSIONS),
            ),
        ),
    )


def timers(line: RouterLine) -> tuple[SessionTimer, ...]:
    """Return the session timers, which are part of the managed firewall (facts: I-5.3)."""
    return line.operator.session_timers if line.intent.managed_firewall else ()


def _of_lan(line: RouterLine) -> Iterator[Treatment]:
    for timer in timers(line):
        yield Treatment(f"LAN-{timer.name.upper()}", timed_lan_lists(line, timer), "inspect", _map_name(timer))
    yield Treatment("LAN", lan_lists(line), "inspect", ALL_SESSIONS)


def _openings(line: RouterLine) -> Iterator[Treatment]:
    for timer in timers(line):
        lists = opening_lists(line, timer)
        if lists:
            yield Treatment(f"OPENINGS-{timer.name.upper()}", lists, "inspect", _map_name(timer))
    lists = opening_lists(line)
    if lists:
        yield Treatment("OPENINGS", lists, "inspect", ALL_SESSIONS)


def _map_name(timer: SessionTimer) -> str:
    return f"TIMER-{timer.name.upper()}"


def firewall(line: RouterLine) -> Values:
    """Return what the template says of parameter maps, classes, policies and zones."""
    pairs = zone_pairs(line)
    return {
        "zones": [Ios(INSIDE), Ios(OUTSIDE)],
        "parameter_maps": list(_parameter_maps(line)),
        "classes": [_class(each) for pair in pairs for each in pair.treatments],
        "policies": [_policy(each) for each in pairs],
    }


def _class(treatment: Treatment) -> Values:
    return {"name": ios_word(treatment.name), "lists": [each.name for each in treatment.lists]}


def _policy(pair: ZonePair) -> Values:
    return {
        "name": ios_word(pair.name),
        "source": ios_word(pair.source),
        "destination": ios_word(pair.destination),
        "classes": [
            {
                "name": ios_word(each.name),
                "action": Ios(f"{each.action} {each.sessions}".strip()),
            }
            for each in pair.treatments
        ],
    }


def _parameter_maps(line: RouterLine) -> Iterator[Values]:
    established = f"tcp idle-time {line.operator.tcp_established_seconds}"
    yield {"name": Ios(ALL_SESSIONS), "settings": [] if established in DEFAULTS else [Ios(established)]}
    for timer in timers(line):
        yield {"name": ios_word(_map_name(timer)), "settings": list(_settings(timer))}


def _settings(timer: SessionTimer) -> Iterator[Ios]:
    for state, seconds in sorted(timer.seconds.items()):
        command = TIMER_COMMANDS.get((timer.protocol, state))
        if command is not None:
            setting = f"{command} {seconds}"
            if setting not in DEFAULTS:
                yield Ios(setting)
        elif (timer.protocol, state) not in UNSAYABLE:
            raise CannotEncode(
                f"IOS-XE has no timer for the state {state} of {timer.protocol}",
                where=f"operator.yaml, session_timers.{timer.name}",
                remedy="Leave the state out, or give the line a router of another platform.",
            )
