"""How the catalogue looks, to people and as JSON: formulas, and each cell of one with its fact reference."""

from collections.abc import Iterator
from dataclasses import fields

from provisioning.catalogue import FORMULAS, Access, Availability, Cell, Formula, Level, Router, SpeedUpgrade
from provisioning.cli import output

_MARKS = {Availability.INCLUDED: "yes", Availability.OPTION: "opt", Availability.NOT_OFFERED: "-"}
_ROUTERS = {Router.INTERNET_BOX: "box", Router.PROFESSIONAL: "pro", Router.CUSTOMERS_OWN: "own"}


def print_formulas(*, json: bool) -> None:
    """Print all formulas, one line each."""
    if json:
        output.print_json({"formulas": list(FORMULAS.values())})
        return
    for access in Access:
        output.print_table(
            ("formula", "Mbit/s", "router", "IPv4", "pack", "mobile", "Wi-Fi"),
            (_overview(each) for each in FORMULAS.values() if each.access.value is access),
            title=access.value.capitalize(),
        )
    output.say("* not sold any more · X-6: the contract states no speed · opt: can be ordered", "dim")
    output.say(
        "box: Internet Box · pro: professional router · own: customer's router · IPv4: fixed · pack: IP Pack", "dim"
    )
    output.say("`proviso catalogue FORMULA` shows all of one, with the fact behind each cell.", "dim")


def _overview(formula: Formula) -> tuple[object, ...]:
    return (
        formula.identifier + (" *" if formula.stop_sell.value else ""),
        formula.rate.value or "X-6",
        _ROUTERS[formula.router.value],
        _MARKS[formula.fixed_ipv4.value],
        _MARKS[formula.ip_pack.value],
        _MARKS[formula.mobile_backup.value],
        _MARKS[formula.wifi.value],
    )


def print_formula(formula: Formula, *, json: bool) -> None:
    """Print all of one formula."""
    if json:
        output.print_json({"formula": formula})
        return
    output.print_table(("what", "value", "facts"), _cells(formula), title=f"{formula.name} ({formula.identifier})")
    if formula.speeds.value:
        output.print_table(
            ("options.speed", "Mbit/s", "Wi-Fi", "port", "facts"),
            (_speed(each) for each in formula.speeds.value),
            title="Speeds",
            wraps=("facts",),
        )
    output.print_table(
        ("options.sla", "level", "P1, P2, P3, P4 restored in", "incident window", "facts"),
        (_level(each) for each in formula.levels.value),
        title="Levels",
        wraps=("level", "P1, P2, P3, P4 restored in", "incident window", "facts"),
    )


def _cells(formula: Formula) -> Iterator[tuple[str, str, str]]:
    for field in fields(formula):
        cell = getattr(formula, field.name)
        if isinstance(cell, Cell) and field.name not in ("speeds", "levels"):
            yield field.name.replace("_", " "), _value(field.name, cell.value), ", ".join(cell.facts)


def _value(name: str, value: object) -> str:
    match value:
        case Availability():
            return value.value
        case bool():
            return "yes" if value else "no"
        case None:
            return "set by the customer's router" if name == "max_users" else "not stated"
        case _:
            return f"{value} Mbit/s" if name == "rate" else str(value)


def _speed(speed: SpeedUpgrade) -> tuple[str, ...]:
    port = "XGS-PON" if speed.needs_xgs_pon else "GPON"
    return (speed.identifier, str(speed.rate), "yes" if speed.wifi else "-", port, ", ".join(speed.facts))


def _level(level: Level) -> tuple[str, ...]:
    name = f"{level.name}, included" if level.included else level.name
    targets = ", ".join(level.restoration) or "best effort"
    return (level.identifier or "-", name, targets, level.window, ", ".join(level.facts))
