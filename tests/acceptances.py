"""Acceptance reports to try pages on: one of each outcome, and one in which everybody wrote something hostile."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path

from provisioning.intent import intend
from provisioning.model.acceptance import AcceptanceReport, StageTiming
from provisioning.model.intent import AddressedIntent, StructuredIpv6
from provisioning.model.product import Product, WifiNetwork
from provisioning.model.run import RunStage
from provisioning.model.verdict import CheckResult, Figure, Outcome, Series, Verdict, Viewpoint, Weight
from provisioning.orders.check import check
from provisioning.orders.read import read

ORDERS = Path(__file__).parent.parent / "examples" / "orders"
STARTED = datetime(2026, 11, 23, 10, 0, 4, tzinfo=UTC)

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "\"><script>alert('2')</script>",
    "'><svg/onload=alert(3)>",
    "{{7777*7}}{% raw %}${7777*7}",
    "</style></title></svg><script>alert(4)</script>",
    "javascript:alert(5)",
    "\u202egnp.exe\u2066\u200b\x00\x07",
    "\x1b]0;owned\x07\x1b[31mred\x1b[0m",
    "]]>--><!--<iframe src=https://example.org/>",
    '&lt;b&gt; &amp; O\'Brien "& Zoon" %(run)s %s {0}',
    "<a href=https://example.org/ ping=https://example.org/>x</a><meta http-equiv=refresh content=0>",
    "W" * 300,
)


def product(name: str) -> Product:
    """Return the product of an example order."""
    judged = check(read(ORDERS / f"{name}.yaml"), STARTED.date()).product
    assert judged is not None
    return judged


def addressed(ordered: Product) -> AddressedIntent:
    """Return what the product gets, with addresses of the documentation."""
    return AddressedIntent(
        intent=intend(ordered, "L-1"),
        fixed_ipv4=IPv4Address("192.0.2.1"),
        ip_pack=IPv4Network("198.51.100.8/29") if ordered.ip_pack else None,
        ipv6=StructuredIpv6(
            block=IPv6Network("2001:db8:0:100::/56"),
            lan_half=IPv6Network("2001:db8:0:100::/57"),
            link=IPv6Network("2001:db8:0:100::/64"),
            routed_half=IPv6Network("2001:db8:0:180::/57") if ordered.ip_pack else None,
            next_hop=IPv6Address("2001:db8:0:100::10") if ordered.ip_pack else None,
        )
        if ordered.fixed_ipv6
        else None,
        management=IPv4Address("10.255.0.1"),
        ont_id=None,
    )


def result(
    kind: str,
    subject: str,
    outcome: Outcome,
    finding: str,
    evidence: str,
    *,
    viewpoint: Viewpoint = Viewpoint.INTERNET,
    weight: Weight = Weight.GATE,
    facts: tuple[str, ...] = ("I-7.2",),
    figures: tuple[Figure, ...] = (),
    series: tuple[Series, ...] = (),
) -> CheckResult:
    """Return what became of a check."""
    return CheckResult(
        f"{kind} {subject}", kind, subject, viewpoint, weight, outcome, finding, evidence, facts, figures, series
    )


def curve(level: float) -> tuple[tuple[float, float], ...]:
    """Return ten seconds of a transfer that starts slowly and dips once."""
    shape = (0.41, 0.83, 0.97, 0.985, 0.99, 0.98, 0.71, 0.9, 0.99, 0.985, 0.99)
    return tuple((float(second), level * part) for second, part in enumerate(shape))


PASSED, FAILED, NOT_OBSERVED = Outcome.PASSED, Outcome.FAILED, Outcome.NOT_OBSERVED

RESULTS = (
    result(
        "opening",
        "tcp/443 of 192.0.2.1 to 172.20.8.10",
        PASSED,
        "answered at the right host",
        "internet: connected in 3.1 ms; LAN host 172.20.8.10 saw it from 198.18.1.10",
        facts=("X-9", "I-5.1"),
    ),
    result(
        "opening",
        "tcp/25 of 192.0.2.1 to 172.20.8.10",
        PASSED,
        "let through, nobody answers",
        "internet: refused by 172.20.8.10 itself",
        facts=("X-9", "I-5.1"),
    ),
    result(
        "scan",
        "all 65535 TCP ports of 192.0.2.1",
        PASSED,
        "nothing is open but what was ordered",
        "nmap: open 25, 443; 65533 filtered; two probes a port",
        facts=("X-9", "I-5.2"),
        figures=(Figure("duration", 6.94, "s"),),
    ),
    result(
        "port-23",
        "tcp/23 of the fixed 192.0.2.1",
        PASSED,
        "shut on every address",
        "192.0.2.1: no answer",
        facts=("I-5.2",),
    ),
    result(
        "lease",
        "172.20.8.2 to 172.20.8.9",
        NOT_OBSERVED,
        "nobody could look from there",
        "the inventory has no host on this LAN",
        viewpoint=Viewpoint.LAN,
        facts=("I-4.5", "X-23"),
    ),
    result(
        "throughput",
        "100/40 Mbit/s",
        PASSED,
        "as ordered",
        "eight streams for ten seconds each way",
        viewpoint=Viewpoint.LAN,
        weight=Weight.REPORT,
        facts=("I-7.2", "I-1.1"),
        figures=(Figure("down", 95.31, "Mbit/s", 100.0), Figure("up", 38.2, "Mbit/s", 40.0, "scaled")),
        series=(Series("down", "Mbit/s", curve(96.0)), Series("up", "Mbit/s", curve(38.5))),
    ),
    result(
        "latency",
        "192.0.2.1",
        PASSED,
        "answers",
        "20 of 20 came back",
        weight=Weight.REPORT,
        figures=(Figure("latency", 0.412, "ms"),),
    ),
    result(
        "mtu",
        "1500 bytes to 192.0.2.1",
        FAILED,
        "only smaller packets pass whole",
        "1492 bytes passed, 1493 did not",
        weight=Weight.REPORT,
        figures=(Figure("mtu", 1492, "bytes", 1500),),
    ),
    result(
        "management",
        "SNMPv3 at 10.255.0.1",
        PASSED,
        "reads as the line that it is",
        "sysName L-1; wan0 up",
        viewpoint=Viewpoint.MANAGEMENT,
        facts=("I-8.1",),
    ),
)

ON_COPPER = [each for each in RunStage if each not in (RunStage.ACCESS, RunStage.TAKE_BACK)]
"""The stages of a line without an ONT that is proven at once."""

TIMINGS = tuple(
    StageTiming(stage, seconds) for stage, seconds in zip(ON_COPPER, (0.1, 0.9, 1.3, 2.4, 27.6, 0.4, 0.2), strict=True)
)


def proven() -> AcceptanceReport:
    """Return the report of a line that is proven, with one of each outcome."""
    ordered = product("internet-pro-plus")
    return AcceptanceReport(
        product=ordered,
        addressed=addressed(ordered),
        run="R-7",
        started=STARTED,
        ended=STARTED + timedelta(seconds=32.9),
        serial="LX0101",
        digest="9f2b4c" + "0d7a41e8" * 7 + "5c",
        verdict=Verdict(RESULTS),
        open_before=("tcp/22 of 192.0.2.1",),
        timings=TIMINGS,
    )


def all_passed() -> AcceptanceReport:
    """Return the report of a line of which everything was observed, and passed."""
    report = proven()
    results = tuple(replace(each, outcome=PASSED) for each in RESULTS if each.outcome is PASSED)
    return replace(report, verdict=Verdict(results), open_before=())


def not_proven() -> AcceptanceReport:
    """Return the report of a line on which more is open than was ordered, without router facts beyond the serial."""
    report = proven()
    wrong = replace(
        RESULTS[2], outcome=FAILED, finding="more is open than was ordered", evidence="nmap: open 25, 443, 8080"
    )
    slow = replace(
        RESULTS[5],
        outcome=FAILED,
        finding="below what was ordered",
        figures=(Figure("down", 61.7, "Mbit/s", 100.0), Figure("up", 38.2, "Mbit/s", 40.0)),
    )
    results = (*RESULTS[:2], wrong, *RESULTS[3:5], slow, *RESULTS[6:])
    return replace(report, verdict=Verdict(results), open_before=None, timings=(), digest="")


def hostile() -> AcceptanceReport:
    """Return a report in which everything that others write is hostile."""
    report = proven()
    everything = " ".join(HOSTILE)
    intent = replace(report.addressed.intent, wifi=WifiNetwork(HOSTILE[0], 36, HOSTILE[1], "env:NAME"))
    results = tuple(
        result(
            text,
            text,
            outcome,
            text,
            f"{text}\nsecond line",
            facts=(text,),
            weight=Weight.REPORT,
            figures=(Figure(text, 1.0, text, 2.0, text),),
            series=(Series(text, text, curve(1.0)),),
        )
        for text, outcome in zip(HOSTILE, (*Outcome,) * len(HOSTILE), strict=False)
    )
    return replace(
        report,
        product=replace(
            report.product, order=HOSTILE[1], customer=everything, site=everything, formula_name=HOSTILE[3]
        ),
        addressed=replace(report.addressed, intent=intent),
        run=HOSTILE[2],
        serial=HOSTILE[4],
        digest=HOSTILE[5],
        open_before=HOSTILE,
        verdict=Verdict((*report.verdict.results, *results)),
    )
