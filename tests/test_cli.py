"""The command as people and scripts run it: exit codes, JSON, errors."""

import json
import re
from pathlib import Path

import pytest
import yaml
from rich.cells import cell_len
from shops import (
    ORDER,
    assert_clean,
    assert_one_block,
    hostile_order,
)
from worlds import ROOT, Command

REFUSED = "examples/refused/port-23.yaml"


# --- good input ----------------------------------------------------------------------------------------------------

LOOKING: list[tuple[str, ...]] = [
    ("settings",),
    ("catalogue",),
    ("catalogue", "fullfiber-extended"),
    ("order", "check", "examples/orders"),
    ("order", "plan", "examples/orders/internet-pro.yaml"),
    ("line", "list"),
    ("line", "show", "L-22"),
    ("line", "show", "L-23"),
    ("pool", "list"),
    ("pool", "show", "packs-1"),
    ("pool", "show", "ont-ids"),
    ("assignment", "list"),
    ("assignment", "list", "--history", "--line", "L-23"),
    ("assignment", "show", "192.0.2.0/24"),
    ("assignment", "show", "2001:db8::1"),
]

EVERYTHING = [*LOOKING, ("order", "accept", "examples/orders/internet-pro.yaml"), ("init", ".")]


@pytest.mark.parametrize("arguments", EVERYTHING, ids=" ".join)
def test_json_is_one_document_and_all_there_is(shop: Command, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    current = tmp_path if arguments[0] == "init" else ROOT
    answer = shop(*arguments, "--json", current=current)
    assert answer.code == 0, answer.stderr
    assert isinstance(answer.json, dict)
    assert answer.stdout.isascii(), "it survives every terminal and pipe"
    assert answer.stderr == ""


@pytest.mark.parametrize("arguments", LOOKING, ids=" ".join)
def test_tables_fit_into_80_columns(shop: Command, arguments: tuple[str, ...]) -> None:
    """Sentences do not start with a space, and wrap where the terminal wraps them."""
    answer = shop(*arguments)
    assert answer.code == 0, answer.stderr
    assert_clean(answer)
    assert answer.stdout.strip()
    rows = [line for line in answer.stdout.splitlines() if line.startswith(" ") and not line.startswith("  ")]
    assert not [row for row in rows if cell_len(row) > 80]


def test_help_is_for_everybody(shop: Command) -> None:
    for arguments in ((), ("order",), ("order", "accept")):
        answer = shop(*arguments, "--help")
        assert answer.code == 0
        assert answer.stdout.startswith(f"Usage: proviso {' '.join(arguments)}".rstrip())
        assert max(map(len, answer.stdout.splitlines())) <= 80


@pytest.mark.parametrize("group", [(), ("order",), ("line",), ("pool",), ("assignment",)], ids=str)
def test_a_command_that_is_not_whole_shows_what_there_is(shop: Command, group: tuple[str, ...]) -> None:
    answer = shop(*group)
    said = answer.stdout + answer.stderr
    assert answer.code == 2
    assert "Usage: proviso" in said
    assert "Commands:\n" in said
    assert_clean(answer)


def test_the_version_is_told(shop: Command) -> None:
    answer = shop("--version")
    assert (answer.code, answer.stderr) == (0, "")
    assert re.fullmatch(r"proviso \d+\.\d+\.\d+\n", answer.stdout)


def test_check_counts_what_it_was_given(shop: Command) -> None:
    answer = shop("order", "check", "examples/orders", "--quiet")
    assert (answer.code, answer.stdout) == (0, "21 forms: 21 accepted, 0 refused, 0 unreadable\n")


@pytest.mark.parametrize("name", ["form.yaml", "form.json"])
def test_a_form_may_come_from_standard_input(shop: Command, name: str) -> None:
    data = hostile_order()
    content = json.dumps(data) if name.endswith("json") else yaml.safe_dump(data)
    answer = shop("order", "check", "-", "--json", stdin=content.encode())
    assert answer.code == 0, answer.stderr
    assert answer.json["orders"][0]["order"] == "PX-2026-000666"


# --- an empty store ------------------------------------------------------------------------------------------------


def test_an_empty_store_says_what_to_do(proviso: Command) -> None:
    answer = proviso("line", "list")
    assert (answer.code, answer.stdout) == (0, "There are no lines yet: `proviso order accept FILE` makes one.\n")
    answer = proviso("assignment", "list")
    assert (answer.code, answer.stdout) == (0, "No such assignments.\n")
    answer = proviso("pool", "list", "--json")
    assert {pool["name"] for pool in answer.json["pools"]} >= {"fixed", "packs-1"}
    assert not proviso.state.exists(), "looking makes nothing"


# --- refused and unreadable ----------------------------------------------------------------------------------------

BAD: list[tuple[int, tuple[str, ...], str]] = [
    (2, ("lines",), "No such command 'lines'"),
    (2, ("line", "lst"), "No such command 'lst'"),
    (2, ("line", "list", "--nope"), "--nope"),
    (2, ("line", "list", "--limit", "0"), "--limit"),
    (2, ("line", "list", "--limit", "x"), "--limit"),
    (2, ("line", "list", "--limit", "9" * 30), "limit"),
    (2, ("assignment", "list", "--limit", "9" * 30), "limit"),
    (
        2,
        ("line", "list", "--state", "dead"),
        "error: Invalid value for '--state': 'dead' is not one of 'accepted', 'adopted', 'active', 'ceased'",
    ),
    (2, ("line", "list", "--after", "L-99"), "no line 'L-99'"),
    (2, ("line", "show"), "LINE"),
    (2, ("line", "show", "L-99"), "`proviso line list` shows the lines"),
    (2, ("line", "show", "\x1b[31mL-1"), "no line"),
    (2, ("line", "show", "L-" + "9" * 40), "no line"),
    (2, ("pool", "show", "fixd"), "fixed"),
    (2, ("assignment", "list", "--pool", "fixd"), "fixed"),
    (2, ("assignment", "list", "--line", "17"), "no line '17'"),
    (2, ("assignment", "show", "router"), "'router' is no address"),
    (2, ("assignment", "show", "192.0.2.7%1"), "is no address"),
    (2, ("assignment", "release", "L-1", "ipv4", "--reason", "x", "--yes"), "fixed-ipv4, ip-pack"),
    (2, ("assignment", "release", "L-99", "ipv6", "--reason", "x", "--yes"), "no line"),
    (2, ("assignment", "release", "L-1", "fixed-ipv4", "--reason", " ", "--yes"), "reason"),
    (2, ("assignment", "release", "L-1", "fixed-ipv4", "--reason", "x"), "--yes"),
    (2, ("assignment", "release", "L-1", "fixed-ipv4", "--yes"), "--reason"),
    (2, ("catalogue", "fullfibre"), "Did you mean `fullfiber`?"),
    (2, ("order", "check", "templates"), "no order form"),
    (2, ("order", "plan", "nowhere.yaml"), "nowhere.yaml"),
    (2, ("order", "plan", "pyproject.toml"), "pyproject.toml"),
    (2, ("order", "plan", "examples/orders"), "directory"),
    (2, ("pool", "add", "a b", "8.8.8.0/24", "--purpose", "ip-pack"), "no name for a pool"),
    (2, ("pool", "add", "p", "8.8.8.1/24", "--purpose", "ip-pack"), "host bits"),
    (2, ("pool", "add", "p", "8.8.8.0/24", "--purpose", "packs"), "ip-pack"),
    (2, ("pool", "add", "p", "8.8.8.0/24"), "--purpose"),
    (1, ("pool", "add", "p", "10.0.0.0/24", "--purpose", "ip-pack"), "--special-purpose"),
    (1, ("pool", "add", "p", "192.0.2.0/25", "--purpose", "ip-pack", "--special-purpose"), "overlaps the pool fixed"),
    (1, ("pool", "add", "fixed", "8.8.8.0/24", "--purpose", "fixed-ipv4"), "there is a pool fixed already"),
    (1, ("assignment", "release", "L-22", "ip-pack", "--reason", "x", "--yes"), "holds no ip-pack"),
    (2, ("--project", "templates", "settings"), "nornir.yaml"),
    (3, ("init", "pyproject.toml"), "pyproject.toml"),
]


@pytest.mark.parametrize(("code", "arguments", "said"), BAD, ids=[" ".join(each[1])[:50] for each in BAD])
def test_an_error_is_one_block_and_one_document(
    shop: Command, code: int, arguments: tuple[str, ...], said: str
) -> None:
    """With --json as well: the same on standard error, and a document for scripts on standard output."""
    answer = shop(*arguments, "--json")
    assert_one_block(answer, code)
    assert said in answer.stderr
    error = answer.json["error"]
    assert error["exit_code"] == code
    assert error["remedy"]


def test_without_json_an_error_leaves_standard_output_empty(shop: Command) -> None:
    answer = shop("line", "show", "L-99")
    assert_one_block(answer, 2)
    assert answer.stdout == ""


@pytest.mark.parametrize("command", ["check", "plan", "accept"])
def test_a_refused_order_is_told_with_code_fact_and_remedy(proviso: Command, command: str) -> None:
    answer = proviso("order", command, REFUSED, "--json")
    assert answer.code == 1
    assert answer.stderr == ""
    said = answer.json if command == "plan" else answer.json["orders"][0]
    assert said["verdict"] == "refused"
    assert "port-reserved" in {finding["code"] for finding in said["findings"]}
    assert all(finding["facts"] and finding["reason"] and finding["remedy"] for finding in said["findings"])


def test_in_a_batch_the_highest_code_wins_and_no_form_stops_another(proviso: Command, tmp_path: Path) -> None:
    (tmp_path / "torn.yaml").write_text("order: [", "utf-8")
    answer = proviso(
        "order", "accept", ORDER, REFUSED, tmp_path / "torn.yaml", "examples/orders/fullfiber.yaml", "--json"
    )
    assert answer.code == 2
    one, two, three, four = answer.json["orders"]
    assert (one["verdict"], two["verdict"], four["verdict"]) == ("accepted", "refused", "accepted")
    assert three["error"]["exit_code"] == 2
    assert str(tmp_path / "torn.yaml") in three["error"]["where"]
    answer = proviso("order", "check", ORDER, REFUSED, "--json")
    assert (answer.code, answer.json["summary"]) == (1, {"accepted": 1, "refused": 1})
    answer = proviso("order", "check", ORDER, REFUSED, tmp_path)
    assert answer.code == 2
    assert answer.stdout.endswith("3 forms: 1 accepted, 1 refused, 1 unreadable\n")
