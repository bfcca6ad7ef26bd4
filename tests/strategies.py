"""Hypothesis strategies for order forms, as plain data: those that the contract accepts.

`accepted_forms()` follows the contract by construction and knows nothing of the rules that judge it.
"""

from collections.abc import Iterable
from copy import deepcopy
from datetime import date
from ipaddress import IPv4Network
from typing import Any

from forms import SOLD, FormData
from hypothesis import strategies as st

from provisioning.catalogue import FORMULAS, SPEED_UPGRADES, Availability, Formula

TODAY = date(2026, 11, 23)
"""The day on which `accepted_forms()` are accepted."""

RUSH_DATES = ("2026-11-23", "2026-12-15", "2027-03-30", "2030-07-22")

PRIVATE = (IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16"))

STANDARD_PORTS = (20, 21, 22, 25, 80, 110, 119, 143, 220, 443)

Claim = tuple[str, int, int]
"""Protocol, first and last port."""


def printable(*, maximum: int) -> st.SearchStrategy[str]:
    """Text of one line, in any script."""
    return st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=maximum).filter(
        lambda text: text.strip() != ""
    )


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value or null, which is the same as absent."""
    return st.none() | values


def customers() -> st.SearchStrategy[FormData]:
    contact = st.fixed_dictionaries({"name": printable(maximum=20)}, optional={"phone": st.just("+3225550100")})
    return st.fixed_dictionaries(
        {"name": printable(maximum=40)},
        optional={
            "contact": contact,
            "representatives": st.lists(st.sampled_from(["a@example.org", "b@example.org"]), max_size=3),
        },
    )


def _ip_packs() -> st.SearchStrategy[FormData]:
    papers = {"assessment": st.just("network plan reviewed")}
    ripe = {"ripe_488": st.just("NCC-2026-0042")}
    return st.one_of(
        st.fixed_dictionaries({"addresses": st.sampled_from([4, 8])}, optional=papers),
        st.fixed_dictionaries({"addresses": st.sampled_from([16, 32]), **papers}, optional=ripe),
        st.fixed_dictionaries({"addresses": st.sampled_from([64, 128, 256]), **papers, **ripe}),
    )


_OPTION_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "fixed_ipv4": st.booleans(),
    "ip_pack": _ip_packs(),
    "mobile_backup": st.booleans(),
    "standard_changes": st.booleans(),
    "router_choice": st.booleans(),
    "volume_pack": st.booleans(),
    "rush": st.fixed_dictionaries({"rfs": st.sampled_from(RUSH_DATES)}),
}


def _options(formula: Formula) -> st.SearchStrategy[FormData]:
    offered: dict[str, st.SearchStrategy[Any]] = {
        key: maybe(values)
        for key, values in _OPTION_VALUES.items()
        if formula.option(key).value is not Availability.NOT_OFFERED
    }
    speeds = [each.identifier for each in formula.speeds.value]
    levels = [each.identifier for each in formula.levels.value if each.identifier]
    if speeds:
        offered["speed"] = maybe(st.sampled_from(speeds))
    if levels:
        offered["sla"] = maybe(st.sampled_from(levels))
    return st.fixed_dictionaries({}, optional=offered)


def _wifi(formula: Formula, options: FormData) -> st.SearchStrategy[FormData]:
    speed = SPEED_UPGRADES.get(options.get("speed") or "")
    radio = {
        "channel": maybe(st.sampled_from([1, 13, 36, 64, 100, 140])),
        "security": maybe(st.sampled_from(["wpa2", "wpa2-wpa3", "wpa3"])),
        "key_from": maybe(st.just("env:WIFI_KEY")),
    }
    # Eight signs have 32 octets at the most.
    name = printable(maximum=8)
    off = st.fixed_dictionaries({"enabled": st.just(False)}, optional={"ssid": name, **radio})
    if formula.wifi.value is Availability.NOT_OFFERED or (speed is not None and not speed.wifi):
        return off
    return off | st.fixed_dictionaries({"enabled": st.just(True), "ssid": name}, optional=radio)


@st.composite
def _subnets(draw: st.DrawFn) -> IPv4Network:
    private = draw(st.sampled_from(PRIVATE))
    length = draw(st.integers(max(16, private.prefixlen), 30))
    index = draw(st.integers(0, 2 ** (length - private.prefixlen) - 1))
    return IPv4Network((int(private.network_address) + (index << (32 - length)), length))


def _claims() -> st.SearchStrategy[Claim]:
    ports = st.sampled_from([1, 22, 24, 25, 80, 443, 8000, 65535]) | st.integers(1, 65535)
    lengths = st.integers(0, 30) | st.integers(0, 65535)
    return st.tuples(st.sampled_from(["tcp", "udp"]), ports, lengths).map(
        lambda each: (each[0], each[1], min(each[1] + each[2], 65535))
    )


def _disjoint(claims: Iterable[Claim], taken: Iterable[Claim]) -> list[Claim]:
    """Return the claims that meet neither an earlier one nor one of those taken."""
    kept = list(taken)
    fresh = []
    for claim in claims:
        if not any(claim[0] == other[0] and claim[1] <= other[2] and other[1] <= claim[2] for other in kept):
            kept.append(claim)
            fresh.append(claim)
    return fresh


def _written(claim: Claim) -> str:
    protocol, first, last = claim
    return f"{protocol}/{first}" if first == last else f"{protocol}/{first}-{last}"


_MANAGEMENT: tuple[Claim, ...] = (("tcp", 23, 23), ("udp", 23, 23))


@st.composite
def _lan_servers(draw: st.DrawFn, subnet: IPv4Network) -> list[FormData]:
    hosts = st.integers(2, subnet.num_addresses - 2).map(lambda number: str(subnet[number]))
    servers: list[FormData] = []
    taken = list(_MANAGEMENT)
    if draw(st.booleans()):
        servers.append({"to": draw(hosts)})
        taken.extend(("tcp", port, port) for port in STANDARD_PORTS)
    for claim in _disjoint(draw(st.lists(_claims(), max_size=8)), taken):
        if len(servers) > 1 and draw(st.booleans()) and "ports" in servers[-1]:
            servers[-1]["ports"].append(_written(claim))
        else:
            servers.append({"ports": [_written(claim)], "to": draw(hosts)})
    for server in servers:
        server |= draw(_sources(_IPV4_SOURCES))
    if len(servers) == 1 and len(servers[0].get("ports", ())) == 1:
        servers[0] |= draw(_translations(servers[0]["ports"][0]))
    return servers


_IPV4_SOURCES = ["198.51.100.0/24", "192.0.2.7", "203.0.113.64/26", "11.0.0.0/8"]
_IPV6_SOURCES = ["2001:db8:1::/48", "3fff::7", "3fff:1::/32"]


def _sources(networks: list[str]) -> st.SearchStrategy[FormData]:
    named = st.lists(st.sampled_from(networks), min_size=1, max_size=3, unique=True)
    return st.just({}) | named.map(lambda some: {"from": some})


def _translations(written: str) -> st.SearchStrategy[FormData]:
    """A port that the ports can be led to: the range ends within the ports, and 23 is no part of it."""
    first, _, last = written.partition("/")[2].partition("-")
    width = int(last or first) - int(first)
    fits = [port for port in (24, 80, 443, 8000, 65535) if port + width <= 65535]
    return st.just({}) | st.sampled_from(fits).map(lambda port: {"to_port": port}) if fits else st.just({})


@st.composite
def _firewall_servers(draw: st.DrawFn) -> list[FormData]:
    claims = _disjoint(draw(st.lists(_claims(), max_size=4)), _MANAGEMENT)
    kinds: list[FormData] = [{}, {"ports": ["all"]}]
    if claims:
        kinds.append({"ports": [_written(claim) for claim in claims]})
    chosen = draw(st.lists(st.sampled_from(kinds), max_size=2))
    servers: list[FormData] = [deepcopy({**kind, "to": "customer_firewall"}) for kind in chosen]
    return [{**server, **draw(_sources(_IPV4_SOURCES + _IPV6_SOURCES))} for server in servers]


@st.composite
def _openings(draw: st.DrawFn, formula: Formula, options: FormData) -> FormData:
    """The keys `lan` and `servers`, each of them absent now and then."""
    subnet = draw(maybe(_subnets()))
    lan: FormData = {} if subnet is None else {"subnet": str(subnet)}
    servers: list[FormData] = []
    if formula.fixed_ipv4.value is Availability.INCLUDED or options.get("fixed_ipv4"):
        servers += draw(_lan_servers(subnet or IPv4Network("192.168.1.0/24")))
    if options.get("ip_pack") and draw(st.booleans()):
        lan["customer_firewall"] = True
        servers += draw(_firewall_servers())
    return {**({"lan": lan} if lan else {}), **({"servers": servers} if servers else {})}


def _cpes(formula: Formula) -> st.SearchStrategy[FormData]:
    professional = formula.router.value.value == "professional router"
    platforms = ["linux_cpe", "cisco_iosxe"] if professional else ["linux_cpe"]
    return st.fixed_dictionaries(
        {"platform": st.sampled_from(platforms), "serial": st.integers(1, 9999).map("LX{:04d}".format)}
    )


def _onts() -> st.SearchStrategy[FormData]:
    return st.fixed_dictionaries(
        {
            "serial": st.integers(0, 2**32 - 1).map("HWTC{:08X}".format),
            "olt": st.sampled_from(["olt-brussels-1", "olt-namur-1"]),
            "port": st.sampled_from(["0/1/0", "0/2/0"]),
        }
    )


@st.composite
def _sites(draw: st.DrawFn, formula: Formula, options: FormData) -> FormData:
    backup = formula.mobile_backup.value is Availability.INCLUDED or options.get("mobile_backup")
    coverage = ["good", "weak", "unknown"] if backup else ["good", "weak", "unknown", "none"]
    return {"address": draw(printable(maximum=40)), "mobile_coverage": draw(st.sampled_from(coverage))}


@st.composite
def accepted_forms(draw: st.DrawFn) -> FormData:
    """New orders that the contract accepts on TODAY, some with warnings."""
    formula = FORMULAS[draw(st.sampled_from(SOLD))]
    options = draw(_options(formula))
    form: FormData = {
        "order": f"PX-2026-{draw(st.integers(1, 999_999)):06d}",
        "customer": draw(customers()),
        "site": draw(_sites(formula, options)),
        "formula": formula.identifier,
        "term_months": draw(maybe(st.integers(1, 60))),
        "options": options,
        "wifi": draw(maybe(_wifi(formula, options))),
    }
    if formula.rate.value is None:
        form["line_speed"] = draw(maybe(st.fixed_dictionaries({"down": st.just(70), "up": st.just(20)})))
    if formula.supplies_router:
        form |= draw(_openings(formula, options)) | {"cpe": draw(_cpes(formula))}
    if formula.has_ont:
        form["ont"] = draw(_onts())
    return form
