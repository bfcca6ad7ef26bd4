"""The acceptance report as text: what it says, what it never says, and the same as JSON."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import date, datetime

import pytest
from acceptances import HOSTILE, ORDERS, addressed, all_passed, hostile, not_proven, product, proven
from worlds import ROOT

from provisioning.expecting.expect import expect
from provisioning.model.proof import CheckKind, Found
from provisioning.model.verdict import Outcome, Series, Verdict, Viewpoint, Weight
from provisioning.rendering.operator_file import read_operator_file
from provisioning.reports import Language, acceptance_data, acceptance_page
from provisioning.reports.subjects import is_known
from provisioning.reports.words import Words

LANGUAGES: tuple[Language, ...] = ("en", "fr", "nl")
each_language = pytest.mark.parametrize("language", LANGUAGES)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("</style>")[2]))


@each_language
def test_what_was_evaluated_is_told_apart_from_what_was_observed(language: Language) -> None:
    report = proven()
    first, *others = report.verdict.results
    told = replace(report, verdict=Verdict((replace(first, evaluated=True), *others)))
    words = Words(language)
    source = words.text("evaluated from the configuration of the router, not observed")
    before, page = (text_of(acceptance_page(each, language)) for each in (report, told))
    assert (source in page, source in before) == (True, False)
    hint = {"en": "1 check was evaluated", "fr": "1 contrôle a été évalué", "nl": "werd 1 controle geëvalueerd"}[
        language
    ]
    assert (hint in page, hint in before) == (True, False)
    data = acceptance_data(told)
    assert isinstance(data["verdict"], dict) and isinstance(data["checks"], list)
    assert data["verdict"]["evaluated"] == 1
    assert [each["evaluated"] for each in data["checks"]] == [True] + [False] * len(others)


@each_language
def test_the_policy_lets_nothing_in_but_the_style(language: Language) -> None:
    page = acceptance_page(hostile(), language)
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert len(style) == 1
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f'content="{policy.replace(chr(39), "&#39;")}"' in page
    assert not re.search(r"<(script|img|iframe|link|base|form|object|embed)\b", page)
    assert not re.search(r"<[^>]*\s(style|on\w+|src|srcset|action)=", page)
    assert "url(" not in style[0]
    assert "@import" not in style[0]


def test_it_says_what_was_ordered_and_delivered() -> None:
    text = text_of(acceptance_page(proven(), "en"))
    for shown in (
        "PX-2026-000104",
        "Notariskantoor Lindeplein",
        "8 Lindeplein, 9000 Gent",
        "Internet Pro+",
        "100 Mbit/s download, 40 Mbit/s upload",
        "IP Pack of 8 addresses",
        "192.0.2.1",
        "198.51.100.8/29",
        "2001:db8:0:100::/56",
        "2001:db8:0:180::/57",
        "2001:db8:0:100::10",
        "Name: Lindeplein",
        "Channel: 36",
        "Security: WPA3",
        "172.20.8.0/24",
        "172.20.8.2 to 172.20.8.9",
        "LX0101",
        proven().digest,
        "R-7",
        "23 November 2026, 11:00:04",
        "32.9 s",
        "tcp/22 of 192.0.2.1",
    ):
        assert shown in text, shown


@pytest.mark.parametrize(
    ("language", "title", "counted"),
    [
        ("en", "Not proven", "1 required check has failed."),
        ("fr", "Non prouvé", "1 contrôle requis a échoué."),
        ("nl", "Niet aangetoond", "1 vereiste controle is mislukt."),
    ],
)
def test_the_verdict_stands_at_the_top(language: Language, title: str, counted: str) -> None:
    text = text_of(acceptance_page(not_proven(), language))
    assert title in text[:300]
    assert counted in text[:400]
    assert re.search(r" 5 \w+ 3 \w+ 1 \w+", text[:500])


def test_a_proof_without_gaps_says_so() -> None:
    text = text_of(acceptance_page(all_passed(), "en"))
    assert "Every required check has passed." in text
    assert "What needs attention" not in text
    assert "Not observed means" not in text
    assert "Open before the change nothing" in text


def test_a_proof_with_gaps_does_not_claim_more() -> None:
    text = text_of(acceptance_page(proven(), "en"))
    assert "Every required check that could be made has passed. 1 check made for information has failed." in text
    assert "It never counts as passed." in text


def test_nothing_observed_is_nothing_proven() -> None:
    unseen = tuple(replace(each, outcome=Outcome.NOT_OBSERVED) for each in proven().verdict.results)
    for results in ((), unseen):
        text = text_of(acceptance_page(replace(proven(), verdict=Verdict(results)), "en"))
        assert "Not proven Too little could be observed" in text


@each_language
def test_every_kind_finding_and_viewpoint_is_shown_in_the_language(language: Language) -> None:
    words = Words(language)
    base = proven().verdict.results[0]
    results = tuple(replace(base, kind=kind.value, finding=found.value) for kind in CheckKind for found in Found)
    points = tuple(replace(base, viewpoint=point, weight=weight) for point in Viewpoint for weight in Weight)
    page = acceptance_page(replace(proven(), verdict=Verdict((*results, *points))), language)
    for found in Found:
        assert words.text(found.value).replace("'", "&#39;") in page
        assert language == "en" or words.text(found.value) != found.value


def test_what_is_checked_can_be_said_in_every_language() -> None:
    """The subjects that `expect` writes are of the patterns that the page knows."""
    operator = read_operator_file(ROOT / "inventory" / "operator.yaml")
    router = {"wan0": ("100.64.1.2/16", "3fff:0:0:a::2/64")}
    for path in ORDERS.glob("*.yaml"):
        ordered = product(path.stem)
        for check in expect(addressed(ordered), operator, router).checks:
            assert is_known(check.subject), check.subject


@pytest.mark.parametrize("name", sorted(path.stem for path in ORDERS.glob("*.yaml")))
@each_language
def test_every_formula_has_a_page(name: str, language: Language) -> None:
    ordered = replace(product(name), rush=date(2026, 12, 15))
    report = replace(proven(), product=ordered, addressed=addressed(ordered))
    assert "</html>" in acceptance_page(report, language)
    json.dumps(acceptance_data(report), allow_nan=False)


def test_neither_the_key_nor_its_source_is_told() -> None:
    report = hostile()
    assert report.addressed.intent.wifi is not None
    assert report.addressed.intent.wifi.key_from == "env:NAME"
    for told in (acceptance_page(report, "en"), json.dumps(acceptance_data(report))):
        assert "env:NAME" not in told
        assert "key_from" not in told


def test_a_talkative_device_is_cut_short_on_the_page() -> None:
    talkative = replace(proven().verdict.results[0], evidence="x" * 5000)
    report = replace(proven(), verdict=Verdict((talkative,)))
    page = acceptance_page(report, "nl")
    assert "x" * 4000 + " … (nog 1.000 tekens)" in page
    assert "x" * 4001 not in page
    assert "x" * 5000 in json.dumps(acceptance_data(report))


@each_language
def test_invisible_characters_are_written_out(language: Language) -> None:
    page = acceptance_page(hostile(), language)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", page)
    assert "\\u202egnp.exe\\u2066\\u200b\\u0000\\u0007" in page
    assert "\\u001b[31mred\\u001b[0m" in page


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        replace(proven(), started=datetime(2026, 11, 23, 10, 0))  # noqa: DTZ001 - that is the point


def keys(value: object, prefix: str = "") -> set[str]:
    """Return the keys of JSON data as paths."""
    if isinstance(value, dict):
        return {key for name, each in value.items() for key in ({f"{prefix}{name}"} | keys(each, f"{prefix}{name}."))}
    if isinstance(value, list):
        return {key for each in value for key in keys(each, prefix)}
    return set()


def test_several_plots_of_one_figure_say_what_each_is_of() -> None:
    report = proven()
    latency = next(each for each in report.verdict.results if each.kind == "latency")
    points = ((0.0, 1.0), (0.5, 2.0), (1.0, 1.0))
    drawn = replace(latency, subject="192.0.2.1", series=(Series("latency", "ms", points),))
    twice = (drawn, replace(drawn, subject="2001:db8::1"))
    pages = [text_of(acceptance_page(replace(report, verdict=Verdict(each)), "en")) for each in (twice, twice[:1])]
    assert "Latency · 192.0.2.1 ms" in pages[0] and "Latency · 2001:db8::1 ms" in pages[0]
    assert "Latency ms" in pages[1]


def test_the_keys_of_the_json_are_stable() -> None:
    data = acceptance_data(proven())
    assert {key for key in keys(data) if "." not in key} == {
        *("schema", "order", "delivered", "verdict", "checks", "run", "open_before")
    }
    checks = {key.removeprefix("checks.") for key in keys(data) if key.startswith("checks.")}
    assert checks == {
        *("check", "kind", "subject", "viewpoint", "weight", "outcome", "finding", "evidence", "facts"),
        *(
            "evaluated",
            "figures",
            "figures.name",
            "figures.value",
            "figures.unit",
            "figures.target",
            "figures.target_met",
        ),
        *("figures.note", "series", "series.name", "series.unit", "series.points"),
    }
    delivered = {key.removeprefix("delivered.") for key in keys(data) if key.startswith("delivered.")}
    assert delivered == {
        *("line", "bearers", "fixed_ipv4", "ip_pack", "ipv6", "ipv6.block", "ipv6.lan_half", "ipv6.link"),
        *("ipv6.routed_half", "ipv6.next_hop", "management", "lan", "lan.subnet", "lan.router", "lan.dhcp"),
        *("lan.dhcp.first", "lan.dhcp.last", "wifi", "wifi.ssid", "wifi.channel", "wifi.security", "openings"),
        *("openings.ports", "openings.target", "router", "router.kind", "router.serial", "ont", "digest"),
    }
    assert data["verdict"] == {"proven": True, "passed": 7, "failed": 1, "not_observed": 1, "evaluated": 0}


def test_the_json_survives_a_round_trip_whatever_others_wrote() -> None:
    data = acceptance_data(hostile())
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["open_before"] == list(HOSTILE)


def test_figures_that_are_no_numbers_stay_out_of_the_json() -> None:
    base = proven().verdict.results[5]
    odd = replace(
        base,
        figures=(replace(base.figures[0], value=float("nan")),),
        series=(replace(base.series[0], points=((0.0, 1.0), (1.0, float("inf")))),),
    )
    report = replace(proven(), verdict=Verdict((odd,)))
    json.dumps(acceptance_data(report), allow_nan=False)
    assert "</html>" in acceptance_page(report, "nl")
