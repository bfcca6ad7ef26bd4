"""Every formula with every option, speed, level and Wi-Fi: what the catalogue's cell says is what `check` does."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from forms import FormData, minimal, typed

from provisioning.catalogue import FORMULAS, LEVEL_IDENTIFIERS, SPEED_UPGRADES, Availability, Formula, Rate
from provisioning.model.finding import Severity
from provisioning.orders.check import Judgement, check_whole

TODAY = date(2026, 11, 23)

OPTIONS: dict[str, Any] = {
    "fixed_ipv4": True,
    "ip_pack": {"addresses": 4},
    "mobile_backup": True,
    "standard_changes": True,
    "router_choice": True,
    "volume_pack": True,
    "rush": {"rfs": "2026-12-15"},
}
REFUSED_AS = {"volume_pack": "volume-unlimited"}
"""The code where it is not `option-not-offered`."""

NOTHING: set[tuple[str, str]] = set()


def judge(form: FormData) -> Judgement:
    # As a line that has the formula already, so that stop-sell does not stand in the way of the other rules.
    return check_whole(typed(form), TODAY, sold=form["formula"])


def refusals(judgement: Judgement) -> set[tuple[str, str]]:
    return {(each.code, each.where) for each in judgement.findings if each.severity is Severity.REFUSAL}


def assert_only(judgement: Judgement, expected: set[tuple[str, str]]) -> None:
    assert refusals(judgement) == expected
    assert (judgement.product is None) == bool(expected)


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_plain(formula: Formula) -> None:
    judgement = judge(minimal(formula))
    assert judgement.findings == ()
    assert judgement.product is not None
    assert judgement.product.formula == formula.identifier


@pytest.mark.parametrize(("name", "option"), list(product(FORMULAS, OPTIONS)))
def test_option(name: str, option: str) -> None:
    formula = FORMULAS[name]
    judgement = judge({**minimal(formula), "options": {option: OPTIONS[option]}})
    offered = formula.option(option).value is not Availability.NOT_OFFERED
    refused = {(REFUSED_AS.get(option, "option-not-offered"), f"options.{option}")}
    assert_only(judgement, NOTHING if offered else refused)


@pytest.mark.parametrize(("name", "option"), list(product(FORMULAS, OPTIONS)))
def test_option_that_is_not_asked_for(name: str, option: str) -> None:
    plain = minimal(FORMULAS[name])
    assert judge({**plain, "options": {option: None}}) == judge(plain)
    if OPTIONS[option] is True:
        assert judge({**plain, "options": {option: False}}) == judge(plain)


@pytest.mark.parametrize(("name", "speed"), list(product(FORMULAS, SPEED_UPGRADES)))
def test_speed(name: str, speed: str) -> None:
    formula, upgrade = FORMULAS[name], SPEED_UPGRADES[speed]
    judgement = judge({**minimal(formula), "options": {"speed": speed}})
    offered = upgrade in formula.speeds.value
    assert_only(judgement, NOTHING if offered else {("speed-not-offered", "options.speed")})
    if judgement.product is not None:
        assert judgement.product.rate == upgrade.rate
        assert judgement.product.needs_xgs_pon == upgrade.needs_xgs_pon


@pytest.mark.parametrize(("name", "level"), list(product(FORMULAS, LEVEL_IDENTIFIERS)))
def test_level(name: str, level: str) -> None:
    formula = FORMULAS[name]
    judgement = judge({**minimal(formula), "options": {"sla": level}})
    offered = level in {each.identifier for each in formula.levels.value}
    assert_only(judgement, NOTHING if offered else {("level-not-offered", "options.sla")})
    if judgement.product is not None:
        assert judgement.product.level.identifier == level


@pytest.mark.parametrize("name", FORMULAS)
def test_line_speed(name: str) -> None:
    formula = FORMULAS[name]
    judgement = judge({**minimal(formula), "line_speed": {"down": 70, "up": 20}})
    stated = formula.rate.value is not None
    assert_only(judgement, {("line-speed-stated", "line_speed")} if stated else NOTHING)
    if judgement.product is not None:
        assert judgement.product.rate == Rate(70, 20)


def sold_speeds() -> list[tuple[str, str | None]]:
    own: list[tuple[str, str | None]] = [(name, None) for name in FORMULAS]
    return own + [(name, each.identifier) for name, formula in FORMULAS.items() for each in formula.speeds.value]


@pytest.mark.parametrize(("name", "speed"), sold_speeds())
def test_wifi(name: str, speed: str | None) -> None:
    formula = FORMULAS[name]
    form = {**minimal(formula), "options": {"speed": speed}, "wifi": {"enabled": True, "ssid": "Exemple"}}
    expected = NOTHING
    if formula.wifi.value is Availability.NOT_OFFERED:
        expected = {("wifi-not-offered", "wifi.enabled")}
    elif speed is not None and not SPEED_UPGRADES[speed].wifi:
        expected = {("wifi-speed", "wifi.enabled")}
    assert_only(judge(form), expected)
    assert judge({**form, "wifi": {"enabled": False}}).accepted
