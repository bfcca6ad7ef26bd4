"""The documents of a router that serves no line: what a ceased line leaves, and still lets the operator in.

The golden case stands in tests/cases/bootstrap; PROVISO_WRITE_CASES=1 writes it anew.
"""

import os
from pathlib import Path

import pytest
from renderings import TEMPLATES, complaints, config, example, operator, revealed
from worlds import ROOT

from provisioning.errors import UnusableTemplate
from provisioning.model.config import Config, SecretDocument
from provisioning.platforms.linux_cpe.digest import config_digest
from provisioning.rendering.render import render_bootstrap

CASE = ROOT / "tests" / "cases" / "bootstrap"
WRITE = os.environ.get("PROVISO_WRITE_CASES") == "1"
SERIAL = "LX0107"

HOSTILE = (
    'LX" }\ntable inet evil { chain x { type filter hook input priority 0; policy accept; } }\n#',
    "LX\nPermitRootLogin yes\nPasswordAuthentication yes",
    "LX\r\nscript /bin/evil",
    "LX'; rm -rf /; '",
    "LX\\",
    "{{ 7*7 }}{% raw %}",
    "LX\x00\x1b[31m\u2028\u202e",
    "é" * 300,
    "",
)


def idle(serial: str = SERIAL) -> Config:
    return render_bootstrap(serial, "linux_cpe", operator(), TEMPLATES)


def test_a_router_without_line_gets_these_documents() -> None:
    shown = {each.name: each.shown for each in idle().documents}
    if WRITE:
        CASE.mkdir(parents=True, exist_ok=True)
        for name, text in shown.items():
            (CASE / name).write_text(text, "utf-8")
    assert {each.name: each.read_text("utf-8") for each in CASE.iterdir()} == shown


def test_what_is_kept_passes_the_checkers(tmp_path: Path) -> None:
    assert list(complaints(tmp_path, {each.name: each.read_text("utf-8") for each in CASE.iterdir()})) == []


def test_they_hold_no_secret_and_are_a_set_that_the_helper_knows() -> None:
    rendered = idle()
    assert not any(isinstance(each, SecretDocument) for each in rendered.documents)
    assert len(config_digest(rendered)) == 64
    of_a_line = {each.name: (each.path, each.mode) for each in config(example("internet-pro")).documents}
    for each in rendered.documents:
        assert of_a_line[each.name] == (each.path, each.mode)


def test_nothing_of_any_line_is_in_them() -> None:
    words = {word for text in revealed(idle()).values() for word in text.replace('"', " ").split()}
    for name in ("internet-pro-plus", "fullfiber-extended"):
        line = example(name)
        for told in (line.management, line.fixed_ipv4, line.ip_pack, line.intent.line):
            assert str(told) not in words


@pytest.mark.parametrize("serial", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_serial_stays_in_its_comment(serial: str, tmp_path: Path) -> None:
    rendered = revealed(idle(serial))
    assert list(complaints(tmp_path, rendered)) == []
    for name, text in revealed(idle()).items():
        assert statements(rendered[name]) == statements(text)


def statements(text: str) -> list[str]:
    """A document's lines without those that hold the label, which is all that a serial may touch."""
    return [line for line in text.splitlines() if not line.startswith(("# Router ", '\tcomment "Router '))]


def test_a_template_that_is_gone_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(UnusableTemplate) as caught:
        render_bootstrap(SERIAL, "linux_cpe", operator(), tmp_path)
    assert caught.value.where.endswith("linux_cpe/bootstrap/nftables.conf.j2")
