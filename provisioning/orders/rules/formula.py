"""Formula, speed and level exist and go together (facts: I-1, I-9.2)."""

import difflib
from collections.abc import Iterable, Iterator

from provisioning.catalogue import FORMULAS, LEVEL_IDENTIFIERS, SPEED_UPGRADES
from provisioning.model.finding import Finding
from provisioning.orders import codes
from provisioning.orders.case import Case, Rule


def nearest(written: str, known: Iterable[str]) -> str:
    """Return the remedy for a name that does not exist: the nearest one, else all of them."""
    names = list(known)
    near = difflib.get_close_matches(written, names, n=1, cutoff=0.6)
    return f"Did you mean `{near[0]}`?" if near else f"One of: {', '.join(names)}."


def formula_is_known(case: Case) -> Iterator[Finding]:
    """The formula stands in the tables (facts: I-1.6, X-21)."""
    written = case.form.formula
    if written is not None and written not in FORMULAS:
        yield codes.FORMULA_UNKNOWN.at("formula", f"There is no formula `{written}`.", nearest(written, FORMULAS))


def formula_is_sold(case: Case) -> Iterator[Finding]:
    """Stop-sell stops new lines, not the lines that have the formula (facts: I-1.1, X-20)."""
    if not case.whole or case.formula is None or not case.formula.stop_sell.value:
        return
    sold = FORMULAS.get(case.sold) if case.sold is not None else None
    # The only stop-sell formulas are each other's like-for-like twin, and another technology is no new contract (I-1).
    if sold is None or not sold.stop_sell.value:
        yield codes.FORMULA_STOP_SELL.at(
            "formula",
            f"{case.formula.name} is not sold any more.",
            "Choose another formula: `proviso catalogue` lists them.",
            facts=case.formula.stop_sell.facts,
        )


def speed_is_offered(case: Case) -> Iterator[Finding]:
    """The speed upgrade exists and is one of the formula's (facts: I-1.3, X-12)."""
    written = case.form.options.speed if case.form.options else None
    if written is None:
        return
    if case.speed is None:
        yield codes.SPEED_UNKNOWN.at(
            "options.speed", f"There is no speed upgrade `{written}`.", nearest(written, SPEED_UPGRADES)
        )
    elif case.formula is not None and case.speed not in case.formula.speeds.value:
        offered = ", ".join(each.identifier for each in case.formula.speeds.value)
        yield codes.SPEED_NOT_OFFERED.at(
            "options.speed",
            f"{case.formula.name} does not offer {case.speed.name}.",
            f"One of: {offered}." if offered else case.leave_out("options.speed"),
        )


def level_is_offered(case: Case) -> Iterator[Finding]:
    """The level exists and is one of the formula's (facts: I-9.2, X-4)."""
    written = case.form.options.sla if case.form.options else None
    if written is None:
        return
    if written not in LEVEL_IDENTIFIERS:
        yield codes.LEVEL_UNKNOWN.at(
            "options.sla", f"There is no level `{written}`.", nearest(written, LEVEL_IDENTIFIERS)
        )
    elif case.formula is not None and written not in {each.identifier for each in case.formula.levels.value}:
        offered = ", ".join(filter(None, (each.identifier for each in case.formula.levels.value)))
        yield codes.LEVEL_NOT_OFFERED.at(
            "options.sla",
            f"{case.formula.name} cannot have the level `{written}`.",
            f"One of: {offered}." if offered else case.leave_out("options.sla"),
            facts=case.formula.levels.facts,
        )


def line_speed_is_open(case: Case) -> Iterator[Finding]:
    """The form states a speed only where the contract does not (facts: X-6)."""
    if case.form.line_speed is None or case.formula is None:
        return
    if case.formula.rate.value is not None:
        yield codes.LINE_SPEED_STATED.at(
            "line_speed",
            f"The contract states {case.formula.rate.value} Mbit/s for {case.formula.name}.",
            case.leave_out("line_speed"),
            facts=case.formula.rate.facts,
        )


RULES: tuple[Rule, ...] = (
    formula_is_known,
    formula_is_sold,
    speed_is_offered,
    level_is_offered,
    line_speed_is_open,
)
