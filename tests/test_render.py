"""Every example order becomes documents that the daemons' own checkers take; what cannot be rendered says why."""

import shutil
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from renderings import ORDERS, SECRETS, TEMPLATES, complaints, config, example, operator, revealed
from worlds import ROOT

from provisioning.errors import UnreadableProject, UnusableTemplate
from provisioning.model.config import Config, NothingRendered
from provisioning.model.intent import AddressedIntent
from provisioning.platforms.linux_cpe.bootstrap import BOOTSTRAP
from provisioning.platforms.linux_cpe.documents import DOCUMENTS
from provisioning.rendering.operator_file import OPERATOR_FILE, read_operator_file
from provisioning.rendering.render import render

NAMES = [each.stem for each in ORDERS]
ROUTERLESS = [each for each in NAMES if each.endswith("essential")]
ROUTERS = [each for each in NAMES if each not in ROUTERLESS]


@pytest.mark.parametrize("name", ROUTERS)
def test_every_order_passes_the_daemons_own_checkers(name: str, tmp_path: Path) -> None:
    assert list(complaints(tmp_path, revealed(config(example(name))))) == []


@pytest.mark.parametrize("name", ROUTERLESS)
def test_where_the_router_is_the_customers_nothing_is_rendered(name: str) -> None:
    answer = render(example(name), operator(), SECRETS, TEMPLATES)
    assert answer == NothingRendered(f"the router of {name} is the customer's own")


@pytest.mark.parametrize(
    ("platform", "reason"),
    [
        ("abacus", "the platform abacus is not known"),
    ],
)
def test_another_platform_is_not_rendered(platform: str, reason: str) -> None:
    line = example("internet-pro-plus")
    assert line.intent.cpe is not None
    other = replace(line, intent=replace(line.intent, cpe=replace(line.intent.cpe, platform=platform)))
    assert render(other, operator(), SECRETS, TEMPLATES) == NothingRendered(reason)


def test_the_documents_come_in_their_order_with_path_and_mode() -> None:
    rendered = config(example("internet-pro-plus"))
    assert [(each.name, each.path, each.mode) for each in rendered.documents] == [
        ("nftables.conf", "/etc/nftables.conf", 0o600),
        ("sysctl.conf", "/etc/sysctl.d/90-proviso.conf", 0o644),
        ("network.sh", "/etc/proviso/network.sh", 0o700),
        ("dhcpcd.conf", "/etc/dhcpcd.conf", 0o644),
        ("daemons", "/etc/frr/daemons", 0o640),
        ("frr.conf", "/etc/frr/frr.conf", 0o640),
        ("failover.conf", "/etc/proviso/failover.conf", 0o644),
        ("dnsmasq.conf", "/etc/dnsmasq.conf", 0o644),
        ("hostapd.conf", "/etc/hostapd/hostapd.conf", 0o600),
        ("snmpd.conf", "/etc/snmp/snmpd.conf", 0o600),
        ("sshd_config", "/etc/ssh/sshd_config", 0o600),
    ]


def test_the_same_line_gives_the_same_text_again() -> None:
    line = example("fullfiber-extended")
    assert revealed(config(line)) == revealed(config(line))


def test_what_is_shown_holds_no_secret() -> None:
    rendered = config(example("internet-pro-plus"))
    assert [each.name for each in rendered.documents if each.secret] == ["hostapd.conf", "snmpd.conf"]
    for each in rendered.documents:
        assert "canary" not in each.shown
        assert "canary" not in repr(each)
    assert "canary" in rendered["hostapd.conf"].reveal()
    assert rendered["snmpd.conf"].reveal().count("canary") == 2


def lines(name: str, document: str) -> list[str]:
    return [each.strip() for each in config(example(name))[document].reveal().splitlines()]


def test_ssh_and_snmp_listen_on_the_management_address_only() -> None:
    line = example("internet-pro-plus")
    listening = [each for each in lines("internet-pro-plus", "sshd_config") if each.startswith("ListenAddress")]
    assert listening == [f"ListenAddress {line.management}"]
    assert f"agentAddress udp:{line.management}:161" in lines("internet-pro-plus", "snmpd.conf")


def test_keys_are_looked_for_where_a_router_may_have_them() -> None:
    assert "AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/authorized_keys/%u" in lines(
        "internet-pro", "sshd_config"
    )


@pytest.mark.parametrize("name", ROUTERS)
def test_bgp_is_spoken_where_there_is_a_back_up_and_nowhere_else(name: str) -> None:
    backed_up = "mobile" in example(name).intent.bearers
    assert ("bgpd=yes" in lines(name, "daemons")) is backed_up
    assert ("router bgp 64511" in lines(name, "frr.conf")) is backed_up
    assert ("interface wwan0" in lines(name, "dhcpcd.conf")) is backed_up
    # A kernel metric's highest octet is FRR's administrative distance: behind BGP's 20, the fixed bearer first.
    metrics = [int(each.split()[1]) >> 24 for each in lines(name, "dhcpcd.conf") if each.startswith("metric")]
    assert metrics == ([100, 110] if backed_up else [])


@pytest.mark.parametrize("name", ROUTERS)
def test_a_prefix_is_asked_for_where_none_is_fixed(name: str) -> None:
    fixed = example(name).ipv6 is not None
    delegated = [each for each in lines(name, "dhcpcd.conf") if each.startswith("ia_pd")]
    assert delegated == ([] if fixed else ["ia_pd 1 br-lan/0/64/1"])
    assert ("enable-ra" in lines(name, "dnsmasq.conf")) is not fixed
    assert ("no ipv6 nd suppress-ra" in lines(name, "frr.conf")) is fixed


@pytest.mark.parametrize("name", ROUTERS)
def test_at_most_253_addresses_are_lent(name: str) -> None:
    (most,) = (each for each in lines(name, "dnsmasq.conf") if each.startswith("dhcp-lease-max="))
    assert 1 <= int(most.partition("=")[2]) <= 253


@pytest.mark.parametrize("name", ROUTERS)
def test_timers_belong_to_the_managed_firewall_and_nothing_is_ranked(name: str) -> None:
    text = config(example(name))["nftables.conf"].reveal()
    assert ("ct timeout web_ip {" in text) is example(name).intent.managed_firewall
    for word in ("meta priority", "dscp", "meter", "limit rate over", "tc "):
        assert word not in text


# --- templates -----------------------------------------------------------------------------------------------------


def spoilt(folder: Path, name: str, addition: str) -> Path:
    """A copy of the templates, one of them with a line more at its end."""
    shutil.copytree(TEMPLATES, folder / "templates")
    template = folder / "templates" / "linux_cpe" / name
    text = template.read_text("utf-8")
    template.write_text(f"{text}{addition}\n", "utf-8")
    return folder / "templates"


@pytest.mark.parametrize(
    ("addition", "what"),
    [
        ("{{ customer }}", "'customer' is undefined"),
        ("{{ label + ' more' }}", "a str that nobody encoded"),
        ("{{ label | upper }}", "a str that nobody encoded"),
        ("{{ resolvers }}", "a tuple that nobody encoded"),
        ("{{ delegated }}", "a bool that nobody encoded"),
        ("{{ none }}", "a NoneType that nobody encoded"),
        ("{% if label %}", "Unexpected end of template"),
        ("{{ label", "unexpected end of template"),
        ("{{ '{{' }}", "a str that nobody encoded"),
    ],
)
def test_a_broken_template_is_refused_with_file_and_line(addition: str, what: str, tmp_path: Path) -> None:
    templates = spoilt(tmp_path, "dnsmasq.conf.j2", addition)
    last = len((templates / "linux_cpe" / "dnsmasq.conf.j2").read_text("utf-8").splitlines())
    with pytest.raises(UnusableTemplate) as caught:
        render(example("internet-pro"), operator(), SECRETS, templates)
    assert what in str(caught.value)
    assert f"{templates / 'linux_cpe' / 'dnsmasq.conf.j2'}:{last}" in str(caught.value)


def test_text_left_over_from_a_template_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableTemplate, match="still holds template syntax"):
        render(
            example("internet-pro"),
            operator(),
            SECRETS,
            spoilt(tmp_path, "dnsmasq.conf.j2", "{% raw %}{{ x }}{% endraw %}"),
        )


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    templates = spoilt(tmp_path, "daemons.j2", "")
    (templates / "linux_cpe" / "daemons.j2").unlink()
    with pytest.raises(UnusableTemplate, match="there is no such template"):
        render(example("internet-pro"), operator(), SECRETS, templates)


def test_there_is_a_template_for_each_document_and_no_other() -> None:
    folder = TEMPLATES / "linux_cpe"
    there = {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}
    idle = {f"{each.folder}/{each.name}.j2" for each in BOOTSTRAP}
    assert there == {f"{each.name}.j2" for each in DOCUMENTS} | idle


# --- the operator's file -------------------------------------------------------------------------------------------


def test_the_shipped_operator_is_the_labs() -> None:
    there = operator()
    assert [str(each) for each in (*there.resolvers_ipv4, *there.resolvers_ipv6)] == ["198.18.1.53", "3fff:0:1::53"]
    assert there.routing.fixed.neighbour.ipv4 == IPv4Address("100.64.0.1")
    assert there.routing.mobile.neighbour.ipv4 == IPv4Address("100.96.0.1")
    assert (there.routing.as_number, there.routing.fixed.neighbour.as_number) == (64511, 64500)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("198.18.1.53", "198.18.1.999"),
        ('"64500:200"', '"64500:200\\nrouter bgp 1"'),
        ("account: root", 'account: "root\\nPermitRootLogin yes"'),
        ("local_preference: 200", "local_preference: 99"),
        ("time_servers:", "log_servers: []\ntime_servers:"),
        ("name: web", 'name: "web { }"'),
        ("established: 3600", "etablished: 3600"),
        ("ports: [22]", "ports: [65536]"),
        ("100.127.0.0/30", "100.127.0.1/30"),
        ("seconds: 60", "seconds: 181"),
        ("syslog_servers: []", "syslog_servers: [log.example.net]"),
        ("voice_probes: [198.18.2.10,", "voice_probes: [198.18.3.10,"),
        ("voice_probes: [198.18.2.10,", "voice_probes: [sip.example.net,"),
    ],
)
def test_an_operator_file_that_cannot_be_meant_is_refused(old: str, new: str, tmp_path: Path) -> None:
    text = (ROOT / OPERATOR_FILE).read_text("utf-8")
    assert old in text
    (tmp_path / "operator.yaml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(UnreadableProject):
        read_operator_file(tmp_path / "operator.yaml")


def test_an_operator_file_of_an_earlier_version_is_read_as_before(tmp_path: Path) -> None:
    text = (ROOT / OPERATOR_FILE).read_text("utf-8")
    for later in (", seconds: 60", "syslog_servers: []\n", 'voice_probes: [198.18.2.10, "3fff:0:2::10"]\n'):
        assert later in text
        text = text.replace(later, "")
    (tmp_path / "operator.yaml").write_text(text, "utf-8")
    assert read_operator_file(tmp_path / "operator.yaml") == replace(operator(), voice_probes=())


def test_a_line_renders_without_a_terminal_or_a_store() -> None:
    line: AddressedIntent = example("temporary-internet-pro-plus")
    assert isinstance(render(line, operator(), SECRETS, TEMPLATES), Config)
