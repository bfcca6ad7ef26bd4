"""Commands of a Cisco router in the order that it takes them, and what is made anew."""

import itertools

import pytest
from ios_applier import RefusedError
from iosxe_changes import Documents, applied, prove_circle
from iosxe_examples import HELD, documents
from iosxe_renderings import SECRETS

from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG, SNMP_USERS, user_lines
from provisioning.platforms.cisco_iosxe.differ import mask_commands, remediate


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
