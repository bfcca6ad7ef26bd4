"""The command on streams, terminals and folders of all kinds, and in shells that complete."""

import os
import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from shops import ORDER, assert_clean, assert_one_block
from worlds import PROVISO, ROOT, Answer, Command

from provisioning.store.engine import FILE_NAME

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


def test_customers_are_completed_as_one_word_each(shop: Command) -> None:
    with closing(sqlite3.connect(shop.state / FILE_NAME)) as connection, connection:
        connection.execute("update line set customer = 'Pharmacie du Parc' where id = 1")
        connection.execute("update line set customer = 'Pharmacie $(reboot)' where id = 2")
    for command in ("backup run", "drift run"):
        bash = completed(shop, "bash", f"proviso {command} --customer Pharm").stdout
        assert bash.splitlines() == [r"Pharmacie\ du\ Parc"]
        zsh = completed(shop, "zsh", f"proviso {command} --customer Pharm").stdout
        assert '"Pharmacie du Parc"' in zsh
        assert "reboot" not in zsh


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
