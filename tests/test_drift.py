"""Drift over simulated routers: what people changed there is found and told, what customers may change is kept."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from canaries import disguises
from fibre_lines import LINE, WIFI_KEY, Fibre, assert_no_secret, fibre_world, form
from router_kinds import CISCO, LINUX
from simulated_lines import BRUSSELS
from warm import Warm

from provisioning.stands.simulator.faults import Faults

CHOSEN = "chosen-by-the-customer"
SECOND = "L-2"
HOSTAPD, DNSMASQ = "/etc/hostapd/hostapd.conf", "/etc/dnsmasq.conf"


@pytest.fixture
def world(line_in_service: Path, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    with fibre_world(tmp_path / "world", warm, line_in_service) as up:
        yield up


def edit(world: Fibre, path: str, pattern: str, other: str, number: int = 1) -> None:
    """Change a file of a router by hand."""

    def edited() -> None:
        tree = world.up.router(number).tree
        text, times = re.subn(pattern, other, tree.read(path).decode(), flags=re.MULTILINE)
        assert times
        tree.write(path, text.encode())

    world.up.do(edited)


def customer_changes_wifi(world: Fibre) -> None:
    edit(world, HOSTAPD, "^ssid2=.*", "ssid2=50304c4c45")
    edit(world, HOSTAPD, "^channel=.*", "channel=6")
    edit(world, HOSTAPD, "^wpa_passphrase=.*", f"wpa_passphrase={CHOSEN}")


def test_a_router_as_intended_does_not_drift(world: Fibre) -> None:
    assert world.run("drift", "show").stdout.startswith("Nobody has looked yet")
    answer = world.run("drift", "run", "--json")
    assert answer.code == 0, answer.stderr
    assert answer.json["summary"] == {"as intended": 1, "drifting": 0, "not seen": 0}
    (line,) = answer.json["lines"]
    assert (line["outcome"], line["differences"], line["commands"]) == ("none", [], [])
    assert world.run("drift", "show").code == 0
    assert "as intended" in world.run("drift", "show", LINE).stdout
    assert world.run("drift", "run", "--customer", form()["customer"]["name"]).stdout.startswith("1 router in ")
    refused = world.run("drift", "run", "--customer", "nobody")
    assert (refused.code, "no line is of the customer 'nobody'" in refused.stderr) == (2, True)


def test_what_somebody_changed_is_found_told_and_gone_once_it_is_as_intended_again(world: Fibre) -> None:
    before = world.up.do(lambda: world.up.router().tree.read(DNSMASQ))
    edit(world, DNSMASQ, r"\Z", "dhcp-option=option:router,192.168.1.66\n")
    answer = world.run("drift", "run")
    assert answer.code == 1, answer.stderr
    assert "1 drifting" in answer.stdout
    assert "order activate" in answer.stderr
    since = world.run("drift", "show", "--json").json["lines"][0]["since"]
    shown = world.run("drift", "show", LINE)
    assert shown.code == 1
    assert "-dhcp-option=option:router,192.168.1.66" in shown.stdout
    assert "What would bring it back" in shown.stdout
    assert "What would take that back" in shown.stdout
    assert form()["order"] in shown.stdout

    assert world.run("drift", "run", LINE, "--json").json["lines"][0]["since"] == since
    world.up.do(lambda: world.up.router().tree.write(DNSMASQ, before))
    assert world.run("drift", "run").code == 0
    assert world.run("drift", "show", "--json").json["lines"][0]["outcome"] == "none"


def test_a_secret_that_somebody_changed_shows_without_the_secret(world: Fibre) -> None:
    edit(
        world,
        "/etc/snmp/snmpd.conf",
        "^createUser.*",
        'createUser proviso SHA-512 "canary-snmp-8080" AES "x-canary-9"',
    )
    answer = world.run("drift", "run", "--json")
    assert answer.code == 1
    (line,) = answer.json["lines"]
    assert [each["document"] for each in line["differences"]] == ["snmpd.conf"]
    world.run("drift", "show", LINE)
    for secret in ("canary-snmp-8080", "x-canary-9"):
        for disguise in disguises(secret):
            assert not [each for each in world.said if disguise in (each.stdout + each.stderr).encode()]
    assert_no_secret(world)


def test_what_the_customer_may_change_is_no_drift_and_goes_to_the_next_router(world: Fibre) -> None:
    customer_changes_wifi(world)
    answer = world.run("drift", "run", "--json")
    assert (answer.code, answer.json["summary"]["drifting"]) == (0, 0), answer.stdout
    (line,) = answer.json["lines"]
    assert len(line["adopted"]) == 3
    assert CHOSEN not in answer.stdout + answer.stderr
    assert "is no drift" in world.run("drift", "run").stdout

    # The router breaks without anybody having touched the line since.
    other = world.kind.serial(2)
    world.up.do(lambda: world.up.network.exchange(world.kind.serial(1), other))
    replaced = world.run("line", "replace-cpe", LINE, "--serial", other, "--json")
    assert replaced.code == 0, replaced.stderr + replaced.stdout
    text = world.up.do(lambda: world.up.router(2).tree.read(HOSTAPD)).decode()
    assert "ssid2=50304c4c45" in text
    assert "channel=6" in text
    assert f"wpa_passphrase={CHOSEN}" in text
    assert world.run("drift", "run").code == 0


def test_one_that_does_not_answer_stops_no_other_and_keeps_what_was_known(world: Fibre) -> None:
    second = form(2, ont={"serial": "HWTC00000102", "olt": BRUSSELS, "port": "0/1/2"})
    assert world.activate(second).code == 0
    edit(world, DNSMASQ, r"\Z", "dhcp-option=option:router,192.168.1.66\n")
    assert world.run("drift", "run").code == 1
    world.up.do(lambda: world.up.world.faults.update({world.kind.serial(1): Faults(refuse_login=True)}))
    answer = world.run("drift", "run", "--json")
    assert answer.json["summary"] == {"as intended": 1, "drifting": 0, "not seen": 1}
    assert answer.json["causes"] == {"authentication": 1}
    assert answer.code == 3
    kept = {each["line"]: each for each in world.run("drift", "show", "--json").json["lines"]}
    assert (kept[LINE]["outcome"], kept[LINE]["cause"]) == ("drift", "authentication")
    assert kept[LINE]["differences"]
    assert kept[SECOND]["outcome"] == "none"


def test_drift_alerts_once_and_once_when_it_is_gone(world: Fibre, tmp_path: Path) -> None:
    told, script = tmp_path / "told", tmp_path / "tell"
    script.write_text(f"#!/bin/sh\ncat >> {told}\nprintf '\\n===\\n' >> {told}\n")
    script.chmod(0o700)
    world.extra["PROVISO_ALERT_COMMAND"] = str(script)
    before = world.up.do(lambda: world.up.router().tree.read(DNSMASQ))
    edit(world, DNSMASQ, r"\Z", "dhcp-option=option:router,192.168.1.66\n")
    for _ in range(2):
        assert world.run("drift", "run").code == 1
    world.up.do(lambda: world.up.router().tree.write(DNSMASQ, before))
    for _ in range(2):
        assert world.run("drift", "run").code == 0
    alerts = [json.loads(each) for each in told.read_text().split("\n===\n") if each.strip()]
    assert [each["changes"][0]["to"] for each in alerts] == ["wrong", "well"]
    assert "L-1: drift" in alerts[0]["text"]


def test_a_cisco_router_is_held_against_its_line(cisco_line_in_service: Path, warm: Warm, tmp_path: Path) -> None:
    with fibre_world(tmp_path / "world", warm, cisco_line_in_service, kind=CISCO) as world:
        assert world.run("drift", "run").code == 0
        device = world.up.cisco(1).device
        world.up.do(lambda: device.merge("ip name-server 192.0.2.66", "somebody"))
        assert world.run("drift", "run", "--platform", "linux_cpe").stdout.startswith("No line in service")
        assert world.run("drift", "run", "--platform", "cisco_iosxe").code == 1
        shown = world.run("drift", "show", LINE).stdout
        assert "192.0.2.66" in shown


def test_names_that_nobody_knows_are_refused_before_anything_is_asked(world: Fibre) -> None:
    for arguments in (["L-9"], ["--formula", "no-such"], ["--platform", "no-such"]):
        assert world.run("drift", "run", *arguments).code == 2
    assert world.run("drift", "show", "L-9").code == 2
    assert WIFI_KEY not in "".join(each.stdout + each.stderr for each in world.said)
    assert LINUX.serial(1) not in world.said[-1].stderr
