"""What is seen of a line's traffic in a drill besides its streams: sessions that are held, telephony that is tried."""

from dataclasses import dataclass
from datetime import datetime

from provisioning.model.bearer import Family
from provisioning.model.drill import Stream


@dataclass(frozen=True, slots=True)
class BegunStreams:
    """Streams and sessions that run on the vantage points, and end there by themselves.

    Whoever carries a drill on needs no more than this to ask for them.

    Attributes:
        token: by which each of them is asked.
        begun_at: by our clock; all times of the streams count from here.
        seconds: after which they end by themselves.
        places: where something runs, such as `lan`; sorted.
        missing: why nothing runs elsewhere, by place, for people.
    """

    token: str
    begun_at: datetime
    seconds: float
    places: tuple[str, ...]
    missing: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class HeldSession:
    """A TCP session that was open before the cut.

    Attributes:
        name: who held it with whom, for people: `lan-ipv6 to the internet`, `the internet to tcp/443 of 192.0.2.1`.
        survived: whether it still carried data at the end; None where nobody can tell.
        worst_stall: seconds that a few bytes took to be answered, at worst; None where nobody counted.
        why_not: why nobody can tell.
    """

    name: str
    survived: bool | None
    worst_stall: float | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What streams and the sessions beside them came to, until a moment.

    Attributes:
        at: seconds since the streams began, when this was asked for.
    """

    at: float
    streams: tuple[Stream, ...]
    sessions: tuple[HeldSession, ...]


@dataclass(frozen=True, slots=True)
class VoiceAnswer:
    """Whether telephony answered a host on the LAN (facts: I-6.3).

    Attributes:
        address: in the operator's voice prefixes.
        sip: whether OPTIONS was answered (RFC 3261, 11); None where nobody could ask.
        media: whether a datagram like those of RTP came back (RFC 3550); None where nobody could ask.
        why_not: why nobody could.
    """

    address: str
    family: Family
    sip: bool | None
    media: bool | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class BegunSession:
    """A TCP session from the internet to an opening of the line, which is held there and ends by itself.

    Attributes:
        name: for people.
        token: by which it is asked; empty where there is none.
        why_not: why there is none.
    """

    name: str
    token: str
    why_not: str = ""
