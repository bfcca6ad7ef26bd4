"""What the order form of an adopted router is worth: whether it is accepted, and says what the router does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from provisioning.addressing.address import address
from provisioning.adopting.compare import differences
from provisioning.clock import contract_date
from provisioning.intent import intend
from provisioning.model.adoption import Reading
from provisioning.model.block import Block
from provisioning.model.finding import Finding, Severity, refused
from provisioning.model.intent import AddressedIntent, Role
from provisioning.model.product import Product
from provisioning.orders import delivery
from provisioning.orders.check import check_whole
from provisioning.orders.form import OrderForm
from provisioning.workflows.accept_order import judge_surroundings
from provisioning.workflows.claim_blocks import needs_known
from provisioning.workflows.read_router import ReadRouter
from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class JudgedAdoption:
    """A form, judged.

    Attributes:
        product: None when the form is refused.
        addressed: the line's intent; None when the form is refused, or the router has not what it needs.
        reading: with what the form makes of it.
    """

    findings: tuple[Finding, ...]
    product: Product | None
    addressed: AddressedIntent | None
    reading: Reading


def judge_adoption(
    connection: Connection,
    line: str,
    form: OrderForm,
    sold: str | None,
    router: ReadRouter,
    blocks: Mapping[Role, Block],
    around: Surroundings,
) -> JudgedAdoption:
    """Judge the form of an adopted line.

    Args:
        form: the line's whole order form.
        sold: the formula that it has: it exists, so a stop-sell does not touch it.
        router: what was read.
        blocks: of the line, by their roles.
    """
    judgement = check_whole(form, contract_date(around.clock), sold=sold)
    findings, product = judgement.findings, judgement.product
    if product is None:
        return _without_intent(findings, None, router, _refusals(findings))
    findings = (*findings, *judge_surroundings(connection, product, line, around))
    intent, lacking = needs_known(intend(product, line), blocks)
    absent = tuple(f"{role}: the form needs one, and the router shows none." for role in lacking)
    if absent or refused(findings):
        return _without_intent(
            findings, None if refused(findings) else product, router, (*_refusals(findings), *absent)
        )
    addressed = address(intent, blocks)
    findings = (*findings, *delivery.lan_is_apart(addressed))
    if refused(findings):
        return _without_intent(findings, None, router, _refusals(findings))
    differ = differences(router.addressed, addressed)
    reading = replace(router.reading, differences=differ, whole=not differ)
    return JudgedAdoption(findings, product, addressed, reading)


def _without_intent(
    findings: tuple[Finding, ...], product: Product | None, router: ReadRouter, missing: tuple[str, ...]
) -> JudgedAdoption:
    return JudgedAdoption(findings, product, None, replace(router.reading, missing=missing))


def _refusals(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    return tuple(_texts(findings))


def _texts(findings: tuple[Finding, ...]) -> Iterator[str]:
    for each in findings:
        if each.severity is Severity.REFUSAL:
            yield f"{each.where}: {each.reason} {each.remedy}".removeprefix(": ")
