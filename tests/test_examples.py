"""The example order forms: those to copy are accepted, those to learn from are refused for the reason they name."""

import ipaddress
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from forms import SOLD, FormData, typed

from provisioning.catalogue import FORMULAS, Router
from provisioning.model.finding import refused
from provisioning.model.intent import Role
from provisioning.orders.check import check, check_whole
from provisioning.orders.read import read

ROOT = Path(__file__).parent.parent
ORDERS = sorted((ROOT / "examples" / "orders").glob("*.yaml"))
REFUSED = sorted((ROOT / "examples" / "refused").glob("*.yaml"))
CHANGES = sorted((ROOT / "examples" / "changes").glob("*.yaml"))
EVERY = (*ORDERS, *REFUSED, *CHANGES)

TODAY = date(2026, 11, 23)
MUCH_LATER = date(2036, 11, 24)

MAIN_REASON = {
    "coverage-none": "coverage-none",
    "essential-with-router": "cpe-not-ours",
    "ip-pack-without-papers": "ip-pack-assessment",
    "lan-not-private": "lan-not-private",
    "opening-without-address": "opening-no-address",
    "port-23": "port-reserved",
    "rush-in-the-past": "rush-date-past",
    "stop-sell": "formula-stop-sell",
    "wifi-name-too-long": "wifi-ssid",
    "everything-at-once": "speed-not-offered",
}

stem = pytest.mark.parametrize("path", EVERY, ids=lambda path: f"{path.parent.name}-{path.stem}")


def data(path: Path) -> FormData:
    form: FormData = yaml.safe_load(path.read_text("utf-8"))
    return form


def inventory(name: str) -> Any:
    return yaml.safe_load((ROOT / "inventory" / name).read_text("utf-8"))


def formula(path: Path) -> str:
    """The formula that a form is called after."""
    return path.stem.removesuffix("-cisco")


def test_there_is_one_for_each_formula_that_is_sold_and_for_each_router_that_it_may_have() -> None:
    professional = [each for each in SOLD if FORMULAS[each].router.value is Router.PROFESSIONAL]
    assert sorted(path.stem for path in ORDERS) == sorted([*SOLD, *(f"{each}-cisco" for each in professional)])


@pytest.mark.parametrize("path", ORDERS, ids=lambda path: path.stem)
@pytest.mark.parametrize("today", [TODAY, MUCH_LATER])
def test_order_is_accepted(path: Path, today: date) -> None:
    judgement = check(read(path), today)
    assert judgement.product is not None, judgement.findings
    assert judgement.product.formula == formula(path)


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_refused_for_the_reason_it_names(path: Path) -> None:
    judgement = check(read(path), TODAY)
    codes = [each.code for each in judgement.findings]
    assert refused(judgement.findings)
    assert MAIN_REASON[path.stem] in codes


def test_everything_at_once_has_many_reasons() -> None:
    path = ROOT / "examples" / "refused" / "everything-at-once.yaml"
    assert len({each.code for each in check(read(path), TODAY).findings}) >= 5


@pytest.mark.parametrize("path", CHANGES, ids=lambda path: path.stem)
def test_change_is_accepted_by_itself_and_on_its_line(path: Path) -> None:
    form = read(path)
    assert form.line == "L-1"
    assert check(form, TODAY).findings == ()
    named = re.search(r"examples/orders/([a-z-]+)\.yaml", path.read_text("utf-8"))
    assert named is not None
    if form.kind == "cease":
        return
    before = data(ROOT / "examples" / "orders" / f"{named[1]}.yaml")
    patch = {key: value for key, value in data(path).items() if key not in {"kind", "line"}}
    after = check_whole(typed(merged(before, patch)), TODAY, sold=named[1])
    assert after.product is not None, after.findings
    assert after.product != check(typed(before), TODAY).product


def merged(target: Any, patch: Any) -> Any:
    """Return a merge of RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


@stem
def test_starts_with_a_comment_that_says_what_it_shows(path: Path) -> None:
    first, second = path.read_text("utf-8").splitlines()[:2]
    assert first.startswith("# ")
    assert first[2:].startswith("Refused") == (path.parent.name == "refused")
    if path.parent.name == "changes":
        assert "in place of L-1" in second


@stem
def test_nobody_real_can_be_reached(path: Path) -> None:
    text = path.read_text("utf-8")
    assert all(address.endswith(".example.org") for address in re.findall(r"[^\s,\[]+@([^\s,\]}]+)", text))
    assert "key_from" not in text


def test_numbers_and_serials_are_unique() -> None:
    orders = [data(path)["order"] for path in EVERY]
    new = [data(path) for path in (*ORDERS, *REFUSED)]
    cpes = [form["cpe"]["serial"] for form in new if "cpe" in form]
    onts = [form["ont"]["serial"] for form in new if "ont" in form]
    for values in (orders, cpes, onts):
        assert len(set(values)) == len(values)


def test_they_show_every_option() -> None:
    # Rush provisioning has a date, which would soon be over.
    keys = {key for path in ORDERS for key, value in data(path).get("options", {}).items() if value}
    assert keys == {
        "speed",
        "sla",
        "fixed_ipv4",
        "ip_pack",
        "mobile_backup",
        "standard_changes",
        "router_choice",
        "volume_pack",
    }
    assert {form["wifi"]["enabled"] for form in map(data, ORDERS) if "wifi" in form} == {True, False}
    assert {form["options"]["ip_pack"]["addresses"] for form in map(data, ORDERS) if packed(form)} == {4, 8, 16}


def packed(form: FormData) -> bool:
    return "ip_pack" in form.get("options", {})


def test_ports_of_the_olts_exist_and_are_fast_enough() -> None:
    hosts = inventory("hosts.yaml")
    for path in ORDERS:
        product = check(read(path), TODAY).product
        assert product is not None
        if product.ont is not None:
            kind = hosts[product.ont.olt]["data"]["ports"][product.ont.port]
            assert kind == "xgs-pon" or not product.needs_xgs_pon


def test_ip_packs_fit_the_pools() -> None:
    pools = [each["prefix"] for each in inventory("pools.yaml")["pools"] if each["purpose"] == Role.IP_PACK]
    room = sum(ipaddress.IPv4Network(prefix).num_addresses for prefix in pools)
    assert sum(data(path)["options"]["ip_pack"]["addresses"] for path in ORDERS if packed(data(path))) <= room


def test_every_formula_with_a_router_shows_those_that_it_may_have() -> None:
    for path in ORDERS:
        platform = data(path).get("cpe", {}).get("platform")
        ours = "cisco_iosxe" if path.stem.endswith("-cisco") else "linux_cpe"
        assert platform == (ours if FORMULAS[formula(path)].supplies_router else None)
