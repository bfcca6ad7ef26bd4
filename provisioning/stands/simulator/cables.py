"""How the bearers of a simulated router are cut from outside: what its cable, or its radio, lets through."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from provisioning.errors import BadInput
from provisioning.stands.simulator.packets import BEARERS

LOST = 0.3
"""Of the packets that a cut of the kind `loss` drops, each way."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)

FLAP = timedelta(seconds=3)
"""How long nothing passes, and then everything, while a bearer flaps."""


class CutKind(StrEnum):
    """How a bearer is cut."""

    LINK_DOWN = "link-down"
    SILENT = "silent"
    ONE_WAY = "one-way"
    LOSS = "loss"
    FLAPPING = "flapping"


@dataclass(slots=True)
class Cable:
    """The way of one bearer to the operator's side.

    Attributes:
        cut: how it is cut; None while it is whole.
        since: when that began.
        chance: decides which packets are lost where some are.
    """

    cut: CutKind | None = None
    since: datetime = LONG_AGO
    chance: random.Random = field(default_factory=random.Random)

    def has_link(self) -> bool:
        """Return whether there is light, or a carrier."""
        return self.cut is not CutKind.LINK_DOWN

    def passes(self, now: datetime, *, inward: bool) -> bool:
        """Return whether a packet passes at a moment; some of them do where packets are lost by chance.

        Args:
            inward: whether it goes to the router.
        """
        match self.cut:
            case None:
                return True
            case CutKind.LINK_DOWN | CutKind.SILENT:
                return False
            case CutKind.ONE_WAY:
                return not inward
            case CutKind.LOSS:
                return self.chance.random() >= LOST
            case CutKind.FLAPPING:
                return self._phase(now) % 2 == 1

    def is_sound(self, now: datetime) -> bool:
        """Return whether packets pass both ways at a moment; where they are lost by chance, most do."""
        return self.cut in (None, CutKind.LOSS) or (self.cut is CutKind.FLAPPING and self._phase(now) % 2 == 1)

    def turns_at(self, now: datetime) -> datetime | None:
        """Return when it changes by itself after a moment; None when it stays as it is."""
        if self.cut is not CutKind.FLAPPING:
            return None
        return self.since + FLAP * (self._phase(now) + 1)

    def _phase(self, now: datetime) -> int:
        return (now - self.since) // FLAP


def cut_cable(cut: CutKind, now: datetime, seed: str) -> Cable:
    """Return a cable that is cut from a moment on.

    Args:
        seed: with the same one, the same packets are lost where some are.
    """
    return Cable(cut, now, random.Random(seed))  # noqa: S311 - which packets are lost is no secret


@runtime_checkable
class HasBearers(Protocol):
    """A simulated router whose bearers can be cut from outside, and which notices that as its platform does."""

    def cut_bearer(self, name: str, kind: str) -> None:
        """Cut a bearer, `fixed` or `mobile`, in one of the ways of `CutKind`; a cut that was there is replaced."""

    def heal_bearer(self, name: str) -> None:
        """Let a bearer be whole again."""

    def cut_bearers(self) -> dict[str, str]:
        """Return how bearers are cut at the moment, by name."""

    def lets_through(self, bearer: str, *, inward: bool) -> bool:
        """Return whether a packet passes on a bearer at this moment, as far as cable, radio and interface go."""

    def is_sound(self, bearer: str) -> bool:
        """Return whether packets pass on a bearer both ways at this moment; where they are lost by chance, most do."""

    def holds(self, bearer: str, version: int) -> bool:
        """Return whether the operator's end of a bearer holds its BGP session with the router, dead or alive."""


def bearer_named(name: str) -> str:
    """Return the name of a bearer.

    Raises:
        BadInput: when there is no such one.
    """
    if name not in BEARERS:
        raise BadInput(f"there is no bearer `{name}`", where="simulator", remedy=f"One of: {', '.join(BEARERS)}.")
    return name


def kind_named(name: str) -> CutKind:
    """Return a kind of cut.

    Raises:
        BadInput: when there is no such one.
    """
    if name not in {each.value for each in CutKind}:
        every = ", ".join(each.value for each in CutKind)
        raise BadInput(f"a bearer is not cut by `{name}`", where="simulator", remedy=f"One of: {every}.")
    return CutKind(name)
