"""What is fetched is a backup only when it is whole and holds each item that the line has (facts: I-8.3)."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iosxe_renderings import CISCO, cisco_config
from renderings import EVERY_ORDER, config, example, revealed
from worlds import ROOT

from provisioning.backups.completeness import check_backup, examine_backup, size_of
from provisioning.backups.items import Item, items_of
from provisioning.errors import UnknownName
from provisioning.model.intent import AddressedIntent
from provisioning.platforms.backup_contents import PppConnection
from provisioning.platforms.cisco_iosxe.backup_items import contents
from provisioning.platforms.cisco_iosxe.backup_sections import read_sections
from provisioning.platforms.cisco_iosxe.configuration_tree import Kind, read_configuration

RUNNING = "running-config"
WITH_ROUTER = [each.stem for each in EVERY_ORDER if not each.stem.endswith("essential")]
RICHEST = ("internet-pro-plus-cisco", "internet-pro-plus", "internet-pro")
CORPUS = sorted((ROOT / "tests" / "cases" / "iosxe_corpus").glob("*.txt"))


def fetched(order: str) -> tuple[AddressedIntent, str, dict[str, str]]:
    """The line of an example order, the platform of its router, and its documents."""
    made = cisco_config(order) if order in CISCO else config(example(order))
    return example(order), made.platform, revealed(made)


def codes(order: str, documents: dict[str, str], *, before: int | None = None) -> set[tuple[str, str]]:
    addressed, platform, _ = fetched(order)
    return {(each.code, each.item) for each in check_backup(addressed, platform, documents, before=before)}


def without(text: str, *patterns: str) -> str:
    """The text without the lines that fit a pattern."""
    kept = [line for line in text.split("\n") if not any(re.fullmatch(each, line) for each in patterns)]
    assert kept != text.split("\n"), "the test takes nothing out"
    return "\n".join(kept)


@pytest.mark.parametrize("order", WITH_ROUTER)
def test_what_we_render_is_a_backup_with_every_item_of_its_line(order: str) -> None:
    addressed, platform, documents = fetched(order)
    found = examine_backup(addressed, platform, documents, before=size_of(documents))
    assert found.shortcomings == ()
    assert set(items_of(addressed)) <= set(found.items)
    assert found.size == sum(len(text.encode()) for text in documents.values())
    assert check_backup(None, platform, documents, before=None) == ()


def test_items_are_those_of_the_intent() -> None:
    assert set(items_of(example("internet-pro"))) == {*Item} - {Item.PPP}
    assert Item.PORT_MAPPINGS not in items_of(example("business-internet-copper"))
    assert not any(each.startswith("Wi-Fi") for each in items_of(example("internet-maxi-bizz")))
    assert items_of(example("fullfiber-extended-essential")) == ()


LOST = (
    ("internet-pro-plus-cisco", RUNNING, r" ip address 192\.0\.2\.\d+ 255\.255\.255\.255", Item.INTERNET),
    ("internet-pro-plus-cisco", RUNNING, r" ip address 10\.255\..*", Item.INTERNET),
    ("internet-pro-plus-cisco", RUNNING, r" ip address .* secondary", Item.INTERNET),
    ("internet-pro-plus-cisco", RUNNING, r" ip address dhcp", Item.INTERNET),
    ("internet-pro-plus-cisco", RUNNING, r" ip address negotiated", Item.INTERNET),
    ("internet-pro-plus-cisco", RUNNING, r" ipv6 address 2001:.*", Item.INTERNET),
    ("internet-pro-plus-cisco", RUNNING, r"ipv6 route .*/57 .*", Item.INTERNET),
    ("internet-pro-plus-cisco", RUNNING, r" default-router .*", Item.DHCP_SERVER),
    ("internet-pro-plus-cisco", RUNNING, r"ip dhcp excluded-address .*", Item.DHCP_POOL),
    ("internet-pro-plus-cisco", RUNNING, r"wlan .*", Item.WIFI_DATA),
    ("internet-pro-plus-cisco", RUNNING, r" security wpa psk set-key .*", Item.WIFI_PASSWORD),
    ("internet-pro-plus-cisco", RUNNING, r" security wpa akm sae", Item.WIFI_SECURITY),
    ("internet-pro-plus-cisco", RUNNING, r" ip nat inside", Item.INTERNET),
    ("internet-pro-plus-cisco", RUNNING, r" ip nat outside", Item.INTERNET),
    ("internet-pro", "network.sh", r"want lo -4 .*", Item.INTERNET),
    ("internet-pro", "dhcpcd.conf", r"interface wan0", Item.INTERNET),
    ("internet-pro-plus", "frr.conf", r"ipv6 route .*/57 .*", Item.INTERNET),
    ("internet-pro-plus", "network.sh", r"want br-lan -6 .*", Item.INTERNET),
    ("internet-pro", "dnsmasq.conf", r"dhcp-option=option:router,.*", Item.DHCP_SERVER),
    ("internet-pro", "dnsmasq.conf", r"dhcp-range=192.*", Item.DHCP_POOL),
    ("internet-pro", "hostapd.conf", r"ssid2=.*", Item.WIFI_DATA),
    ("internet-pro", "hostapd.conf", r"wpa_passphrase=.*", Item.WIFI_PASSWORD),
    ("internet-pro", "hostapd.conf", r"wpa_key_mgmt=.*", Item.WIFI_SECURITY),
    ("internet-pro", "hostapd.conf", r"wpa=2", Item.WIFI_SECURITY),
    ("internet-pro", "nftables.conf", r".* dnat ip to .*", Item.PORT_MAPPINGS),
    ("internet-pro", "nftables.conf", r"\t\ttype nat hook prerouting .*", Item.PORT_MAPPINGS),
)


@pytest.mark.parametrize(("order", "name", "line", "item"), LOST)
def test_an_item_that_is_not_whole_is_told(order: str, name: str, line: str, item: Item) -> None:
    _, _, documents = fetched(order)
    documents[name] = without(documents[name], line)
    assert ("missing-item", str(item)) in codes(order, documents)


def test_a_part_of_a_port_mapping_is_not_enough() -> None:
    addressed, platform, documents = fetched("internet-pro")
    documents["nftables.conf"] = documents["nftables.conf"].replace("{ 443, 8443 } dnat", "{ 443 } dnat")
    (found,) = check_backup(addressed, platform, documents, before=None)
    assert found.message == "port mappings: tcp/8443 does not lead to 192.168.27.20"
    assert found.facts == "I-8.3"


def test_port_mappings_of_a_cisco_router_are_looked_for_one_by_one() -> None:
    order = "internet-pro-plus-cisco"
    addressed, platform, _ = fetched(order)
    target = example("internet-pro").intent.port_mappings
    lan = addressed.intent.lan
    assert lan is not None
    mapped = tuple(replace(each, target=lan.dhcp[-1].last) for each in target)
    line = replace(addressed, intent=replace(addressed.intent, port_mappings=mapped))
    documents = revealed(cisco_config(line))
    assert check_backup(line, platform, documents, before=None) == ()
    documents[RUNNING] = without(documents[RUNNING], r"ip nat inside source static tcp \S+ 8443 .*")
    found = check_backup(line, platform, documents, before=None)
    assert [each.item for each in found] == [Item.PORT_MAPPINGS]


@pytest.mark.parametrize("order", ["internet-pro", "internet-pro-plus-cisco"])
def test_what_the_customer_changed_is_kept_as_it_is(order: str) -> None:
    _, _, documents = fetched(order)
    changes = (
        (r"(?m)^ssid2=.*$", "ssid2=4d696a6e"),
        (r"(?m)^wpa_passphrase=.*$", "wpa_passphrase=een andere sleutel"),
        (r"(?m)^channel=.*$", "channel=11"),
        (r"(?m)^(wlan PROVISO 1) .*$", r"\1 Mijn"),
        (r"(?m)set-key ascii 0 .*$", "set-key ascii 8 AbCdEfGhIjKl"),
        (r"(?m)^ap dot11 .*\n", ""),
    )
    for pattern, by in changes:
        documents = {name: re.sub(pattern, by, text) for name, text in documents.items()}
    assert codes(order, documents) == set()


def test_wifi_that_was_switched_off_is_told() -> None:
    order = "internet-pro-plus-cisco"
    _, _, documents = fetched(order)
    documents[RUNNING] = without(documents[RUNNING], " no shutdown")
    assert codes(order, documents) == {
        ("missing-item", each) for each in (Item.WIFI_DATA, Item.WIFI_PASSWORD, Item.WIFI_SECURITY)
    }
    _, _, documents = fetched("internet-pro")
    del documents["hostapd.conf"]
    assert ("missing-document", "hostapd.conf") in codes("internet-pro", documents)


PPP = """interface Dialer1
 ip address negotiated
 encapsulation ppp
 dialer pool 1
 ppp chap hostname lijn@isp.example
 ppp chap password 7 0822455D0A16
!
end
"""


def test_connection_data_of_ppp_are_looked_for_where_a_router_has_ppp() -> None:
    found = examine_backup(None, "cisco_iosxe", {RUNNING: PPP}, before=None)
    assert (found.shortcomings, found.items) == ((), (Item.INTERNET, Item.PPP))
    bare = without(PPP, " ppp chap .*")
    assert contents({RUNNING: bare}).ppp == (PppConnection("Dialer1", ("user name", "password")),)
    _, _, documents = fetched("internet-pro-plus-cisco")
    documents[RUNNING] = documents[RUNNING].replace("\nend\n", f"\n{bare}")
    assert codes("internet-pro-plus-cisco", documents) == {("missing-item", Item.PPP)}


@pytest.mark.parametrize("order", RICHEST)
@pytest.mark.parametrize("addressed", [True, False])
def test_nothing_fetched_is_no_backup(order: str, addressed: bool) -> None:
    line, platform, documents = fetched(order)
    given = line if addressed else None
    assert {each.code for each in check_backup(given, platform, {}, before=None)} >= {"missing-document"}
    blank = dict.fromkeys(documents, "\n \n")
    assert {each.code for each in check_backup(given, platform, blank, before=None)} >= {"empty"}


def test_a_configuration_that_was_cut_behind_the_indent_of_a_dhcp_pool_is_no_backup() -> None:
    _, platform, documents = fetched(CISCO[0])
    pool = documents[RUNNING].index("ip dhcp pool ")
    cut = {**documents, RUNNING: documents[RUNNING][: documents[RUNNING].index("\n ", pool) + 2]}
    assert check_backup(None, platform, cut, before=None)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_configuration_that_was_cut_anywhere_is_no_backup(data: st.DataObject) -> None:
    order = data.draw(st.sampled_from(CISCO))
    _, platform, documents = fetched(order)
    text = documents[RUNNING]
    cut = {**documents, RUNNING: text[: data.draw(st.integers(0, len(text) - 3))]}
    assert check_backup(None, platform, cut, before=None)
    assert check_backup(example(order), platform, cut, before=None)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_document_that_was_cut_within_a_line_is_no_backup(data: st.DataObject) -> None:
    order = data.draw(st.sampled_from(["internet-pro", "internet-pro-plus", "internet-maxi-bizz"]))
    _, platform, documents = fetched(order)
    name = data.draw(st.sampled_from(sorted(documents)))
    text = documents[name][: data.draw(st.integers(0, len(documents[name]) - 1))].rstrip("\n")
    assert check_backup(None, platform, {**documents, name: text}, before=None)


@pytest.mark.parametrize("name", ["nftables.conf", "frr.conf"])
def test_a_document_with_an_end_that_was_cut_between_lines_is_no_backup(name: str) -> None:
    _, platform, documents = fetched("internet-pro-plus")
    lines = documents[name].rstrip("\n").split("\n")
    for count in range(1, len(lines)):
        cut = "".join(f"{line}\n" for line in lines[:count])
        assert check_backup(None, platform, {**documents, name: cut}, before=None), count


def test_a_brace_in_a_comment_or_a_text_closes_nothing() -> None:
    _, platform, documents = fetched("internet-pro")
    name = "nftables.conf"
    odd = documents[name].replace("\tchain input {", '\t# } chain {{\n\tchain input { comment "}}{"')
    assert check_backup(None, platform, {**documents, name: odd}, before=None) == ()
    cut = odd.rstrip("}\n") + "\n# }}\n"
    (found,) = check_backup(None, platform, {**documents, name: cut}, before=None)
    assert (found.code, found.item) == ("no-end", name)


SAID = (
    "% Invalid input detected at '^' marker.",
    "% Authorization failed.",
    "% Incomplete command.",
    "Command authorization failed.",
    "% Unknown command or computer name, or unable to find computer address",
    "router#show running-config",
    "%SYS-5-CONFIG_I: Configured from console by jan on vty0",
)


# Where there is an end, a router says it with a %.
@pytest.mark.parametrize(
    ("said", "closed"), [(said, closed) for said in SAID for closed in ("", "\nend") if not closed or said[0] == "%"]
)
def test_a_message_in_place_of_a_configuration_is_no_backup(said: str, closed: str) -> None:
    found = check_backup(None, "cisco_iosxe", {RUNNING: f"hostname r1\n{said}{closed}\n"}, before=None)
    assert "error-text" in {each.code for each in found}


@pytest.mark.parametrize(
    "said",
    [
        "cat: /etc/frr/frr.conf: No such file or directory",
        "sh: 1: proviso-helper: not found",
        "-bash: nft: command not found",
        "cat: /etc/hostapd/hostapd.conf: Permission denied",
        "tar: etc/frr: Cannot open: Input/output error",
    ],
)
def test_a_message_in_place_of_a_document_is_no_backup(said: str) -> None:
    _, platform, documents = fetched("internet-pro")
    found = check_backup(None, platform, {**documents, "dnsmasq.conf": f"{said}\n"}, before=None)
    assert [(each.code, each.item) for each in found] == [("error-text", "dnsmasq.conf")]


def test_a_pager_and_a_banner_without_end_are_told() -> None:
    paged = check_backup(None, "cisco_iosxe", {RUNNING: "hostname r1\n --More-- \nend\n"}, before=None)
    assert [each.code for each in paged] == ["truncated"]
    banner = check_backup(None, "cisco_iosxe", {RUNNING: "banner motd ^C\nend\n"}, before=None)
    assert [each.code for each in banner] == ["truncated", "no-end"]


def test_what_a_banner_says_is_no_configuration() -> None:
    _, _, documents = fetched("internet-pro-plus-cisco")
    banner = "banner login ^C\n% Authorization failed\nr1#\ninterface Loopback1\n shutdown\nend\n^C\n"
    documents[RUNNING] = documents[RUNNING].replace("\nend\n", f"\n{banner}end\n")
    assert codes("internet-pro-plus-cisco", documents) == set()


@pytest.mark.parametrize("order", ["internet-pro", "internet-pro-plus-cisco"])
def test_a_size_that_falls_by_more_than_30_percent_is_told(order: str) -> None:
    _, _, documents = fetched(order)
    size = size_of(documents)
    assert codes(order, documents, before=size * 10 // 7) == set()
    assert codes(order, documents, before=size * 10 // 7 + 2) == {("shrunk", "")}


def test_the_ont_may_stand_beside_the_router() -> None:
    addressed, platform, documents = fetched("internet-pro")
    assert check_backup(addressed, platform, {**documents, "ont": "ont add 0 1 x"}, before=None) == ()
    found = check_backup(addressed, platform, {**documents, "ont": ""}, before=None)
    assert [(each.code, each.item) for each in found] == [("empty", "ont")]


def test_an_unknown_platform_is_told() -> None:
    with pytest.raises(UnknownName):
        check_backup(None, "vax", {}, before=None)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_two_readers_see_the_same_sections(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    quick = read_sections(RUNNING, text).commands
    whole = [each.text for each in read_configuration(text).lines if each.kind in (Kind.COMMAND, Kind.END)]
    listing = ("Building configuration", "Current configuration", "Configuration of", "Using ")
    assert [each for each in quick if not each.startswith(listing)] == list(dict.fromkeys(whole))


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    for platform, name in (("cisco_iosxe", RUNNING), ("linux_cpe", "nftables.conf"), ("linux_cpe", "dhcpcd.conf")):
        for each in check_backup(example("internet-pro"), platform, {name: text}, before=10):
            assert each.message
