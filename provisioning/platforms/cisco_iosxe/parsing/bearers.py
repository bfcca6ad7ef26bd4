"""What a router says of its bearers: counters, BGP and BFD, tracked objects, the default routes, the modem.

Layouts are those of Cisco IOS XE 17's command references: IP Routing: BGP (`show ip bgp neighbors`), IP Routing:
Protocol-Independent (`show bfd neighbors`, `show ip route`), IP Application Services (`show track`), Interface and
Hardware Component (`show interfaces`); and of Cisco 1000 Series ISR Software Configuration Guide, "Cellular Wireless"
(`show cellular`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioning.model.bearer import Radio
from provisioning.platforms.cisco_iosxe.parsing.tables import Row, rows, word

_LINE = re.compile(r"^\S+ is (?P<status>.+?), line protocol is (?P<protocol>.+?)\s*$", re.MULTILINE)
_DESCRIPTION = re.compile(r"^\s+Description: (.*?)\s*$", re.MULTILINE)
_COUNTED = re.compile(r"^\s+\d+ packets (input|output), (\d+) bytes", re.MULTILINE)

_KNOWN_VIA = re.compile(r'^\s*Known via "(\S+)', re.MULTILINE)
_BY_GATEWAY = re.compile(r"^\s*\*? *(?P<gateway>[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]*)(?:%\S+)?(?:,|$)", re.MULTILINE)
_BY_INTERFACE = re.compile(
    r"^\s*(?:\* )?(?:directly connected,? via |[0-9A-Fa-f.:]+, (?:from [^,]+, [^,]+, )?(?:via )?)"
    r"(?P<interface>[A-Z][A-Za-z-]+[0-9][0-9/.]*)",
    re.MULTILINE,
)
_NO_ROUTE = re.compile(r"^% ?(?:Network|Subnet|Route) not (?:in table|found)", re.MULTILINE)

_SAID = re.compile(r"^\s*(?P<key>[A-Z][^=\n]*?)\s*=\s*(?P<value>.*?)\s*$", re.MULTILINE)
_DBM = re.compile(r"(-\d+) *dBm")

_CLOCK = re.compile(r"(?P<time>\d\d:\d\d:\d\d(?:\.\d+)?) (?P<zone>\S+) \w{3} (?P<date>\w{3} +\d{1,2} \d{4})")
_UPTIME = re.compile(r"uptime is (?P<words>.+)$", re.MULTILINE)
_SPAN = re.compile(r"(\d+) (year|week|day|hour|minute)s?")
_LENGTHS = {"year": 365 * 86400, "week": 604800, "day": 86400, "hour": 3600, "minute": 60}

_AGES = {"y": 365 * 86400, "w": 604800, "d": 86400, "h": 3600}


@dataclass(frozen=True, slots=True)
class ShownInterface:
    """What `show interfaces NAME` tells.

    Attributes:
        up: whether interface and line protocol are; one that only pretends to be up is not.
        shut: whether it was shut down.
    """

    up: bool
    shut: bool
    description: str
    received_bytes: int
    sent_bytes: int


@dataclass(frozen=True, slots=True)
class ShownNeighbour:
    """A BGP neighbour.

    Attributes:
        address: in small letters.
        bfd: whether BFD is to tell when it is gone.
        up_seconds: since when the session stands; None while it does not.
    """

    address: str
    description: str
    bfd: bool
    established: bool
    up_seconds: float | None


@dataclass(frozen=True, slots=True)
class ShownTrack:
    """A tracked object.

    Attributes:
        left: seconds until it is taken for what it has become; None when it is that already.
        delay_up: seconds for which it must have come up.
    """

    up: bool
    left: float | None
    delay_up: float


@dataclass(frozen=True, slots=True)
class ShownRoute:
    """The way that a route takes: by an interface, or by a gateway whose interface is not told."""

    interface: str | None
    gateway: str | None


@dataclass(frozen=True, slots=True)
class ShownTime:
    """The router's own time.

    Attributes:
        now: by its clock, in its zone.
        booted: when it started, by the same.
    """

    now: datetime
    booted: datetime

    @property
    def uptime(self) -> float:
        """Seconds since it started."""
        return (self.now - self.booted).total_seconds()


def shown_interface(text: str) -> ShownInterface:
    """Read what `show interfaces NAME` answers, whole or filtered.

    Raises:
        ValueError: when it does not tell how the interface is.
    """
    line = _LINE.search(text)
    counted = {found[1]: int(found[2]) for found in _COUNTED.finditer(text)}
    if line is None or counted.keys() != {"input", "output"}:
        raise ValueError("the answer to `show interfaces` does not tell how the interface is")
    description = _DESCRIPTION.search(text)
    return ShownInterface(
        up=line["status"] == "up" and line["protocol"] == "up",
        shut=line["status"] == "administratively down",
        description=description[1] if description else "",
        received_bytes=counted["input"],
        sent_bytes=counted["output"],
    )


def shown_neighbours(text: str) -> tuple[ShownNeighbour, ...]:
    """Read what `show bgp all neighbors` answers, filtered.

    Raises:
        ValueError: when it has a line that is not known.
    """
    found = {}
    for row in rows("show bgp all neighbors", text, ours=True):
        up = word(row, "UP")
        established = word(row, "STATE") == "Established"
        found[word(row, "ADDRESS")] = ShownNeighbour(
            address=word(row, "ADDRESS").lower(),
            description=word(row, "DESCRIPTION"),
            bfd=bool(word(row, "BFD")),
            established=established,
            up_seconds=age(up) if established and up else None,
        )
    return tuple(found.values())


def shown_bfd(text: str) -> dict[str, bool]:
    """Read what `show bfd neighbors` answers: whether BFD is up, by address in small letters.

    Raises:
        ValueError: when it has a line that is not known.
    """
    found = rows("show bfd neighbors", text, ours=True)
    return {word(row, "ADDRESS").lower(): word(row, "STATE").upper() == "UP" for row in found}


def shown_tracks(text: str) -> dict[int, ShownTrack]:
    """Read what `show track` answers: the objects by number.

    Raises:
        ValueError: when it has a line that is not known.
    """
    return {int(word(row, "NUMBER")): _track(row) for row in rows("show track", text, ours=True)}


def _track(row: Row) -> ShownTrack:
    left = word(row, "LEFT")
    return ShownTrack(word(row, "STATE") == "Up", float(left) if left else None, float(word(row, "DELAY_UP") or 0))


def shown_route(text: str) -> ShownRoute | None:
    """Read what `show ip route 0.0.0.0` or `show ipv6 route ::/0` answers; None when there is no such route.

    Raises:
        ValueError: when it is neither a route nor none.
    """
    if _NO_ROUTE.search(text):
        return None
    known = _KNOWN_VIA.search(text)
    if known is None:
        raise ValueError("the answer about the default route tells of none, and not that there is none")
    paths = text[known.end() :]
    # What stands before the paths names who told of the route, not where it leads.
    for head in ("Routing Descriptor Blocks:", "Routing paths:"):
        paths = paths.rpartition(head)[2] if head in paths else paths
    interface, gateway = _BY_INTERFACE.search(paths), _BY_GATEWAY.search(paths)
    if interface is None and gateway is None:
        raise ValueError("the answer about the default route does not tell where it leads")
    return ShownRoute(interface["interface"] if interface else None, gateway["gateway"].lower() if gateway else None)


def shown_radio(text: str) -> Radio | None:
    """Read what `show cellular SLOT all` answers, whole or filtered; None when it tells nothing."""
    said = {found["key"]: found["value"] for found in _SAID.finditer(text)}
    if not said:
        return None
    selected = said.get("Radio Access Technology(RAT) Selected", "")
    signal = _DBM.search(said.get("Current RSRP", "")) or _DBM.search(said.get("Current RSSI", ""))
    technology = selected if selected and selected.lower() != "no service" else None
    numbers = said.get("Mobile Country Code (MCC)", "0"), said.get("Mobile Network Code (MNC)", "0")
    network = said.get("Network") or (" ".join(numbers) if numbers[0] != "0" else None)
    return Radio(
        sim=_sim(said.get("SIM Status", "")),
        technology=technology,
        signal_dbm=int(signal[1]) if signal and technology else None,
        network=network,
        cell=said.get("Cell ID"),
    )


def _sim(said: str) -> str:
    return "ready" if said.upper() == "OK" else said.lower() or "unknown"


def shown_time(clock: str, version: str) -> ShownTime:
    """Read what `show clock` and `show version` answer.

    Without a clock that was set, a router does not tell when it started: then that is known to the minute.

    Raises:
        ValueError: when they do not tell a time.
    """
    now = _CLOCK.search(clock)
    if now is None:
        raise ValueError("the answer to `show clock` is no time")
    moment = _moment(now)
    restarted = _CLOCK.search(version)
    if restarted is not None:
        return ShownTime(moment, _moment(restarted))
    uptime = _UPTIME.search(version)
    if uptime is None:
        raise ValueError("the answer to `show version` does not tell since when the router is up")
    seconds = sum(int(found[1]) * _LENGTHS[found[2]] for found in _SPAN.finditer(uptime["words"]))
    return ShownTime(moment, moment - timedelta(seconds=seconds))


def _moment(found: Mapping[str, str] | re.Match[str]) -> datetime:
    time, _, fraction = found["time"].partition(".")
    text = f"{time}.{fraction or '0'} {' '.join(found['date'].split())}"
    return datetime.strptime(text, "%H:%M:%S.%f %b %d %Y")  # noqa: DTZ007 - compared with the same clock only


def age(text: str) -> float:
    """Return the seconds of an age such as `00:12:21`, `1d02h`, `3w4d` or `1y5w`.

    Raises:
        ValueError: when it is none.
    """
    if ":" in text:
        hours, minutes, seconds = (int(each) for each in text.split(":"))
        return hours * 3600 + minutes * 60 + seconds
    parts = re.findall(r"(\d+)([ywdh])", text)
    if not parts or "".join(f"{number}{unit}" for number, unit in parts) != text:
        raise ValueError(f"`{text}` is no age")
    return sum(int(number) * _AGES[unit] for number, unit in parts)
