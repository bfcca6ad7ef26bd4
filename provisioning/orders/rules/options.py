"""Options that the formula does not offer (facts: I-1.1, I-1.2, I-1.6)."""

from collections.abc import Iterator

from provisioning.catalogue import Availability
from provisioning.model.finding import Finding
from provisioning.orders import codes
from provisioning.orders.case import Case, Rule

_NAMES = {
    "fixed_ipv4": "a fixed IPv4 address",
    "ip_pack": "an IP Pack",
    "mobile_backup": "mobile back-up",
    "standard_changes": "standard changes",
    "router_choice": "a choice of router",
    "rush": "rush provisioning",
}


def options_are_offered(case: Case) -> Iterator[Finding]:
    """An option that is asked for must be OPT or DEF in the formula's column; false asks for nothing."""
    if case.formula is None or case.form.options is None:
        return
    for key, name in _NAMES.items():
        cell = case.formula.option(key)
        asked = getattr(case.form.options, key)
        if asked and cell.value is Availability.NOT_OFFERED:
            yield codes.OPTION_NOT_OFFERED.at(
                f"options.{key}",
                f"{case.formula.name} cannot have {name}.",
                f"{case.leave_out(f'options.{key}')} `proviso catalogue` shows which formulas offer it.",
                facts=cell.facts,
            )


def volume_pack_has_a_volume(case: Case) -> Iterator[Finding]:
    """A Volume Pack needs a volume that can be passed (facts: I-3)."""
    if case.formula is None or case.form.options is None or not case.form.options.volume_pack:
        return
    if case.formula.volume_pack.value is Availability.NOT_OFFERED:
        yield codes.VOLUME_UNLIMITED.at(
            "options.volume_pack",
            f"{case.formula.name} has unlimited volume.",
            case.leave_out("options.volume_pack"),
            facts=case.formula.volume.facts,
        )


RULES: tuple[Rule, ...] = (options_are_offered, volume_pack_has_a_volume)
