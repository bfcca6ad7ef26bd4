"""How a checked, planned or accepted order looks, to people and as JSON."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from provisioning.cli import output
from provisioning.errors import ExitCode, ProvisoError

if TYPE_CHECKING:
    from provisioning.model.finding import Finding
    from provisioning.model.intent import AddressedIntent, Intent
    from provisioning.model.product import Product
    from provisioning.orders.check import Judgement
    from provisioning.orders.form import OrderForm
    from provisioning.store.assigning import Assigned
    from provisioning.workflows.accept_order import Acceptance

_STYLES = {"accepted": "green", "refused": "bold red", "unreadable": "bold red"}


@dataclass(frozen=True, slots=True)
class Checked:
    """One form after `order check`."""

    file: str
    form: "OrderForm | None"
    judgement: "Judgement | None"
    error: ProvisoError | None

    @property
    def verdict(self) -> str:
        """`accepted`, `refused` or `unreadable`."""
        if self.judgement is None:
            return "unreadable"
        return "accepted" if self.judgement.accepted else "refused"

    @property
    def exit_code(self) -> int:
        """What this form alone would answer."""
        if self.error is not None:
            return self.error.exit_code
        return ExitCode.DONE if self.verdict == "accepted" else ExitCode.REFUSED


def print_checked(checked: Checked, *, quiet: bool) -> None:
    """Print the verdict on one form and every finding."""
    if checked.error is not None:
        output.print_error(checked.error)
        return
    if checked.form is None or checked.judgement is None or (quiet and checked.verdict == "accepted"):
        return
    product = checked.judgement.product
    about = product.formula_name if product is not None else _about(checked.form)
    output.print_line(
        (f"{checked.verdict:<10}", _STYLES[checked.verdict]),
        (f"{checked.file}  ", ""),
        (checked.form.order, "bold"),
        (f"  {about}", ""),
    )
    print_findings(checked.judgement.findings)


def _about(form: "OrderForm") -> str:
    if form.kind == "new":
        return form.formula or ""
    whole = "" if form.kind == "cease" else "; `order plan` judges the line that results"
    return f"{form.kind} of {form.line or 'no line'}{whole}"


def print_findings(findings: "Sequence[Finding]") -> None:
    """Print findings: code, facts and place; reason; remedy."""
    for finding in findings:
        style = "red" if finding.severity.value == "refusal" else "yellow"
        place = f"  at {finding.where}" if finding.where else ""
        output.print_line(
            (f"  {finding.severity.value} {finding.code}", style), (f"  ({', '.join(finding.facts)}){place}", "")
        )
        output.print_wrapped(finding.reason, indent=4)
        output.print_wrapped(finding.remedy, indent=4, style="dim")


def summary(results: Sequence[Checked]) -> str:
    """Return the last line of a batch."""
    count = Counter(each.verdict for each in results)
    return f"{len(results)} forms: " + ", ".join(
        f"{count[verdict]} {verdict}" for verdict in ("accepted", "refused", "unreadable")
    )


def checked_data(results: Sequence[Checked]) -> dict[str, object]:
    """Return a batch of checked forms for JSON."""
    return {
        "orders": [
            {
                "file": each.file,
                "verdict": each.verdict,
                "order": each.form.order if each.form else None,
                "kind": each.form.kind if each.form else None,
                "formula": each.form.formula if each.form else None,
                "findings": each.judgement.findings if each.judgement else [],
                "error": output.error_data(each.error) if each.error else None,
            }
            for each in results
        ],
        "summary": dict(Counter(each.verdict for each in results)),
    }


def acceptance_data(acceptance: "Acceptance", *, planned: bool) -> dict[str, object]:
    """Return a planned or accepted order for JSON."""
    return {
        "planned": planned,
        "order": acceptance.order,
        "kind": acceptance.kind,
        "verdict": "accepted" if acceptance.accepted else "refused",
        "known": acceptance.known,
        "line": acceptance.line,
        "findings": acceptance.findings,
        "product": acceptance.product,
        "addressed_intent": acceptance.addressed,
        "assignments": [
            {
                "step": each.step,
                "role": each.assignment.role,
                "address": each.assignment.address,
                "pool": each.assignment.pool,
                "before": each.before.address if each.before else None,
            }
            for each in acceptance.assigned
        ],
    }


def print_acceptance_line(acceptance: "Acceptance") -> None:
    """Print one accepted or refused order of a batch."""
    if not acceptance.accepted:
        output.print_line(("refused   ", _STYLES["refused"]), (acceptance.order, "bold"))
    else:
        again = " (accepted before)" if acceptance.known else ""
        again = " (accepted before; ceased)" if acceptance.known and acceptance.product is None else again
        addresses = "  ".join(_brief(each) for each in acceptance.assigned)
        output.print_line(
            ("accepted  ", _STYLES["accepted"]),
            (acceptance.order, "bold"),
            (f"  line {acceptance.line}{again}  {addresses}", ""),
        )
    print_findings(acceptance.findings)


def _before(assigned: "Assigned") -> str:
    before = assigned.before
    if before is None:
        return ""
    return before.address if before.pool == assigned.assignment.pool else f"{before.address} of {before.pool}"


def _brief(assigned: "Assigned") -> str:
    number = assigned.assignment.role.value == "ont-id"
    address = f"ONT {assigned.assignment.address}" if number else assigned.assignment.address
    return f"{address} {assigned.step}" if assigned.step.value not in ("assigned", "kept") else address


def print_acceptance(acceptance: "Acceptance", *, planned: bool) -> None:
    """Print a planned or accepted order in full."""
    _print_head(acceptance, planned=planned)
    print_findings(acceptance.findings)
    if acceptance.product is not None:
        output.print_facts(_product(acceptance.product), title="Product")
    if acceptance.assigned:
        output.print_table(
            ("role", "address", "what", "before", "pool"),
            (
                (
                    each.assignment.role.value,
                    each.assignment.address,
                    each.step.value,
                    _before(each),
                    each.assignment.pool,
                )
                for each in acceptance.assigned
            ),
            title="Addresses",
            wraps=("pool",),
        )
    if acceptance.addressed is not None:
        output.print_facts(_addressed(acceptance.addressed), title="Addressed intent")


def _print_head(acceptance: "Acceptance", *, planned: bool) -> None:
    if not acceptance.accepted:
        output.print_line(("refused ", _STYLES["refused"]), (acceptance.order, "bold"), (f"  {acceptance.kind}", ""))
        return
    if acceptance.known and acceptance.product is None:
        text = f"accepted before; line {acceptance.line} is ceased"
    elif acceptance.known:
        text = f"accepted before, line {acceptance.line}"
    elif planned:
        new = "would be line" if acceptance.kind == "new" else "line"
        text = f"would be accepted, {new} {acceptance.line}; nothing is reserved"
    else:
        text = f"accepted, line {acceptance.line}"
    output.print_line((acceptance.order, "bold"), (f"  {acceptance.kind}  ", ""), (text, _STYLES["accepted"]))


def _product(product: "Product") -> Iterator[tuple[str, object]]:
    yield "formula", f"{product.formula_name} ({product.formula})"
    yield "customer", product.customer
    yield "site", product.site
    yield "speed", f"{product.rate} Mbit/s on {product.access}" if product.rate else f"not stated, on {product.access}"
    yield "volume", f"{product.volume}{', with Volume Pack' if product.volume_pack else ''}"
    yield "level", f"{product.level.name}, {product.level.window}"
    yield "term", f"{product.term_months} months"
    yield "ready for service", product.rush
    yield "router", f"{product.router}{f', {product.cpe.platform} {product.cpe.serial}' if product.cpe else ''}"
    yield "ONT", f"{product.ont.serial} on {product.ont.olt} {product.ont.port}" if product.ont else None
    yield "options", ", ".join(_options(product))


def _options(product: "Product") -> Iterator[str]:
    if product.ip_pack is not None:
        yield f"IP Pack of {product.ip_pack}"
    for name, present in (
        ("mobile back-up", product.mobile_backup),
        ("standard changes", product.standard_changes),
        ("choice of router", product.router_choice),
        ("managed firewall", product.managed_firewall),
        ("configuration backup", product.configuration_backup),
    ):
        if present:
            yield name


def _addressed(addressed: "AddressedIntent") -> Iterator[tuple[str, object]]:
    intent = addressed.intent
    yield "bearers", ", ".join(intent.bearers)
    yield "IPv4", addressed.fixed_ipv4 or intent.ipv4
    yield "IP Pack", addressed.ip_pack
    yield from _ipv6(addressed)
    yield "management", addressed.management
    yield "ONT id", addressed.ont_id
    yield from _inside(intent)


def _ipv6(addressed: "AddressedIntent") -> Iterator[tuple[str, object]]:
    ipv6 = addressed.ipv6
    if ipv6 is None:
        yield "IPv6", addressed.intent.ipv6
        return
    yield "IPv6", ipv6.block
    yield "  for the LANs", f"{ipv6.lan_half}, link {ipv6.link}"
    yield "  routed", f"{ipv6.routed_half} to {ipv6.next_hop}" if ipv6.routed_half else None


def _inside(intent: "Intent") -> Iterator[tuple[str, object]]:
    if intent.lan is not None:
        ranges = ", ".join(f"{each.first} - {each.last}" for each in intent.lan.dhcp)
        yield "LAN", f"{intent.lan.subnet}, router {intent.lan.router}"
        yield "DHCP", ranges or "none: servers take every address"
        yield "Wi-Fi", f"{intent.wifi.ssid}, {intent.wifi.security}" if intent.wifi else "off"
    for mapping in intent.port_mappings:
        yield "opening", str(mapping.opening)
    from provisioning.model.opening import by_sources, from_sources

    for sources, some in by_sources(intent.customer_openings):
        ports = ", ".join(str(each.ports) for each in some)
        yield "opening", f"{ports} to the customer's firewall{from_sources(sources)}"
