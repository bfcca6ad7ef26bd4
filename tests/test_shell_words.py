"""Names of several words are completed however they are quoted, and wherever in them the cursor stands."""

import pytest
from worlds import ROOT, Command

from provisioning.cli.shell_words import Fitting, close_last_word, is_quoted

NAME = "Drukkerij De Letterkast"
ESCAPED = r"Drukkerij\ De\ Letterkast"
BEFORE = ("proviso", "drift", "run", "--customer")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """A store with one customer."""
    shop = Command(tmp_path_factory.mktemp("shop") / "state")
    assert shop("order", "accept", ROOT / "examples" / "orders" / "internet-pro.yaml").code == 0
    return shop


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("Druk", ESCAPED),
        (r"Drukkerij\ ", ESCAPED),
        (r"Drukkerij\ De\ Let", ESCAPED),
        ('"Druk', NAME),
        ('"Drukkerij ', NAME),
        ("'Drukkerij D", NAME),
        ('"drukkerij', ""),
        (r"Drukkerij\ den", ""),
    ],
)
def test_bash_gets_one_word_that_fits_behind_what_is_typed(shop: Command, typed: str, completed: str) -> None:
    asked = {
        "_PROVISO_COMPLETE": "complete_bash",
        "COMP_WORDS": "\n".join((*BEFORE, typed)),
        "COMP_CWORD": str(len(BEFORE)),
    }
    assert shop(environment=asked).stdout.rstrip("\n") == completed


@pytest.mark.parametrize("typed", ["Druk", r"Drukkerij\ ", r"Drukkerij\ D", '"Drukkerij ', "'Drukkerij De "])
def test_zsh_gets_the_name_and_quotes_it_itself(shop: Command, typed: str) -> None:
    asked = {"_PROVISO_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": " ".join((*BEFORE, typed))}
    assert f'(("{NAME}"))' in shop(environment=asked).stdout


@pytest.mark.parametrize(
    ("typed", "closed"),
    [
        ("proviso run ", "proviso run "),
        ('proviso "a b" ', 'proviso "a b" '),
        (r"proviso a\\ ", r"proviso a\\ "),
        (r"proviso a\  ", r"proviso a\  "),
        (r"proviso a\ ", r'proviso a\ ""'),
        ('proviso "a ', 'proviso "a "'),
        ("proviso 'it\" ", "proviso 'it\" '"),
        ('proviso "a', 'proviso "a'),
    ],
)
def test_a_blank_within_a_word_begins_no_other(typed: str, closed: str) -> None:
    environment = {"_TYPER_COMPLETE_ARGS": typed}
    close_last_word(environment)
    assert environment == {"_TYPER_COMPLETE_ARGS": closed}


def test_a_command_that_is_no_completion_is_left_alone() -> None:
    environment: dict[str, str] = {}
    close_last_word(environment)
    assert environment == {}
    assert not is_quoted(environment)
    assert not is_quoted({"COMP_WORDS": 'proviso\n"a', "COMP_CWORD": "7"})
    assert is_quoted({"COMP_WORDS": 'proviso\n"a', "COMP_CWORD": "1"})


def test_a_word_with_backslashes_fits_what_was_meant() -> None:
    assert Fitting(ESCAPED).startswith("Drukkerij De")
    assert f"{Fitting(ESCAPED)}" == ESCAPED
