"""The catalogue against the contract's tables, typed out here a second time from docs/service-facts.md."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path

import pytest

from provisioning.catalogue import (
    FORMULAS,
    LEVEL_IDENTIFIERS,
    SPEED_UPGRADES,
    Availability,
    Cell,
    Formula,
    Level,
    Rate,
)
from provisioning.orders.codes import CODES

FACTS = Path(__file__).parent.parent / "docs" / "service-facts.md"

# I-1.1, and I-8.3, I-8.5, I-3 and I-1.5 for the last rows. `-` is the contract's "not available".
COPPER = """
                     | internet-essential | internet-maxi-bizz | internet-pro | business-internet-copper \
| internet-pro-plus   | internet-pro-plus-essential
access               | copper       | copper        | copper       | copper        | copper       | copper
rate                 | 50/4         | 100/30        | 100/40       | not stated    | 100/40       | 100/40
volume               | 100 GB       | 3 TB fair use | unlimited    | 3 TB fair use | unlimited    | unlimited
router               | Internet Box | Internet Box  | Internet Box | Internet Box  | professional | customer's
router_choice        | -            | -             | -            | -             | OPT          | -
fixed_ipv4           | -            | OPT           | OPT          | OPT           | DEF          | DEF
fixed_ipv6           | -            | -             | -            | -             | DEF          | DEF
ip_pack              | -            | -             | -            | -             | OPT          | OPT
unlimited_ports      | DEF          | DEF           | DEF          | DEF           | DEF          | DEF
max_users            | 253          | 253           | 253          | 253           | 253          | customer's
mailboxes            | 1 x 50 GB    | 6 x 50 GB     | 10 x 50 GB   | 0             | -            | -
managed_firewall     | -            | -             | -            | -             | DEF          | -
mobile_backup        | -            | -             | -            | OPT           | OPT          | -
wifi                 | DEF          | DEF           | DEF          | DEF           | DEF          | -
configuration_backup | -            | -             | -            | -             | DEF          | -
standard_changes     | -            | -             | -            | -             | OPT          | -
volume_pack          | OPT          | OPT           | -            | OPT           | -            | -
rush                 | -            | -             | -            | -             | -            | -
stop_sell            | yes          | no            | no           | no            | no           | no
temporary            | no           | no            | no           | no            | no           | no
"""

# I-1.2, and the same sections for the last rows.
FIBRE = """
                     | internet-maxi-fullfiber-bizz | fullfiber-extended-essential | fullfiber \
| business-internet-fibre | fullfiber-extended
access               | fibre         | fibre      | fibre        | fibre         | fibre
rate                 | 350/30        | 350/100    | 350/50       | 500/500       | 350/100
volume               | 3 TB fair use | unlimited  | unlimited    | 3 TB fair use | unlimited
router               | Internet Box  | customer's | Internet Box | Internet Box  | professional
router_choice        | -             | -          | -            | -             | -
fixed_ipv4           | OPT           | DEF        | DEF          | OPT           | DEF
fixed_ipv6           | -             | DEF        | -            | -             | DEF
ip_pack              | -             | OPT        | -            | -             | OPT
unlimited_ports      | DEF           | DEF        | DEF          | DEF           | DEF
max_users            | 253           | customer's | 253          | 253           | 253
mailboxes            | 6 x 50 GB     | -          | 10 x 50 GB   | 0             | -
managed_firewall     | -             | -          | -            | -             | DEF
mobile_backup        | -             | -          | -            | OPT           | OPT
wifi                 | DEF           | -          | DEF          | DEF           | DEF
configuration_backup | -             | -          | -            | -             | DEF
standard_changes     | -             | -          | -            | -             | OPT
volume_pack          | OPT           | -          | -            | OPT           | -
rush                 | -             | -          | -            | -             | -
stop_sell            | no            | no         | no           | no            | no
temporary            | no            | no         | no           | no            | no
"""

# I-1.3, with the exclusions of I-1.2 (Wi-Fi, 6 TB) and X-13 (XGS-PON).
SPEEDS = """
identifier            | down/up   | wifi | volume | port    | for
fullfiber-boost-pro   | 1000/200  | yes  | -      | gpon    | fullfiber
extended-boost        | 500/100   | yes  | -      | gpon    | the extended two
extended-boost-pro    | 1000/200  | yes  | -      | gpon    | the extended two
fiber-up              | 1000/500  | yes  | -      | gpon    | the extended two
fiber-fast            | 2500/1000 | no   | -      | xgs-pon | the extended two
fiber-express         | 8500/1500 | no   | -      | xgs-pon | the extended two
business-fiber-500    | 500/500   | yes  | -      | gpon    | business-internet-fibre
business-fiber-2.5-1  | 2500/1000 | yes  | 6000   | xgs-pon | business-internet-fibre
business-fiber-8.5-1.5 | 8500/1500 | yes | 6000   | xgs-pon | business-internet-fibre
"""
EXTENDED = {"fullfiber-extended", "fullfiber-extended-essential"}
TEMPORARY_EXTENDED = {"temporary-fullfiber-extended"}

# I-1.4 and I-1.5: the particulars are those of the formula on the right.
LIKE_FOR_LIKE = {
    "internet-essential-fiber": "internet-essential",
    "internet-fiber-100-bizz": "internet-maxi-bizz",
    "fiber-internet-pro": "internet-pro",
    "fiber-internet-pro-plus": "internet-pro-plus",
    "fiber-internet-pro-plus-essential": "internet-pro-plus-essential",
}
TEMPORARY = {
    "temporary-internet-pro-plus": "internet-pro-plus",
    "temporary-fullfiber-extended": "fullfiber-extended",
}

# I-9.2, X-3 and X-4. One name of a level that an order form cannot write is `-`.
LEVELS = """
group               | level   | kind | window                               | P1, P2, P3, P4
essential           | -       | DEF  | Mon-Fri 8:00-20:00                   | best effort
maxi                | -       | DEF  | Mon-Fri 8:00-20:00, Sat 8:00-16:30   | same day, 3 WD, 3 WD, 10 WD
pro                 | -       | DEF  | Mon-Fri 8:00-22:00, Sat 8:00-16:30   | 5 h, next WD, 3 WD, 10 WD
pro-plus            | basic   | DEF  | Mon-Fri 8:00-20:00                   | end of next WD, 3 WD, 5 WD, 10 WD
pro-plus            | medium  | OPT  | Mon-Fri 8:00-20:00, Sat 8:00-16:30   | same day, 3 WD, 5 WD, 10 WD
pro-plus            | premium | OPT  | Mon-Fri 8:00-22:00, Sat 8:00-16:30   | 5 h, next WD, 3 WD, 10 WD
fullfiber           | basic   | DEF  | Mon-Fri 8:00-18:00, Sat 8:00-16:30   | end of next WD, 3 WD, 3 WD, 10 WD
fullfiber           | premium | OPT  | Mon-Fri 8:00-22:00, Sat 8:00-16:30   | 5 h, next WD, 3 WD, 10 WD
extended            | basic   | DEF  | Mon-Fri 8:00-20:00                   | end of next WD, 3 WD, 5 WD, 10 WD
extended            | medium  | OPT  | Mon-Fri 8:00-18:00, Sat 8:00-16:30   | same day, 3 WD, 5 WD, 10 WD
extended            | premium | OPT  | Mon-Fri 8:00-22:00, Sat 8:00-16:30   | 5 h, next WD, 3 WD, 10 WD
business            | -       | DEF  | not specified                        | best effort
"""
GROUPS = {
    "essential": ("internet-essential", "internet-essential-fiber"),
    "maxi": ("internet-maxi-bizz", "internet-maxi-fullfiber-bizz", "internet-fiber-100-bizz"),
    "pro": ("internet-pro", "fiber-internet-pro"),
    "pro-plus": (
        "internet-pro-plus",
        "internet-pro-plus-essential",
        "fiber-internet-pro-plus",
        "fiber-internet-pro-plus-essential",
        "temporary-internet-pro-plus",
    ),
    "fullfiber": ("fullfiber",),
    "extended": ("fullfiber-extended", "fullfiber-extended-essential", "temporary-fullfiber-extended"),
    "business": ("business-internet-copper", "business-internet-fibre"),
}

# The headings of I-1.1 and I-1.2, I-1.4 and I-1.5.
NAMES = """
internet-essential                | Internet Essential
internet-maxi-bizz                | Internet Maxi with Bizz Services
internet-pro                      | Internet Pro
business-internet-copper          | Business Internet (copper)
internet-pro-plus                 | Internet Pro+
internet-pro-plus-essential       | Internet Pro+ Essential
internet-maxi-fullfiber-bizz      | Internet Maxi FullFiber with Bizz Services
fullfiber-extended-essential      | FullFiber Extended Essential
fullfiber                         | FullFiber
business-internet-fibre           | Business Internet (fibre)
fullfiber-extended                | FullFiber Extended
internet-essential-fiber          | Internet Essential Fiber
internet-fiber-100-bizz           | Internet Fiber 100 with Bizz Services
fiber-internet-pro                | Fiber Internet Pro
fiber-internet-pro-plus           | Fiber Internet Pro+
fiber-internet-pro-plus-essential | Fiber Internet Pro+ Essential
temporary-internet-pro-plus       | Temporary Internet Pro+
temporary-fullfiber-extended      | Temporary FullFiber Extended
"""

# I-1.6.
IDENTIFIERS = [
    "internet-essential",
    "internet-maxi-bizz",
    "internet-pro",
    "business-internet-copper",
    "internet-pro-plus",
    "internet-pro-plus-essential",
    "internet-maxi-fullfiber-bizz",
    "fullfiber",
    "business-internet-fibre",
    "fullfiber-extended",
    "fullfiber-extended-essential",
    "internet-essential-fiber",
    "internet-fiber-100-bizz",
    "fiber-internet-pro",
    "fiber-internet-pro-plus",
    "fiber-internet-pro-plus-essential",
    "temporary-internet-pro-plus",
    "temporary-fullfiber-extended",
]
OPTION_KEYS = [
    "speed",
    "fixed_ipv4",
    "ip_pack",
    "mobile_backup",
    "sla",
    "standard_changes",
    "router_choice",
    "rush",
    "volume_pack",
]

MARKS = {Availability.INCLUDED: "DEF", Availability.OPTION: "OPT", Availability.NOT_OFFERED: "-"}
SHORT = {"professional router": "professional", "customer's own router": "customer's"}


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").splitlines()]


def written(key: str, value: object) -> str:
    """Return a cell of the product as the tables above write it."""
    match value:
        case Availability():
            return MARKS[value]
        case bool():
            return "yes" if value else "no"
        case None:
            return {"rate": "not stated", "max_users": "customer's"}[key]
        case _:
            return SHORT.get(str(value), str(value))


def cells(table: str) -> Iterator[tuple[str, str, str]]:
    (_, *formulas), *body = rows(table)
    for key, *values in body:
        assert len(values) == len(formulas)
        yield from ((formula, key, value) for formula, value in zip(formulas, values, strict=True))


@pytest.mark.parametrize(("formula", "key", "expected"), [*cells(COPPER), *cells(FIBRE)])
def test_cell(formula: str, key: str, expected: str) -> None:
    assert written(key, getattr(FORMULAS[formula], key).value) == expected


def test_every_cell_is_typed_out() -> None:
    keys = {each.name for each in fields(Formula)} - {"identifier", "name", "speeds", "levels"}
    for table in (COPPER, FIBRE):
        assert {key for _, key, _ in cells(table)} == keys


def differences(one: Formula, other: Formula) -> dict[str, object]:
    """Return the values of `one` that `other` has not."""
    return {
        each.name: getattr(one, each.name).value
        for each in fields(Formula)
        if each.name not in {"identifier", "name"} and getattr(one, each.name).value != getattr(other, each.name).value
    }


@pytest.mark.parametrize(("profile", "twin"), LIKE_FOR_LIKE.items())
def test_like_for_like_profile_differs_in_access_alone(profile: str, twin: str) -> None:
    assert differences(FORMULAS[profile], FORMULAS[twin]) == {"access": "fibre"}


@pytest.mark.parametrize(("temporary", "named_after"), TEMPORARY.items())
def test_temporary_version_differs_in_backup_and_rush(temporary: str, named_after: str) -> None:
    assert differences(FORMULAS[temporary], FORMULAS[named_after]) == {
        "mobile_backup": Availability.INCLUDED,
        "rush": Availability.OPTION,
        "temporary": True,
    }


def speed_rows() -> list[list[str]]:
    return rows(SPEEDS)[1:]


@pytest.mark.parametrize("row", speed_rows(), ids=lambda row: row[0])
def test_speed(row: list[str]) -> None:
    identifier, rate, wifi, volume, port, _ = row
    speed = SPEED_UPGRADES[identifier]
    down, up = rate.split("/")
    assert speed.rate == Rate(int(down), int(up))
    assert speed.wifi == (wifi == "yes")
    assert speed.fair_use_gb == (None if volume == "-" else int(volume))
    assert speed.needs_xgs_pon == (port == "xgs-pon")


def test_speeds_of_each_formula() -> None:
    assert list(SPEED_UPGRADES) == [row[0] for row in speed_rows()]
    expected: dict[str, set[str]] = {identifier: set() for identifier in IDENTIFIERS}
    for identifier, *_, group in speed_rows():
        for formula in EXTENDED | TEMPORARY_EXTENDED if group == "the extended two" else {group}:
            expected[formula].add(identifier)
    offered = {name: {each.identifier for each in formula.speeds.value} for name, formula in FORMULAS.items()}
    assert offered == expected


def level_row(level: Level) -> list[str]:
    restoration = ", ".join(level.restoration) or "best effort"
    return [level.identifier or "-", "DEF" if level.included else "OPT", level.window, restoration]


@pytest.mark.parametrize("group", GROUPS)
def test_levels(group: str) -> None:
    expected = [row[1:] for row in rows(LEVELS)[1:] if row[0] == group]
    for formula in GROUPS[group]:
        assert [level_row(level) for level in FORMULAS[formula].levels.value] == expected


def test_every_formula_has_levels() -> None:
    assert sorted(name for group in GROUPS.values() for name in group) == sorted(FORMULAS)
    assert {row[0] for row in rows(LEVELS)[1:]} == set(GROUPS)


def test_identifiers() -> None:
    assert sorted(FORMULAS) == sorted(IDENTIFIERS)
    assert all(formula.identifier == name for name, formula in FORMULAS.items())
    assert LEVEL_IDENTIFIERS == ("basic", "medium", "premium")


def test_names() -> None:
    assert {name: formula.name for name, formula in FORMULAS.items()} == {row[0]: row[1] for row in rows(NAMES)}


def test_identifiers_are_those_of_the_facts() -> None:
    section = FACTS.read_text("utf-8").split("### I-1.6")[1].split("\n## ")[0]
    assert set(re.findall(r"`([^`]+)`", section)) == {
        *FORMULAS,
        *SPEED_UPGRADES,
        *LEVEL_IDENTIFIERS,
        *OPTION_KEYS,
    }


def stated_facts() -> frozenset[str]:
    """Return every reference that has a heading, a paragraph or a row of its own in the facts."""
    reference = r"([IVFX]-\d+(?:\.\d+)?)"
    starts = (rf"#+ {reference} ", rf"- \*\*{reference}\b", rf"\| {reference} \|")
    text = FACTS.read_text("utf-8")
    return frozenset(found for start in starts for found in re.findall(rf"^{start}", text, re.MULTILINE))


def cited_by_formulas() -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, formula in FORMULAS.items():
        for each in fields(Formula):
            cell = getattr(formula, each.name)
            if isinstance(cell, Cell):
                yield f"{name} {each.name}", cell.facts
        for level in formula.levels.value:
            yield f"{name} level {level.name}", level.facts


def cited_by_speeds() -> Iterator[tuple[str, tuple[str, ...]]]:
    return ((name, speed.facts) for name, speed in SPEED_UPGRADES.items())


def cited_by_codes() -> Iterator[tuple[str, tuple[str, ...]]]:
    # Options and Wi-Fi add the facts of the formula's cell to a code that has none of its own.
    return ((code.name, code.facts) for code in CODES if code.facts)


@pytest.mark.parametrize("cited", [cited_by_formulas, cited_by_speeds, cited_by_codes])
def test_every_cited_fact_is_stated(cited: Callable[[], Iterator[tuple[str, tuple[str, ...]]]]) -> None:
    stated = stated_facts()
    unknown: Mapping[str, set[str]] = {where: set(facts) - stated for where, facts in cited()}
    assert {where: missing for where, missing in unknown.items() if missing} == {}


def test_every_cell_cites_a_fact() -> None:
    assert [where for where, facts in (*cited_by_formulas(), *cited_by_speeds()) if not facts] == []


def test_codes_are_unique() -> None:
    names = [code.name for code in CODES]
    assert len(set(names)) == len(names)
