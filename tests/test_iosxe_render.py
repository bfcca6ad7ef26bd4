"""What the configuration of a Cisco router says: its form and its firewall."""

import hashlib
import re
from dataclasses import replace

import pytest
from iosxe_renderings import RICHEST, cisco_config, running_config
from iosxe_texts import entries, every, lists, sections
from renderings import example, operator

from provisioning.errors import CannotEncode
from provisioning.model.operator import SessionTimer

# --- form ------------------------------------------------------------------------------------------------------------


@every
def test_it_is_written_as_the_router_shows_it(name: str) -> None:
    text = running_config(name)
    lines = text.split("\n")
    assert lines[-2:] == ["end", ""]
    assert all(line.isascii() and (line.isprintable() or not line) for line in lines)
    assert not [line for line in lines if line != line.rstrip()]
    assert {len(line) - len(line.lstrip()) for line in lines} <= {0, 1, 2}
    assert "" not in lines[:-1]


@every
def test_each_access_list_is_called_after_what_it_says(name: str) -> None:
    for called, lines in lists(running_config(name)).items():
        numbered = [re.fullmatch(r"(?:sequence )?(\d+) (.+)", line) for line in lines]
        assert [int(each[1]) for each in numbered if each] == [10 * n for n in range(1, len(lines) + 1)]
        if called == "NAT-LAN":
            continue
        said = "".join(f"{each[2]}\n" for each in numbered if each)
        assert called.rpartition("-")[2] == hashlib.sha256(said.encode()).hexdigest()[:8]
        assert ("sequence" in lines[0]) is (called.rpartition("-")[0][-1] == "6")


@every
def test_whatever_is_referred_to_is_there_and_nothing_else(name: str) -> None:
    text = running_config(name)
    heads = sections(text)
    found = (
        r"match access-group name (\S+)|access-group (\S+) (?:in|out)|traffic-filter (\S+) (?:in|out)"
        r"|access-class (\S+) in|v3 priv read \S+ access (\S+)|source list (\S+) interface"
    )
    referred = {each for groups in re.findall(found, text) for each in groups if each}
    assert referred == set(lists(text))
    for kind, reference in (
        ("class-map type inspect match-any", r"^ class type inspect (\S+)$"),
        ("parameter-map type inspect", r"^  inspect (\S+)$"),
        ("policy-map type inspect", r"^ service-policy type inspect (\S+)$"),
        ("zone security", r"^ zone-member security (\S+)$"),
    ):
        there = {head.removeprefix(f"{kind} ") for head in heads if head.startswith(f"{kind} ")}
        assert set(re.findall(reference, text, re.MULTILINE)) == there, kind
    maps = {head.split()[1] for head in heads if head.startswith("route-map ")}
    assert set(re.findall(r"(?:route|advertise|exist)-map ([A-Z]+-?[A-Z]*[46])(?: in| out| non| *$)", text)) <= maps
    prefixes = {head.split()[2] for head in heads if head.startswith(("ip prefix-list", "ipv6 prefix-list"))}
    assert set(re.findall(r"address prefix-list (\S+)$", text, re.MULTILINE)) == prefixes


@every
def test_what_is_shown_holds_no_secret(name: str) -> None:
    rendered = cisco_config(name)
    assert [(each.name, each.mode) for each in rendered.documents] == [
        ("running-config", 0o600),
        ("snmp-users", 0o600),
    ]
    for each in rendered.documents:
        assert "canary" not in each.shown and "canary" not in repr(each)
    assert rendered["snmp-users"].reveal() == (
        "snmp-server user proviso proviso v3 auth sha authentication-canary priv aes 128 privacy-canary\n"
    )
    wifi = example(name).intent.wifi is not None
    assert ("canary" in rendered["running-config"].reveal()) is wifi
    assert rendered["running-config"].secret is wifi


# --- the firewall ----------------------------------------------------------------------------------------------------


@every
@pytest.mark.parametrize("version", [4, 6])
def test_port_23_is_shut_on_each_bearer_before_anything_else(name: str, version: int) -> None:
    text = running_config(name)
    for bearer in ("FIXED", "MOBILE") if "mobile" in example(name).intent.bearers else ("FIXED",):
        first = entries(text, f"{bearer}-IN{version}")[:2]
        assert first == ["deny tcp any any eq telnet", "deny udp any any eq 23"]
    interfaces = sections(text)
    bearers = [head for head, lines in interfaces.items() if "zone-member security OUTSIDE" in lines]
    word = "ip access-group" if version == 4 else "ipv6 traffic-filter"
    for head in bearers:
        assert sum(line.startswith(word) and line.endswith(" in") for line in interfaces[head]) == 1


@every
def test_nobody_outside_is_the_line_itself(name: str) -> None:
    text, line = running_config(name), example(name)
    shut = entries(text, "FIXED-IN4")
    assert line.fixed_ipv4 and line.ipv6 and line.management and line.intent.lan
    assert f"deny ip host {line.fixed_ipv4} any" in shut
    assert f"deny ip host {line.management} any" in shut
    assert f"deny ip {line.intent.lan.subnet.network_address} {line.intent.lan.subnet.hostmask} any" in shut
    assert f"deny ipv6 {str(line.ipv6.block).upper()} any" in entries(text, "FIXED-IN6")
    for version, whole in ((4, "permit ip any any"), (6, "permit ipv6 any any")):
        assert entries(text, f"FIXED-IN{version}")[-1] == whole


def test_openings_lead_to_the_host_behind_the_mapping_and_to_the_customers_firewall() -> None:
    text = running_config(RICHEST)
    assert entries(text, "OPENINGS4") == [
        "permit tcp any host 172.20.21.10 eq smtp",
        "permit tcp any host 172.20.21.10 eq 443",
        "permit tcp any host 172.20.21.10 range 8000 8005",
        "permit udp any host 172.20.21.11 range 5060 5063",
        "permit tcp any 198.51.100.0 0.0.0.7 range 1 22",
        "permit tcp any 198.51.100.0 0.0.0.7 range 24 65535",
        "permit udp any 198.51.100.0 0.0.0.7 range 1 22",
        "permit udp any 198.51.100.0 0.0.0.7 range 24 65535",
    ]
    assert entries(text, "OPENINGS6")[0] == "permit tcp any 2001:DB8:0:80::/57 range 1 22"


def test_a_line_without_openings_lets_nothing_in() -> None:
    text = running_config("temporary-internet-pro-plus-cisco")
    assert sections(text)["policy-map type inspect OUTSIDE-INSIDE"] == ["class class-default", " drop"]
    assert "ip nat inside source static" not in text


def test_what_a_timer_is_for_is_treated_before_the_rest() -> None:
    policy = sections(running_config(RICHEST))["policy-map type inspect OUTSIDE-INSIDE"]
    assert policy.index("class type inspect OPENINGS-WEB") < policy.index("class type inspect OPENINGS")
    assert policy[policy.index("class type inspect OPENINGS-WEB") + 1] == " inspect TIMER-WEB"
    assert policy[-2:] == ["class class-default", " drop"]


def test_timers_belong_to_the_managed_firewall() -> None:
    line = example(RICHEST)
    assert "TIMER-" in running_config(line)
    without = running_config(replace(line, intent=replace(line.intent, managed_firewall=False)))
    assert "TIMER-" not in without
    assert sections(without)["parameter-map type inspect SESSIONS"] == ["tcp idle-time 7440"]


def test_what_ios_does_anyway_is_not_said() -> None:
    heads = sections(running_config(RICHEST))
    assert heads["parameter-map type inspect TIMER-WEB"] == []  # 3600 s
    assert heads["parameter-map type inspect TIMER-MAIL"] == ["tcp idle-time 1800"]
    assert heads["parameter-map type inspect TIMER-NAMES"] == []  # 30 s


def test_a_timer_that_ios_does_not_know_is_refused_by_its_name() -> None:
    strange = SessionTimer("web", "tcp", (80,), {"close_wait": 60})
    around = replace(operator(), session_timers=(strange,))
    with pytest.raises(CannotEncode, match="close_wait") as caught:
        cisco_config(RICHEST, around=around)
    assert "session_timers.web" in caught.value.where


def test_nat_remembers_udp_as_long_as_the_firewall_does() -> None:
    assert "ip nat translation udp-timeout" not in running_config(RICHEST)
    patient = SessionTimer("games", "udp", (27015,), {"replied": 900})
    rendered = cisco_config(RICHEST, around=replace(operator(), session_timers=(patient,)))
    assert "ip nat translation udp-timeout 900" in rendered["running-config"].reveal().splitlines()


@every
def test_the_router_is_managed_from_the_management_prefixes_only(name: str) -> None:
    text, line = running_config(name), example(name)
    inside = entries(text, "TO-ROUTER4")
    assert f"permit tcp 100.127.0.0 0.0.0.3 host {line.management} eq 22" in inside
    assert f"permit udp 100.127.0.0 0.0.0.3 host {line.management} eq snmp" in inside
    assert not [each for each in inside if "telnet" in each or "any any eq 22" in each]
    vty = sections(text)["line vty 0 4"]
    assert "transport input ssh" in vty
    assert entries(text, "MANAGEMENT4") == ["permit 100.127.0.0 0.0.0.3"]
    assert [each for each in vty if each.endswith(" in")] == [
        f"access-class {next(n for n in lists(text) if n.startswith('MANAGEMENT4'))} in",
        f"ipv6 access-class {next(n for n in lists(text) if n.startswith('NOBODY6'))} in",
    ]
    for said in ("no ip http server", "no ip http secure-server", "ip scp server enable", "file prompt quiet"):
        assert said in text.splitlines()


@every
def test_nothing_is_ranked_or_slowed_down(name: str) -> None:
    for word in ("police", "priority-queue", "shape", "bandwidth", "random-detect", "dscp"):
        assert word not in running_config(name)
