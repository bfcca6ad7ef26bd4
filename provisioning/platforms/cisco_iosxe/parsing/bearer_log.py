"""What a router's log says of its bearers, as events: read whole from `show logging`, or line by line as it is logged.

Wording: Cisco IOS XE System Message Guide (LINK-3-UPDOWN, LINK-5-CHANGED, BGP-5-ADJCHANGE, TRACK-6-STATE and its
older name TRACKING-5-STATE, BFDFSM-6-BFD_SESS_DOWN). A router does not number what it logs in a way that outlives its
buffer: events carry the milliseconds since its start instead, so that whoever reads a line twice knows it again.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from provisioning.model.bearer import BearerEvent, BearerEventKind, BearerName
from provisioning.platforms.cisco_iosxe.names import (
    ANSWERS_TRACK,
    EARLIER_TRUSTED_TRACK,
    FIXED_BEARER,
    LINE_TRACK,
    MOBILE_BEARER,
    MOBILE_TRACK,
    TRUSTED_TRACK,
)

_LOGGED = re.compile(
    r"^(?:\d+: )*[*.]?(?P<date>[A-Z][a-z]{2} +\d{1,2})(?: \d{4})? (?P<time>\d\d:\d\d:\d\d(?:\.\d+)?)(?: [A-Z]{1,5})?: "
    r"%(?P<name>[A-Z0-9_]+-\d-[A-Z0-9_]+): (?P<text>.*?)\s*$"
)
_LINK = re.compile(r"Interface (?P<interface>\S+), changed state to (?P<state>administratively down|down|up)")
_NEIGHBOUR = re.compile(r"neighbor (?P<address>\S+) .*?\b(?P<state>Up|Down)\b")
_TRACK = re.compile(r"(?P<number>\d+) .* (?:Up|Down) ?-> ?(?P<state>Up|Down)")

_INTERFACES = {FIXED_BEARER: BearerName.FIXED, MOBILE_BEARER: BearerName.MOBILE}
_TRUSTED = (str(TRUSTED_TRACK), str(EARLIER_TRUSTED_TRACK))
_SIGNS = (str(ANSWERS_TRACK), str(LINE_TRACK))
_BFD_DOWN = "BFDFSM-6-BFD_SESS_DOWN"
_TRACKS = ("TRACK-6-STATE", "TRACKING-5-STATE")
_LINKS = ("LINK-3-UPDOWN", "LINK-5-CHANGED")
_NEIGHBOURS = "BGP-5-ADJCHANGE"
_NAMES = frozenset({_BFD_DOWN, "BFDFSM-6-BFD_SESS_UP", _NEIGHBOURS, *_TRACKS, *_LINKS})

AHEAD = timedelta(days=1)
"""By how much what was logged may seem to lie ahead of the clock, before it is taken for a year old."""


def tells_of_bearers(line: str) -> bool:
    """Return whether a line of a log, as a terminal shows it, may tell of a bearer: a reason to ask the router."""
    found = _LOGGED.match(line)
    return found is not None and found["name"] in _NAMES


@dataclass(slots=True)
class _State:
    """What is known of a bearer so far.

    Attributes:
        dead: whether it was found dead; None while nobody has said anything.
        shut: whether it was shut down.
        fell: whether the object that tracks it fell with it, so that it has to come up before it is trusted.
        missing: tracks that tell what works, and are down.
    """

    dead: bool | None = None
    shut: bool = False
    fell: bool = True
    missing: frozenset[str] = frozenset()


@dataclass(slots=True)
class BearerLog:
    """Reads the lines of one router's log, in their order.

    Args:
        booted: when it started, by its own clock.
        neighbours: bearer of each BGP neighbour, by address in small letters.
    """

    booted: datetime
    neighbours: Mapping[str, BearerName]
    _states: dict[BearerName, _State] = field(default_factory=lambda: {each: _State() for each in BearerName})
    _last: int = 0

    def read(self, lines: Iterable[str]) -> Iterator[BearerEvent]:
        """Yield the events that lines tell of; other lines, and halves of lines, tell of none."""
        for line in lines:
            found = _LOGGED.match(line)
            if found is None:
                continue
            since = (self._moment(found) - self.booted).total_seconds()
            for bearer, kind in self._told(found["name"], found["text"]):
                self._last = max(self._last + 1, round(since * 1000))
                yield BearerEvent(self._last, since, kind, bearer)

    def _moment(self, found: re.Match[str]) -> datetime:
        time, _, fraction = found["time"].partition(".")
        text = f"{self.booted.year} {' '.join(found['date'].split())} {time}.{fraction or '0'}"
        moment = datetime.strptime(text, "%Y %b %d %H:%M:%S.%f")  # noqa: DTZ007 - compared with the same clock only
        # The router tells no year: what seems to lie before its start was logged in a later one.
        return moment.replace(year=moment.year + 1) if moment < self.booted - AHEAD else moment

    def _told(self, name: str, text: str) -> Iterator[tuple[BearerName, BearerEventKind]]:
        if name == _BFD_DOWN:
            yield from self._fails(BearerName.FIXED)
        elif name in _LINKS and (link := _LINK.match(text)) is not None:
            if link["interface"] in _INTERFACES:
                yield from self._link(_INTERFACES[link["interface"]], link["state"])
        elif name == _NEIGHBOURS and (neighbour := _NEIGHBOUR.match(text)) is not None:
            bearer = self.neighbours.get(neighbour["address"].lower())
            if bearer is not None:
                yield from self._works(bearer) if neighbour["state"] == "Up" else self._fails(bearer)
        elif name in _TRACKS and (track := _TRACK.match(text)) is not None:
            yield from self._tracked(track["number"], up=track["state"] == "Up")

    def _link(self, bearer: BearerName, state: str) -> Iterator[tuple[BearerName, BearerEventKind]]:
        known = self._states[bearer]
        if state == "administratively down":
            known.shut = True
            yield bearer, BearerEventKind.CUT
            yield from self._fails(bearer)
        elif state == "down":
            yield from self._fails(bearer)
        elif known.shut:
            known.shut = False
            yield bearer, BearerEventKind.HEALED

    def _fails(self, bearer: BearerName) -> Iterator[tuple[BearerName, BearerEventKind]]:
        known = self._states[bearer]
        if not known.dead:
            known.dead = True
            yield bearer, BearerEventKind.FAILED

    def _works(self, bearer: BearerName) -> Iterator[tuple[BearerName, BearerEventKind]]:
        known = self._states[bearer]
        if known.dead is False:
            return
        known.dead = False
        yield bearer, BearerEventKind.WORKS
        if bearer is BearerName.FIXED and not known.fell:
            # It was away for less time than the probe needs to notice: nothing holds it.
            yield bearer, BearerEventKind.TRUSTED

    def _tracked(self, number: str, *, up: bool) -> Iterator[tuple[BearerName, BearerEventKind]]:
        known = self._states[BearerName.FIXED]
        if number == str(MOBILE_TRACK) and not up:
            yield from self._fails(BearerName.MOBILE)
        elif number in _SIGNS:
            known.missing = known.missing - {number} if up else known.missing | {number}
            known.fell = known.fell or not up
            if not up:
                yield from self._fails(BearerName.FIXED)
            elif not known.missing:
                yield from self._works(BearerName.FIXED)
        elif number in _TRUSTED and not up:
            yield from self._fails(BearerName.FIXED)
            known.fell = True
        elif number in _TRUSTED:
            known.fell = True
            yield from self._works(BearerName.FIXED) if known.dead else ()
            known.fell = known.dead = False
            yield BearerName.FIXED, BearerEventKind.TRUSTED
