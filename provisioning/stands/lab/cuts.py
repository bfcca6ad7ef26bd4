"""Ways in which bearers die, and what that takes on the bridges behind which customers are. Pure.

One bearer of a CPE dies in one way at a time; the access side of the BNG and the mobile core die for everybody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from provisioning.errors import BadInput
from provisioning.stands.lab.topology import Kind, Node

LOSS_PERCENT = 30
"""Each way."""

FLAP_SECONDS = 3
"""Down for so long, then up for so long."""

DEAD = "dead"
"""How bearers die for everybody."""

UPLINK = "uplink"
"""The port of the access bridge behind which the BNG is."""


class Bearer(StrEnum):
    """The bearers of a CPE."""

    FIXED = "fixed"
    MOBILE = "mobile"


class CutKind(StrEnum):
    """How one bearer dies: `link-down` takes the carrier from the CPE, the others leave the link up.

    `silent` drops all, `one-way` what goes to the CPE, `loss` a part of either; `flapping` is `link-down` on and off.
    """

    LINK_DOWN = "link-down"
    SILENT = "silent"
    ONE_WAY = "one-way"
    LOSS = "loss"
    FLAPPING = "flapping"


DIES_WITH = {Kind.BNG: Bearer.FIXED, Kind.MOBILE_CORE: Bearer.MOBILE}
"""By kind of the operator's node: the bearer that everybody loses."""


@dataclass(frozen=True, slots=True)
class PortStates:
    """What ports of a bridge do, by their names.

    Attributes:
        inbound: what comes in is dropped.
        outbound: what is to go out is dropped.
        lossy: a part of either is.
        down: the cable's end is down, so that its other end has no carrier.
        flapping: it is down and up in turns.
    """

    inbound: frozenset[str] = frozenset()
    outbound: frozenset[str] = frozenset()
    lossy: frozenset[str] = frozenset()
    down: frozenset[str] = frozenset()
    flapping: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cuts:
    """All that is cut.

    Attributes:
        kinds: by name of the CPE and its bearer.
        dead: bearers that are dead for everybody.
    """

    kinds: Mapping[tuple[str, Bearer], CutKind] = field(default_factory=dict)
    dead: frozenset[Bearer] = frozenset()

    def cut(self, node: Node, bearer: Bearer | None = None, kind: CutKind | None = None) -> "Cuts":
        """Return what is cut after one more cut; a bearer that is cut already is cut in the new way.

        Args:
            node: of a kind that can be cut.
            bearer: of a CPE; None means fixed.
            kind: of a CPE's cut; None means silent.

        Raises:
            BadInput: when either is given for what dies for everybody.
        """
        if node.kind in DIES_WITH:
            _refuse_choice(node, bearer, kind)
            return replace(self, dead=self.dead | {DIES_WITH[node.kind]})
        place = (node.name, bearer or Bearer.FIXED)
        return replace(self, kinds={**self.kinds, place: kind or CutKind.SILENT})

    def heal(self, node: Node, bearer: Bearer | None = None) -> "Cuts":
        """Return what is cut after a cut has ended; one that is not there ends as well.

        Raises:
            BadInput: when a bearer is given for what dies for everybody.
        """
        if node.kind in DIES_WITH:
            _refuse_choice(node, bearer, None)
            return replace(self, dead=self.dead - {DIES_WITH[node.kind]})
        place = (node.name, bearer or Bearer.FIXED)
        return replace(self, kinds={at: kind for at, kind in self.kinds.items() if at != place})

    def of(self, node: Node) -> list[dict[str, str]]:
        """Return the bearers that are cut at a node, and how, as JSON knows it."""
        if (bearer := DIES_WITH.get(node.kind)) in self.dead and bearer is not None:
            return [{"bearer": bearer.value, "kind": DEAD}]
        found = ((each, self.kinds.get((node.name, each))) for each in Bearer)
        return [{"bearer": bearer.value, "kind": kind.value} for bearer, kind in found if kind is not None]

    def ports(self, bearer: Bearer, cpes: Iterable[str]) -> PortStates:
        """Return what the ports of a bearer's bridge do.

        Args:
            bearer: the fixed one is on the access bridge, the mobile one on the bridge of the mobile core.
            cpes: names of all of the lab; so are their ports.
        """
        named = {
            kind: {cpe for (cpe, at), each in self.kinds.items() if (at, each) == (bearer, kind)} for kind in CutKind
        }
        # The BNG sees its own card die; of the mobile core nobody is told anything.
        everybody = set(cpes) if bearer is Bearer.MOBILE and bearer in self.dead else set()
        card = {UPLINK} if bearer is Bearer.FIXED and bearer in self.dead else set()
        silent = frozenset(named[CutKind.SILENT] | everybody)
        return PortStates(
            inbound=silent,
            outbound=silent | named[CutKind.ONE_WAY],
            lossy=frozenset(named[CutKind.LOSS]),
            down=frozenset(named[CutKind.LINK_DOWN] | card),
            flapping=frozenset(named[CutKind.FLAPPING]),
        )


def _refuse_choice(node: Node, bearer: Bearer | None, kind: CutKind | None) -> None:
    if bearer is not None or kind is not None:
        raise BadInput(
            f"{node.name} dies for everybody, and in one way",
            where="--bearer" if bearer is not None else "--kind",
            remedy=f"`proviso lab cut {node.name}` without options, or name a CPE.",
        )
