"""Checks an order against the contract: `check(order) -> Product`, or every reason why not."""

from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Address

from provisioning.catalogue import Availability, Formula, Level, Rate, Volume, level_named
from provisioning.model.finding import Finding, Severity, refused
from provisioning.model.port_range import ALL_BUT_MANAGEMENT, STANDARD_OPENINGS, PortRange, merge
from provisioning.model.product import CUSTOMER_ROUTER, CpeDevice, OntDevice, Opening, Product, WifiNetwork
from provisioning.orders.case import Case
from provisioning.orders.form import OrderForm, Server
from provisioning.orders.rules import RULES
from provisioning.orders.rules.openings import ALL_PORTS, CUSTOMER_FIREWALL, NO_PORTS
from provisioning.orders.rules.sources import read_sources

DEFAULT_TERM_MONTHS = 10
"""Facts: I-7.1, I-10."""

DEFAULT_SECURITY = "wpa2-wpa3"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the contract says of an order.

    Attributes:
        findings: refusals first, then warnings.
        product: what the order means; None when it is refused, and for a change, move or cease on its own, which
            only the line that it is for makes whole.
    """

    findings: tuple[Finding, ...]
    product: Product | None

    @property
    def accepted(self) -> bool:
        """Whether nothing stands against the order."""
        return not refused(self.findings)


def check(form: OrderForm, today: date) -> Judgement:
    """Judge an order form on its own, with neither store nor inventory.

    Args:
        form: the order.
        today: the day in the contract's time zone.
    """
    return _judge(Case(form, today, whole=form.kind == "new"))


def check_whole(form: OrderForm, today: date, *, sold: str | None) -> Judgement:
    """Judge the whole that a change or move makes of its line.

    Args:
        form: the line's order form with the change worked in.
        today: the day in the contract's time zone.
        sold: the formula that the line has so far.
    """
    return _judge(Case(form, today, whole=True, sold=sold))


def _judge(case: Case) -> Judgement:
    found = [finding for rule in RULES for finding in rule(case)]
    findings = tuple(sorted(found, key=lambda each: each.severity is Severity.WARNING))
    if refused(findings) or not case.whole or case.formula is None:
        return Judgement(findings, None)
    return Judgement(findings, _product(case, case.formula))


def _product(case: Case, formula: Formula) -> Product:
    form, options = case.form, case.form.options
    return Product(
        order=form.order,
        customer=(form.customer.name if form.customer else None) or "",
        site=(form.site.address if form.site else None) or "",
        formula=formula.identifier,
        formula_name=formula.name,
        access=formula.access.value,
        rate=_rate(case, formula),
        volume=_volume(case, formula),
        volume_pack=bool(options and options.volume_pack),
        level=_level(case, formula),
        term_months=form.term_months or DEFAULT_TERM_MONTHS,
        rush=date.fromisoformat(options.rush.rfs) if options and options.rush and options.rush.rfs else None,
        router=formula.router.value,
        router_choice=bool(options and options.router_choice),
        fixed_ipv4=case.has_fixed_ipv4,
        fixed_ipv6=formula.fixed_ipv6.value is Availability.INCLUDED,
        ip_pack=case.ip_pack.addresses if case.ip_pack else None,
        mobile_backup=case.has_mobile_backup,
        managed_firewall=formula.managed_firewall.value is Availability.INCLUDED,
        standard_changes=bool(options and options.standard_changes),
        configuration_backup=formula.configuration_backup.value is Availability.INCLUDED,
        wifi=_wifi(form),
        lan=case.lan if formula.supplies_router else None,
        customer_firewall=case.customer_firewall,
        openings=_openings(case),
        cpe=_cpe(form),
        ont=_ont(form),
        needs_xgs_pon=case.speed is not None and case.speed.needs_xgs_pon,
        next_hop=CUSTOMER_ROUTER if case.next_hop is None else case.next_hop,
    )


def _rate(case: Case, formula: Formula) -> Rate | None:
    if case.speed is not None:
        return case.speed.rate
    stated = case.form.line_speed
    if formula.rate.value is None and stated is not None and stated.down and stated.up:
        return Rate(stated.down, stated.up)
    return formula.rate.value


def _volume(case: Case, formula: Formula) -> Volume:
    if case.speed is not None and case.speed.fair_use_gb is not None:
        return Volume(case.speed.fair_use_gb, fair_use=True)
    return formula.volume.value


def _level(case: Case, formula: Formula) -> Level:
    wanted = case.form.options.sla if case.form.options else None
    return level_named(formula.levels.value, wanted)


def _wifi(form: OrderForm) -> WifiNetwork | None:
    if form.wifi is None or not form.wifi.enabled or form.wifi.ssid is None:
        return None
    return WifiNetwork(form.wifi.ssid, form.wifi.channel, form.wifi.security or DEFAULT_SECURITY, form.wifi.key_from)


def _cpe(form: OrderForm) -> CpeDevice | None:
    cpe = form.cpe
    return CpeDevice(cpe.platform, cpe.serial.upper()) if cpe and cpe.platform and cpe.serial else None


def _ont(form: OrderForm) -> OntDevice | None:
    ont = form.ont
    return OntDevice(ont.serial, ont.olt, ont.port) if ont and ont.serial and ont.olt and ont.port else None


def _openings(case: Case) -> tuple[Opening, ...]:
    openings = [_opening(server) for _, server in case.servers]
    towards_firewall = any(each.target == CUSTOMER_FIREWALL for each in openings)
    if case.customer_firewall and not towards_firewall:
        # The firewall by itself receives the standard set (facts: X-9).
        openings.append(Opening(STANDARD_OPENINGS, CUSTOMER_FIREWALL))
    return tuple(openings)


def _opening(server: Server) -> Opening:
    ports: tuple[PortRange, ...]
    if server.ports is None:
        ports = STANDARD_OPENINGS
    elif server.ports == [ALL_PORTS]:
        ports = ALL_BUT_MANAGEMENT
    elif server.ports == [NO_PORTS]:
        ports = ()
    else:
        ports = merge(PortRange.parse(each) for each in server.ports)
    sources = read_sources(server)
    if server.to == CUSTOMER_FIREWALL:
        return Opening(ports, CUSTOMER_FIREWALL, None, sources)
    return Opening(ports, IPv4Address(server.to), server.to_port, sources)
