"""Streams of numbered packets over a drill, from behind the router to the internet and back, with TCP sessions beside.

They run on the vantage points and end there by themselves, whatever happens to us: what begins them returns at once,
and what is known of them is asked for, while they run or at their end. Where nobody stands behind the router, the
internet asks the line for echoes.
"""

import secrets
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network

from provisioning.errors import ProvisoError
from provisioning.judging.reading import part, texts
from provisioning.model.drill import StreamName
from provisioning.model.drill_traffic import BegunStreams, Traffic
from provisioning.model.intent import AddressedIntent
from provisioning.model.verdict import Viewpoint
from provisioning.ports import Clock, Vantage
from provisioning.vantages.points import Points
from provisioning.vantages.stream_reading import Told, traffic_of

LONGEST = 3900.0
"""Seconds that streams run at most: an hour, and what begins and ends a drill."""

INTERVAL = 0.02
"""Seconds between two packets, as telephony sends them (RFC 3551, 4.2)."""

ECHO_INTERVAL = 0.1
START_SECONDS, ASK_SECONDS = 45.0, 60.0
LAN, FIREWALL, OUTSIDE, REFLECTOR = "lan", "firewall", "outside", "reflector"
BEHIND = {LAN: Viewpoint.LAN, FIREWALL: Viewpoint.CUSTOMER_FIREWALL}

Flow = dict[str, object]


def begin_streams(
    addressed: AddressedIntent, points: Points, clock: Clock, *, seconds: float, token: str = ""
) -> BegunStreams:
    """Begin all streams of a line that somebody can send, and sessions beside them.

    Args:
        seconds: after which they end by themselves; LONGEST at most.
        token: to ask for them by; empty for a new one. It must not be used twice.

    Returns:
        What has begun. Nothing having begun is no error: `missing` tells why.
    """
    own = token or secrets.token_hex(16)
    beginning = _Beginning(own, min(seconds, LONGEST))
    begun_at = clock.now()
    if points.internet is None:
        beginning.missing[REFLECTOR] = points.why_not(Viewpoint.INTERNET)
    else:
        _begin(addressed, points, points.internet, beginning)
    places = tuple(sorted(beginning.places))
    return BegunStreams(own, begun_at, beginning.seconds, places, tuple(sorted(beginning.missing.items())))


def ask_streams(begun: BegunStreams, points: Points, clock: Clock, *, since: float = 0.0) -> Traffic:
    """Return what streams and sessions have come to so far; they go on.

    Packets of the last two seconds that are still awaited are in no loss yet.

    Args:
        since: seconds since they began, from which on it is told: what was before is left out.
    """
    return _asked(begun, points, clock, end=False, since=since)


def end_streams(begun: BegunStreams, points: Points, clock: Clock) -> Traffic:
    """Return what streams and sessions came to, and end them; asked again, or after their time, there are none."""
    return _asked(begun, points, clock, end=True, since=0.0)


class _Beginning:
    """What is begun under a token, and what could not be."""

    def __init__(self, token: str, seconds: float) -> None:
        self.token, self.seconds = token, seconds
        self.places: set[str] = set()
        self.missing: dict[str, str] = {}

    def start(self, vantage: Vantage, place: str, kind: str, request: Mapping[str, object]) -> Mapping[str, object]:
        """Begin something; return what it says, nothing where it could not begin."""
        asked = {"kind": kind, "token": token_of(self.token, place), "seconds": self.seconds, **request}
        try:
            told = vantage.probe("start", asked, seconds=START_SECONDS)
        except ProvisoError as error:
            self.missing[place] = error.what
            return {}
        self.places.add(place)
        return told


def token_of(token: str, place: str) -> str:
    """Return by which token one of them is asked, on whichever host it runs."""
    return f"{token}-{place}"


def _begin(addressed: AddressedIntent, points: Points, internet: Vantage, beginning: _Beginning) -> None:
    if points.lan is None and points.firewall is None:
        _begin_outside(addressed, points, internet, beginning)
        return
    try:
        own = texts(internet.probe("addresses", {}, seconds=20), "addresses")
    except ProvisoError as error:
        beginning.missing[REFLECTOR] = error.what
        return
    addresses = {("6" if ":" in each else "4"): each for each in reversed(own)}
    ports = part(beginning.start(internet, REFLECTOR, "reflector", {"addresses": list(addresses.values())}), "ports")
    reflector = {version: [each, (ports or {}).get(each)] for version, each in addresses.items()}
    if ports is None:
        return
    for vantage, place, flows in (
        (points.lan, LAN, _flows_of_lan(addressed)),
        (points.firewall, FIREWALL, _flows_of_firewall(addressed)),
    ):
        if vantage is None:
            beginning.missing[place] = points.why_not(BEHIND[place])
        elif flows:
            where = {"interface": points.interface} if place == LAN else {}
            request = {"flows": flows, "interval": INTERVAL, "reflector": reflector, **where}
            beginning.start(vantage, place, "stream", request)


def _begin_outside(addressed: AddressedIntent, points: Points, internet: Vantage, beginning: _Beginning) -> None:
    beginning.missing.update({place: points.why_not(viewpoint) for place, viewpoint in BEHIND.items()})
    targets = [addressed.fixed_ipv4] if addressed.fixed_ipv4 is not None else []
    flows: list[Flow] = [{"name": StreamName.FROM_OUTSIDE, "version": "4", "address": str(each)} for each in targets]
    if addressed.ipv6 is not None:
        link = str(addressed.ipv6.link.network_address + 1)
        flows.append({"name": StreamName.FROM_OUTSIDE, "version": "6", "address": link})
    if flows:
        beginning.start(internet, OUTSIDE, "echo", {"flows": flows, "interval": ECHO_INTERVAL})


def _flows_of_lan(addressed: AddressedIntent) -> list[Flow]:
    flows: list[Flow] = [{"name": StreamName.FIXED_IPV4, "version": "4"}]
    if addressed.ipv6 is not None:
        flows.append({"name": StreamName.LAN_IPV6, "version": "6"})
    return flows


def _flows_of_firewall(addressed: AddressedIntent) -> list[Flow]:
    flows: list[Flow] = []
    if addressed.ip_pack is not None:
        flows.append({"name": StreamName.IP_PACK, "version": "4", "within": [str(addressed.ip_pack)]})
    if addressed.ipv6 is not None and addressed.ipv6.routed_half is not None:
        within: list[IPv4Network | IPv6Network] = [addressed.ipv6.routed_half]
        # A firewall that has none of the block itself, but routes it on, sends as `…::10`.
        within += [IPv6Network(addressed.ipv6.next_hop)] if addressed.ipv6.next_hop is not None else []
        flows.append({"name": StreamName.ROUTED_IPV6, "version": "6", "within": [str(each) for each in within]})
    return flows


def _asked(begun: BegunStreams, points: Points, clock: Clock, *, end: bool, since: float) -> Traffic:
    told = list(_told(begun, points, clock, end=end, since=since))
    at = (clock.now() - begun.begun_at).total_seconds()
    return traffic_of(told, begun.begun_at, at, dict(begun.missing))


def _told(begun: BegunStreams, points: Points, clock: Clock, *, end: bool, since: float) -> Iterator[Told]:
    """Yield what each place says; the senders first, so that the reflector still answers what they wait for."""
    where = {LAN: points.lan, FIREWALL: points.firewall, OUTSIDE: points.internet, REFLECTOR: points.internet}
    for place in (LAN, FIREWALL, OUTSIDE, REFLECTOR):
        vantage = where[place]
        if place not in begun.places or vantage is None:
            continue
        request = {"token": token_of(begun.token, place), "end": end, "since": since}
        try:
            seen = vantage.probe("ask", request, seconds=ASK_SECONDS)
        except ProvisoError as error:
            yield Told(place, {}, 0.0, error.what)
            continue
        # What it says of its age it says last, so that only the way back lies between.
        yield Told(place, seen, (clock.now() - begun.begun_at).total_seconds())
