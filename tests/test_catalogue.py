"""The catalogue against the contract's tables, typed out here a second time from docs/service-facts.md."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path

import pytest
from contract_tables import (
    COPPER,
    EXTENDED,
    FIBRE,
    GROUPS,
    IDENTIFIERS,
    LEVELS,
    LIKE_FOR_LIKE,
    NAMES,
    OPTION_KEYS,
    SPEEDS,
    TEMPORARY,
    TEMPORARY_EXTENDED,
)

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
