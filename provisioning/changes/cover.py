"""Ranges of ports taken apart and put together: what covers what, what is left of it, what it is as a whole."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from provisioning.changes.openings import shift_of, shifted
from provisioning.model.opening import Network, Opening, sorted_sources
from provisioning.model.port_range import PortRange, merge


class Cover:
    """What openings let in together.

    Args:
        openings: of one target, one protocol and one translation.
    """

    def __init__(self, openings: Iterable[Opening]) -> None:
        self._parts = whole(list(openings))
        self._firsts = [each.ports.first for each in self._parts]

    def covers(self, opening: Opening) -> bool:
        """Return whether each port of an opening is open already to everybody whom it lets in."""
        port = opening.ports.first
        at = max(0, bisect_right(self._firsts, port) - 1)
        for part in self._parts[at:]:
            if part.ports.first > port:
                return False
            if part.ports.last < port:
                continue
            if not lets_in(part.sources, opening.sources):
                return False
            if part.ports.last >= opening.ports.last:
                return True
            port = part.ports.last + 1
        return False


class Overlaps:
    """Finds openings by their ports, whatever their targets.

    Args:
        openings: in any order; they may overlap each other.
    """

    def __init__(self, openings: Iterable[Opening]) -> None:
        self._by_protocol: dict[str, list[Opening]] = defaultdict(list)
        for each in sorted(openings, key=lambda one: one.ports):
            self._by_protocol[each.ports.protocol].append(each)
        self._firsts = {name: [each.ports.first for each in some] for name, some in self._by_protocol.items()}
        self._reach = {
            name: list(accumulate((each.ports.last for each in some), max)) for name, some in self._by_protocol.items()
        }

    def of(self, ports: PortRange) -> list[Opening]:
        """Return the openings that share a port with a range, by port."""
        some = self._by_protocol.get(ports.protocol, [])
        found: list[Opening] = []
        for at in range(bisect_right(self._firsts.get(ports.protocol, []), ports.last) - 1, -1, -1):
            if self._reach[ports.protocol][at] < ports.first:
                break
            if some[at].ports.last >= ports.first:
                found.append(some[at])
        return found[::-1]


def alike(openings: Iterable[Opening]) -> dict[tuple[object, ...], list[Opening]]:
    """Return openings by what keeps them apart even where their ports overlap: target, protocol and translation."""
    found: dict[tuple[object, ...], list[Opening]] = defaultdict(list)
    for each in openings:
        found[kind_of(each)].append(each)
    return found


def kind_of(opening: Opening) -> tuple[object, ...]:
    """Return target, protocol and translation of an opening."""
    return opening.target, opening.ports.protocol, shift_of(opening)


def lets_in(sources: tuple[Network, ...], others: tuple[Network, ...]) -> bool:
    """Return whether whoever may connect from `others` may connect from `sources`; empty is everybody."""
    if not sources or not others:
        return not sources
    return sorted_sources((*sources, *others)) == sorted_sources(sources)


def closed(openings: Iterable[Opening], target: object, ranges: Iterable[PortRange]) -> set[Opening]:
    """Return what is left of openings when these ports are closed towards a target."""
    gone: dict[str, list[PortRange]] = defaultdict(list)
    for each in merge(ranges):
        gone[each.protocol].append(each)
    firsts = {protocol: [each.first for each in some] for protocol, some in gone.items()}
    left: set[Opening] = set()
    for opening in openings:
        protocol = opening.ports.protocol
        if opening.target != target or protocol not in gone:
            left.add(opening)
            continue
        at = max(0, bisect_right(firsts[protocol], opening.ports.first) - 1)
        left.update(_left_of(opening, gone[protocol][at:]))
    return left


def _left_of(opening: Opening, gone: Sequence[PortRange]) -> Iterable[Opening]:
    first = opening.ports.first
    for each in gone:
        if each.first > opening.ports.last:
            break
        if each.last < first:
            continue
        if each.first > first:
            yield part(opening, first, each.first - 1)
        first = each.last + 1
    if first == opening.ports.first:
        yield opening
    elif first <= opening.ports.last:
        yield part(opening, first, opening.ports.last)


def part(opening: Opening, first: int, last: int, sources: tuple[Network, ...] | None = None) -> Opening:
    """Return the part of an opening that has these ports, translated as they were.

    Args:
        sources: who may connect to them; None for those of the opening.
    """
    ports = PortRange(opening.ports.protocol, first, last)
    to_port = shifted(ports, shift_of(opening))
    return Opening(ports, opening.target, to_port, opening.sources if sources is None else sources)


def whole(openings: Sequence[Opening]) -> list[Opening]:
    """Return the same openings without overlaps, by port: whoever was let in by any of them is let in.

    Ranges that merely touch stay apart, so that each can go on to be told by whom it was opened.

    Args:
        openings: of one target, one protocol and one translation.
    """
    result: list[Opening] = []
    cluster: list[Opening] = []
    last = 0
    for each in sorted(set(openings), key=lambda one: one.ports):
        if cluster and each.ports.first > last:
            result.extend(_one_cluster(cluster))
            cluster = []
        cluster.append(each)
        last = max(last, each.ports.last) if len(cluster) > 1 else each.ports.last
    result.extend(_one_cluster(cluster))
    return result


def _one_cluster(cluster: Sequence[Opening]) -> Sequence[Opening]:
    if len(cluster) < 2:
        return cluster
    starts = sorted({each.ports.first for each in cluster} | {each.ports.last + 1 for each in cluster})
    parts: list[Opening] = []
    for start, following in pairwise(starts):
        over = [each for each in cluster if start in each.ports]
        sources = _together(over)
        spans = any(start - 1 in each.ports for each in over)
        if parts and spans and parts[-1].sources == sources:
            parts[-1] = part(parts[-1], parts[-1].ports.first, following - 1)
        else:
            parts.append(part(cluster[0], start, following - 1, sources))
    return parts


def _together(openings: Sequence[Opening]) -> tuple[Network, ...]:
    if any(not each.sources for each in openings):
        return ()
    return sorted_sources(network for each in openings for network in each.sources)
