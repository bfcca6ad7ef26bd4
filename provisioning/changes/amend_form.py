"""Works a change request into a line's order form: `amend_form(form, content) -> form`.

Pure, and idempotent: worked into a form that has it already, a request changes nothing, to the letter. What a form
only implies (the standard set of a server without ports, the openings of a firewall that it announces, `all`) is
spelled out where a request touches it, and stays as it was written elsewhere.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from provisioning.changes.cover import Cover, Overlaps, alike, closed, lets_in, part, whole
from provisioning.changes.openings import (
    ALL_PORTS,
    NO_PORTS,
    Entry,
    Plain,
    blocks,
    entries_of,
    item_ports,
    item_sources,
    item_target,
    opened_by,
    written_ports,
)
from provisioning.model.opening import CUSTOMER_FIREWALL, Network, Opening, opening_order
from provisioning.model.port_range import PortRange

NEXT_HOP = "next_hop"


def amend_form(form: Plain, content: Plain) -> dict[str, object]:
    """Return the order form of a line with a change request worked in.

    A change of addresses leaves the form as it is: which addresses a line has, it does not say.

    Args:
        form: the line's order form, in plain data.
        content: the request's, in plain data; its ports, targets and sources can be read.

    Raises:
        ValueError: when an entry of either cannot be read.
    """
    if content.get(NEXT_HOP) is not None:
        lan = form.get("lan")
        return {**form, "lan": {**(lan if isinstance(lan, Mapping) else {}), NEXT_HOP: content[NEXT_HOP]}}
    closes, opens = blocks(content.get("close")), blocks(content.get("open"))
    entries = entries_of(form)
    before = {opening for each in entries for opening in each.openings}
    after = open_in(close_in(before, closes), [opening for each in opens for opening in opened_by(each)])
    return dict(form) if after == before else {**form, "servers": _written(entries, after)}


def close_in(openings: Iterable[Opening], closes: Sequence[Plain]) -> set[Opening]:
    """Return what stays open: a range that is closed in part is split.

    Args:
        closes: entries of `close`; one with `from` takes only these sources away.
    """
    left = set(openings)
    by_target: dict[object, list[PortRange]] = defaultdict(list)
    for each in closes:
        target, sources = item_target(each.get("to")), item_sources(each.get("from"))
        if each.get("ports") == [ALL_PORTS]:
            left = {rest for opening in left for rest in _without(opening, target, None, sources)}
        elif sources:
            for ports in item_ports(each.get("ports"), without=()):
                left = {rest for opening in left for rest in _without(opening, target, ports, sources)}
        else:
            by_target[target].extend(item_ports(each.get("ports"), without=()))
    for closed_to, ranges in by_target.items():
        left = closed(left, closed_to, ranges)
    return left


def open_in(openings: Iterable[Opening], new: Sequence[Opening]) -> set[Opening]:
    """Return what is open with these openings added; what overlaps towards one port is made one."""
    kept, asked = alike(openings), alike(new)
    for key, added in asked.items():
        there = kept.get(key, [])
        cover = Cover(there)
        lacking = [each for each in added if not cover.covers(each)]
        if lacking:
            met = Overlaps(lacking)
            apart = [each for each in there if not met.of(each.ports)]
            touched = [each for each in there if met.of(each.ports)]
            kept[key] = [*apart, *whole([*touched, *lacking])]
    return {opening for some in kept.values() for opening in some}


def _without(
    opening: Opening, target: object, ports: PortRange | None, sources: tuple[Network, ...]
) -> Iterable[Opening]:
    """Return what is left of an opening when these sources may connect to these ports no more."""
    if opening.target != target or (ports is not None and not opening.ports.overlaps(ports)):
        return (opening,)
    left = tuple(each for each in opening.sources if not lets_in(sources, (each,)))
    if sources and left == opening.sources:
        return (opening,)  # an opening to everybody among them: nobody can be left out of it
    gone = ports or opening.ports
    rest = closed({opening}, opening.target, [gone])
    if sources and left:
        first, last = max(gone.first, opening.ports.first), min(gone.last, opening.ports.last)
        rest.add(part(opening, first, last, left))
    return rest


def _written(entries: Sequence[Entry], wanted: set[Opening]) -> list[dict[str, object]]:
    """Return the entries of `servers` that open what is wanted, as near to those that were there as can be."""
    written: list[dict[str, object]] = []
    there: set[Opening] = set()
    for entry in entries:
        kept = [each for each in entry.openings if each in wanted]
        there.update(kept)
        if kept and len(kept) == len(entry.openings):
            written.append(dict(entry.data))
        elif kept:
            written.append({**entry.data, "ports": written_ports([each.ports for each in kept])})
    _add(written, sorted(wanted - there, key=opening_order))
    return _with_firewall(written, entries)


def _add(written: list[dict[str, object]], openings: Sequence[Opening]) -> None:
    """Add openings to the entries: one that is alike but for its ports takes them in."""
    # Two entries that say the same of their ports are one; a translation is of one range alone (docs/order-form.md).
    explicit = {_key(each): each for each in reversed(written) if _takes_more(each)}
    for opening in openings:
        entry: dict[str, object] = {"to": str(opening.target)}
        if opening.sources:
            entry["from"] = [str(each) for each in opening.sources]
        alike = explicit.get(_key(entry)) if opening.to_port is None else None
        if alike is not None:
            ports = alike["ports"]
            alike["ports"] = [*(ports if isinstance(ports, list) else []), str(opening.ports)]
            continue
        entry = {"ports": [str(opening.ports)], **entry}
        if opening.to_port is not None:
            entry["to_port"] = opening.to_port
        else:
            explicit[_key(entry)] = entry
        written.append(entry)


def _takes_more(entry: Mapping[str, object]) -> bool:
    ports = entry.get("ports")
    return isinstance(ports, list) and ports not in ([ALL_PORTS], [NO_PORTS]) and entry.get("to_port") is None


def _key(entry: Mapping[str, object]) -> tuple[object, ...]:
    return item_target(entry.get("to")), item_sources(entry.get("from"))


def _with_firewall(written: list[dict[str, object]], entries: Sequence[Entry]) -> list[dict[str, object]]:
    """Say that nothing is open towards the customer's firewall, where a form's silence would open the standard set."""
    named = any(each.data.get("to") == CUSTOMER_FIREWALL for each in entries)
    if named and all(each.get("to") != CUSTOMER_FIREWALL for each in written):
        return [*written, {"to": CUSTOMER_FIREWALL, "ports": [NO_PORTS]}]
    return written
