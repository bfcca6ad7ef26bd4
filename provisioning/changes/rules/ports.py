"""Ports: what is open already, what leads elsewhere, what is not open at all (facts: X-9, I-5.1)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from provisioning.changes import codes
from provisioning.changes.case import RequestCase, Rule, moment_of
from provisioning.changes.cover import Cover, Overlaps, alike, kind_of, lets_in
from provisioning.changes.openings import ALL_PORTS, Plain, item_ports, item_sources, item_target, opened_by
from provisioning.changes.rules.when import shown
from provisioning.model.finding import Finding
from provisioning.model.opening import CUSTOMER_FIREWALL, Network, Opening, OpeningRecord, lies_within
from provisioning.model.port_range import PortRange, merge

SHOWN = 5
"""Openings named in a remedy."""


@dataclass(frozen=True)
class _Asked:
    """An opening that is asked for."""

    number: int
    place: str
    opening: Opening
    until: str | None


@dataclass(frozen=True)
class _There:
    """What is open once the request's own closes are worked in."""

    openings: frozenset[Opening]
    records: dict[Opening, OpeningRecord]

    @cached_property
    def overlaps(self) -> Overlaps:
        return Overlaps(self.openings)

    @cached_property
    def covers(self) -> dict[tuple[object, ...], Cover]:
        return {kind: Cover(some) for kind, some in alike(self.openings).items()}

    def said(self, opening: Opening) -> str:
        """Return an opening for people, with since when and by whom."""
        record = self.records.get(opening)
        return f"{opening}, since {shown(record.since)} by {record.by}" if record else str(opening)


def openings_fit_what_is_open(case: RequestCase) -> Iterator[Finding]:
    """What is asked for is not open yet, or is made one with it, as the request says."""
    asked = list(_asked(case))
    there = _There(case.open_after_closes, {each.opening: each for each in case.records})
    for each in asked:
        met = there.overlaps.of(each.opening.ports)
        yield from _elsewhere(each, [one for one in met if _excludes(one, each.opening)], there)
        same = [one for one in met if kind_of(one) == kind_of(each.opening)]
        if same:
            yield from _open_already(each, same, there, merge_them=case.form.on_overlap == "merge")
    yield from _fit_each_other(asked, merge_them=case.form.on_overlap == "merge")


def _asked(case: RequestCase) -> Iterator[_Asked]:
    number = 0
    for place, item in case.items("open"):
        until = item.get("until")
        for opening in opened_by(item):
            yield _Asked(number, place, opening, str(until) if until is not None else None)
            number += 1


def _excludes(one: Opening, other: Opening) -> bool:
    """Return whether two openings that share a port cannot both be: on the fixed IPv4 it leads to one place."""
    if kind_of(one) == kind_of(other):
        return False
    return one.target == other.target or CUSTOMER_FIREWALL not in (one.target, other.target)


def _elsewhere(asked: _Asked, others: Sequence[Opening], there: _There) -> Iterator[Finding]:
    for other in others[:1]:
        yield codes.PORT_TAKEN.at(
            f"{asked.place}.ports",
            f"{asked.opening.ports} leads elsewhere: {there.said(other)}.",
            f"Close it in the same request: `close: [{{ports: [{asked.opening.ports}], to: {other.target}}}]`.",
        )


def _open_already(asked: _Asked, same: Sequence[Opening], there: _There, *, merge_them: bool) -> Iterator[Finding]:
    where, opening = f"{asked.place}.ports", asked.opening
    covered, exact = there.covers[kind_of(opening)].covers(opening), opening in there.openings
    ends = [each for each in same if (record := there.records.get(each)) is not None and record.until is not None]
    if not merge_them:
        code = codes.OPEN_ALREADY if covered else codes.OPENING_OVERLAPS
        part = "is" if covered else "is in part"
        yield code.at(
            where,
            f"{opening} {part} open already: {there.said(same[0])}.",
            "Leave it out, or write `on_overlap: merge` to make it one with what is open.",
        )
    elif exact and (asked.until is not None or ends):
        return  # its end is what changes
    elif asked.until is not None or ends:
        yield codes.UNTIL_OVERLAPS.at(
            where,
            f"{opening} overlaps {there.said(same[0])}, and only one of the two has an end, or each another.",
            f"Close that first, in the same request, or name exactly {(ends or same)[0].ports} to change its end.",
        )
    else:
        yield codes.OPENING_MERGED.at(
            where, f"{opening} is made one with {there.said(same[0])}.", "Nothing is to be done about it."
        )


def _fit_each_other(asked: Sequence[_Asked], *, merge_them: bool) -> Iterator[Finding]:
    first = {each.opening: each for each in reversed(asked)}
    overlaps = Overlaps(first)
    for each in asked:
        met = [first[one] for one in overlaps.of(each.opening.ports)]
        before = [one for one in met if one.number < each.number]
        for other in [one for one in before if _excludes(one.opening, each.opening)][:1]:
            yield codes.PORT_TAKEN.at(
                f"{each.place}.ports",
                f"{each.opening.ports} leads elsewhere by {other.place}.",
                "Keep one of the two.",
            )
        for other in [one for one in before if kind_of(one.opening) == kind_of(each.opening)][:1]:
            yield from _asked_twice(each, other, merge_them=merge_them)


def _asked_twice(asked: _Asked, other: _Asked, *, merge_them: bool) -> Iterator[Finding]:
    where = f"{asked.place}.ports"
    if moment_of(asked.until) != moment_of(other.until):
        yield codes.UNTIL_OVERLAPS.at(
            where, f"{asked.opening} overlaps {other.place}, which ends at another time.", "Keep one of the two."
        )
    elif not merge_them:
        code = codes.OPEN_ALREADY if asked.opening == other.opening else codes.OPENING_OVERLAPS
        yield code.at(
            where,
            f"{asked.opening} is asked for by {other.place} too: {other.opening}.",
            "Keep one of the two, or write `on_overlap: merge`.",
        )


def closes_are_open(case: RequestCase) -> Iterator[Finding]:
    """What is to be closed is open, and asked for once."""
    overlaps = Overlaps(case.open_before)
    by_target: dict[object, list[Opening]] = defaultdict(list)
    for each in case.open_before:
        by_target[each.target].append(each)
    closed: dict[object, list[tuple[PortRange, str]]] = defaultdict(list)
    for place, item in case.items("close"):
        target, sources = item_target(item.get("to")), item_sources(item.get("from"))
        there = by_target[target]
        if item.get("ports") == [ALL_PORTS]:
            if not there:
                yield _not_open(place, f"Nothing is open to {target}.", ())
            continue
        for ports in item_ports(item.get("ports"), without=()):
            met = [each for each in overlaps.of(ports) if each.target == target]
            yield from _close_is_open(place, ports, item, met, there)
            if not sources:
                closed[target].append((ports, place))
    if case.form.on_overlap == "refuse":
        for some in closed.values():
            yield from _closed_once(some)


def _close_is_open(
    place: str, ports: PortRange, item: Plain, met: Sequence[Opening], there: Sequence[Opening]
) -> Iterator[Finding]:
    target, sources = item.get("to"), item_sources(item.get("from"))
    lacking = _uncovered(ports, met)
    if not met:
        yield _not_open(place, f"{ports} is not open to {target}.", there)
    elif lacking:
        named = ", ".join(map(str, lacking[:SHOWN]))
        yield _not_open(place, f"Of {ports}, {named} is not open to {target}.", met)
    elif sources and any(not each.sources for each in met):
        yield codes.OPEN_TO_EVERYBODY.at(
            f"{place}.from",
            f"{ports} to {target} is open to everybody, who cannot be told apart.",
            "Close it without `from`, and open it, in the same request, for those who may connect.",
        )
    elif sources:
        yield from _sources_may_connect(place, ports, sources, met)


def _sources_may_connect(
    place: str, ports: PortRange, sources: tuple[Network, ...], met: Sequence[Opening]
) -> Iterator[Finding]:
    for source in sources:
        if not any(lets_in((source,), (each,)) for opening in met for each in opening.sources):
            yield codes.NOT_OPEN.at(
                f"{place}.from", f"{ports} is not open from {source}.", f"It is open as {met[0]}: name these sources."
            )
            continue
        # Networks nest: what overlaps this source and is not taken away with it holds it whole.
        wider = [
            each
            for each in met
            if any(lies_within(source, one) and not lets_in(sources, (one,)) for one in each.sources)
        ]
        for each in wider[:1]:
            yield codes.NOT_OPEN.at(
                f"{place}.from",
                f"{ports} would stay open to {source}: it is open as {each} too.",
                "Name the sources of that as well, or close it without `from`, and open it for those who may connect.",
            )


def _closed_once(some: Sequence[tuple[PortRange, str]]) -> Iterator[Finding]:
    before: PortRange | None = None
    for ports, place in sorted(some):
        if before is not None and before.overlaps(ports):
            yield codes.CLOSED_TWICE.at(
                f"{place}.ports", f"{ports} overlaps {before}, which is closed too.", "Name each port once."
            )
        if before is None or before.protocol != ports.protocol or ports.last > before.last:
            before = ports


def _uncovered(ports: PortRange, met: Sequence[Opening]) -> list[PortRange]:
    """Return what of a range is in none of the openings, which share a port with it."""
    lacking: list[PortRange] = []
    first = ports.first
    for each in merge(one.ports for one in met):
        if each.first > first:
            lacking.append(PortRange(ports.protocol, first, each.first - 1))
        first = max(first, each.last + 1)
    if first <= ports.last:
        lacking.append(PortRange(ports.protocol, first, ports.last))
    return lacking


def _not_open(place: str, reason: str, there: Sequence[Opening]) -> Finding:
    named = ", ".join(str(each.ports) for each in there[:SHOWN])
    more = f" and {len(there) - SHOWN} more" if len(there) > SHOWN else ""
    remedy = f"Open there is {named}{more}." if there else "`proviso firewall show` tells what is open."
    return codes.NOT_OPEN.at(f"{place}.ports", reason, remedy)


RULES: tuple[Rule, ...] = (openings_fit_what_is_open, closes_are_open)
"""Only where the line and its form can be relied on."""
