"""The documents hold: links, commands, generated pages, and examples that are run again and compared."""

import os
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from pydantic import BaseModel
from test_check_cases import ELSEWHERE
from worlds import warm_parent

from provisioning.changes.codes import CODES as CHANGE_CODES
from provisioning.changes.form import RequestForm
from provisioning.cli.main import app
from provisioning.model.change_request import RequestState
from provisioning.orders.codes import CODES
from provisioning.orders.form import OrderForm

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")))
README = ROOT / "README.md"
RUN_AGAIN = (ROOT / "README.md", ROOT / "docs" / "order-form.md", ROOT / "docs" / "architecture.md")
"""Documents whose console blocks are run again; what they print may hold no date."""

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language and its lines."""

    language: str
    lines: tuple[str, ...]


def split(path: Path) -> tuple[str, list[Block]]:
    """Return a document's prose, without its fenced blocks, and those blocks."""
    prose: list[str] = []
    blocks: list[Block] = []
    language, inside = "", list[str]()
    open_fence = False
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("```"):
            (inside if open_fence else prose).append(line)
        elif open_fence:
            blocks.append(Block(language, tuple(inside)))
            open_fence, inside = False, []
        else:
            open_fence, language = True, line.removeprefix("```").strip()
    assert not open_fence, f"{path.name}: a fence is not closed"
    return "\n".join(prose), blocks


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as code forges make them."""
    found: dict[str, int] = {}
    result = set()
    for line in split(path)[0].splitlines():
        match = re.fullmatch(r"#{1,6} +(.+?) *#*", line)
        if match is None:
            continue
        text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", match[1])
        slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        number = found.get(slug, 0)
        found[slug] = number + 1
        result.add(f"{slug}-{number}" if number else slug)
    return result


def links(path: Path) -> Iterator[str]:
    prose = re.sub(r"`[^`]*`", "", split(path)[0])
    for match in re.finditer(r"\]\(\s*<?([^)\s>]+)", prose):
        yield match[1]
    for match in re.finditer(r"\b(?:src|href|srcset)=\"([^\"]+)\"", prose):
        yield match[1]


def references(text: str) -> set[str]:
    """Return the sections of docs/service-facts.md that a text names."""
    return set(re.findall(r"\b[IVFX]-[0-9]+(?:\.[0-9]+)?\b", text))


@each_document
def test_facts_exist(path: Path) -> None:
    known = references((ROOT / "docs" / "service-facts.md").read_text("utf-8"))
    assert references(path.read_text("utf-8")) <= known


def test_the_readme_says_something() -> None:
    assert len(README.read_text("utf-8")) > 500


@each_document
def test_links_lead_somewhere(path: Path) -> None:
    for link in links(path):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), f"{path.name}: {link}"
        assert target.is_relative_to(ROOT), f"{path.name}: {link}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{path.name}: {link}"


def test_refusals_are_up_to_date() -> None:
    pages = runpy.run_path(str(ROOT / "docs" / "write_refusals.py"))
    for name, page in (("refusals.md", pages["page"]), ("change-refusals.md", pages["page_of_changes"])):
        assert (ROOT / "docs" / name).read_text("utf-8") == page(), "write it anew: make docs"


def test_every_code_is_told_with_the_key_that_it_judges() -> None:
    text = (ROOT / "docs" / "order-form.md").read_text("utf-8")
    assert {code.name for code in CODES} <= set(re.findall(r"`([a-z0-9-]+)`", text))
    assert set(re.findall(r"`([a-z0-9-]+)`\*?†", text)) == ELSEWHERE
    of_requests = (ROOT / "docs" / "change-requests.md").read_text("utf-8")
    assert {code.name for code in CHANGE_CODES} <= set(re.findall(r"`([a-z0-9-]+)`", of_requests))


GROUPED = ("customer.contact", "line_speed")
"""Blocks whose keys are told in one row."""

LISTED = ("servers", "open", "close")
"""Keys that hold a list of blocks."""


def keys_of(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Yield the keys of a form and of its blocks as the document writes them."""
    for name, field in model.model_fields.items():
        key = f"{prefix}{field.alias or name}"
        yield key
        for block in blocks_in(field.annotation):
            if key not in GROUPED:
                yield from keys_of(block, f"{key}[]." if key in LISTED else f"{key}.")


def blocks_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from blocks_in(each)


def test_every_key_of_the_form_is_told() -> None:
    rows = re.findall(
        r"^\| `([a-z0-9_.\[\]]+)` \|", (ROOT / "docs" / "order-form.md").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(rows) == sorted({*keys_of(OrderForm)} - {"options"})


def test_every_key_of_a_request_is_told() -> None:
    text = (ROOT / "docs" / "change-requests.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z0-9_.\[\]]+)` \| (?!it )", text, re.MULTILINE)
    states = {state.value for state in RequestState}
    assert sorted(each for each in rows if each not in states) == sorted({*keys_of(RequestForm)} - {"ip_pack"})


def requirement_names() -> set[str]:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = data["project"]
    written = [
        *data["build-system"]["requires"],
        *project["dependencies"],
        *(each for group in project["optional-dependencies"].values() for each in group),
        *(each for group in data["dependency-groups"].values() for each in group),
    ]
    return {re.split(r"[\[<>=!~; ]", each)[0] for each in written}


def test_every_dependency_has_its_row() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    rows = re.findall(r"^\| \[?`?([A-Za-z0-9_.-]+)", text, re.MULTILINE)
    assert requirement_names() <= set(rows)


def command_lines(path: Path) -> Iterator[str]:
    """Yield what a reader is told to type."""
    prose, blocks = split(path)
    for block in blocks:
        lines = "\n".join(block.lines).replace("\\\n", " ").splitlines()
        if block.language == "console":
            yield from (line[2:] for line in lines if line.startswith("$ "))
        elif block.language in ("sh", "bash", "shell"):
            yield from (line.removeprefix("$ ") for line in lines)
    yield from re.findall(r"`(proviso [^`]*)`", prose)


def proviso_calls(line: str) -> Iterator[list[str]]:
    """Yield the arguments of each call of `proviso` in a command line."""
    for part in re.split(r"&&|\|\||[|;]", line.partition(" #")[0]):
        words = shlex.split(part)
        while words and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*=.*", words[0]):
            words.pop(0)
        if words and Path(words[0]).name == "proviso":
            yield words[1:]


@cache
def whole_command() -> Any:
    """Return the command as declared, made once."""
    return typer.main.get_command(app)


def judge_call(words: list[str]) -> str | None:
    """Return what is wrong with a call, as far as command and options can tell."""
    command = whole_command()
    takes_value = {name for each in command.params if not each.is_flag for name in each.opts}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        known = {name for each in command.params for name in each.opts} | {"--help", "-h"}
        if word == "--":
            return None  # what follows is a command of its own
        if word in takes_value:
            rest[:1] = []
        elif word.startswith("-") and word != "-":
            if word.partition("=")[0] not in known:
                return f"no option {word}"
        elif hasattr(command, "commands"):
            if word in ("…", "...", "COMMAND"):
                return None
            if word not in command.commands:
                return f"no command {word}"
            command = command.commands[word]
            takes_value = set()
    return None


@each_document
def test_commands_exist(path: Path) -> None:
    for line in command_lines(path):
        for words in proviso_calls(line):
            wrong = judge_call(words)
            assert wrong is None, f"{path.name}: {line}: {wrong}"


def test_the_readme_shows_commands() -> None:
    assert [words for line in command_lines(README) for words in proviso_calls(line)]


def replay(path: Path, folder: Path) -> Iterator[tuple[Block, list[str]]]:
    """Run the console blocks of a document in a fresh folder and state; yield each with what it looks like now."""
    (folder / "examples").symlink_to(ROOT / "examples")
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "PROVISO_STATE": str(folder / "state"),
        "COLUMNS": "80",
        "LANG": "C.UTF-8",
    }
    for block in split(path)[1]:
        name = re.fullmatch(r"# file: ([a-z-]+\.yaml)", block.lines[0]) if block.lines else None
        if name is not None:
            (folder / name[1]).write_text("\n".join(block.lines) + "\n", "utf-8")
        if block.language == "console":
            yield block, list(typed_and_shown(block, folder, environment))


def typed_and_shown(block: Block, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    for line in block.lines:
        if line.startswith("$ "):
            yield line
            shown = run_again(line[2:], folder, environment).rstrip("\n").splitlines()
            yield from (each.rstrip() for each in shown)


def run_again(line: str, folder: Path, environment: dict[str, str]) -> str:
    """Return what a line prints; one that is no more than a command of ours, and `head`, needs no shell."""
    plain = re.fullmatch(r"proviso ([\w ./-]+?)(?: \| head -(\d+))?", line)
    if plain is None:
        typed = ["sh", "-c", f"exec 2>&1; {line}"]
        done = subprocess.run(typed, cwd=folder, env=environment, stdout=subprocess.PIPE, check=False, timeout=120)
        return done.stdout.decode()
    with warm_parent().fork(plain[1].split(), environment, folder, together=True) as command:
        said, _ = command.communicate(timeout=120)
    lines = said.decode().splitlines()
    return "\n".join(lines[: int(plain[2])] if plain[2] else lines)


@pytest.mark.parametrize("path", RUN_AGAIN, ids=lambda path: path.name)
def test_examples_show_what_really_happens(path: Path, tmp_path: Path) -> None:
    for block, now in replay(path, tmp_path):
        assert [line.rstrip() for line in block.lines] == now


def tracked_files() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        pytest.skip("no git checkout")
    return [ROOT / name for name in done.stdout.decode().split("\0") if name]


def test_nothing_names_the_place_where_it_was_made() -> None:
    # Written in two halves, or this file would find itself.
    forbidden = [f"/{'work'}/", f"files.{'pythonhosted'}.org", f"{'pypi'}.org/simple"]
    for path in tracked_files():
        if not path.is_file():
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found = [each for each in forbidden if each in text]
        assert not found, f"{path.relative_to(ROOT)}: {found}"
