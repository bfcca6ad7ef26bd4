"""Fibre in the lab: the access bridge obeys the OLT, with real packets."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from labs import TestLab, eventually, lab_up, lets_through, needs_lab
from worlds import ROOT

from provisioning.errors import BadInput
from provisioning.stands.lab.access_ports import Passing, Port, own_ont, plugged, ports
from provisioning.stands.lab.exported_line import parse
from provisioning.stands.lab.layout import OLTS, build, fibre_end

TYPE = """
import asyncio, asyncssh, os, sys

async def main(host, *lines):
    known, password = os.environ["PROVISO_KNOWN_HOSTS_FILE"], os.environ["PROVISO_OLT_PASSWORD"]
    async with (
        asyncssh.connect(host, username="proviso", password=password, known_hosts=known, config=None) as connection,
        connection.create_process(term_type="vt100", term_size=(512, 24)) as terminal,
    ):
        for line in ("", "enable", "undo smart", "scroll 512", *lines):
            if line:
                terminal.stdin.write(line + "\\n")
            text = ""
            while not text.rstrip().endswith((">", "#", "[n]:")):
                text += await terminal.stdout.read(4096)
            print(text)

asyncio.run(asyncio.wait_for(main(*sys.argv[1:]), 20))
"""
"""Types lines on a terminal of an OLT, one after the other."""

PREPARE = """
config
traffic table ip name t-down cir 49984 pir 49984 priority 0 priority-policy local-setting
traffic table ip name t-up cir 19968 pir 19968 priority 0 priority-policy local-setting
traffic table ip name t-slow cir 29952 pir 29952 priority 0 priority-policy local-setting
dba-profile add profile-name t-dba type4 max 1024000
ont-lineprofile gpon profile-name t-line
tcont 1 dba-profile-name t-dba
gem add 1 eth tcont 1
gem mapping 1 0 vlan 10
commit
quit
ont-srvprofile gpon profile-name t-service
ont-port pots adaptive eth adaptive
port vlan eth 1 10
commit
quit
return
"""
ADD = """
config
interface gpon 0/1
ont add 3 5 sn-auth {hexadecimal} omci ont-lineprofile-name t-line ont-srvprofile-name t-service desc L-1
ont port native-vlan 3 5 eth 1 vlan 10 priority 0
return
"""
SERVICE_PORT = """
config
service-port 7 vlan 100 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 10 tag-transform translate \
inbound traffic-table name t-up outbound traffic-table name {down}
return
"""
SAVE = "save\n"
UNDO = "config\nundo service-port 7\nreturn\n"

FOUND = "display ont autofind all\n"

BRUSSELS = "olt-brussels-1"
ONT = "HWTC00000101"


def hexadecimal(serial: str) -> str:
    return serial[:4].encode().hex().upper() + serial[4:]


def exported(**changes: Any) -> str:
    null = dict.fromkeys(("management", "fixed_ipv4", "ip_pack", "ipv6", "lan"))
    line = {"schema": 1, "line": "L-1", "cpe": "LX0101", "access": "fibre", "bearers": ["fibre"], **null}
    return json.dumps({**line, "rate": {"down": 900, "up": 400}, "customer_firewall": False, "servers": [], **changes})


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestLab]:
    """A lab whose OLT has profiles and traffic tables, saved."""
    with lab_up(tmp_path_factory.mktemp("lab") / "state") as lab:
        typed(lab, PREPARE + SAVE)
        yield lab


@pytest.fixture
def lab(played: TestLab) -> Iterator[TestLab]:
    """The same, with a line of fibre whose ONT is not known to the OLT, and back to that."""
    play(played, exported())
    assert played.proviso("lab", "plug", "cpe1", "--ont", ONT).code == 0
    assert played.proviso("lab", "restart", BRUSSELS).code == 0
    yield played


def play(lab: TestLab, text: str | None) -> None:
    file = lab.folder.parent / "network" / "L-1.json"
    file.parent.mkdir(exist_ok=True)
    if text is None:
        file.unlink(missing_ok=True)
        return
    new = file.with_suffix(".new")
    new.write_text(text)
    new.rename(file)


def typed(lab: TestLab, text: str, olt: str = "olt-brussels-1.example.net") -> str:
    """Type lines on an OLT, from the NOC; whatever it refuses is an error."""
    password = (lab.folder / "olt_password").read_text()
    given = (f"PROVISO_KNOWN_HOSTS_FILE={lab.folder / 'known_hosts'}", f"PROVISO_OLT_PASSWORD={password}")
    answer = lab.within("noc", "env", *given, sys.executable, "-c", TYPE, olt, *filter(None, text.splitlines()))
    assert answer.code == 0, answer.stderr
    assert "Failure" not in answer.stdout and "%" not in answer.stdout, answer.stdout
    return answer.stdout


def authorise(lab: TestLab, serial: str = ONT) -> None:
    typed(lab, ADD.format(hexadecimal=hexadecimal(serial)))


def fibre(lab: TestLab) -> Any:
    (found,) = lab.status()["network"]["fibres"]
    return found


def passes(lab: TestLab) -> bool:
    return lab.within("noc", "ping", "-c", "1", "-W", "1", "cpe1").code == 0


def is_dark(lab: TestLab) -> bool:
    return lab.drops("noc", "cpe1")


@needs_lab
def test_a_port_passes_packets_only_while_its_ont_has_a_service_port(lab: TestLab) -> None:
    assert eventually(lambda: is_dark(lab))
    authorise(lab)
    assert is_dark(lab)
    typed(lab, SERVICE_PORT.format(down="t-down"))
    assert eventually(lambda: passes(lab))
    found = fibre(lab)
    assert (found["line"], found["ont"], found["olt"], found["port"]) == ("L-1", ONT, BRUSSELS, "0/1/3")
    assert (found["passes"], found["down"], found["up"]) == (True, 49.984, 19.968)
    assert f"{BRUSSELS} 0/1/3" in lab.proviso("lab", "status").stdout
    # What is not saved is gone with the power.
    assert lab.proviso("lab", "restart", "olt-brussels-1.example.net").code == 0
    assert is_dark(lab)
    assert hexadecimal(ONT) in typed(lab, FOUND)
    authorise(lab)
    typed(lab, SERVICE_PORT.format(down="t-down"))
    assert eventually(lambda: passes(lab))
    typed(lab, UNDO)
    assert eventually(lambda: is_dark(lab))


@needs_lab
def test_what_was_saved_outlives_a_loss_of_power(lab: TestLab) -> None:
    authorise(lab)
    typed(lab, SERVICE_PORT.format(down="t-down") + SAVE)
    assert eventually(lambda: passes(lab))
    assert lab.proviso("lab", "restart", BRUSSELS).code == 0
    assert eventually(lambda: passes(lab))
    typed(lab, f"{UNDO}config\ninterface gpon 0/1\nont delete 3 5\nreturn\n{SAVE}")
    assert eventually(lambda: is_dark(lab))


@needs_lab
def test_a_fibre_is_as_fast_as_its_traffic_tables(lab: TestLab) -> None:
    if lab.within("internet", "pidof", "iperf3").code:
        pytest.skip("iperf3 is not installed: `proviso lab setup`")
    authorise(lab)
    typed(lab, SERVICE_PORT.format(down="t-down"))
    assert eventually(lambda: passes(lab))
    assert lets_through(lab, 40, 50, "-R")
    assert lets_through(lab, 16, 20)
    typed(lab, "config\nservice-port 7 inbound traffic-table name t-up outbound traffic-table name t-slow\nreturn")
    assert eventually(lambda: fibre(lab)["down"] == 29.952)
    assert lets_through(lab, 24, 30, "-R")


@needs_lab
def test_another_ont_at_the_end_of_the_fibre_is_dark_until_it_is_authorised(lab: TestLab) -> None:
    authorise(lab)
    typed(lab, SERVICE_PORT.format(down="t-down"))
    assert eventually(lambda: passes(lab))
    assert lab.proviso("lab", "plug", "cpe1", "--ont", "HWTC0000AAAA").code == 0
    assert is_dark(lab)
    found = typed(lab, FOUND + "display ont info 0 1 3 5")
    assert hexadecimal("HWTC0000AAAA") in found
    assert "offline" in found
    anew = ADD.format(hexadecimal=hexadecimal("HWTC0000AAAA")).replace("ont add", "ont delete 3 5\nont add")
    typed(lab, UNDO + anew + SERVICE_PORT.format(down="t-down"))
    assert eventually(lambda: passes(lab))
    assert fibre(lab)["ont"] == "HWTC0000AAAA"


@needs_lab
def test_copper_and_no_line_at_all_need_no_olt(lab: TestLab) -> None:
    assert eventually(lambda: is_dark(lab))
    play(lab, exported(access="copper"))
    assert eventually(lambda: passes(lab))
    play(lab, exported())
    assert eventually(lambda: is_dark(lab))
    play(lab, None)
    assert eventually(lambda: passes(lab))


@needs_lab
def test_proviso_in_the_noc_has_the_olts_password_and_nobody_else_sees_it(played: TestLab) -> None:
    file = played.folder / "olt_password"
    password = file.read_text()
    assert played.run("sh", "-c", "echo $PROVISO_OLT_PASSWORD").stdout.strip() == password
    assert file.stat().st_mode & 0o077 == 0
    assert password not in played.proviso("lab", "status", "--json").stdout
    assert password not in played.within("noc", "ps", "axww", "-o", "args").stdout
    known = (played.folder / "known_hosts").read_text()
    assert "olt-namur-1.example.net,olt-namur-1,100.127.2.12 ssh-ed25519 " in known


@needs_lab
def test_a_router_is_replaced_by_a_factory_new_one(played: TestLab) -> None:
    play(played, None)
    assert played.within("cpe1", "touch", "/root/kept").code == 0
    key = (played.folder / "known_hosts").read_text()
    assert played.proviso("lab", "replace", "cpe1", "--serial", "LX0201").code == 0
    told = "cat /etc/device-serial; ls /root"
    login = ("-o", "BatchMode=yes", "-i", str(played.folder / "key"))
    known = ("-o", f"UserKnownHostsFile={played.folder / 'known_hosts'}")
    assert played.run("ssh", *login, *known, "root@LX0201", told).stdout == "LX0201\n"
    assert (played.folder / "known_hosts").read_text() != key
    assert played.run("getent", "hosts", "LX0101").code != 0
    assert played.node("cpe1")["serial"] == "LX0201"
    play(played, exported(access="copper", cpe="LX0201"))
    assert eventually(lambda: played.status()["network"]["lines"] == [{"line": "L-1", "cpe": "cpe1"}])
    assert played.proviso("lab", "replace", "LX0201", "--serial", "lan1").code == 2
    assert played.proviso("lab", "replace", "LX0201", "--serial", "LX0101").code == 0


def test_the_olts_are_those_of_the_shipped_inventory() -> None:
    hosts = yaml.safe_load((ROOT / "inventory" / "hosts.yaml").read_text("utf-8"))
    shipped = {name: host for name, host in hosts.items() if "olt" in host["groups"]}
    assert {each.name: (each.hostname, dict(each.ports)) for each in OLTS} == {
        name: (host["hostname"], host["data"]["ports"]) for name, host in shipped.items()
    }


def test_the_onts_of_the_example_orders_are_where_these_say() -> None:
    orders = [yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "examples" / "orders").glob("*.yaml")]
    # The lab has no Cisco routers: those orders are for the simulator.
    with_ont = [each for each in orders if "ont" in each and each.get("cpe", {}).get("platform") != "cisco_iosxe"]
    places = {own_ont(number): fibre_end(number) for number in range(1, 21)}
    assert len(with_ont) > 5
    for order in with_ont:
        assert places[order["ont"]["serial"]] == (order["ont"]["olt"], order["ont"]["port"])
        if "serial" in order.get("cpe", {}):
            assert own_ont(build(20).cpe(order["cpe"]["serial"]).number) == order["ont"]["serial"]


def test_what_passes_a_port() -> None:
    cpes = build(1).cpes
    line, onts = parse(exported()), {1: ONT}
    passing = {ONT: Passing(BRUSSELS, "0/1/3", (50.0, None))}
    assert ports(cpes, {}, onts, passing) == {"cpe1": Port()}
    assert ports(cpes, {1: line}, onts, {}) == {"cpe1": Port(False, ONT)}
    assert ports(cpes, {1: line}, onts, passing) == {"cpe1": Port(True, ONT, (50.0, None))}
    copper = parse(exported(access="copper"))
    assert ports(cpes, {1: copper}, onts, passing) == {"cpe1": Port(rate=(900.0, 400.0))}


@pytest.mark.parametrize("serial", ["HWTC00000102", "hwtc0000aaaa", "HWTC0000AAAA0", "", "HWTC0000AAAA\n"])
def test_what_is_no_ont_or_another_customers_is_not_plugged_in(serial: str) -> None:
    with pytest.raises(BadInput):
        plugged({1: "HWTC00000101", 2: "HWTC00000102"}, 1, serial)
