"""Changes of a Cisco router's configuration: there, back, in an order that the device takes."""

import itertools
import re
from dataclasses import replace
from functools import cache
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ios_applier import ConfigurationMode, RefusedError
from iosxe_changes import Documents, applied, prove_circle
from iosxe_renderings import SECRETS, cisco_config, idle_config
from renderings import example
from worlds import ROOT

from provisioning.model.intent import AddressedIntent, PortMapping
from provisioning.model.opening import CUSTOMER_FIREWALL, Opening, merged
from provisioning.model.port_range import PortRange
from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG, SNMP_USERS, sections, user_lines
from provisioning.platforms.cisco_iosxe.configuration_tree import read_configuration
from provisioning.platforms.cisco_iosxe.defaults import DEFAULTS
from provisioning.platforms.cisco_iosxe.differ import mask_commands, remediate

EXAMPLES = sorted(each.stem for each in (ROOT / "examples" / "orders").glob("*-cisco.yaml"))

HELD = "internet-pro-plus-cisco"
"""Everything that a line can have."""


def rendered(line: AddressedIntent) -> dict[str, str]:
    return {each.name: each.reveal() for each in cisco_config(line).documents}


@cache
def documents(name: str) -> Documents:
    if name == "bootstrap":
        return {each.name: each.reveal() for each in idle_config("FGL26000121").documents}
    return rendered(example(name))


@pytest.mark.parametrize(("before", "after"), list(itertools.combinations([*EXAMPLES, "bootstrap"], 2)))
def test_any_formula_becomes_any_other_and_comes_back(before: str, after: str) -> None:
    prove_circle(documents(before), documents(after))


@pytest.mark.parametrize("name", [*EXAMPLES, "bootstrap"])
def test_nothing_is_done_where_nothing_differs(name: str) -> None:
    change = remediate(documents(name), documents(name))
    assert (change.commands, change.rollback, change.lost) == ((), (), ())


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_we_render_is_understood_and_nothing_of_it_is_left_alone(name: str) -> None:
    text = documents(name)[RUNNING_CONFIG]
    assert read_configuration(text).strange == ()
    unsaid = {"!", "", "end", "exit-address-family", *(each.line for each in DEFAULTS)}
    ours = {line.strip() for line in text.split("\n")} - unsaid
    known: set[str] = set()
    waiting = list(sections(text))
    while waiting:
        each = waiting.pop()
        known.add(each.text)
        waiting += each.children
    assert ours == known


# Lines that differ in what customers change.

PORTS = st.builds(
    lambda protocol, first, more: PortRange(protocol, first, min(first + more, 65535)),
    st.sampled_from(["tcp", "udp"]),
    st.sampled_from([25, 53, 80, 443, 5060, 8000, 40000]),
    st.integers(0, 3),
)


@st.composite
def variants(draw: st.DrawFn) -> AddressedIntent:
    line = example(draw(st.sampled_from(EXAMPLES)))
    intent = line.intent
    assert intent.lan is not None
    hosts = [IPv4Address(int(intent.lan.subnet.network_address) + each) for each in (2, 3)]
    different = st.lists(PORTS, max_size=2, unique_by=lambda ports: (ports.protocol, ports.first))
    mappings = tuple(PortMapping(ports, draw(st.sampled_from(hosts))) for ports in draw(different))
    changed = replace(
        intent,
        port_mappings=mappings if draw(st.booleans()) else intent.port_mappings,
        customer_openings=merged(Opening(ports, CUSTOMER_FIREWALL) for ports in draw(different))
        if draw(st.booleans())
        else intent.customer_openings,
        wifi=intent.wifi if draw(st.booleans()) else None,
        bearers=intent.bearers if draw(st.booleans()) else intent.bearers[:1],
        managed_firewall=draw(st.booleans()),
    )
    packs = (line.ip_pack, IPv4Network("203.0.113.64/28")) if line.ip_pack else (None,)
    pack = draw(st.sampled_from([*packs, None]))
    former = draw(st.sampled_from([each for each in packs if each != pack])) if pack else None
    fixed = draw(st.sampled_from([line.fixed_ipv4, IPv4Address("192.0.2.200") if line.fixed_ipv4 else None]))
    ipv6 = line.ipv6 if draw(st.booleans()) else None
    if ipv6 is not None and ipv6.next_hop is not None:
        ipv6 = replace(ipv6, next_hop=ipv6.next_hop + draw(st.sampled_from([0, 16])))
    return replace(line, intent=changed, ip_pack=pack, former_ip_pack=former, fixed_ipv4=fixed, ipv6=ipv6)


@settings(max_examples=15, deadline=None)
@given(variants(), variants())
def test_any_line_becomes_any_other_and_comes_back(before: AddressedIntent, after: AddressedIntent) -> None:
    prove_circle(rendered(before), rendered(after))


def test_a_line_that_loses_its_backup_is_told_so_before_its_filters_go() -> None:
    line = example(HELD)
    alone = replace(line, intent=replace(line.intent, bearers=line.intent.bearers[:1]))
    commands = prove_circle(rendered(line), rendered(alone)).commands
    assert commands.index("no router bgp 64511") < min(
        at for at, each in enumerate(commands) if each.startswith(("no route-map", "no ip prefix-list"))
    )


# Access lists.

SAID = [
    "deny ip any any",
    *(f"{action} ip host 192.0.2.{host} any" for action in ("permit", "deny") for host in range(4)),
]
ENTRIES = st.lists(
    st.tuples(st.integers(3, 400), st.sampled_from(SAID)),
    min_size=1,
    max_size=8,
    unique_by=(lambda each: each[0], lambda each: each[1]),
)


def with_list(header: str, entries: list[tuple[int, str]], use: str) -> Documents:
    six = header.startswith("ipv6")
    lines = [f" {'sequence ' if six else ''}{number} {_of(header, each)}\n" for number, each in sorted(entries)]
    return {RUNNING_CONFIG: f"{header}\n{''.join(lines)}interface GigabitEthernet0/0/0\n {use}\n"}


def _of(header: str, entry: str) -> str:
    if " standard " in header:
        action, _, *place = entry.split()
        return f"{action} {place[-2] if 'host' in place else 'any'}"
    if header.startswith("ipv6"):
        return entry.replace(" ip ", " ipv6 ").replace("192.0.2.", "2001:DB8::")
    return entry


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        [
            ("ip access-list extended LIST", "ip access-group LIST in"),
            ("ip access-list standard LIST", "ip access-group LIST in"),
            ("ipv6 access-list LIST", "ipv6 traffic-filter LIST in"),
        ]
    ),
    ENTRIES,
    ENTRIES,
)
def test_a_list_that_keeps_its_name_is_shut_while_it_changes(
    where: tuple[str, str], before: list[tuple[int, str]], after: list[tuple[int, str]]
) -> None:
    running, wanted = (with_list(where[0], each, where[1]) for each in (before, after))
    change = prove_circle(running, wanted)
    mode = ConfigurationMode(running[RUNNING_CONFIG])
    ends = [_entries(running), _entries(wanted)]
    for line in change.commands:
        mode.feed(line)
        now = _entries({RUNNING_CONFIG: mode.text()})
        assert now in ends or _is_shut(now, ends)


def _is_shut(entries: list[str], ends: list[list[str]]) -> bool:
    """Whether a list lets nothing in, or no more than one of its ends while it is being shut or opened."""
    said = [re.sub(r"^(?:sequence )?\d+ ", "", each) for each in entries]
    whole = said[0] in ("deny any", "deny ip any any", "deny ipv6 any any")
    halves = [each for each in said if "127.255.255.255" in each or "::/1" in each or "8000::/1" in each]
    return whole or len(halves) == 2 or entries[len(halves) :] in ends


def _entries(documents: Documents) -> list[str]:
    lists = [each for each in sections(documents[RUNNING_CONFIG]) if "access-list" in each.text]
    return [each.text for each in lists[0].children]


def test_a_changed_list_with_another_name_is_built_before_it_is_named_and_removed_after() -> None:
    running = with_list(
        "ip access-list extended IN4-00000001", [(10, "permit ip any any")], "ip access-group IN4-00000001 in"
    )
    wanted = with_list(
        "ip access-list extended IN4-00000002", [(10, "deny ip any any")], "ip access-group IN4-00000002 in"
    )
    assert prove_circle(running, wanted).commands == (
        "ip access-list extended IN4-00000002",
        " 10 deny ip any any",
        " exit",
        "interface GigabitEthernet0/0/0",
        " ip access-group IN4-00000002 in",
        " exit",
        "no ip access-list extended IN4-00000001",
    )


def test_entries_without_numbers_keep_their_order() -> None:
    use = "interface GigabitEthernet0/0/0\n ip access-group LIST in\n"
    running = {
        RUNNING_CONFIG: f"ip access-list extended LIST\n permit tcp any any\n remark why\n deny ip any any\n{use}"
    }
    wanted = {RUNNING_CONFIG: f"ip access-list extended LIST\n permit udp any any\n permit tcp any any\n{use}"}
    there = applied(running, remediate(running, wanted).commands)
    assert _entries(there) == ["permit udp any any", "permit tcp any any"]


def test_a_numbered_list_is_changed_entry_by_entry() -> None:
    running = {RUNNING_CONFIG: "access-list 10 permit 192.0.2.1\naccess-list 10 deny any\n"}
    wanted = {RUNNING_CONFIG: "access-list 10 permit 192.0.2.2\naccess-list 10 deny any\n"}
    assert remediate(running, wanted).commands == (
        "ip access-list standard 10",
        " 8 deny 0.0.0.0 127.255.255.255",
        " 9 deny 128.0.0.0 127.255.255.255",
        " no permit 192.0.2.1",
        " no deny any",
        " permit 192.0.2.2",
        " deny any",
        " no 9",
        " no 8",
        " exit",
    )
    assert remediate(running, {RUNNING_CONFIG: ""}).commands == ("no ip access-list standard 10",)


# Other things that have an order of their own.


def test_a_prefix_list_in_use_is_never_without_an_entry() -> None:
    use = "route-map OUT permit 10\n match ip address prefix-list OWN\n"
    running = {RUNNING_CONFIG: f"ip prefix-list OWN seq 5 permit 192.0.2.1/32\n{use}"}
    wanted = {RUNNING_CONFIG: f"ip prefix-list OWN seq 5 permit 192.0.2.2/32\n{use}"}
    guard = "ip prefix-list OWN seq 4294967294 deny 0.0.0.0/0 le 32"
    assert prove_circle(running, wanted).commands == (
        guard,
        "no ip prefix-list OWN seq 5 permit 192.0.2.1/32",
        "ip prefix-list OWN seq 5 permit 192.0.2.2/32",
        f"no {guard}",
    )


def test_a_prefix_that_gets_another_number_is_taken_out_first() -> None:
    use = "route-map OUT permit 10\n match ip address prefix-list OWN\n"
    entry = "ip prefix-list OWN seq {} permit {}\n"
    running = {RUNNING_CONFIG: entry.format(5, "192.0.2.1/32") + entry.format(10, "192.0.2.2/32") + use}
    wanted = {RUNNING_CONFIG: entry.format(5, "192.0.2.2/32") + entry.format(10, "192.0.2.1/32") + use}
    prove_circle(running, wanted)
    prove_circle(running, {RUNNING_CONFIG: entry.format(15, "192.0.2.2/32") + use})


def test_another_order_of_what_has_none_is_no_difference() -> None:
    text = "ip prefix-list OWN seq {} permit 192.0.2.{}/32\n"
    prefixes = [text.format(5, 1), text.format(10, 2)]
    wlan = "wlan PROVISO 1 ssid\n{} no shutdown\n"
    options = [" security wpa akm psk\n", " security pmf optional\n"]
    one, other = (
        {RUNNING_CONFIG: "".join(each(prefixes)) + wlan.format("".join(each(options)))} for each in (list, reversed)
    )
    assert remediate(one, other).commands == ()


def test_an_interface_that_nothing_is_done_with_is_left_shut() -> None:
    idle = "interface GigabitEthernet0/0/2\n no ip address\n shutdown\n negotiation auto\n"
    assert remediate({RUNNING_CONFIG: idle}, {}).commands == ()
    used = f"{idle} description somebody's\n ip nat inside\n"
    assert remediate({RUNNING_CONFIG: used}, {}).commands == (
        "interface GigabitEthernet0/0/2",
        " no ip nat inside",
        " no description",
        " exit",
    )


def test_a_default_need_not_be_said() -> None:
    said = "line vty 0 4\n exec-timeout {}\n transport input ssh\n"
    running, wanted = ({RUNNING_CONFIG: said.format(each)} for each in ("5 0", "10 0"))
    assert remediate({RUNNING_CONFIG: "line vty 0 4\n transport input ssh\n"}, wanted).commands == ()
    assert remediate(running, wanted).commands == ("line vty 0 4", " no exec-timeout 5 0", " exit")


def test_a_scheduled_operation_is_made_anew() -> None:
    text = (
        "track 1 ip sla 1 reachability\nip sla 1\n icmp-echo {}\n  frequency 5\n"
        "ip sla schedule 1 life forever start-time now\n"
    )
    running, wanted = ({RUNNING_CONFIG: text.format(each)} for each in ("192.0.2.1", "192.0.2.2"))
    assert prove_circle(running, wanted).commands == (
        "no ip sla schedule 1",
        "no ip sla 1",
        "ip sla 1",
        " icmp-echo 192.0.2.2",
        "  frequency 5",
        "  exit",
        " exit",
        "ip sla schedule 1 life forever start-time now",
    )


def test_classes_keep_their_order() -> None:
    maps = "".join(
        f"class-map type inspect match-any {each}\n match protocol {each}\n" for each in ("tcp", "udp", "icmp")
    )

    def policy(*classes: str) -> Documents:
        inner = "".join(f" class type inspect {each}\n  inspect\n" for each in classes)
        return {RUNNING_CONFIG: f"{maps}policy-map type inspect P\n{inner} class class-default\n  drop\n"}

    for before, after in itertools.product(
        [("tcp", "udp"), ("udp", "tcp", "icmp"), ("icmp",), ("icmp", "tcp")], repeat=2
    ):
        prove_circle(policy(*before), policy(*after))


def test_a_class_that_matches_otherwise_is_made_anew_without_being_named() -> None:
    text = (
        "class-map type inspect match-{} C\n match protocol tcp\n"
        "class-map type inspect match-any D\n match protocol udp\n"
        "policy-map type inspect P\n class type inspect C\n  inspect\n class type inspect D\n  inspect\n"
    )
    running, wanted = ({RUNNING_CONFIG: text.format(each)} for each in ("any", "all"))
    prove_circle(running, wanted)


def test_a_neighbour_goes_at_once() -> None:
    text = (
        "route-map OUT permit 10\nrouter bgp 64500\n neighbor 192.0.2.1 remote-as 64501\n"
        " neighbor 192.0.2.1 timers 10 30\n !\n address-family ipv4\n  neighbor 192.0.2.1 activate\n"
        "  neighbor 192.0.2.1 route-map OUT out\n exit-address-family\n"
    )
    running = {RUNNING_CONFIG: text}
    wanted = {RUNNING_CONFIG: "router bgp 64500\n !\n address-family ipv4\n exit-address-family\n"}
    assert prove_circle(running, wanted).commands == (
        "router bgp 64500",
        " no neighbor 192.0.2.1 remote-as 64501",
        " exit",
        "no route-map OUT permit 10",
    )


def test_addresses_that_overlap_are_left_before_they_are_taken() -> None:
    text = "interface Loopback1\n ip address {} 255.255.255.255\ninterface Vlan1\n ip address {} 255.255.255.0{}\n"
    running = {RUNNING_CONFIG: text.format("192.0.2.1", "198.51.100.1", "")}
    wanted = {RUNNING_CONFIG: text.format("198.51.100.9", "192.0.2.1", "")}
    # The one takes what the other leaves, both ways: no order is right, and one is taken all the same.
    assert remediate(running, wanted).commands
    elsewhere = {RUNNING_CONFIG: text.format("203.0.113.1", "192.0.2.254", "")}
    prove_circle(running, elsewhere)


def test_snmp_users_are_told_their_keys_once() -> None:
    group = "snmp-server group g v3 priv\n"
    user = "snmp-server user u g v3 auth sha KEY-ONE-1 priv aes 128 KEY-TWO-2"
    wanted = {RUNNING_CONFIG: group, SNMP_USERS: f"{user}\n"}
    shown = {RUNNING_CONFIG: group, SNMP_USERS: "snmp-server user u g v3 auth sha priv aes 128\n"}
    change = prove_circle({RUNNING_CONFIG: ""}, wanted)
    assert change.commands == ("snmp-server group g v3 priv", user)
    assert change.rollback == ("no snmp-server user u g v3", "no snmp-server group g v3 priv")
    assert remediate(shown, wanted).commands == ()
    assert mask_commands(change.commands)[1] == "snmp-server user u g v3 auth sha <secret> priv aes 128 <secret>"


def test_the_way_back_says_what_it_cannot_bring_back() -> None:
    shown = {SNMP_USERS: "snmp-server user u g v3 auth sha priv aes 128\n"}
    change = remediate(shown, {})
    assert change.commands == ("no snmp-server user u g v3",)
    assert change.rollback == ()
    assert change.lost == user_lines(shown[SNMP_USERS])


def test_no_secret_shows() -> None:
    change = remediate(documents("bootstrap"), documents(HELD))
    assert SECRETS.wifi_key is not None
    text = "\n".join(change.commands)
    for secret in (SECRETS.wifi_key, SECRETS.snmp_authentication, SECRETS.snmp_privacy):
        assert secret.reveal() in text
        assert secret.reveal() not in "\n".join(mask_commands(change.commands))
        assert secret.reveal() not in repr(change)


def test_the_applier_refuses_another_order() -> None:
    change = remediate(documents("temporary-fullfiber-extended-cisco"), documents(HELD))
    first = next(at for at, each in enumerate(change.commands) if each.startswith("class-map"))
    last = next(at for at, each in enumerate(change.commands) if each.startswith("no ip access-list"))
    late = (*change.commands[first:], *change.commands[:first])
    early = (change.commands[last], *change.commands[:last], *change.commands[last + 1 :])
    for wrong in (late, early):
        with pytest.raises(RefusedError):
            applied(documents("temporary-fullfiber-extended-cisco"), wrong)
