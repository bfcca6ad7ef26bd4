"""What holds for every order form there can be."""

import contextlib
import json
from datetime import date
from ipaddress import IPv4Address
from itertools import pairwise

import yaml
from forms import SOLD, FormData, typed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import TODAY, accepted_forms
from wild_strategies import any_forms, damaged_forms, yaml_soup

from provisioning.errors import UnreadableForm
from provisioning.intent import intend
from provisioning.model.finding import Severity
from provisioning.model.intent import Intent, Lan, PortMapping
from provisioning.model.product import Product
from provisioning.orders.check import Judgement, check, check_whole
from provisioning.orders.document import parse
from provisioning.orders.read import form_of

MOST_USERS = 253
TELNET = 23

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Deadlines would judge the machine."""

examples = settings(patient, max_examples=250)


def assert_judged(judgement: Judgement, *, whole: bool) -> None:
    severities = [each.severity for each in judgement.findings]
    assert severities == sorted(severities, key=[Severity.REFUSAL, Severity.WARNING].index)
    for finding in judgement.findings:
        assert finding.facts
        assert finding.reason
        assert finding.remedy
    assert judgement.accepted == (Severity.REFUSAL not in severities)
    assert (judgement.product is not None) == (whole and judgement.accepted)


@examples
@given(data=any_forms(), today=st.dates())
def test_check_answers_every_form(data: FormData, today: date) -> None:
    form = typed(data)
    judgement = check(form, today)
    assert_judged(judgement, whole=form.kind == "new")
    if judgement.product is not None:
        assert_honest(judgement.product)


@examples
@given(data=any_forms(), sold=st.none() | st.sampled_from(SOLD))
def test_check_whole_answers_every_form(data: FormData, sold: str | None) -> None:
    assert_judged(check_whole(typed({**data, "kind": "new"}), TODAY, sold=sold), whole=True)


@examples
@given(data=accepted_forms())
def test_what_the_contract_offers_is_accepted(data: FormData) -> None:
    judgement = check(typed(data), TODAY)
    assert judgement.accepted, judgement.findings
    assert judgement.product is not None
    assert judgement.product.formula == data["formula"]
    assert_honest(judgement.product)


@examples
@given(data=damaged_forms())
def test_whatever_is_accepted_is_honest(data: FormData) -> None:
    product = check(typed(data), TODAY).product
    if product is not None:
        assert_honest(product)


def assert_honest(product: Product) -> None:
    """Assert what no accepted order may break, whatever it says."""
    intent = intend(product, "L-1")
    assert intent.line == "L-1"
    assert all(TELNET not in ports for opening in product.openings for ports in opening.ports)
    assert all(TELNET not in each.ports and TELNET not in each.target_ports for each in intent.openings)
    assert (intent.lan is None) == (product.router.value == "customer's own router")
    assert_each_port_leads_to_one_host(intent.port_mappings)
    assert_openings_have_an_address(intent)
    if intent.lan is not None:
        assert_dhcp_fits(intent.lan, {mapping.target for mapping in intent.port_mappings})


def assert_each_port_leads_to_one_host(mappings: tuple[PortMapping, ...]) -> None:
    for protocol in ("tcp", "udp"):
        ordered = sorted((each for each in mappings if each.ports.protocol == protocol), key=lambda each: each.ports)
        for one, following in pairwise(ordered):
            assert one.target == following.target or one.ports.last < following.ports.first


def assert_openings_have_an_address(intent: Intent) -> None:
    assert intent.ipv4 == "fixed" or not intent.port_mappings
    assert intent.customer_firewall or not intent.customer_openings


def assert_dhcp_fits(lan: Lan, servers: set[IPv4Address]) -> None:
    lent = [IPv4Address(each) for low in lan.dhcp for each in range(int(low.first), int(low.last) + 1)]
    assert all(each.first <= each.last for each in lan.dhcp)
    assert len(lent) == len(set(lent)) <= MOST_USERS
    assert not {*servers, lan.router, lan.subnet.network_address, lan.subnet.broadcast_address}.intersection(lent)
    assert all(address in lan.subnet for address in (*lent, *servers, lan.router))


@examples
@given(content=st.binary(max_size=300), source=st.sampled_from(["form.yaml", "form.json"]))
def test_no_bytes_break_the_reader(content: bytes, source: str) -> None:
    read_or_refuse(content, source)


@examples
@given(content=st.text(max_size=300), source=st.sampled_from(["form.yaml", "form.json"]))
def test_no_text_breaks_the_reader(content: str, source: str) -> None:
    read_or_refuse(content.encode(), source)


@settings(patient, max_examples=1500)
@given(content=yaml_soup())
def test_no_yaml_breaks_the_reader(content: str) -> None:
    read_or_refuse(content.encode(), "form.yaml")


@examples
@given(content=yaml_soup())
def test_no_json_breaks_the_reader(content: str) -> None:
    read_or_refuse(b"{" + content.encode(), "form.json")


def read_or_refuse(content: bytes, source: str) -> None:
    with contextlib.suppress(UnreadableForm):
        form_of(parse(content, source))


@examples
@given(data=any_forms())
def test_yaml_and_json_say_the_same(data: FormData) -> None:
    form = typed(data)
    assert form_of(parse(yaml.safe_dump(data).encode(), "form.yaml")) == form
    # YAML takes an unescaped NEL for the end of a line (YAML 1.1, 4.2), so only the escaped form carries it.
    if r"\x85" not in ascii(data):
        assert form_of(parse(yaml.safe_dump(data, allow_unicode=True).encode(), "form.yaml")) == form
    assert form_of(parse(json.dumps(data).encode(), "form.json")) == form
    assert form_of(parse(json.dumps(data, ensure_ascii=False).encode(), "form.json")) == form
