"""From what was read of a router to an order form: what it says, what people gave, and which formulas would fit."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from provisioning.catalogue import FORMULAS, Availability, Formula, Router
from provisioning.model.opening import by_sources, merged
from provisioning.model.port_range import ALL_BUT_MANAGEMENT, STANDARD_OPENINGS, PortRange, merge
from provisioning.model.read_intent import ReadIntent

CUSTOMER_FIREWALL = "customer_firewall"
ORDER_PREFIX = "ADOPTED-"


@dataclass(frozen=True, slots=True)
class Given:
    """What people say of the line besides.

    Attributes:
        form: an order form, or part of one, in plain data; what it says wins over what was read.
        formula: wins over the form's.
    """

    form: Mapping[str, object]
    formula: str | None = None
    customer: str | None = None
    site: str | None = None


def propose(read: ReadIntent, serial: str, platform: str, given: Given) -> dict[str, object]:
    """Return the order form of a line, in plain data: what was read, and what people gave over it.

    Args:
        read: what the router does.
        serial: of the router.
        platform: of it.
        given: what people say besides.
    """
    formula = given.formula or given.form.get("formula") or _labelled(read)
    form = dict(_read_form(read, FORMULAS.get(str(formula))))
    form["cpe"] = {"platform": platform, "serial": serial}
    whole = over(form, given.form)
    if formula is not None:
        whole["formula"] = formula
    if given.customer is not None:
        whole = over(whole, {"customer": {"name": given.customer}})
    if given.site is not None:
        whole = over(whole, {"site": {"address": given.site}})
    order = whole.pop("order", None) or order_number(serial)
    return {"schema": 1, "order": order, "kind": "new", **{k: v for k, v in whole.items() if k not in _HEAD}}


_HEAD = ("schema", "order", "kind")


def order_number(serial: str) -> str:
    """Return the number under which an adoption is registered where people give none."""
    return f"{ORDER_PREFIX}{serial}"[:64]


def fitting_formulas(read: ReadIntent) -> tuple[str, ...]:
    """Return the formulas that a line could have which does what was read, as the contract's tables say."""
    return tuple(name for name, formula in FORMULAS.items() if _fits(read, formula))


def _fits(read: ReadIntent, formula: Formula) -> bool:
    has = (
        (read.fixed_ipv4 is not None, formula.fixed_ipv4.value),
        (read.ipv6 is not None, formula.fixed_ipv6.value),
        (read.ip_pack is not None, formula.ip_pack.value),
        (read.mobile is not None, formula.mobile_backup.value),
        (read.managed_firewall is not None, formula.managed_firewall.value),
    )
    return formula.router.value is not Router.CUSTOMERS_OWN and all(
        availability is not (Availability.NOT_OFFERED if there else Availability.INCLUDED)
        for there, availability in has
    )


def _labelled(read: ReadIntent) -> str | None:
    label = read.label.value.formula if read.label else None
    return label if label in FORMULAS else None


def _read_form(read: ReadIntent, formula: Formula | None) -> Iterator[tuple[str, object]]:
    options = dict(_options(read, formula))
    if options:
        yield "options", options
    yield from _wifi(read)
    if read.lan is not None:
        firewall = {CUSTOMER_FIREWALL: True} if read.customer_openings else {}
        yield "lan", {"subnet": str(read.lan.value), **firewall}
    servers = [*_mapped(read), *_towards_firewall(read)]
    if servers:
        yield "servers", servers


def _options(read: ReadIntent, formula: Formula | None) -> Iterator[tuple[str, object]]:
    if read.fixed_ipv4 is not None and (formula is None or formula.fixed_ipv4.value is not Availability.INCLUDED):
        yield "fixed_ipv4", True
    if read.mobile is not None and (formula is None or formula.mobile_backup.value is not Availability.INCLUDED):
        yield "mobile_backup", True
    if read.ip_pack is not None:
        yield "ip_pack", {"addresses": read.ip_pack.value.num_addresses}


def _wifi(read: ReadIntent) -> Iterator[tuple[str, object]]:
    if read.wifi is None:
        # What could not be read is not taken for off.
        if not any(each.what == "Wi-Fi" for each in read.unread):
            yield "wifi", {"enabled": False}
        return
    wifi = read.wifi.value
    found: dict[str, object] = {"enabled": True}
    if wifi.ssid.isprintable():
        found["ssid"] = wifi.ssid
    if wifi.channel is not None:
        found["channel"] = wifi.channel
    if wifi.security:
        found["security"] = wifi.security
    yield "wifi", found


def _mapped(read: ReadIntent) -> Iterator[dict[str, object]]:
    """Yield an entry for each host and set of sources, and one for each translation of ports."""
    alike: dict[tuple[str, tuple[str, ...]], list[PortRange]] = defaultdict(list)
    whole: list[dict[str, object]] = []
    for each in (known.value for known in read.port_mappings):
        host, sources = str(each.target), tuple(map(str, each.sources))
        if each.to_port is None:
            alike[host, sources].append(each.ports)
        else:
            whole.append({"ports": [str(each.ports)], "to": host, "to_port": each.to_port, **_from(sources)})
    for (host, sources), some in sorted(alike.items()):
        yield {"ports": _written(tuple(some)), "to": host, **_from(sources)}
    yield from whole


def _towards_firewall(read: ReadIntent) -> Iterator[dict[str, object]]:
    groups = by_sources(merged(each.value for each in read.customer_openings))
    everybody = tuple(each.ports for sources, some in groups if not sources for each in some)
    if everybody == merge(STANDARD_OPENINGS) and len(groups) == 1:
        return
    for sources, some in groups:
        ports = tuple(each.ports for each in some)
        written = ["all"] if ports == merge(ALL_BUT_MANAGEMENT) else _written(ports)
        yield {"ports": written, "to": CUSTOMER_FIREWALL, **_from(tuple(map(str, sources)))}


def _from(sources: tuple[str, ...]) -> dict[str, object]:
    return {"from": list(sources)} if sources else {}


def _written(ports: tuple[PortRange, ...]) -> list[str]:
    return [str(each) for each in merge(ports)]


def over(base: Mapping[str, object], given: Mapping[str, object]) -> dict[str, object]:
    """Return a form with another over it: mappings key by key, everything else as a whole; null takes a key away."""
    result = dict(base)
    for key, value in given.items():
        below = result.get(key)
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            result[key] = over(below if isinstance(below, Mapping) else {}, value)
        else:
            result[key] = value
    return result


def untold_of(form: Mapping[str, object]) -> dict[str, object]:
    """Return what of a line's form people gave, because no router tells it: it stays when the router is read again."""
    found = {
        key: form[key] for key in ("customer", "site", "formula", "term_months", "line_speed", "ont") if key in form
    }
    options = form.get("options")
    if isinstance(options, Mapping):
        kept = {key: value for key, value in options.items() if key not in ("fixed_ipv4", "mobile_backup", "ip_pack")}
        pack = options.get("ip_pack")
        papers = {key: value for key, value in pack.items() if key != "addresses"} if isinstance(pack, Mapping) else {}
        found["options"] = {**kept, **({"ip_pack": papers} if papers else {})}
    return found
