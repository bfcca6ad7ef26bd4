"""The lab's topology as data."""

import itertools
from collections.abc import Mapping
from ipaddress import IPv6Network, ip_address, ip_network
from pathlib import Path

import pytest
import yaml
from worlds import ROOT

from provisioning.errors import BadInput, UnknownName
from provisioning.stands.lab.access import (
    DELEGATED,
    SERVED,
    bearer_address,
    delegated_prefix,
    dhcp_configuration,
    link_local,
    slaac_address,
)
from provisioning.stands.lab.boot import boot_script
from provisioning.stands.lab.capabilities import WANTED_SETTINGS, Account, advise
from provisioning.stands.lab.disk import hosts
from provisioning.stands.lab.layout import MAX_CPES, build
from provisioning.stands.lab.packages import PACKAGES, install_commands
from provisioning.stands.lab.privileges import Mode
from provisioning.stands.lab.routing import frr_configuration
from provisioning.stands.lab.topology import ACCESS, Kind, mac_of

LARGEST = build(MAX_CPES)


def test_with_one_cpe_has_one_node_of_each_kind() -> None:
    assert sorted(each.kind for each in build(1).nodes) == sorted(Kind)


def test_names_and_serials_are_unique() -> None:
    names = [name for each in LARGEST.nodes for name in (each.name, each.serial) if name]
    assert len(names) == len(set(names))


def test_no_address_twice() -> None:
    addresses = [address.ip for each in LARGEST.nodes for address in each.addresses]
    assert len(addresses) == len(set(addresses))


def test_no_address_lies_in_a_pool_of_the_shipped_inventory() -> None:
    pools = yaml.safe_load((ROOT / "inventory" / "pools.yaml").read_text("utf-8"))["pools"]
    prefixes = [ip_network(each["prefix"]) for each in pools if "prefix" in each]
    networks = {address.network for each in LARGEST.nodes for address in each.addresses}
    for network, prefix in itertools.product(networks, prefixes):
        assert network.version != prefix.version or not network.overlaps(prefix), f"{network} in {prefix}"


def test_every_interface_has_one_cable_and_a_name_that_linux_takes() -> None:
    ends = [end for link in LARGEST.links for end in (link.left, link.right)]
    assert len(ends) == len(set(ends))
    interfaces = {(node.name, each.name) for node in LARGEST.nodes for each in node.interfaces if each.name != "lo"}
    assert set(ends) == interfaces
    assert all(len(name) <= 15 for _, name in ends)


def test_the_two_ends_of_a_cable_share_their_networks() -> None:
    ports = {(node.name, each.name): each for node in LARGEST.nodes for each in node.interfaces}
    for link in LARGEST.links:
        left, right = ports[link.left], ports[link.right]
        if left.addresses and right.addresses:
            assert {each.network for each in left.addresses} == {each.network for each in right.addresses}


@pytest.mark.parametrize("kind", [Kind.BNG, Kind.MOBILE_CORE])
def test_every_cpe_is_a_neighbour_by_the_addresses_that_it_has(kind: Kind) -> None:
    _, network, network6, port = SERVED[kind]
    text = frr_configuration(kind, LARGEST.cpes)
    for cpe in LARGEST.cpes:
        own = bearer_address(kind, cpe.number), slaac_address(network6, mac_of(port, cpe.number))
        assert ip_address(own[0]) in network
        assert own == tuple(str(ip_address(each)) for each in own)
        for address, group in zip(own, ("CPE", "CPE6"), strict=True):
            assert text.index(f"neighbor {group} peer-group\n") < text.index(
                f"neighbor {address} peer-group {group}\n"
            )
    # What a BNG listens for it may forget, and go on speaking to.
    assert "listen" not in text
    assert text.count(" passive\n") == 2
    assert "delay-timer 0" not in text


def test_a_cpe_has_an_address_of_each_family_on_the_access_segment() -> None:
    for cpe in LARGEST.cpes:
        assert len(cpe.leased) == len(ACCESS)
        assert all(any(address in network for network in ACCESS) for address in cpe.leased)


def test_every_gateway_is_on_a_link() -> None:
    for node in LARGEST.nodes:
        for gateway in map(ip_address, node.gateways):
            assert any(gateway in each.network for each in node.addresses), f"{node.name}: {gateway}"


def test_the_routers_of_the_example_orders_have_a_cpe_each() -> None:
    orders = [yaml.safe_load(path.read_text("utf-8")) for path in Path(ROOT / "examples" / "orders").glob("*.yaml")]
    serials = {each["cpe"]["serial"] for each in orders if each.get("cpe", {}).get("platform") == "linux_cpe"}
    lab = build(20)
    assert {lab.node(serial).serial for serial in serials} == serials


def test_a_node_is_found_by_name_and_by_serial() -> None:
    assert build(2).node("LX0102").name == "cpe2"
    assert build(2).cpe("cpe2").serial == "LX0102"


@pytest.mark.parametrize(("name", "guess"), [("firewal1", "firewall1"), ("bgn", "bng")])
def test_an_unknown_node_is_told_with_the_nearest_one(name: str, guess: str) -> None:
    with pytest.raises(UnknownName) as told:
        build(1).node(name)
    assert f"Did you mean {guess}?" in told.value.remedy


def test_only_cpes_can_be_cut() -> None:
    with pytest.raises(UnknownName):
        build(1).cpe("bng")


@pytest.mark.parametrize("cpes", [-1, MAX_CPES + 1])
def test_size_has_limits(cpes: int) -> None:
    with pytest.raises(BadInput):
        build(cpes)


def test_a_factory_new_cpe_boots_what_its_init_starts_and_nothing_else() -> None:
    cpe = build(1).node("cpe1")
    script = boot_script(cpe)
    assert "systemctl default" in script
    assert not cpe.addresses
    assert not any(daemon in script for daemon in ("zebra", "bgpd", "dnsmasq", "snmpd", "nft", "forward"))


def test_a_cpe_is_given_the_addresses_at_which_it_is_known() -> None:
    for cpe in LARGEST.cpes:
        own = slaac_address(ACCESS[1], mac_of("wan0", cpe.number))
        assert {str(each.ip) for each in cpe.leased} == {bearer_address(Kind.BNG, cpe.number), str(ip_address(own))}
        assert cpe.reached_at == bearer_address(Kind.BNG, cpe.number)
        assert f"dhcp-host={mac_of('wan0', cpe.number)},{cpe.reached_at}\n" in dhcp_configuration(Kind.BNG, [cpe])


def test_mac_addresses_are_unique_and_locally_administered() -> None:
    macs = [each.mac for node in LARGEST.nodes for each in node.interfaces if each.mac]
    assert len(macs) == len(set(macs)) == 4 * MAX_CPES
    assert {mac[:2] for mac in macs} == {"02"}
    assert link_local("02:00:00:00:01:07") == "fe80::0000:00ff:fe00:0107"


def test_delegated_prefixes_are_apart() -> None:
    delegated = [IPv6Network(delegated_prefix(each.number)) for each in LARGEST.cpes]
    assert len(set(delegated)) == MAX_CPES
    assert all(each.subnet_of(DELEGATED) for each in delegated)


def test_hosts_names_every_node_that_can_be_reached() -> None:
    text = hosts(build(1))
    assert "100.64.1.1 cpe1 LX0101\n" in text
    assert "198.18.1.10 internet\n" in text


def test_installing_names_every_package_once() -> None:
    update, install = install_commands(PACKAGES)
    assert update[:2] == ("apt-get", "update")
    names = [each.name for each in PACKAGES]
    assert list(install[-len(names) :]) == names
    assert len(set(names)) == len(names)


def ann(mappers: bool, ids: bool, free_id: int, settings: Mapping[str, str]) -> Account:
    return Account("ann", mappers, ids, free_id, settings)


@pytest.mark.parametrize(
    ("account", "command"),
    [
        (ann(False, False, 100000, {}), "sudo apt-get install --yes uidmap"),
        (
            ann(True, False, 165536, {}),
            "usermod --add-subuids 165536-231071 --add-subgids 165536-231071 ann",
        ),
        (
            ann(True, True, 100000, {"user.max_user_namespaces": "0"}),
            "sysctl -w user.max_user_namespaces=10000",
        ),
        (
            ann(True, True, 100000, {"kernel.apparmor_restrict_unprivileged_userns": "1"}),
            "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        (
            ann(True, True, 100000, {"kernel.unprivileged_userns_clone": "0"}),
            "sudo sysctl -w kernel.unprivileged_userns_clone=1",
        ),
        (ann(True, True, 100000, WANTED_SETTINGS), "sudo proviso lab up"),
        (
            ann(True, True, 100000, {"user.max_user_namespaces": "63000"}),
            "Run it as root: sudo proviso lab up",
        ),
    ],
)
def test_who_may_not_is_told_the_exact_command(account: Account, command: str) -> None:
    assert command in advise(Mode.USER, account)


def test_a_root_that_may_not_is_told_about_its_container() -> None:
    assert "--privileged" in advise(Mode.ROOT, Account("root", True, True, 100000, {}))
