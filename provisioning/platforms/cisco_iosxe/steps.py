"""Steps of a change, and the order in which nothing is named before it is made, or removed while it is named."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from itertools import product

from provisioning.platforms.cisco_iosxe.references import Object

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Step:
    """Commands that are given together.

    Attributes:
        path: the sections in which they are given, outermost first.
        lines: indented as deep as they stand under the path.
        rank: where no other rule says anything, the lower one comes first.
        makes: objects that exist afterwards.
        unmakes: objects that exist no more.
        names: objects that are named afterwards.
        unnames: objects that were named before, by what goes.
        takes: addresses that an interface has afterwards.
        leaves: addresses that an interface has no more.
    """

    path: tuple[str, ...]
    lines: tuple[str, ...]
    rank: tuple[int, ...]
    makes: frozenset[Object] = frozenset()
    unmakes: frozenset[Object] = frozenset()
    names: frozenset[Object] = frozenset()
    unnames: frozenset[Object] = frozenset()
    takes: frozenset[Network] = frozenset()
    leaves: frozenset[Network] = frozenset()


def together(first: Step, then: Step) -> Step:
    """Return two steps as one, of the later one's rank."""
    return Step(
        path=then.path,
        lines=(*first.lines, *then.lines),
        rank=then.rank,
        makes=first.makes | then.makes,
        unmakes=first.unmakes | then.unmakes,
        names=first.names | then.names,
        unnames=first.unnames | then.unnames,
        takes=first.takes | then.takes,
        leaves=first.leaves | then.leaves,
    )


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Return steps in an order that is safe.

    An object is made before it is named, and named no more before it is unmade; an address is left before it is taken
    elsewhere. Where these contradict each other, which no configuration of ours does, the lowest rank goes first.
    """
    found = list(steps)
    after: dict[int, set[int]] = defaultdict(set)
    for first, then in _rules(found):
        if first != then:
            after[first].add(then)
    waits = [0] * len(found)
    for others in after.values():
        for each in others:
            waits[each] += 1
    ready = [(step.rank, at) for at, step in enumerate(found) if not waits[at]]
    heapq.heapify(ready)
    left = set(range(len(found)))
    ordered: list[Step] = []
    while left:
        at = heapq.heappop(ready)[1] if ready else min(left, key=lambda each: (found[each].rank, each))
        if at not in left:
            continue
        left.remove(at)
        ordered.append(found[at])
        for each in after[at]:
            waits[each] -= 1
            if not waits[each]:
                heapq.heappush(ready, (found[each].rank, each))
    return ordered


def _rules(steps: list[Step]) -> Iterator[tuple[int, int]]:
    makers, unmakers, namers, unnamers = (
        _by_object(getattr(each, what) for each in steps) for what in ("makes", "unmakes", "names", "unnames")
    )
    for what, some in namers.items():
        yield from product(makers.get(what, ()), some)
    for what, some in unmakers.items():
        yield from product(unnamers.get(what, ()), some)
    leaving = [(at, each) for at, step in enumerate(steps) for each in step.leaves]
    for at, step in enumerate(steps):
        for taken in step.takes:
            for first, left in leaving:
                if left.version == taken.version and left.overlaps(taken):
                    yield first, at


def _by_object(found: Iterable[frozenset[Object]]) -> dict[Object, list[int]]:
    where: dict[Object, list[int]] = defaultdict(list)
    for at, objects in enumerate(found):
        for each in objects:
            where[each].append(at)
    return where
