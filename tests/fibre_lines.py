"""Fibre lines on the simulator whose runs are killed: worlds to begin from, and what must hold whatever happened.

What must hold is looked up by the back door: in the devices' memory, in the rows of the databases, in the files.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import yaml
from canaries import disguises
from labs import eventually
from router_kinds import LINUX, RouterKind
from simulated_lines import BRUSSELS, NAMUR, OLT_PASSWORD, OLTS, PASSWORD, Simulated, simulated
from warm import Kill, Running, Warm
from worlds import Answer

from provisioning.stands.simulator.smartax.config import Config
from provisioning.store.engine import FILE_NAME
from provisioning.workflows.executor import FILE_NAME as STEPS_FILE_NAME

CUSTOMERS = 2
LINE = "L-1"
WIFI_KEY = "canary-wifi-key-6502"
RESUMED_TIMES = 5


def form(number: int = 1, kind: RouterKind = LINUX, **keys: Any) -> dict[str, Any]:
    """Return the order of a customer, who has the router and the ONT of his number."""
    return {
        "order": f"PX-2026-0008{number:02}",
        "customer": {"name": "Imprimerie Exemple"},
        "site": {"address": "1 Rue Exemple, 1000 Bruxelles"},
        **kind.ordered,
        "wifi": {
            "enabled": True,
            "ssid": "Imprimerie",
            "channel": 11,
            "security": "wpa2",
            "key_from": "env:SITE_KEY",
        },
        "lan": {"subnet": f"192.168.{number}.0/24"},
        "servers": [{"to": f"192.168.{number}.2"}],
        "cpe": {"platform": kind.platform, "serial": kind.serial(number)},
        "ont": {"serial": f"HWTC{100 + number:08}", "olt": BRUSSELS, "port": "0/1/1"},
        **keys,
    }


@dataclass
class Fibre:
    """A world with fibre lines, and the command that a warm process runs in it."""

    up: Simulated
    warm: Warm
    kind: RouterKind = LINUX
    extra: dict[str, str] = field(default_factory=dict)
    said: list[Answer] = field(default_factory=list)

    @property
    def routers(self) -> list[str]:
        """The serials of the routers."""
        return sorted(self.up.network.routers)

    @property
    def state(self) -> Path:
        return self.up.proviso.state

    @property
    def environment(self) -> dict[str, str]:
        given = {"SITE_KEY": WIFI_KEY, **self.up.environment, **self.extra}
        return self.up.proviso.environment(**given)

    def run(self, *arguments: str | Path, kill: Kill | None = None) -> Answer:
        """Run Proviso."""
        answer = self.warm(arguments, self.environment, kill)
        self.said.append(answer)
        return answer

    def start(self, *arguments: str | Path, kill: Kill | None = None) -> Running:
        return self.warm.start(arguments, self.environment, kill)

    def write(self, data: Mapping[str, Any]) -> Path:
        """Write an order form."""
        path = self.up.folder / f"{data['order']}.yaml"
        path.write_text(yaml.safe_dump(dict(data)), "utf-8")
        return path

    def activate(self, data: Mapping[str, Any], kill: Kill | None = None) -> Answer:
        return self.run("order", "activate", self.write(data), "--json", kill=kill)

    def resume(self, kill: Kill | None = None) -> Answer:
        return self.run("run", "resume", "--json", kill=kill)

    def resume_all(self) -> None:
        """Carry on whatever is left, until nothing is."""
        for _ in range(RESUMED_TIMES):
            answer = self.resume()
            if answer.json == {"runs": []}:
                return
        raise AssertionError(f"something is left for ever: {answer.stdout}")

    def await_onts(self) -> None:
        """Wait until every ONT that has light and is registered is up, as after a loss of power."""
        devices = [self.up.olt(name).device for name in (BRUSSELS, NAMUR)]

        def up() -> bool:
            onts = [(device, ont) for device in devices for ont in device.config.onts.values()]
            return all(device.is_online(ont) for device, ont in onts if self.up.world.fibre.is_lit(ont.serial))

        assert eventually(lambda: self.up.do(up))

    def make_ready(self, number: int) -> None:
        """Have a factory-new router made ready, which a run would do first, and does not take back."""
        answer = self.run("device", "bootstrap", self.kind.serial(number), "--platform", self.kind.platform)
        assert answer.code == 0, answer.stderr

    # --- by the back door ---

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """Return rows of the store."""
        return _rows(self.state / FILE_NAME, query, *values)

    def runs(self, line: str = LINE) -> list[dict[str, Any]]:
        """Return the rows of the runs of a line, in order; the store itself knows ids as numbers."""
        return self.rows("select * from run where line_id = ? order by id", int(line[2:]))

    def pending_workflows(self) -> list[dict[str, Any]]:
        """Return what DBOS would still carry on, with the state of its run."""
        file = self.state / STEPS_FILE_NAME
        if not _rows(file, "select name from sqlite_master where name = 'workflow_status'"):
            return []  # it was killed while it made its tables
        query = "select workflow_uuid from workflow_status where status in ('PENDING', 'ENQUEUED')"
        numbers = [int(each["workflow_uuid"][2:].split("/")[0]) for each in _rows(file, query)]
        return [row for number in numbers for row in self.rows("select id, state from run where id = ?", number)]

    def configuration(self, olt: str) -> tuple[Config, Config]:
        """Return what an OLT runs and what it saved."""
        return self.up.do(lambda: (self.up.olt(olt).device.config, self.up.olt(olt).device.saved_config()))

    def where(self, serial: str) -> dict[str, str]:
        """Return where a router stands: digests that are pending, confirmed, live."""
        return self.kind.where(self.up, serial)

    def record(self, line: str = LINE) -> dict[str, Any] | None:
        """Return what others' systems are told of a line."""
        path = self.state / "network" / f"{line}.json"
        return json.loads(path.read_text()) if path.exists() else None

    def answers(self, address: str) -> bool:
        """Return whether an address answers to a ping from the simulated internet."""
        source = ip_address("198.18.1.10")
        return self.up.do(lambda: self.up.network.ping(source, address))


def _rows(path: Path, query: str, *values: object) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(each) for each in connection.execute(query, values)]


@contextmanager
def fibre_world(
    folder: Path,
    warm: Warm,
    base: Path | None = None,
    customers: int = CUSTOMERS,
    kind: RouterKind = LINUX,
    others: int = 0,
) -> Iterator[Fibre]:
    """Yield a world: a factory-new one, or one that goes on where a base ended; `others` have the other kind."""
    linux, cisco = (customers, others) if kind is LINUX else (others, customers)
    if base is not None:
        shutil.copytree(base, folder)
    with simulated(folder, linux, olts=OLTS, iosxe=cisco) as up:
        world = Fibre(up, warm, kind)
        world.await_onts()
        yield world


def put_in_service(folder: Path, warm: Warm, kind: RouterKind) -> Path:
    """Put a fibre line in service, and return the folder of its world, whose devices have lost their power since."""
    with fibre_world(folder, warm, kind=kind) as world:
        answer = world.activate(form(kind=kind))
        assert answer.code == 0, answer.stdout + answer.stderr
        assert_whole(world)
        assert_serves(world)
    return folder


# --- what there is, in a form that compares -------------------------------------------------------------------------


def services(config: Config) -> dict[str, dict[str, Any]]:
    """Return what each ONT of an OLT has, by its place: numbers that the OLT gives by itself are left out."""
    found = {}
    for ont in config.onts.values():
        flows = [
            {
                "vlan": each.vlan,
                "gem": each.gem,
                "user_vlan": each.user_vlan,
                "down": _table(config, each.outbound),
                "up": _table(config, each.inbound),
            }
            for each in config.flows_of(ont.port, ont.ont_id)
        ]
        found[f"{ont.port} {ont.ont_id}"] = {
            "serial": ont.serial,
            "description": ont.description,
            "line": config.lines[ont.line_profile].name,
            "service": config.services[ont.service_profile].name,
            "native": dict(ont.native),
            "active": ont.active,
            "flows": flows,
        }
    return found


def _table(config: Config, index: int | None) -> tuple[str, int | None] | None:
    return None if index is None else (config.tables[index].name, config.tables[index].pir)


def everything(world: Fibre) -> dict[str, Any]:
    """Return all that must be the same however a run came to its end: devices, store, files; no times, no numbers."""
    assigned = "select line_id, role, first, last, state from assignment order by line_id, role, first, state"
    devices = "select line_id, kind, serial, platform, olt, port, until is null in_use from device"
    lines = (
        "select id, state, formula, customer, site, form, activated_at is null new, ceased_at is null live from line"
    )
    return {
        "olts": {name: services(world.configuration(name)[0]) for name in (BRUSSELS, NAMUR)},
        "routers": {each: world.where(each)["live"] for each in world.routers},
        "assigned": world.rows(assigned),
        "devices": sorted(json.dumps(each) for each in world.rows(devices)),
        "lines": world.rows(lines),
        "orders": world.rows("select number, line_id, kind from service_order order by sequence"),
        "record": world.record(),
    }


def assert_whole(world: Fibre) -> None:
    """What must hold at any time once nothing is under way."""
    # What was killed between the last word of a run and that of DBOS is tidied up by whoever carries out a run next.
    assert {each["state"] for each in world.pending_workflows()} <= {"proven", "ceased", "went back", "failed"}
    unfinished = world.rows("select id, state, message from run where state in ('running', 'interrupted', 'unknown')")
    assert unfinished == []
    for name in (BRUSSELS, NAMUR):
        running, saved = world.configuration(name)
        assert running == saved, f"{name}: confirmed but unsaved"
    for serial in world.routers:
        found = world.where(serial)
        assert found["pending"] == "", f"{serial}: a change waits there that nobody will confirm"
        assert found["confirmed"] in ("", found["live"]), f"{serial} runs what it would lose with its power"
    twice = "select line_id, role, count(*) from assignment where state = 'assigned' group by 1, 2 having count(*) > 1"
    assert world.rows(twice) == []
    overlap = (
        "select one.id, other.id from assignment one join assignment other on one.space = other.space "
        "and one.id < other.id and one.first <= other.last and other.first <= one.last "
        "and one.state <> 'released' and other.state <> 'released'"
    )
    assert world.rows(overlap) == []
    doubled = "select kind, serial, count(*) from device where until is null group by 1, 2 having count(*) > 1"
    assert world.rows(doubled) == []
    _assert_onts_are_the_stores(world)


def _assert_onts_are_the_stores(world: Fibre) -> None:
    """Each OLT has the ONTs that were delivered last, with one service port each, and none else."""
    latest = (
        "select line_id, snapshot, max(id) from run where state in ('proven', 'recorded', 'ceased') group by line_id "
        "having state <> 'ceased'"
    )
    wanted = []
    for row in world.rows(latest):
        ont = json.loads(row["snapshot"])["product"]["ont"]
        wanted.append((ont["olt"], ont["port"], ont["serial"], f"L-{row['line_id']}"))
    found, flows = [], []
    for name in (BRUSSELS, NAMUR):
        config, _ = world.configuration(name)
        found += [(name, each.port, each.serial, each.description) for each in config.onts.values()]
        flows += [(name, each.port, each.ont_id) for each in config.flows.values()]
        registered = {(name, *each) for each in config.onts}
        assert {each for each in flows if each[0] == name} == registered, "a service port too many or too few"
    assert len(flows) == len(set(flows))
    assert sorted(found) == sorted(wanted)


def assert_serves(world: Fibre) -> None:
    """The line's address answers, at the rate that others' systems are told."""
    record = world.record()
    assert record is not None
    assert world.answers(record["fixed_ipv4"])
    router = world.up.network.routers[record["cpe"]]
    passed = world.up.do(lambda: world.up.network.rate(router))
    assert passed == (in_steps(record["rate"]["down"]), in_steps(record["rate"]["up"]))


def in_steps(mbit: float) -> float:
    """Return what an OLT, which keeps rates in steps of 64 kbit/s, carries at least for a rate."""
    return -(-mbit * 1000 // 64) * 64 / 1000


def assert_no_secret(world: Fibre) -> None:
    """No secret is in any file of the product, nor in what it said."""
    texts = [each.encode() for answer in world.said for each in (answer.stdout, answer.stderr)]
    simulator = world.state / "simulator"
    files = [path for path in world.state.rglob("*") if path.is_file() and simulator not in path.parents]
    texts += [path.read_bytes() for path in files]
    for path in files:
        if path.suffix == ".sqlite":
            texts += list(_cells(path))
    for name in secrets(world):
        for disguise in disguises(name):
            assert not [each for each in texts if disguise in each], name


def _cells(path: Path) -> Iterator[bytes]:
    """Yield what a database holds, decoded."""
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        yield "\n".join(connection.iterdump()).encode("utf-8", "surrogateescape")


def secrets(world: Fibre) -> Sequence[str]:
    """Return every secret of this world: those that were given, and those that were made and stand on routers."""
    found = {WIFI_KEY, OLT_PASSWORD, PASSWORD}
    for serial in world.routers:
        found |= world.kind.secrets(world.up, serial)
    return sorted(found)
