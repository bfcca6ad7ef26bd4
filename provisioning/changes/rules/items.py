"""The items of `open` and `close`, each on its own: judged by the same rules as the `servers` of an order form."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from provisioning.changes.case import RequestCase
from provisioning.changes.openings import ALL_PORTS, NO_PORTS
from provisioning.changes.request import plain
from provisioning.clock import CONTRACT_TIME_ZONE
from provisioning.model.finding import Finding, Severity
from provisioning.orders import codes
from provisioning.orders.case import DEFAULT_LAN, Case
from provisioning.orders.form import OrderForm
from provisioning.orders.rules.openings import ports_are_allowed, targets_can_be_reached, translations_make_sense
from provisioning.orders.rules.sources import sources_are_networks

_ONE_PORT = re.compile(r"ports\.\d+", re.ASCII)
OF_AN_ENTRY = ("ports", "to", "to_port", "from")
OF_ONE_ENTRY = (ports_are_allowed, targets_can_be_reached, translations_make_sense, sources_are_networks)


def items_can_be_read(case: RequestCase) -> Iterator[Finding]:
    """Yield what stands against items whatever the line is: ports, targets, translations, sources, and port 23."""
    content = plain(case.form)
    for key in ("open", "close"):
        written = content.get(key)
        items = written if isinstance(written, list) else []
        yield from _ports_are_named(key, items)
        as_order = _as_order(items, case)
        for finding in (each for rule in OF_ONE_ENTRY for each in rule(as_order)):
            if finding.severity is Severity.WARNING or _is_fine_in_a_close(key, finding, items):
                continue
            yield replace(finding, where=finding.where.replace("servers", key, 1))


def places_left_out(case: RequestCase, found: Iterable[Finding]) -> frozenset[str]:
    """Return what the other rules pass over: items, or only ports where others of the item are in order."""
    content = plain(case.form)
    wrong: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for each in found:
        key, index, *rest = each.where.split(".")
        wrong[key, int(index)].add(".".join(rest))
    return frozenset(place for (key, index), parts in wrong.items() for place in _left_out(key, index, parts, content))


def _left_out(key: str, index: int, parts: set[str], content: Mapping[str, object]) -> Iterator[str]:
    items = content.get(key)
    ports = items[index].get("ports") if isinstance(items, list) else None
    others = isinstance(ports, list) and len(parts) < len(ports)
    if others and all(_ONE_PORT.fullmatch(each) for each in parts):
        yield from (f"{key}.{index}.{each}" for each in parts)
    else:
        yield f"{key}.{index}"


def targets_are_in_the_lan(case: RequestCase) -> Iterator[Finding]:
    """The target of an opening that cannot be read is a host of the LAN; of the others the form as a whole tells."""
    written = plain(case.form).get("open")
    if case.line is None or not isinstance(written, list):
        return
    lan = case.line.form.get("lan")
    subnet = lan.get("subnet") if isinstance(lan, Mapping) else None
    for finding in targets_can_be_reached(_as_order(written, case, {"subnet": subnet or str(DEFAULT_LAN)})):
        where = finding.where.replace("servers", "open", 1)
        if where.removesuffix(".to") in case.unreadable:
            yield replace(finding, where=where)


def _ports_are_named(key: str, items: list[Mapping[str, object]]) -> Iterator[Finding]:
    for index, item in enumerate(items):
        ports = item.get("ports")
        if isinstance(ports, list) and NO_PORTS in ports:
            yield codes.PORTS_NONE.at(f"{key}.{index}.ports", f"`none` is nothing to {key}.", "Name the ports.")


def _as_order(items: list[Mapping[str, object]], case: RequestCase, lan: Mapping[str, object] | None = None) -> Case:
    """Return items as the servers of an order form, which says nothing else; with a LAN where one is named."""
    servers = [{name: each[name] for name in OF_AN_ENTRY if name in each} for each in items]
    known = {"lan": lan} if lan is not None else {}
    form = OrderForm.model_validate({"order": "request", "kind": "change", "servers": servers, **known})
    return Case(form, case.now.astimezone(CONTRACT_TIME_ZONE).date(), whole=False)


def _is_fine_in_a_close(key: str, finding: Finding, items: list[Mapping[str, object]]) -> bool:
    """Return whether a close may say what an opening may not: `all` of a host; port 23 is not open anyway."""
    if key != "close":
        return False
    ports = items[int(finding.where.split(".")[1])].get("ports")
    return finding.code == codes.PORT_RESERVED.name or (finding.code == codes.PORTS_ALL.name and ports == [ALL_PORTS])
