"""Accepting an order: judge it as the whole that it makes of its line, register it, assign what it needs.

All of it is one transaction of the store: a process that is killed leaves either nothing or everything, and two that
accept the same order at once end with the same line.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from provisioning.addressing.address import address
from provisioning.clock import contract_date
from provisioning.intent import intend
from provisioning.model.finding import Finding, refused
from provisioning.model.intent import AddressedIntent
from provisioning.model.line import Line, LineState, ServiceOrder
from provisioning.model.product import Product
from provisioning.orders import codes, delivery
from provisioning.orders.amend import amend, digest, lasting, plain, stored
from provisioning.orders.check import Judgement, check, check_whole
from provisioning.orders.form import OrderForm
from provisioning.store import adoptions, assigning, lines, pools, runs
from provisioning.store.assigning import Assigned, Step
from provisioning.store.assignments import Release
from provisioning.workflows.line_devices import devices_of
from provisioning.workflows.moved_addresses import moved_addresses, router_stays
from provisioning.workflows.network_records import forget_network, tell_network
from provisioning.workflows.router_limits import router_can_be_told
from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What became of an order, or would become.

    Attributes:
        line: the line's id; None when the order is refused.
        known: whether the order was accepted before.
        product: None for a cease, and when the order is refused.
        addressed: None likewise.
        assigned: what happened to each block.
    """

    order: str
    kind: str
    line: str | None
    known: bool
    findings: tuple[Finding, ...]
    product: Product | None = None
    addressed: AddressedIntent | None = None
    assigned: tuple[Assigned, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the order is, or would be, accepted."""
        return not refused(self.findings)


class _OrderRefusedError(Exception):
    """Ends the transaction without effect."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__()
        self.findings = findings


def accept_order(form: OrderForm, around: Surroundings) -> Acceptance:
    """Register an order on its line and assign what it needs; asked again, answer the same.

    Raises:
        PoolExhausted: when a pool has no room; nothing is changed then.
        UnreadableForm: when a change and its line make no form together.
        UnreadableProject: when inventory or pools.yaml cannot be used.
        EnvironmentTrouble: when the store cannot be used.
    """
    acceptance = _run(form, around, rehearsal=False)
    if acceptance.addressed is not None:
        before = _delivered(acceptance.line, around)
        tell_network(around.state, acceptance.addressed, acceptance.order, before=before)
    elif acceptance.line is not None and not _has_run(acceptance.line, around):
        forget_network(around.state, acceptance.line)
    return acceptance


def _delivered(line: str | None, around: Surroundings) -> AddressedIntent | None:
    """Return a line as it was delivered last; None when it never was."""
    if line is None:
        return None
    with around.store.read() as connection:
        run = runs.latest_proven(connection, line)
    return run.snapshot.addressed if run is not None and run.snapshot is not None else None


def _has_run(line: str, around: Surroundings) -> bool:
    with around.store.read() as connection:
        return runs.has_run(connection, line)


def plan_order(form: OrderForm, around: Surroundings) -> Acceptance:
    """Return what `accept_order` would do, down to the addresses, and change nothing.

    Raises:
        PoolExhausted: when a pool has no room.
        UnreadableForm: when a change and its line make no form together.
        UnreadableProject: when inventory or pools.yaml cannot be used.
        EnvironmentTrouble: when the store cannot be used.
    """
    return _run(form, around, rehearsal=True)


def _run(form: OrderForm, around: Surroundings, *, rehearsal: bool) -> Acceptance:
    judgement = check(form, contract_date(around.clock))
    now = around.clock.now()
    pools_file = around.pools
    if form.ont is not None or form.kind in ("change", "move"):
        # Read before the write lock is taken: it costs more than all that happens under the lock.
        _ = around.olts
    transaction = around.store.rehearse() if rehearsal else around.store.write()
    try:
        with transaction as connection:
            known = lines.find_order(connection, form.order)
            if known is None and not judgement.accepted:
                raise _OrderRefusedError(*judgement.findings)
            pools.take_in(connection, pools_file.pools, pools_file.digest, now)
            if known is not None:
                return _repeat(connection, form, known, around, now)
            if form.kind == "new":
                return _begin(connection, form, judgement, around, now)
            return _continue(connection, form, around, now)
    except _OrderRefusedError as refusal:
        return Acceptance(form.order, form.kind, None, known=False, findings=refusal.findings)


def _repeat(
    connection: Connection, form: OrderForm, known: ServiceOrder, around: Surroundings, now: datetime
) -> Acceptance:
    """Answer for an order that was accepted before: the line as it is, and what it lacks since."""
    if known.digest != digest(form):
        raise _OrderRefusedError(
            codes.ORDER_NUMBER_REUSED.at(
                "order",
                f"{form.order} was accepted on {known.accepted_at:%Y-%m-%d %H:%M} UTC for line {known.line} "
                "with another content.",
                "Give the new content a number of its own.",
            )
        )
    line = lines.need_line(connection, known.line)
    if line.state is LineState.CEASED:
        return Acceptance(form.order, form.kind, line.id, known=True, findings=())
    whole = stored(line.form, line.id)
    judgement = check_whole(whole, contract_date(around.clock), sold=line.formula)
    product = replace(_need_product(judgement), rush=_rush(form))
    latest = lines.orders_of(connection, line.id)[-1].number
    return _address(
        connection, form, line.id, Judgement(judgement.findings, product), around, now, by=latest, known=True
    )


def _rush(form: OrderForm) -> date | None:
    """Return the date that an accepted order asked for; its line does not keep it."""
    rush = form.options.rush if form.options else None
    return date.fromisoformat(rush.rfs) if rush and rush.rfs else None


def _begin(
    connection: Connection, form: OrderForm, judgement: Judgement, around: Surroundings, now: datetime
) -> Acceptance:
    product = _need_product(judgement)
    findings = (*judgement.findings, *judge_surroundings(connection, product, None, around))
    _stop_if_refused(findings)
    line = lines.add_line(
        connection,
        formula=product.formula,
        customer=product.customer,
        site=product.site,
        form=lasting(form),
        now=now,
    )
    acceptance = _address(connection, form, line, Judgement(findings, product), around, now, by=form.order)
    _register(connection, form, line, acceptance.findings, now)
    return acceptance


def _continue(connection: Connection, form: OrderForm, around: Surroundings, now: datetime) -> Acceptance:
    """Carry a change, move or cease over to its line."""
    line = lines.find_line(connection, form.line or "L-0")
    if line is None:
        raise _OrderRefusedError(
            codes.LINE_UNKNOWN.at("line", f"There is no line {form.line}.", "`proviso line list` shows the lines.")
        )
    if line.state is LineState.CEASED:
        raise _OrderRefusedError(
            codes.LINE_CEASED.at(
                "line", f"{line.id} was ceased on {line.ceased_at:%Y-%m-%d}.", "Order a new line: `kind: new`."
            )
        )
    if form.kind == "cease":
        return _end(connection, form, line, around, now)
    whole = amend(line.form, form)
    judgement = check_whole(whole, contract_date(around.clock), sold=line.formula)
    _stop_if_refused(judgement.findings)
    product = _need_product(judgement)
    findings = (*judgement.findings, *judge_surroundings(connection, product, line.id, around))
    _stop_if_refused(findings)
    lines.change_line(
        connection,
        line.id,
        formula=product.formula,
        customer=product.customer,
        site=product.site,
        form=lasting(whole),
    )
    acceptance = _address(connection, form, line.id, Judgement(findings, product), around, now, by=form.order)
    _register(connection, form, line.id, acceptance.findings, now)
    return acceptance


def _end(connection: Connection, form: OrderForm, line: Line, around: Surroundings, now: datetime) -> Acceptance:
    findings = tuple(router_stays(line))
    _register(connection, form, line.id, findings, now)
    release = Release(f"cease, order {form.order}", now, around.quarantine_days)
    assigned = assigning.assign(connection, line.id, (), order=form.order, release=release)
    if not runs.has_run(connection, line.id):
        # Otherwise they are the line's until they are taken out of service, lest another line is given them before.
        lines.set_devices(connection, line.id, [], now)
    lines.cease_line(connection, line.id, now)
    return Acceptance(form.order, form.kind, line.id, known=False, findings=findings, assigned=tuple(assigned))


def _address(
    connection: Connection,
    form: OrderForm,
    line: str,
    judgement: Judgement,
    around: Surroundings,
    now: datetime,
    *,
    by: str,
    known: bool = False,
) -> Acceptance:
    """Give the line its devices and its blocks, and refuse what does not fit together."""
    product = _need_product(judgement)
    intent = intend(product, line)
    lines.set_devices(connection, line, devices_of(product, now), now)
    release = Release(f"no longer ordered, order {by}", now, around.quarantine_days)
    assigned = assigning.assign(connection, line, intent.needs, order=by, release=release)
    held = {each.assignment.role: each.assignment.block for each in assigned if each.step is not Step.RELEASED}
    addressed = address(intent, held)
    unmanaged = adoptions.unmanaged_addresses(connection, line)
    findings = (*judgement.findings, *moved_addresses(assigned, unmanaged), *delivery.lan_is_apart(addressed))
    _stop_if_refused(findings)
    _stop_if_refused(tuple(router_can_be_told(addressed, around)))
    return Acceptance(form.order, form.kind, line, known, findings, product, addressed, tuple(assigned))


def _need_product(judgement: Judgement) -> Product:
    if judgement.product is None:
        raise _OrderRefusedError(*judgement.findings)
    return judgement.product


def _stop_if_refused(findings: tuple[Finding, ...]) -> None:
    if refused(findings):
        raise _OrderRefusedError(*findings)


def judge_surroundings(
    connection: Connection, product: Product, line: str | None, around: Surroundings
) -> Iterator[Finding]:
    """Yield what the inventory, the secrets and the lines that there are say of a product.

    Args:
        line: that it is for; None for a new one.
    """
    if product.ont is not None:
        yield from delivery.port_carries_speed(product, around.olts)
    if product.wifi is not None and product.wifi.key_from is not None:
        yield from delivery.wifi_key_is_allowed(product, around.secrets.read(product.wifi.key_from))
    for kind, device in (("cpe", product.cpe), ("ont", product.ont)):
        user = lines.line_using(connection, kind, device.serial) if device is not None else None
        if device is not None and user is not None and user != line:
            yield codes.SERIAL_IN_USE.at(
                f"{kind}.serial",
                f"{device.serial} serves line {user}.",
                "Check the label; if the device has moved, cease or change that line first.",
            )


def _register(
    connection: Connection, form: OrderForm, line: str, findings: tuple[Finding, ...], now: datetime
) -> None:
    lines.add_order(
        connection,
        number=form.order,
        line=line,
        kind=form.kind,
        digest=digest(form),
        form=plain(form),
        warnings=tuple(finding.code for finding in findings),
        now=now,
    )
