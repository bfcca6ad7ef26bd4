"""What is open on a line: by its order form, by the records, and, when asked, by the router itself."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from provisioning.changes.cover import Cover, Overlaps, alike, kind_of, lets_in
from provisioning.changes.openings import entries_of, openings_of
from provisioning.model.line import Line, LineState
from provisioning.model.opening import Opening, OpeningRecord
from provisioning.model.read_intent import ReadIntent, Unread
from provisioning.platforms.routers import ROUTERS
from provisioning.store import lines, openings
from provisioning.workflows.intended_line import intended_line
from provisioning.workflows.reaching import Reach
from provisioning.workflows.router import Router
from provisioning.workflows.surroundings import Surroundings

_UNREAD_OF_A_FIREWALL = ("port mapping", "opening", "translation", "firewall", "line", "document")
"""Subjects of what could not be read that may let somebody in."""


@dataclass(frozen=True, slots=True)
class OpeningSeen:
    """An opening by the order form of its line.

    Attributes:
        since: None where nothing was proven yet.
        by: id of the change request, or number of the order, that opened it.
        until: when it is to be closed; None when it stays.
        expired: whether that is over.
        duplicate: whether two entries of the form open it.
        shadowed_by: a wider opening that covers it; None where none does.
        on_router: None where the router was not asked.
    """

    opening: Opening
    since: datetime | None
    by: str
    until: datetime | None
    expired: bool
    duplicate: bool
    shadowed_by: Opening | None
    on_router: bool | None = None


@dataclass(frozen=True, slots=True)
class FirewallSeen:
    """The firewall of a line.

    Attributes:
        asked_router: whether the router was asked.
        only_on_router: what is open there, in whole or in part, and not by the form.
        unread: what of it could not be read.
    """

    line: Line
    openings: tuple[OpeningSeen, ...]
    asked_router: bool = False
    only_on_router: tuple[Opening, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the router lets in other connections than the form says."""
        return bool(self.only_on_router) or any(each.on_router is False for each in self.openings)


def look_at_firewall(line: str, around: Surroundings, *, from_device: bool = False) -> FirewallSeen:
    """Return what is open on a line: by its form, or once it is ceased, what nobody has proven to be closed.

    Args:
        from_device: whether to ask the router as well; nothing on it is changed.

    Raises:
        UnknownName: when there is no such line.
        Refused: when the router is to be asked, and the line has none of ours.
        DeviceUnreachable: when the router does not answer.
    """
    with around.store.read() as connection:
        found = lines.need_line(connection, line)
        records = openings.records_of(connection, line)
        orders = lines.orders_of(connection, line)
    read = read_firewall(line, around) if from_device else None
    known = {each.opening: each for each in records}
    there = openings_on(read) if read is not None else None
    seen = _seen(found, known, orders[0].number if orders else "", there, around.clock.now())
    if read is None or there is None:
        return FirewallSeen(found, seen)
    by_form = {kind: Cover(some) for kind, some in alike(each.opening for each in seen).items()}
    beyond = tuple(each for each in there if not _covered(each, by_form))
    return FirewallSeen(found, seen, True, beyond, _of_a_firewall(read))


def read_firewall(line: str, around: Surroundings) -> ReadIntent:
    """Return what the configuration of a line's router says, as its platform reads it.

    Raises:
        Refused: when the line has no router of ours.
        DeviceUnreachable: when it does not answer.
    """
    meant = intended_line(line, around)
    router = Router(meant.cpe.serial, meant.cpe.platform, meant.management, Reach(around, prepare=False))
    try:
        return ROUTERS[meant.cpe.platform].read_intent(router.running().documents)
    finally:
        router.close()


def openings_on(read: ReadIntent) -> tuple[Opening, ...]:
    """Return what a router's configuration opens."""
    mapped = (each.value.opening for each in read.port_mappings)
    return (*mapped, *(each.value for each in read.customer_openings))


def shadows(found: Sequence[Opening]) -> Mapping[Opening, Opening]:
    """Return the openings that a wider one covers, each with that one."""
    overlaps = Overlaps(found)
    return {
        each: wider
        for each in found
        if (wider := next((one for one in overlaps.of(each.ports) if _is_wider(one, each)), None)) is not None
    }


def _is_wider(one: Opening, other: Opening) -> bool:
    covers = one.ports.first <= other.ports.first and other.ports.last <= one.ports.last
    return one != other and kind_of(one) == kind_of(other) and covers and lets_in(one.sources, other.sources)


def _seen(
    line: Line,
    known: Mapping[Opening, OpeningRecord],
    order: str,
    there: Sequence[Opening] | None,
    now: datetime,
) -> tuple[OpeningSeen, ...]:
    found = openings_of(line.form)
    if line.state is LineState.CEASED:
        found = tuple(each for each in found if each in known)
    times = Counter(opening for entry in entries_of(line.form) for opening in set(entry.openings))
    shadowed = shadows(found)
    on_router = {kind: Cover(some) for kind, some in alike(there).items()} if there is not None else None
    return tuple(
        _one(
            each,
            known.get(each),
            line,
            order,
            now,
            duplicate=times[each] > 1,
            recorded=bool(known),
            shadowed_by=shadowed.get(each),
            on_router=_covered(each, on_router) if on_router is not None else None,
        )
        for each in found
    )


def _one(
    opening: Opening,
    record: OpeningRecord | None,
    line: Line,
    order: str,
    now: datetime,
    *,
    duplicate: bool,
    recorded: bool,
    shadowed_by: Opening | None,
    on_router: bool | None,
) -> OpeningSeen:
    if record is not None:
        since, by, until = record.since, record.by, record.until
    elif recorded:
        since, by, until = None, "", None
    else:
        # Nothing was written down of lines that were in service before there were records.
        since, by, until = line.activated_at or line.adopted_at, order, None
    expired = until is not None and until <= now
    return OpeningSeen(opening, since, by, until, expired, duplicate, shadowed_by, on_router)


def _covered(opening: Opening, covers: Mapping[tuple[object, ...], Cover]) -> bool:
    cover = covers.get(kind_of(opening))
    return cover is not None and cover.covers(opening)


def _of_a_firewall(read: ReadIntent) -> tuple[Unread, ...]:
    return tuple(each for each in read.unread if each.what in _UNREAD_OF_A_FIREWALL)
