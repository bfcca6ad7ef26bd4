"""Orders on the store: what only inventory, store and secrets can tell; no room; whatever the contract accepts."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from pathlib import Path

import pytest
import yaml
from accepting import accept, accepted, addresses, change, new, pack, refusals
from canaries import disguises
from forms import FormData, typed
from hypothesis import given, settings
from strategies import accepted_forms
from worlds import NOON, Command, World, dump, project_with_pools, soaked

from provisioning.errors import PoolExhausted
from provisioning.model.intent import AddressedIntent, Role
from provisioning.orders.check import check
from provisioning.store.engine import FILE_NAME, Store
from provisioning.workflows.accept_order import plan_order

# --- what only the inventory, the store and the secrets can tell ---------------------------------------------------


@pytest.mark.parametrize("kind", ["cpe", "ont"])
def test_a_device_serves_one_line(world: World, kind: str) -> None:
    accepted(world, new(1))
    accepted(world, new(2))
    taken: FormData = {kind: new(1)[kind]}
    assert refusals(world, {**new(3), **taken}) == ["serial-in-use"]
    serial: FormData = {kind: {"serial": taken[kind]["serial"]}}
    assert refusals(world, change(4, "L-2", **serial)) == ["serial-in-use"]
    assert accepted(world, change(5, "L-1", **serial)).line == "L-1"


def test_a_serial_is_free_again_when_its_line_has_another(world: World) -> None:
    accepted(world, new(1))
    accepted(world, change(2, cpe={"serial": "LX8888"}))
    assert accepted(world, {**new(3), "cpe": {"platform": "linux_cpe", "serial": "LX0001"}}).line == "L-2"


@pytest.mark.parametrize(
    ("ont", "code"),
    [
        ({"olt": "olt-liege-1"}, "olt-unknown"),
        ({"port": "0/9/9"}, "olt-port-unknown"),
        ({"port": "00/1/0"}, "olt-port-unknown"),
    ],
)
def test_an_ont_hangs_on_a_port_of_the_inventory(world: World, ont: FormData, code: str) -> None:
    form = new(1)
    assert refusals(world, {**form, "ont": {**form["ont"], **ont}}) == [code]
    accepted(world, form)
    assert refusals(world, change(2, ont=ont)) == [code]


def test_a_speed_above_gpon_needs_an_xgs_pon_port(world: World) -> None:
    form = new(1, options={"speed": "fiber-fast"})
    assert refusals(world, form) == ["olt-port-too-slow"]
    form["ont"]["port"] = "0/2/0"
    assert accepted(world, form).accepted
    assert refusals(world, change(2, kind="move", site={"address": "2 Rue"}, ont={"port": "0/1/0"})) == [
        "olt-port-too-slow"
    ]


def test_a_lan_is_apart_from_what_the_line_is_given(world: World) -> None:
    form = new(1, lan={"subnet": "10.255.0.0/24"})
    assert refusals(world, form) == ["lan-overlaps"]
    accepted(world, new(1))
    assert refusals(world, change(2, lan={"subnet": "10.255.0.0/16"})) == ["lan-overlaps"]


CANARY = "Canary-Wifi-Key-7b1f"
BAD_KEYS = ["", "short", CANARY[:7], CANARY + "é", CANARY * 4, CANARY + "\n", CANARY + "\t", "g" * 64, "\x7f" * 9]


def with_key(number: int = 1, source: str = "env:CANARY") -> FormData:
    return new(number, wifi={"enabled": True, "ssid": "Exemple", "key_from": source})


@pytest.mark.parametrize("key", [None, *BAD_KEYS], ids=repr)
def test_a_key_that_wifi_does_not_allow_is_refused_and_not_shown(world: World, key: str | None) -> None:
    if key is not None:
        world.environment["CANARY"] = key
    answer = accept(world, with_key())
    assert [finding.code for finding in answer.findings] == ["wifi-key"]
    shown = f"{answer!r} {answer} {answer.findings[0].reason} {answer.findings[0].remedy} {world.around!r}"
    assert not key or len(key) < 6 or key not in shown
    assert CANARY[:7] not in shown
    accepted(world, new(1))
    assert refusals(world, change(2, wifi=with_key()["wifi"])) == ["wifi-key"]


@pytest.mark.parametrize("key", [CANARY, "x" * 8, "x" * 63, "0123456789abcdefABCDEF" + "0" * 42, " ~ ~ ~ ~"])
def test_a_key_that_wifi_allows_is_accepted_and_not_shown(world: World, key: str) -> None:
    world.environment["CANARY"] = key
    answer = accepted(world, with_key())
    assert answer.addressed is not None
    assert answer.addressed.intent.wifi is not None
    assert answer.addressed.intent.wifi.key_from == "env:CANARY"
    assert key not in repr(answer)
    assert key not in "".join(dump(world.store))


def test_a_key_that_is_not_used_is_not_asked_for(world: World) -> None:
    assert accepted(world, new(1, wifi={"enabled": False, "key_from": "env:CANARY"})).accepted


def test_a_key_reaches_neither_the_disk_nor_the_screen(proviso: Command, tmp_path: Path) -> None:
    form = tmp_path / "order.yaml"
    form.write_text(yaml.safe_dump(with_key()), "utf-8")
    said = ""
    for arguments in (("order", "plan"), ("order", "accept"), ("--debug", "order", "accept")):
        answer = proviso(*arguments, form, environment={"CANARY": CANARY})
        assert answer.code == 0, answer.stderr
        said += answer.stdout + answer.stderr
    written = b"".join(path.read_bytes() for path in proviso.state.rglob("*") if path.is_file())
    assert b"PX-2026-000001" in written
    assert not [each for each in disguises(CANARY) if each in written + said.encode()]


def test_a_key_is_not_in_the_write_ahead_log_either(world_on_disk: World, tmp_path: Path) -> None:
    world_on_disk.environment["CANARY"] = CANARY
    accepted(world_on_disk, with_key())
    log = (tmp_path / "state" / f"{FILE_NAME}-wal").read_bytes()
    assert b"PX-2026-000001" in log
    assert not [each for each in disguises(CANARY) if each in log]


# --- when there is no room -----------------------------------------------------------------------------------------

TIGHT = """
pools:
  - {name: fixed, purpose: fixed-ipv4, prefix: 192.0.2.0/31, special_purpose: true}
  - {name: packs, purpose: ip-pack, prefix: 198.51.100.0/29, special_purpose: true}
  - {name: homes, purpose: ipv6, prefix: 2001:db8::/48, special_purpose: true}
  - {name: loopbacks, purpose: management, prefix: 10.255.0.0/24, special_purpose: true}
  - {name: ont-ids, purpose: ont-id, numbers: 0-127}
"""


@pytest.fixture
def tight(tmp_path: Path) -> Iterator[World]:
    """Room for two fixed addresses and two small packs."""
    store = Store.in_memory()
    yield World(store, project=project_with_pools(tmp_path / "tight", TIGHT))
    store.close()


def test_an_order_without_room_changes_nothing(tight: World) -> None:
    accepted(tight, new(1, options=pack(8)))
    before = dump(tight.store)
    for form in (new(2, options=pack(4)), change(3, options=pack(16))):
        with pytest.raises(PoolExhausted, match="left for ip-pack in packs") as caught:
            accept(tight, form)
        assert "pool add" in caught.value.remedy
        with pytest.raises(PoolExhausted):
            plan_order(typed(form), tight.around)
        assert dump(tight.store) == before
    accepted(tight, new(4))
    with pytest.raises(PoolExhausted, match="left for fixed-ipv4"):
        accept(tight, new(5))


def test_room_that_rests_is_room_when_its_time_is_over(tight: World) -> None:
    accepted(tight, new(1, options=pack(8)))
    accepted(tight, change(2, kind="cease"))
    with pytest.raises(PoolExhausted):
        accept(tight, new(3, options=pack(8)))
    tight.clock.move(days=30)
    assert addresses(accepted(tight, new(3, options=pack(8))))[Role.IP_PACK] == "198.51.100.0/29"


def test_without_a_pool_for_it_there_is_no_room(tmp_path: Path) -> None:
    store = Store.in_memory()
    before = dump(store)
    world = World(store, project=project_with_pools(tmp_path / "bare", "pools: []\n"))
    with pytest.raises(PoolExhausted, match="there is no pool for"):
        accept(world, new(1))
    assert dump(store) == before
    store.close()


# --- whatever the contract accepts ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def roomy() -> Iterator[World]:
    """A world that plans for ever and keeps nothing."""
    store = Store.in_memory()
    yield World(store, environment={"WIFI_KEY": "Correct-Horse-7"})
    store.close()


@settings(max_examples=soaked(120, 3000), deadline=None)
@given(data=accepted_forms())
def test_what_the_contract_accepts_gets_its_addresses(roomy: World, data: FormData) -> None:
    if "ont" in data:
        data["ont"]["port"] = "0/2/0"
    form = typed(data)
    assert check(form, NOON.date()).accepted
    answer = plan_order(form, roomy.around)
    if not answer.accepted:
        [code] = {finding.code for finding in answer.findings if finding.severity == "refusal"}
        if code == "router-limit":
            assert data["cpe"]["platform"] == "cisco_iosxe"  # the other router takes whatever the contract allows
            return
        assert code == "lan-overlaps"
        assert IPv4Network(data["lan"]["subnet"]).overlaps(IPv4Network("10.255.0.0/16"))
        return
    assert answer.addressed is not None
    assert_addressed(answer.addressed)


def assert_addressed(addressed: AddressedIntent) -> None:
    """Every need has its block, of the ordered size, out of the right pool, and nothing has one without need."""
    intent = addressed.intent
    size = {need.role: need.size for need in intent.needs}
    assert (addressed.fixed_ipv4 is not None) == (Role.FIXED_IPV4 in size) == (intent.ipv4 == "fixed")
    assert (addressed.ipv6 is not None) == (Role.IPV6 in size) == (intent.ipv6 == "fixed")
    assert (addressed.management is not None) == (Role.MANAGEMENT in size) == (intent.cpe is not None)
    assert (addressed.ont_id is not None) == (Role.ONT_ID in size) == (intent.ont is not None)
    assert (addressed.ip_pack.num_addresses if addressed.ip_pack else None) == size.get(Role.IP_PACK)
    if addressed.ipv6 is not None:
        assert addressed.ipv6.block.subnet_of(IPv6Network("2001:db8::/40"))
        assert (addressed.ipv6.routed_half is not None) == (addressed.ip_pack is not None)
    if addressed.fixed_ipv4 is not None:
        assert addressed.fixed_ipv4 in IPv4Network("192.0.2.0/24")
        assert addressed.fixed_ipv4 not in (IPv4Address("192.0.2.0"), IPv4Address("192.0.2.255"))
