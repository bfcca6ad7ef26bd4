"""The command as people and scripts run it: exit codes, JSON, errors, hostile text, completion."""

import json
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from forms import FormData, minimal, typed
from rich.cells import cell_len
from worlds import PROVISO, ROOT, Answer, Command, World

from provisioning.catalogue import FORMULAS
from provisioning.clock import SystemClock
from provisioning.model.intent import Role
from provisioning.orders.read import read
from provisioning.store import assigning
from provisioning.store.assignments import Release
from provisioning.store.engine import Store
from provisioning.workflows.accept_order import accept_order

EXAMPLES = ROOT / "examples"
ORDER = "examples/orders/fullfiber-extended.yaml"
REFUSED = "examples/refused/port-23.yaml"

HOSTILE_NAME = "[bold red]Evil[/] \u202erekcah\u2066 :skull: {x} %s \\ & <b>'\"`"
HOSTILE_SITE = "[link=http://x]1 Rue[/link] 🏭 " + "é" * 300
HOSTILE_SSID = "[red]\u202ex \u00e9"
HOSTILE_REASON = "\x1b[31mred\x1b[0m\r\n\x07[blink]\u202e"
INJECTION = "\\$(touch PWNED) \\`touch PWNED`"

NEVER_ON_A_TERMINAL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def hostile_order() -> FormData:
    form = minimal(FORMULAS["fullfiber-extended"])
    return form | {
        "order": "PX-2026-000666",
        "customer": {"name": HOSTILE_NAME},
        "site": {"address": HOSTILE_SITE, "mobile_coverage": "good"},
        "wifi": {"enabled": True, "ssid": HOSTILE_SSID},
        "options": {"ip_pack": {"addresses": 16, "assessment": HOSTILE_NAME}},
        "cpe": {"platform": "linux_cpe", "serial": "LX0666"},
    }


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """A store with the example orders, a hostile one (L-22), a ceased one (L-23), and one released address."""
    state = tmp_path_factory.mktemp("shop") / "state"
    clock = SystemClock()
    store = Store.open(state, now=clock.now(), lock_timeout=5)
    around = replace(World(store).around, clock=clock)
    for path in sorted((EXAMPLES / "orders").glob("*.yaml")):
        assert accept_order(read(path), around).accepted
    assert accept_order(typed(hostile_order()), around).line == "L-22"
    with store.write() as connection:
        release = Release(HOSTILE_REASON, clock.now(), 30)
        assigning.release_role(connection, "L-22", Role.IP_PACK, release)
    ceased = minimal(FORMULAS["internet-pro"]) | {"order": "PX-2026-000700", "customer": {"name": INJECTION}}
    ceased["cpe"] = {"platform": "linux_cpe", "serial": "LX0700"}
    assert accept_order(typed(ceased), around).line == "L-23"
    cease = {"order": "PX-2026-000701", "kind": "cease", "line": "L-23"}
    assert accept_order(typed(cease), around).accepted
    store.close()
    return Command(state)


def assert_clean(answer: Answer) -> None:
    """Nothing on either stream steers a terminal, and nobody sees a traceback."""
    for stream in (answer.stdout, answer.stderr):
        assert not NEVER_ON_A_TERMINAL.search(stream)
        assert "Traceback" not in stream
        assert "this should not happen" not in stream


def assert_one_block(answer: Answer, code: int) -> None:
    assert_clean(answer)
    assert answer.code == code, answer.stderr
    error, *rest = answer.stderr.splitlines()
    assert error.startswith("error: ")
    assert [line.partition(":")[0] for line in rest] in (["  where", "  what to do"], ["  what to do"])


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


def test_a_bad_setting_is_told_with_its_place(proviso: Command) -> None:
    answer = proviso("settings", environment={"PROVISO_QUARANTINE_DAYS": "many"})
    assert_one_block(answer, 2)
    assert "where:      environment PROVISO_QUARANTINE_DAYS" in answer.stderr


@pytest.fixture
def made(proviso: Command, tmp_path: Path) -> Path:
    """A project that `init` made."""
    assert proviso("init", tmp_path / "my-isp").code == 0
    return tmp_path / "my-isp"


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
    copied = ["examples", "inventory", "nornir.yaml", "playbooks", "templates"]
    assert sorted(path.name for path in made.iterdir()) == copied
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


# --- streams, terminals and folders of all kinds --------------------------------------------------------------------


def through(redirection: str) -> tuple[str, ...]:
    """Run a command with a redirection of the shell's."""
    return ("bash", "-c", f'exec "$@" {redirection}', "-")


def test_without_standard_input_nobody_is_asked(shop: Command) -> None:
    release = ("assignment", "release", "L-1", "fixed-ipv4", "--reason", "x")
    assert_one_block(shop(*release, before=through("<&-")), 2)
    assert_one_block(shop("order", "plan", "-", before=through("<&-")), 2)


@pytest.mark.parametrize("redirection", [">&-", "2>&-", ">&- 2>&-"])
def test_without_standard_output_the_code_still_answers(shop: Command, redirection: str) -> None:
    assert shop("line", "list", before=through(redirection)).code == 0
    assert shop("line", "show", "L-99", "--json", before=through(redirection)).code == 2


@pytest.mark.parametrize("columns", ["0", "", "wide", "-1"])
def test_a_width_that_makes_no_sense_hides_nothing(shop: Command, columns: str) -> None:
    answer = shop("line", "list", environment={"COLUMNS": columns})
    assert answer.code == 0
    assert {"L-1", "L-22", "L-23"} <= set(answer.stdout.split())


def test_a_terminal_without_unicode_shows_escapes(shop: Command) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for arguments in (("line", "show", "L-22"), ("order", "check", "examples/orders"), ("line", "list")):
        answer = shop(*arguments, environment=ascii_only)
        assert answer.code == 0, answer.stderr
        assert answer.stdout.isascii()


def test_a_state_may_have_any_name(tmp_path: Path) -> None:
    command = Command(tmp_path / "a b%20?#é'" / "%(x)s")
    assert command("order", "accept", ORDER).code == 0
    assert command("line", "list", "--json").json["total"] == 1


# --- pipes and completion ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [("catalogue", "--json"), ("catalogue",), ("line", "show", "L-1"), ("--help",)], ids=" ".join
)
def test_a_reader_that_has_seen_enough_is_no_error(shop: Command, arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.Popen(
        [str(PROVISO), *arguments], stdout=writing, stderr=subprocess.PIPE, env=shop.environment(), cwd=ROOT
    )
    os.close(writing)
    assert process.communicate(timeout=60)[1] == b""
    assert process.returncode == 0


def completed(shop: Command, shell: str, words: str) -> Answer:
    environment = {
        "_PROVISO_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
        "_TYPER_COMPLETE_ARGS": words,
    }
    return shop(environment=environment)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("proviso cat", {"catalogue"}),
        ("proviso catalogue fullfiber-e", {"fullfiber-extended", "fullfiber-extended-essential"}),
        ("proviso line show L-1", {"L-1", *(f"L-{number}" for number in range(10, 20))}),
        ("proviso pool show pa", {"packs-1", "packs-2"}),
        ("proviso assignment release L-1 i", {"ip-pack", "ipv6"}),
    ],
)
def test_the_shell_completes_names(shop: Command, words: str, expected: set[str]) -> None:
    assert set(completed(shop, "bash", words).stdout.split()) == expected


def test_completing_in_a_broken_project_says_nothing(proviso: Command, made: Path) -> None:
    (made / "nornir.yaml").write_text("inventory: [", "utf-8")
    answer = completed(Command(proviso.state, current=made), "bash", "proviso line show L")
    assert (answer.stdout.strip(), answer.stderr) == ("", "")


def test_what_customers_wrote_is_not_run_by_the_shell_that_completes(shop: Command) -> None:
    """Zsh evaluates the descriptions: a `$` or a backquote behind an even number of backslashes runs a command."""
    answer = completed(shop, "zsh", "proviso line show L-2")
    assert "L-23" in answer.stdout
    assert not re.search(r"(?<!\\)(?:\\\\)*[$`]", answer.stdout)
    assert_clean(answer)


@pytest.mark.parametrize(
    "arguments", [("device", "facts"), ("run", "show"), ("line", "show"), ("pool", "show"), ("assignment", "show")]
)
def test_an_argument_that_is_not_utf8_is_bad_input(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    answer = Command(tmp_path / "state")(*arguments, "\udcff\udcfe", before=("env",))
    assert answer.code == 2, answer.stderr
    assert "this should not happen" not in answer.stderr
