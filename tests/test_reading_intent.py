"""What a router says is read back: of lines of ours all of it, of others' what there is, and the rest is told."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iosxe_renderings import SECRETS as IOS_SECRETS
from renderings import EVERY_ORDER, SECRETS, TEMPLATES, addressed, config, operator, revealed
from worlds import ROOT

from provisioning.addressing.address import address
from provisioning.adopting.compare import differences
from provisioning.adopting.facts import facts_of
from provisioning.adopting.lines import WITHHELD, ShownLines, unread_lines
from provisioning.adopting.propose import Given, fitting_formulas, propose, untold_of
from provisioning.adopting.read_line import blocks_of, line_of, secrets_of
from provisioning.intent import intend
from provisioning.model.config import NothingRendered
from provisioning.model.intent import AddressedIntent, Role
from provisioning.model.read_intent import Place, ReadIntent, Sureness
from provisioning.orders.amend import plain
from provisioning.orders.check import check_whole
from provisioning.orders.document import Document, checked
from provisioning.orders.read import form_of, read
from provisioning.platforms.routers import ROUTERS
from provisioning.rendering.render import render

TODAY = date(2026, 11, 23)
WITH_ROUTER = [each for each in EVERY_ORDER if "essential" not in each.stem]
CORPUS = sorted((ROOT / "tests" / "cases" / "iosxe_corpus").glob("*.txt"))
FOREIGN = ROOT / "tests" / "cases" / "adopting"


def documents_of(order: Path) -> tuple[AddressedIntent, str, dict[str, str]]:
    line = addressed(order)
    assert line.intent.cpe is not None
    secrets = IOS_SECRETS if line.intent.cpe.platform == "cisco_iosxe" else SECRETS
    return line, line.intent.cpe.platform, revealed(config(line, secrets))


def read_back(order: Path) -> tuple[AddressedIntent, str, ReadIntent]:
    line, platform, documents = documents_of(order)
    return line, platform, ROUTERS[platform].read_intent(documents)


@pytest.mark.parametrize("order", WITH_ROUTER, ids=lambda each: each.stem)
def test_a_line_of_ours_is_read_whole(order: Path) -> None:
    line, platform, found = read_back(order)
    assert line.intent.cpe is not None
    again, held = line_of(found, line.intent.cpe.serial, platform, line.intent.formula)
    assert differences(line, address(again, held)) == ()
    assert again.line == line.intent.line
    assert {each.what for each in found.unread} <= {"SNMPv3 keys"}


@pytest.mark.parametrize("order", WITH_ROUTER, ids=lambda each: each.stem)
def test_rendered_again_it_is_the_same_to_the_letter(order: Path) -> None:
    line, platform, documents = documents_of(order)
    found = ROUTERS[platform].read_intent(documents)
    assert line.intent.cpe is not None
    intent = address(*line_of(found, line.intent.cpe.serial, platform, line.intent.formula))
    again = render(intent, operator(), secrets_of(found), TEMPLATES)
    assert not isinstance(again, NothingRendered)
    known = ROUTERS[platform]
    assert known.lines_besides(documents, revealed(again)) == ()
    assert known.lines_besides(revealed(again), documents) == ()
    assert known.digest(documents) == known.digest(revealed(again))


@pytest.mark.parametrize("order", WITH_ROUTER, ids=lambda each: each.stem)
def test_with_what_only_people_know_the_form_means_the_same(order: Path) -> None:
    line, platform, found = read_back(order)
    assert line.intent.cpe is not None
    ordered = read(order)
    given = untold_of(plain(ordered))
    proposed = propose(found, line.intent.cpe.serial, platform, Given(given))
    form = form_of(Document(checked(proposed), "proposed"))
    judgement = check_whole(form, TODAY, sold=form.formula)
    assert judgement.product is not None, judgement.findings
    made = intend(judgement.product, line.intent.line)
    blocks = {**blocks_of(found)}
    needs = tuple(each for each in made.needs if each.role is not Role.ONT_ID)
    assert {each.role: each.size for each in needs} == {role: block.size for role, block in blocks.items()}
    assert (made.rate, made.access, made.cpe, made.ont) == (
        line.intent.rate,
        line.intent.access,
        line.intent.cpe,
        line.intent.ont,
    )
    for name in ("bearers", "lan", "customer_openings", "port_mappings", "ipv4", "ipv6", "managed_firewall"):
        assert getattr(made, name) == getattr(line.intent, name), name
    assert (made.wifi is None) == (line.intent.wifi is None)


@pytest.mark.parametrize("order", WITH_ROUTER, ids=lambda each: each.stem)
def test_the_formula_is_among_those_that_fit(order: Path) -> None:
    line, _, found = read_back(order)
    assert line.intent.formula in fitting_formulas(found)


def test_the_places_are_where_it_stands() -> None:
    _, _, documents = documents_of(ROOT / "examples" / "orders" / "internet-pro-plus.yaml")
    found = ROUTERS["linux_cpe"].read_intent(documents)
    assert found.management is not None and found.ip_pack is not None and found.label is not None
    for known, text in ((found.management, str(found.management.value)), (found.ip_pack, str(found.ip_pack.value))):
        assert text in documents[known.place.document].split("\n")[known.place.line - 1]
    assert found.label.sure is Sureness.LABELLED
    assert found.management.sure is Sureness.STATED


def test_no_secret_is_among_the_facts() -> None:
    for order in WITH_ROUTER:
        _, platform, documents = documents_of(order)
        found = ROUTERS[platform].read_intent(documents)
        shown = ShownLines(documents, ROUTERS[platform].mask)
        lines = [shown.line(Place(name, at)) for name, text in documents.items() for at in range(text.count("\n") + 2)]
        said = json.dumps([str(facts_of(found)), repr(found), lines])
        for secrets in (SECRETS, IOS_SECRETS):
            for secret in (secrets.wifi_key, secrets.snmp_authentication, secrets.snmp_privacy):
                assert secret is not None
                assert secret.reveal() not in said


def test_what_looks_like_a_secret_and_is_not_masked_is_not_shown() -> None:
    shown = ShownLines({"dnsmasq.conf": "my-token hunter2\nserver=192.0.2.53"}, lambda name, text: text)
    assert shown.line(Place("dnsmasq.conf", 1)) == WITHHELD
    assert shown.line(Place("dnsmasq.conf", 2)) == "server=192.0.2.53"
    several = ShownLines({"frr.conf": "a\nb\nc"}, lambda name, text: "a <secret>")
    assert several.line(Place("frr.conf", 2)) == WITHHELD


# --- routers that somebody else configured ---------------------------------------------------------------------------


def foreign(name: str, platform: str) -> tuple[ReadIntent, dict[str, str]]:
    folder = FOREIGN / name
    documents = {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}
    return ROUTERS[platform].read_intent(documents), documents


def test_a_cisco_router_of_another_style() -> None:
    found, documents = foreign("cisco-dialer", "cisco_iosxe")
    assert found.label is None
    assert [(each.value.interface, each.value.addressing) for each in found.bearers] == [("Dialer1", "pppoe")]
    assert found.ppp is not None and found.ppp.value.user == "office@isp.example"
    assert found.lan is not None and str(found.lan.value) == "192.168.10.0/24"
    assert found.router is not None and str(found.router.value) == "192.168.10.254"
    assert [f"{each.value.first}-{each.value.last}" for each in found.dhcp] == ["192.168.10.50-192.168.10.253"]
    assert [str(each.value.opening) for each in found.port_mappings] == [
        "tcp/443 to 192.168.10.5",
        "tcp/8443 to 192.168.10.5 tcp/443",
    ]
    assert found.management is not None and str(found.management.value) == "10.255.3.7"
    assert found.fixed_ipv4 is None
    told = {(each.place.line, each.what) for each in found.unread}
    text = documents["running-config"].split("\n")
    other = {
        at for at, line in enumerate(text, 1) if "udp 192.168.10.7" in line or "source static 192.168.10.6" in line
    }
    assert {(at, "translation") for at in other} <= told
    assert any(what == "DHCP" for _, what in told)


def test_a_cisco_router_of_another_style_has_lines_beyond_what_we_render_and_none_is_dropped() -> None:
    found, documents = foreign("cisco-dialer", "cisco_iosxe")
    platform = ROUTERS["cisco_iosxe"]
    intent = address(*line_of(found, "FOC1234", "cisco_iosxe", None))
    again = render(intent, operator(), secrets_of(found), TEMPLATES)
    assert not isinstance(again, NothingRendered)
    beyond = {each.line for each in platform.lines_besides(documents, revealed(again))}
    text = documents["running-config"].split("\n")
    for words in (
        "interface Dialer1",
        "crypto isakmp policy 10",
        "router ospf 1",
        "ip http server",
        "ppp chap password",
    ):
        assert any(words in text[at - 1] for at in beyond), words
    shown = ShownLines(documents, platform.mask)
    said = [shown.line(Place("running-config", at)) for at in sorted(beyond)]
    assert not [each for each in said if "canary" in each]


def test_a_linux_router_of_another_style() -> None:
    found, _ = foreign("linux-masquerade", "linux_cpe")
    assert found.lan is not None and str(found.lan.value) == "192.168.50.0/24"
    assert [str(each.value.opening) for each in found.port_mappings] == [
        "tcp/80 to 192.168.50.20",
        "tcp/8080 to 192.168.50.20 tcp/80",
    ]
    assert found.wifi is None
    told = {(each.place.document, each.what) for each in found.unread}
    assert ("nftables.conf", "port mapping") in told
    assert ("hostapd.conf", "Wi-Fi") in told
    assert ("sysctl.conf", "document") in told
    proposed = propose(found, "X1", "linux_cpe", Given({}))
    # What could not be read is not taken for off.
    assert "wifi" not in proposed


@pytest.mark.parametrize("path", CORPUS, ids=lambda each: each.stem)
def test_public_configurations_are_read_without_a_crash(path: Path) -> None:
    documents = {"running-config": path.read_text("utf-8"), "snmp-users": ""}
    platform = ROUTERS["cisco_iosxe"]
    found = platform.read_intent(documents)
    shown = unread_lines(found.unread, ShownLines(documents, platform.mask))
    assert len(shown) == len(found.unread)
    intent = address(*line_of(found, "FOC1234", "cisco_iosxe", None))
    again = render(intent, operator(), secrets_of(found), TEMPLATES)
    assert not isinstance(again, NothingRendered)
    assert platform.lines_besides(documents, revealed(again))
    proposed = propose(found, "FOC1234", "cisco_iosxe", Given({}))
    assert check_whole(form_of(Document(checked(proposed), "proposed")), TODAY, sold=None).product is None


def test_translations_of_the_public_text_are_each_told() -> None:
    text = (ROOT / "tests" / "cases" / "iosxe_corpus" / "batfish_nat.txt").read_text("utf-8")
    found = ROUTERS["cisco_iosxe"].read_intent({"running-config": text})
    told = {each.place.line for each in found.unread if each.what == "translation"}
    assert told == {at for at, line in enumerate(text.split("\n"), 1) if "source static" in line}


_PIECES = (
    "interface Dialer1",
    "ip route 0.0.0.0 0.0.0.0 Dialer1",
    "interface  x",
    "wlan A 1 A",
    " no shutdown",
    "ip name-server 1.1.1.1\u3000x",
    "interface Vlan1",
    " ip address 999.1.1.1 255.255.255.0",
    " ip address 10.0.0.1 0.255.0.255",
    " ip nat inside",
    f"ip nat inside source static tcp 1.2.3.4 {'9' * 5000} interface Gi0 {'9' * 5000}",
    f" {'9' * 5000} permit ip any any",
    f"access-list {'9' * 5000} permit any",
    "ip nat inside source static tcp 1.2.3.4 70000 interface Gi0 70000",
    "ip dhcp pool A",
    " network 10.0.0.0 /99",
    "ip dhcp excluded-address 10.0.0.9 10.0.0.1",
    "router bgp 99999999999",
    "wlan PROVISO 1 \x1b]0;x\x07",
    "banner motd ^C",
    "ip access-list extended X",
    " permit tcp any host 300.1.1.1 eq nonsense",
    "\x00",
    "\udcff\udc80",
    "ip route 198.51.100.0 255.255.255.1 Null0",
    "ipv6 route ::/999 Null0",
    "ip name-server",
    "hostname \u202e",
)


@settings(deadline=None)
@given(st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=60)), max_size=30))
def test_no_text_of_a_cisco_router_brings_the_reader_down(lines: list[str]) -> None:
    documents = {"running-config": "\n".join(lines), "snmp-users": lines[0] if lines else ""}
    _survives("cisco_iosxe", documents)


_LINUX = (
    "want lo -4 999.1.1.1/32 10.0.0.1/32",
    "want br-lan -4 10.0.0.1/99",
    "want br-lan -6 ::1/129",
    "ip route x blackhole",
    "ipv6 route 2001:db8::/56 blackhole 254",
    "tcp dport { 0, 99999, 5-2, a } dnat ip to 1.2.3.4:99999999",
    f"tcp dport 80 dnat to 192.0.2.1:{'9' * 5000}",
    "ip saddr 1.2.3.0/99 snat ip to 1.2.3.999",
    "dhcp-range=9.9.9.9,1.1.1.1",
    "dhcp-range=set:a,x,y",
    "ssid2=zz",
    "wpa_key_mgmt=",
    'createUser "a SHA b AES c',
    "interface \x1b[2J",
    "router bgp x",
    "ListenAddress ::",
    "\udcff",
    "ip daddr 300.1.1.1 tcp dport { 1 } accept",
    "server=",
    "Line L-0, , router . Written by Proviso.",
)


@settings(deadline=None)
@given(st.lists(st.one_of(st.sampled_from(_LINUX), st.text(max_size=60)), max_size=30), st.data())
def test_no_text_of_a_linux_router_brings_the_reader_down(lines: list[str], data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(ROUTERS["linux_cpe"].order), unique=True))
    _survives("linux_cpe", dict.fromkeys(names, "\n".join(lines)))


def _survives(platform: str, documents: dict[str, str]) -> None:
    known = ROUTERS[platform]
    found = known.read_intent(documents)
    facts_of(found)
    unread_lines(found.unread, ShownLines(documents, known.mask))
    address(*line_of(found, "X1", platform, None))
    known.lines_besides(documents, {})
    form_of(Document(checked(propose(found, "X1", platform, Given({}))), "proposed"))


def test_a_document_too_large_to_read_is_told() -> None:
    huge = "x" * 2_000_001
    for platform, name in (("cisco_iosxe", "running-config"), ("linux_cpe", "frr.conf")):
        found = ROUTERS[platform].read_intent({name: huge})
        assert any(each.place == Place(name) and "larger" in each.reason for each in found.unread)
