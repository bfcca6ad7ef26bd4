"""What a router with a mobile back-up says of its bearers (facts: I-6.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from typing import Literal

Family = Literal[4, 6]

FAMILIES: tuple[Family, ...] = (4, 6)

Network = IPv4Network | IPv6Network


class BearerName(StrEnum):
    """Which bearer: the access line, or the mobile back-up."""

    FIXED = "fixed"
    MOBILE = "mobile"


class Cut(StrEnum):
    """How a bearer is cut.

    `link-down`: its interface goes down; `silent`: nothing passes, and the link stays up; `one-way`: what comes in is
    dropped; `loss`: 30 % are dropped each way; `flapping`: nothing passes for three seconds, then all does for three.
    """

    LINK_DOWN = "link-down"
    SILENT = "silent"
    ONE_WAY = "one-way"
    LOSS = "loss"
    FLAPPING = "flapping"


class BearerEventKind(StrEnum):
    """What a router saw happen to a bearer.

    `cut`, `healed`: the router itself began or ended the cut of a drill; `failed`: the bearer was found dead; `works`:
    it answers again, and is not trusted yet; `trusted`: it has worked for the hold time, and carries traffic again;
    `called`: the router called a neighbour on it anew, for BGP stood with that one and BFD did not.
    """

    CUT = "cut"
    HEALED = "healed"
    FAILED = "failed"
    WORKS = "works"
    TRUSTED = "trusted"
    CALLED = "called"


@dataclass(frozen=True, slots=True)
class BearerEvent:
    """One event.

    Attributes:
        number: counts up from the router's start; a gap says that some were forgotten.
        uptime: seconds since the router started, by its own clock.
    """

    number: int
    uptime: float
    kind: BearerEventKind
    bearer: BearerName


@dataclass(frozen=True, slots=True)
class Neighbourship:
    """The BGP session with the far end of a bearer, in one family.

    Attributes:
        bgp: whether it is established (RFC 4271, 8.2.2).
        bfd: whether BFD is up (RFC 5880, 6.2); None where this bearer has no BFD.
        up_seconds: since when nothing failed; None while it is down, or where the platform does not tell.
    """

    family: Family
    bgp: bool
    bfd: bool | None
    up_seconds: float | None = None

    @property
    def works(self) -> bool:
        """Whether traffic may go there."""
        return self.bgp and self.bfd is not False


@dataclass(frozen=True, slots=True)
class Radio:
    """The mobile modem, as far as it tells.

    Attributes:
        sim: `ready`, or what the modem says instead.
        technology: such as `LTE`.
        signal_dbm: RSRP of LTE and 5G, or RSSI (3GPP TS 36.214, 5.1.1).
        network: name or number of the mobile network.
        cell: of the network, by which lines that share one are known.
    """

    sim: str
    technology: str | None = None
    signal_dbm: int | None = None
    network: str | None = None
    cell: str | None = None

    @property
    def sim_ready(self) -> bool:
        """Whether the SIM can be used."""
        return self.sim == "ready"


@dataclass(frozen=True, slots=True)
class Bearer:
    """One bearer.

    Attributes:
        received_bytes: since the router started, as its interface counts them.
        sent_bytes: likewise.
        radio: None where the platform shows none, and on the fixed bearer.
        announced: what its BGP neighbours are told, of both families, as `BackedUpRouter.announced` tells it; None
            where nobody asked, or the router does not tell.
    """

    name: BearerName
    interface: str
    link_up: bool
    neighbourships: tuple[Neighbourship, ...]
    received_bytes: int
    sent_bytes: int
    radio: Radio | None = None
    announced: tuple[Network, ...] | None = None

    @property
    def works(self) -> bool:
        """Whether it could carry the line's traffic, in every family that the line has."""
        return self.link_up and bool(self.neighbourships) and all(each.works for each in self.neighbourships)


Announced = Mapping[BearerName, tuple[Network, ...] | None]
"""What the BGP neighbours of each bearer are told, of both families; None where the router does not tell."""


def in_order(networks: Iterable[Network]) -> tuple[Network, ...]:
    """Return networks, each once: those of IPv4 first, and by address."""
    return tuple(sorted(set(networks), key=lambda each: (each.version, int(each.network_address), each.prefixlen)))


@dataclass(frozen=True, slots=True)
class CurrentDrill:
    """The cut that a router holds for a drill.

    Attributes:
        token: by which whoever began it knows it.
        seconds_left: after which the router ends it by itself.
    """

    token: str
    cut: Cut
    seconds_left: float


@dataclass(frozen=True, slots=True)
class BearerReport:
    """All that a router says of its bearers at one moment.

    Attributes:
        clock: seconds since the router started, by which its events are dated.
        in_use: by family, the bearer that the default route takes; None where there is no default route.
        hold_left: seconds until the fixed bearer, which works again, is trusted; None while it is trusted or dead.
        voice_off: whether telephony is kept off the mobile bearer (facts: I-6.3); None where that cannot be told.
        events: the latest that the router remembers, oldest first.
    """

    clock: float
    fixed: Bearer
    mobile: Bearer
    in_use: Mapping[Family, BearerName | None]
    hold_left: float | None
    voice_off: bool | None
    drill: CurrentDrill | None
    events: tuple[BearerEvent, ...]
