"""The acceptance report as JSON knows values; the keys are stable, the words are the model's."""

from math import isfinite

from provisioning.model.acceptance import AcceptanceReport
from provisioning.model.intent import AddressedIntent
from provisioning.model.opening import Opening
from provisioning.model.product import Product
from provisioning.model.verdict import CheckResult, Figure, Outcome
from provisioning.reports.checks import met

SCHEMA = 1
"""Counts up when a key changes its meaning or goes away; new keys may come at any time."""


def acceptance_data(report: AcceptanceReport) -> dict[str, object]:
    """Return the report's content as dictionaries, lists, text, numbers, true, false and null."""
    verdict = report.verdict
    return {
        "schema": SCHEMA,
        "order": _order(report.product),
        "delivered": _delivered(report),
        "verdict": {
            "proven": verdict.proven,
            "passed": verdict.count(Outcome.PASSED),
            "failed": verdict.count(Outcome.FAILED),
            "not_observed": verdict.count(Outcome.NOT_OBSERVED),
            "evaluated": verdict.evaluated,
        },
        "checks": [_check(each) for each in verdict.results],
        "run": {
            "id": report.run,
            "started": report.started.isoformat(),
            "ended": report.ended.isoformat(),
            "seconds": (report.ended - report.started).total_seconds(),
            "stages": [{"stage": each.stage.value, "seconds": each.seconds} for each in report.timings],
        },
        "open_before": None if report.open_before is None else list(report.open_before),
    }


def _order(product: Product) -> dict[str, object]:
    rate, volume = product.rate, product.volume
    return {
        "number": product.order,
        "customer": product.customer,
        "site": product.site,
        "formula": product.formula,
        "formula_name": product.formula_name,
        "access": product.access.value,
        "rate_mbits": {"down": rate.down, "up": rate.up} if rate else None,
        "volume": {"gigabytes": volume.gigabytes, "fair_use": volume.fair_use, "volume_pack": product.volume_pack},
        "level": {"name": product.level.name, "window": product.level.window},
        "term_months": product.term_months,
        "rush": product.rush.isoformat() if product.rush else None,
        "options": {
            "fixed_ipv4": product.fixed_ipv4,
            "fixed_ipv6": product.fixed_ipv6,
            "ip_pack": product.ip_pack,
            "mobile_backup": product.mobile_backup,
            "managed_firewall": product.managed_firewall,
            "standard_changes": product.standard_changes,
            "configuration_backup": product.configuration_backup,
            "router_choice": product.router_choice,
        },
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _delivered(report: AcceptanceReport) -> dict[str, object]:
    addressed = report.addressed
    intent, ipv6, wifi = addressed.intent, addressed.ipv6, addressed.intent.wifi
    return {
        "line": intent.line,
        "bearers": list(intent.bearers),
        "fixed_ipv4": _text(addressed.fixed_ipv4),
        "ip_pack": _text(addressed.ip_pack),
        "ipv6": None
        if ipv6 is None
        else {
            "block": str(ipv6.block),
            "lan_half": str(ipv6.lan_half),
            "link": str(ipv6.link),
            "routed_half": _text(ipv6.routed_half),
            "next_hop": _text(ipv6.next_hop),
        },
        "management": _text(addressed.management),
        "lan": None
        if intent.lan is None
        else {
            "subnet": str(intent.lan.subnet),
            "router": str(intent.lan.router),
            "dhcp": [{"first": str(each.first), "last": str(each.last)} for each in intent.lan.dhcp],
        },
        # Where the key comes from is nobody's business here, let alone the key.
        "wifi": None if wifi is None else {"ssid": wifi.ssid, "channel": wifi.channel, "security": wifi.security},
        "openings": _openings(addressed),
        "router": {"kind": report.product.router.value, "serial": report.serial or None},
        "ont": intent.ont.serial if intent.ont else None,
        "digest": report.digest or None,
    }


def _openings(addressed: AddressedIntent) -> list[dict[str, object]]:
    return [
        {"ports": str(each.ports), "target": str(each.target), **_limits(each)} for each in addressed.intent.openings
    ]


def _limits(opening: Opening) -> dict[str, object]:
    """Return what is special about an opening, and nothing of one that leads everybody to the same port."""
    translated = {} if opening.to_port is None else {"to_port": opening.to_port}
    return {**translated, **({"from": [str(each) for each in opening.sources]} if opening.sources else {})}


def _number(value: float | None) -> float | None:
    """Return a number that JSON can hold."""
    return value if value is not None and isfinite(value) else None


def _check(result: CheckResult) -> dict[str, object]:
    return {
        "check": result.check,
        "kind": result.kind,
        "subject": result.subject,
        "viewpoint": result.viewpoint.value,
        "weight": result.weight.value,
        "outcome": result.outcome.value,
        "finding": result.finding,
        "evidence": result.evidence,
        "evaluated": result.evaluated,
        "facts": list(result.facts),
        "figures": [_figure(each, result) for each in result.figures],
        "series": [
            {
                "name": each.name,
                "unit": each.unit,
                "points": [[seconds, _number(value)] for seconds, value in each.points if isfinite(seconds)],
            }
            for each in result.series
        ],
    }


def _figure(figure: Figure, result: CheckResult) -> dict[str, object]:
    return {
        "name": figure.name,
        "value": _number(figure.value),
        "unit": figure.unit,
        "target": _number(figure.target),
        "target_met": met(figure, result),
        "note": figure.note,
    }
