"""The command with hostile text, settings and projects of people's own, and releases."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml
from shops import (
    EXAMPLES,
    ORDER,
    assert_clean,
    assert_one_block,
    hostile_order,
)
from worlds import PROVISO, ROOT, Command

# --- hostile text --------------------------------------------------------------------------------------------------


def test_what_customers_wrote_is_shown_as_text(shop: Command) -> None:
    answer = shop("line", "show", "L-22")
    assert_clean(answer)
    shown = "".join(answer.stdout.split())
    assert "[boldred]Evil[/]\\u202erekcah\\u2066:skull:{x}%s\\&<b>'\"`" in shown
    assert "[link=http://x]1Rue[/link]🏭" in shown
    answer = shop("order", "plan", "-", stdin=yaml.safe_dump(hostile_order()).encode())
    assert_clean(answer)
    assert "[red]\\u202ex" in answer.stdout


def test_what_an_operator_wrote_is_shown_as_text(shop: Command) -> None:
    for arguments in (("pool", "show", "packs-1"), ("assignment", "list", "--quarantined")):
        answer = shop(*arguments)
        assert_clean(answer)
        assert "\\u001b[31mred" in "".join(answer.stdout.split())


def test_control_characters_do_not_get_into_a_form(proviso: Command) -> None:
    form = hostile_order() | {"customer": {"name": "a\x1b[2Jb"}}
    answer = proviso("order", "check", "-", stdin=json.dumps(form).encode())
    assert_one_block(answer, 2)
    assert "customer.name" in answer.stderr


def test_a_hostile_file_name_is_shown_as_text(proviso: Command, tmp_path: Path) -> None:
    path = tmp_path / "\x1b[31m\u202eform.yaml"
    path.write_text((EXAMPLES / "orders" / "fullfiber.yaml").read_text("utf-8"), "utf-8")
    answer = proviso("order", "check", path)
    assert answer.code == 0
    assert_clean(answer)
    assert "\\u001b[31m\\u202eform.yaml" in answer.stdout


@pytest.mark.parametrize("mode", ["--json", "--quiet"])
def test_a_file_name_that_is_no_text_is_no_problem(proviso: Command, tmp_path: Path, mode: str) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.yaml"))
    path.write_text((EXAMPLES / "refused" / "port-23.yaml").read_text("utf-8"), "utf-8")
    result = subprocess.run(
        [str(PROVISO), "order", "check", os.fsencode(path), mode],
        env=proviso.environment(),
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert result.returncode == 1, result.stderr
    assert b"port-reserved" in result.stdout


# --- settings, project, init ---------------------------------------------------------------------------------------


def test_settings_tell_where_each_comes_from(proviso: Command, tmp_path: Path) -> None:
    environment = {"PROVISO_QUARANTINE_DAYS": "60"}
    answer = proviso("--state", tmp_path / "other", "settings", "--json", environment=environment)
    found = {each["name"]: (each["value"], each["source"]) for each in answer.json["settings"]}
    assert found["project"] == (str(ROOT), "nearest nornir.yaml")
    assert found["state"] == (str(tmp_path / "other"), "option --state")
    assert found["quarantine_days"] == ("60", "environment PROVISO_QUARANTINE_DAYS")
    assert found["lock_timeout_seconds"] == ("30.0", "nornir.yaml")


def test_an_empty_variable_switches_syslog_off_and_says_nothing_of_others(proviso: Command) -> None:
    environment = {"PROVISO_SYSLOG": "", "PROVISO_QUARANTINE_DAYS": ""}
    found = {each["name"]: each for each in proviso("settings", "--json", environment=environment).json["settings"]}
    assert (found["syslog"]["value"], found["syslog"]["source"]) == ("", "environment PROVISO_SYSLOG")
    assert found["quarantine_days"]["value"] == "30"


def test_a_bad_setting_is_told_with_its_place(proviso: Command) -> None:
    answer = proviso("settings", environment={"PROVISO_QUARANTINE_DAYS": "many"})
    assert_one_block(answer, 2)
    assert "where:      environment PROVISO_QUARANTINE_DAYS" in answer.stderr


@pytest.mark.parametrize(
    ("name", "text", "arguments"),
    [
        ("nornir.yaml", "inventory: [", ("line", "list")),
        ("inventory/pools.yaml", "pools:\n  - {name: a, purpose: fixed-ipv4, prefix: 8.8.8.1/24}\n", ("pool", "list")),
        ("inventory/hosts.yaml", "olt-brussels-1: [", ("order", "plan", "examples/orders/fullfiber.yaml")),
    ],
)
def test_a_bad_file_of_the_project_is_told_with_its_place(
    proviso: Command, made: Path, name: str, text: str, arguments: tuple[str, ...]
) -> None:
    (made / name).write_text(text, "utf-8")
    answer = proviso(*arguments, current=made)
    assert_one_block(answer, 2)
    assert str(made / name) in answer.stderr


def test_init_makes_a_project_that_works(proviso: Command, made: Path) -> None:
    parts = ["examples", "inventory", "nornir.yaml", "playbooks", "templates"]
    assert sorted(path.name for path in made.iterdir()) == parts
    answer = proviso("order", "accept", "examples/orders", "--json", current=made, environment={"PROVISO_STATE": ""})
    assert answer.code == 0, answer.stderr
    assert len(answer.json["orders"]) == 21
    assert (made / "state" / "proviso.sqlite3").exists()


def test_init_again_keeps_what_was_changed(proviso: Command, made: Path) -> None:
    (made / "inventory" / "pools.yaml").write_text("pools: []\n", "utf-8")
    (made / "inventory" / "hosts.yaml").unlink()
    answer = proviso("init", made, "--json")
    assert answer.code == 0
    assert answer.json["copied"] == ["inventory/hosts.yaml"]
    assert answer.json["differing"] == ["inventory/pools.yaml"]
    assert (made / "inventory" / "pools.yaml").read_text("utf-8") == "pools: []\n"


# --- release -------------------------------------------------------------------------------------------------------


def test_a_release_rests_and_comes_back_with_the_order(proviso: Command) -> None:
    accepted = proviso("order", "accept", ORDER, "--json").json["orders"][0]
    arguments = ("assignment", "release", "L-1", "ip-pack", "--reason", "customer left early", "--yes")
    answer = proviso(*arguments, "--quarantine-days", "3", "--json")
    assert answer.code == 0
    released = answer.json["assignment"]
    assert (released["state"], released["release_reason"]) == ("quarantined", "customer left early")
    assert_one_block(proviso(*arguments), 1)
    again = proviso("order", "accept", ORDER, "--json").json["orders"][0]
    assert again["known"]
    assert again["addressed_intent"] == accepted["addressed_intent"]
