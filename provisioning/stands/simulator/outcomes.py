"""What comes of calls in the simulated network, and who sees them arrive."""

from dataclasses import dataclass, field

OPEN, REFUSED, TIMEOUT, UNREACHABLE = "open", "refused", "timeout", "unreachable"

TELLS = {
    "host": {4: ("host unreachable", 3, 1), 6: ("address unreachable", 1, 3)},
    "network": {4: ("network unreachable", 3, 0), 6: ("no route", 1, 0)},
    "port": {4: ("port unreachable", 3, 3), 6: ("port unreachable", 1, 4)},
    "prohibited": {4: ("administratively prohibited", 3, 13), 6: ("administratively prohibited", 1, 1)},
}
"""Name, type and code of what ICMP says (RFC 792, RFC 1812, RFC 4443)."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new call that a host behind a router sees."""

    host: str
    protocol: str
    source: str
    target: str
    port: int


@dataclass(slots=True)
class Watch:
    """A host that watches what arrives.

    Attributes:
        place: `internet`, or `lan` or `firewall` with the serial of the router before it.
        watched: targets that count.
    """

    place: tuple[str, str]
    watched: frozenset[str]
    arrivals: dict[Arrival, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call.

    Attributes:
        state: open, refused, unreachable or timeout.
        tells: which of TELLS, when it is unreachable.
        by: who says so.
        arrivals: who saw it arrive.
        seen_as: with which source it came to its target.
        bearer: by which it went out and was answered.
    """

    state: str
    tells: str = ""
    by: str = ""
    arrivals: tuple[Arrival, ...] = ()
    seen_as: str = ""
    bearer: str = ""
