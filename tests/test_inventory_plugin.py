"""The inventory plugin: Nornir gets the hosts that its options select from the store, and builds no others."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import asyncssh
import pytest
from labs import lab_up, needs_lab
from many import EVERY, RARE, fill
from nornir import InitNornir
from nornir.core import Nornir
from nornir.core.inventory import Host
from sqlalchemy import Engine, event
from worlds import NOON, PROVISO, ROOT, project_with_pools

from provisioning.errors import ProvisoError, UnknownName, UnreadableProject
from provisioning.model.device import DeviceFacts
from provisioning.nornir_setup.inventory_options import read_options
from provisioning.nornir_setup.olts import read_olts
from provisioning.nornir_setup.router_connection import CONNECTION
from provisioning.nornir_setup.vantages import read_vantages
from provisioning.settings import load_settings
from provisioning.store.engine import Store
from tasks.read_facts import read_facts

LINES = 200
MANY = 100_000


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of somebody's own, whose store has a few lines."""
    folder = project_with_pools(tmp_path_factory.mktemp("project"), "[]\n")
    fill_store(folder / "state", LINES, form_bytes=10)
    return folder


def fill_store(state: Path, lines: int, *, form_bytes: int = 1_500) -> None:
    store = Store.open(state, now=NOON, lock_timeout=30)
    fill(store, lines, form_bytes=form_bytes)
    store.close()


def start(project: Path, /, **options: Any) -> Nornir:
    """Start Nornir as a user does, with a file of his own."""
    file = project / "routers.yaml"
    inventory = {"plugin": "ProvisoInventory", "options": {"project": str(project), **options}}
    file.write_text(json.dumps({"inventory": inventory, "logging": {"enabled": False}}), "utf-8")
    return InitNornir(config_file=str(file))


def names(project: Path, /, **options: Any) -> list[str]:
    return list(start(project, **options).inventory.hosts)


# --- what is selected ----------------------------------------------------------------------------------------------


def test_a_host_is_a_router_with_what_the_store_knows_of_its_line(project: Path) -> None:
    (host,) = start(project, lines="L-7").inventory.hosts.values()
    assert (host.name, host.hostname, host.platform) == ("LX000007", "10.0.0.7", "linux_cpe")
    assert [group.name for group in host.groups] == ["linux_cpe"]
    assert dict(host.data) == {
        "line": "L-7",
        "state": "active",
        "formula": "fullfiber",
        "customer": "Customer 7",
        "site": "Site 7",
        "kind": "cpe",
    }


def test_an_ont_is_reached_by_way_of_its_olt(project: Path) -> None:
    (host,) = start(project, kind="ont", serials=["HWTC00000064"]).inventory.hosts.values()
    assert (host.hostname, host["olt"], host["port"]) == ("olt-namur-1.example.net", "olt-namur-1", "0/1/0")
    assert host.platform == "huawei_smartax"
    assert CONNECTION not in host.connection_options


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, LINES),
        ({"limit": 5}, 5),
        ({"lines": ["L-1", "L-2"]}, 2),
        ({"serials": "LX000009"}, 1),
        ({"customer": "Customer 3"}, 1),
        ({"formula": "fullfiber"}, LINES),
        ({"formula": ["fullfiber", RARE]}, LINES),
        ({"formula": RARE}, 0),
        ({"platform": "linux_cpe", "state": "active"}, LINES // 2),
        ({"state": ["accepted", "active"]}, LINES),
        ({"state": "ceased"}, 0),
        ({"olt": "olt-namur-1"}, LINES // 100),
        ({"kind": "ont", "olt": "olt-namur-1"}, LINES // 100),
        ({"lines": "L-1", "formula": RARE}, 0),
    ],
    ids=str,
)
def test_every_option_narrows_down(project: Path, options: dict[str, Any], expected: int) -> None:
    assert len(names(project, **options)) == expected


def test_the_first_lines_are_the_ones_within_a_limit(project: Path) -> None:
    assert names(project, olt="olt-brussels-1", limit=3) == ["LX000001", "LX000002", "LX000003"]


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"forumla": "fullfiber"}, UnreadableProject, "unknown key 'forumla', did you mean 'formula'"),
        ({"formula": "fulfiber"}, UnknownName, "did you mean 'fullfiber'"),
        ({"platform": "linuxcpe"}, UnknownName, "did you mean 'linux_cpe'"),
        ({"olt": "olt-namur"}, UnknownName, "did you mean 'olt-namur-1'"),
        ({"state": "activ"}, UnreadableProject, "state"),
        ({"kind": "router"}, UnreadableProject, "kind"),
        ({"limit": 0}, UnreadableProject, "limit"),
        ({"lines": ["7"]}, UnreadableProject, "'7' is no line id"),
        ({"lines": ["L-1", "L-999999"]}, UnknownName, "no line in use is 'L-999999'"),
        ({"serials": ["LX000001", "LX"]}, UnknownName, "no cpe in use is 'LX'"),
        ({"customer": "Nobody"}, UnknownName, "no customer in use is 'Nobody'"),
        ({"project": "/nowhere"}, UnreadableProject, "no project"),
    ],
    ids=str,
)
def test_what_is_mistyped_is_told_with_what_was_meant(
    project: Path, options: dict[str, Any], error: type[ProvisoError], said: str
) -> None:
    with pytest.raises(error) as caught:
        start(project, **options)
    assert said in str(caught.value)
    assert caught.value.remedy


def test_the_store_and_the_project_are_those_of_the_command(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"plugin": "ProvisoInventory", "options": {"lines": "L-3"}}
    monkeypatch.chdir(project / "inventory")
    assert list(InitNornir(inventory=given, logging={"enabled": False}).inventory.hosts) == ["LX000003"]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROVISO_PROJECT", str(ROOT))
    monkeypatch.setenv("PROVISO_STATE", str(project / "state"))
    assert list(InitNornir(inventory=given, logging={"enabled": False}).inventory.hosts) == ["LX000003"]


def test_where_there_is_no_store_there_are_no_hosts_and_none_is_made(project: Path, tmp_path: Path) -> None:
    assert names(project, state_folder=str(tmp_path / "none")) == []
    assert not (tmp_path / "none").exists()


# --- together with the operator's own devices ----------------------------------------------------------------------


def test_the_operators_groups_and_defaults_apply(project: Path) -> None:
    groups = project / "inventory" / "own-groups.yaml"
    groups.write_text("olt: {}\nvantage: {}\nlinux_cpe: {username: technician, data: {region: south}}\n", "utf-8")
    (host,) = start(project, lines="L-1", group_file="inventory/own-groups.yaml").inventory.hosts.values()
    assert (host.username, host["region"]) == ("technician", "south")


def test_the_operators_own_devices_come_along_when_they_are_asked_for(project: Path) -> None:
    assert names(project, lines="L-1") == ["LX000001"]
    found = start(project, lines="L-1", operator_hosts=True).inventory
    assert {"olt-brussels-1", "olt-namur-1", "probe-internet-1", "LX000001"} <= set(found.hosts)
    assert found.hosts["olt-namur-1"].has_parent_group("olt")


def test_the_command_knows_its_olts_whichever_plugin_the_project_names(project: Path) -> None:
    for options in ({"formula": "fullfiber"}, {"host_file": "inventory/hosts.yaml"}):
        inventory = {"plugin": "ProvisoInventory", "options": options}
        assert set(read_olts(project, inventory)) == {"olt-brussels-1", "olt-namur-1"}
        assert read_vantages(project, inventory)


# --- only what runs is built ---------------------------------------------------------------------------------------


@contextmanager
def rows_read() -> Iterator[list[int]]:
    """Count the rows that come out of databases, in the driver."""
    counted = [0]

    def count(_cursor: object, row: tuple[object, ...]) -> tuple[object, ...]:
        counted[0] += 1
        return row

    def prepare(connection: Any, _record: object) -> None:
        connection.row_factory = count

    event.listen(Engine, "connect", prepare)
    try:
        yield counted
    finally:
        event.remove(Engine, "connect", prepare)


def hosts_built(action: Callable[[], Nornir]) -> tuple[Nornir, int]:
    """Return what an action returned, and how many hosts were built, whatever became of them."""
    built = 0

    def watch(frame: Any, what: str, _argument: object) -> None:
        nonlocal built
        # A group is a host to Nornir, too.
        if what == "call" and frame.f_code is Host.__init__.__code__:
            built += type(frame.f_locals["self"]) is Host

    sys.setprofile(watch)
    try:
        return action(), built
    finally:
        sys.setprofile(None)


def test_of_a_hundred_thousand_lines_only_the_selected_ones_become_hosts(tmp_path: Path) -> None:
    project = project_with_pools(tmp_path / "project", "[]\n")
    fill_store(project / "state", MANY, form_bytes=200)
    with rows_read() as rows:
        nornir, built = hosts_built(lambda: start(project, formula=RARE))
    assert len(nornir.inventory.hosts) == built == MANY // EVERY == 20
    # Besides them, only what the engine asks of a database when it is opened.
    assert rows[0] < 20 + 20


# --- the tasks run over it -----------------------------------------------------------------------------------------


class Stub:
    """A router that says who it is once all of them are asked at the same time."""

    def __init__(self, serial: str, together: Barrier) -> None:
        self._serial = serial
        self._together = together
        self.closed = False

    def facts(self) -> DeviceFacts:
        self._together.wait(timeout=10)
        return DeviceFacts(self._serial, "cpe", 1, {}, "", {})

    def close(self) -> None:
        self.closed = True


def test_tasks_run_over_several_routers_at_once(project: Path) -> None:
    nornir = start(project, limit=5)
    together = Barrier(5)
    stubs = {name: Stub(name, together) for name in nornir.inventory.hosts}
    for name, host in nornir.inventory.hosts.items():
        host.connection_options[CONNECTION].extras = {"device": stubs[name]}
    done = nornir.run(task=read_facts)
    assert {name: result.result.serial for name, result in done.items()} == {name: name for name in stubs}
    nornir.close_connections()
    assert all(stub.closed for stub in stubs.values())


def test_a_router_that_cannot_be_reached_is_told_and_stops_nobody(project: Path) -> None:
    nornir = start(project, limit=2)
    first, second = nornir.inventory.hosts.values()
    second.connection_options[CONNECTION].extras = {"device": Stub(second.name, Barrier(1))}
    done = nornir.run(task=read_facts)
    assert isinstance(done[first.name].exception, UnreadableProject)
    assert "ssh_key_file" in str(done[first.name].exception)
    assert not done[second.name].failed


def test_a_host_that_is_no_router_is_told_so(project: Path) -> None:
    nornir = start(project, kind="ont", limit=1)
    (result,) = nornir.run(task=read_facts).values()
    assert isinstance(result.exception, UnreadableProject)
    assert "no router" in str(result.exception)


AT_ONCE = """
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from provisioning.devices.open_router import open_router
from provisioning.devices.reach import Access
from provisioning.errors import ProvisoError
from provisioning.model.proxy import Proxy

key, known = Path(sys.argv[1]), sys.argv[2]
proxy = Proxy("127.0.0.9", 9)
together = Barrier(8)

def reach(number):
    platform = ("linux_cpe", "cisco_iosxe")[number % 2]
    together.wait()
    try:
        open_router(platform, "X1", Access(key, None, 5.0, proxy), management=None, staging="X1", host_key=known)
    except ProvisoError:
        return
    raise SystemExit("it was reached")

with ThreadPoolExecutor(8) as pool:
    list(pool.map(reach, range(8)))
"""


def test_threads_that_reach_the_first_routers_do_not_load_half_a_library(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "key")
    known = " ".join(key.export_public_key().decode().split()[:2])
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE, str(tmp_path / "key"), known],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("option", ["lines", "serials", "customer", "formula", "platform", "olt", "state"])
def test_an_empty_list_does_not_mean_everything(option: str) -> None:
    with pytest.raises(UnreadableProject, match="names nothing"):
        read_options({option: []})


IN_THE_NOC = """
import json
from nornir import InitNornir
from tasks.read_facts import read_facts

routers = InitNornir(config_file="routers.yaml")
done = routers.run(task=read_facts)
routers.close_connections()
print(json.dumps({name: result.result.serial for name, result in done.items() if not result.failed}))
"""


@needs_lab
def test_tasks_run_over_routers_of_the_lab(tmp_path: Path) -> None:
    project = project_with_pools(tmp_path / "project", (ROOT / "inventory" / "pools.yaml").read_text("utf-8"))
    orders = [ROOT / "examples" / "orders" / f"{name}.yaml" for name in ("internet-pro", "internet-maxi-bizz")]
    (project / "routers.yaml").write_text(
        "inventory: {plugin: ProvisoInventory, options: {platform: linux_cpe}}\nlogging: {enabled: false}\n", "utf-8"
    )
    (project / "routers.py").write_text(IN_THE_NOC, "utf-8")
    with lab_up(tmp_path / "state", cpes=2) as lab:
        assert lab.proviso("order", "accept", *orders, current=project).code == 0
        serials = [
            each["serial"]
            for line in lab.proviso("line", "list", "--json", current=project).json["lines"]
            for each in lab.proviso("line", "show", line["id"], "--json", current=project).json["devices"]
        ]
        for serial in serials:
            noc = lab.run(str(PROVISO), "--project", str(project), "device", "bootstrap", serial)
            assert noc.code == 0, noc.stderr
        said = lab.proviso("lab", "run", "--", sys.executable, "routers.py", current=project)
        assert json.loads(said.stdout) == {serial: serial for serial in serials}, said.stderr


def test_settings_of_the_project_reach_the_connection(project: Path) -> None:
    (host,) = start(project, lines="L-1").inventory.hosts.values()
    access = (host.connection_options[CONNECTION].extras or {})["access"]
    settings = load_settings(project=project, state=None, environment={}, current=project)
    assert (access.key_file, access.known_hosts) == (settings.ssh_key_file, settings.known_hosts_file)
    assert (access.management, access.staging, access.host_key) == ("10.0.0.1", "LX000001", "ssh-ed25519 AAAA1")
