"""Router and ONT: there where they belong, absent where not (facts: I-1.1, I-1.2, I-2, X-13)."""

import re
from collections.abc import Iterator, Mapping

from provisioning.catalogue import Router
from provisioning.model.finding import Finding
from provisioning.orders import codes
from provisioning.orders.case import Case, Rule
from provisioning.orders.serials import ONT_SERIAL

CPE_PLATFORMS: Mapping[str, frozenset[Router]] = {
    # The Internet Box, and a white-box professional router.
    "linux_cpe": frozenset({Router.INTERNET_BOX, Router.PROFESSIONAL}),
    # Cisco C1100 with LTE.
    "cisco_iosxe": frozenset({Router.PROFESSIONAL}),
}
"""Which platform can stand in for which router of the contract."""

# Frame, slot and port, as SmartAX numbers them.
_OLT_PORT = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{1,2}", re.ASCII)


def router_is_where_it_belongs(case: Case) -> Iterator[Finding]:
    """The form names a router where the operator supplies one, and none on Essential formulas."""
    if case.formula is None or case.form.kind == "cease":
        return
    if case.customers_own_router and case.form.cpe is not None:
        yield codes.CPE_NOT_OURS.at(
            "cpe",
            f"With {case.formula.name} the router is the customer's own.",
            case.leave_out("cpe"),
            facts=case.formula.router.facts,
        )
    elif case.whole and not case.customers_own_router and case.form.cpe is None:
        yield codes.CPE_MISSING.at(
            "cpe",
            f"{case.formula.name} comes with a router ({case.formula.router.value}).",
            "Add `cpe: {platform: …, serial: …}`.",
            facts=case.formula.router.facts,
        )


def platform_serves_formula(case: Case) -> Iterator[Finding]:
    """The platform exists and is one that the formula's router can be."""
    platform = case.form.cpe.platform if case.form.cpe else None
    if platform is None or case.customers_own_router:
        return
    serves = CPE_PLATFORMS.get(platform)
    if serves is None:
        yield codes.CPE_PLATFORM.at(
            "cpe.platform", f"There is no router platform `{platform}`.", f"One of: {', '.join(CPE_PLATFORMS)}."
        )
    elif case.formula is not None and case.formula.router.value not in serves:
        able = ", ".join(name for name, routers in CPE_PLATFORMS.items() if case.formula.router.value in routers)
        yield codes.CPE_PLATFORM.at(
            "cpe.platform",
            f"{case.formula.name} comes with an {case.formula.router.value}, which `{platform}` cannot be.",
            f"One of: {able}.",
        )


def ont_is_where_it_belongs(case: Case) -> Iterator[Finding]:
    """Every fibre line has an ONT on an OLT, no copper line has one."""
    if case.formula is None or case.form.kind == "cease":
        return
    if not case.formula.has_ont and case.form.ont is not None:
        yield codes.ONT_ON_COPPER.at("ont", f"{case.formula.name} runs on copper.", case.leave_out("ont"))
    elif case.whole and case.formula.has_ont and case.form.ont is None:
        yield codes.ONT_MISSING.at(
            "ont", f"{case.formula.name} runs on fibre.", "Add `ont: {serial: …, olt: …, port: 0/1/3}`."
        )


def ont_is_well_formed(case: Case) -> Iterator[Finding]:
    """The serial is an ONT's, the port is written as the OLT writes it."""
    ont = case.form.ont
    if ont is None:
        return
    if ont.serial is not None and not ONT_SERIAL.fullmatch(ont.serial):
        yield codes.ONT_SERIAL.at(
            "ont.serial",
            f"`{ont.serial}` is no ONT serial number.",
            "Four capital letters and eight hexadecimal digits, such as HWTC1A2B3C4D: it stands on the label.",
        )
    if ont.port is not None and not _OLT_PORT.fullmatch(ont.port):
        yield codes.ONT_PORT.at(
            "ont.port", f"`{ont.port}` is no port of an OLT.", "Write frame/slot/port, such as 0/1/3."
        )


RULES: tuple[Rule, ...] = (
    router_is_where_it_belongs,
    platform_serves_formula,
    ont_is_where_it_belongs,
    ont_is_well_formed,
)
