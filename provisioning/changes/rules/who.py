"""Who asks, and for which line (facts: I-8.6, I-5.3, I-8.5)."""

from collections.abc import Iterator, Mapping

from provisioning.changes import codes
from provisioning.changes.case import RequestCase, Rule
from provisioning.model.finding import Finding
from provisioning.model.line import LineState


def requester_is_a_representative(case: RequestCase) -> Iterator[Finding]:
    """Only the customer's listed representatives may ask (facts: I-8.6)."""
    if case.line is None:
        return
    customer = case.line.form.get("customer")
    listed = customer.get("representatives") if isinstance(customer, Mapping) else None
    names = [str(each) for each in listed] if isinstance(listed, list) else []
    if not names:
        yield codes.NOBODY_LISTED.at(
            "requester",
            f"No representative of {case.line.customer or 'the customer'} is listed.",
            f"List them in the order form of {case.line.id}: `customer: {{representatives: [...]}}`, by an order of "
            "kind `change`.",
        )
    elif case.form.requester.strip().casefold() not in {each.strip().casefold() for each in names}:
        yield codes.REQUESTER_NOT_LISTED.at(
            "requester",
            f"{case.form.requester} is no representative of {case.line.customer}.",
            "Have a listed representative ask, or list this one by an order of kind `change`.",
        )


def line_is_in_service(case: RequestCase) -> Iterator[Finding]:
    """There is a line of that id, and it is in service by us."""
    line = case.line
    if line is None:
        yield codes.LINE_NOT_THERE.at(
            "line", f"There is no line {case.form.line}.", "`proviso line list` shows the lines."
        )
    elif line.state is LineState.CEASED:
        yield codes.LINE_OVER.at(
            "line", f"{line.id} was ceased on {line.ceased_at:%Y-%m-%d}.", "Order a new line: `kind: new`."
        )
    elif line.state is LineState.ACCEPTED:
        yield codes.LINE_NOT_IN_SERVICE.at(
            "line",
            f"{line.id} is ordered, and was not brought into service yet.",
            "Change the order instead, or ask again once `proviso order activate` has proven the line.",
        )
    elif case.not_whole and case.managed:
        yield codes.LINE_NOT_WHOLE.at(
            "line",
            f"The order form of {line.id} cannot be relied on: {case.not_whole}.",
            f"Complete it with `proviso line adopt {line.id} --form`, or by an order of kind `change`.",
        )


def line_has_a_managed_firewall(case: RequestCase) -> Iterator[Finding]:
    """Changes are for the formulas whose router we manage (facts: I-5.3, I-8.5)."""
    if case.line is None or case.managed:
        return
    formula = case.formula
    name, facts = (formula.name, formula.managed_firewall.facts) if formula else (case.line.formula, ())
    yield codes.FIREWALL_NOT_MANAGED.at(
        "line",
        f"{name} has no managed firewall.",
        "Only Internet Pro+, FullFiber Extended and their like-for-like and temporary versions have one.",
        facts=facts,
    )


RULES: tuple[Rule, ...] = (requester_is_a_representative, line_is_in_service, line_has_a_managed_firewall)
