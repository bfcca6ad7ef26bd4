"""Orders and the documents that come of them, as files in tests/cases/render.

PROVISO_WRITE_CASES=1 writes the documents anew.
"""

import os
from pathlib import Path

import pytest
from renderings import SECRETS, TEMPLATES, addressed, complaints, operator
from worlds import ROOT

from provisioning.model.config import NothingRendered
from provisioning.rendering.render import render

CASES = ROOT / "tests" / "cases" / "render"
WRITE = os.environ.get("PROVISO_WRITE_CASES") == "1"
NAMES = (
    "internet-maxi-bizz",  # dynamic addresses, no Wi-Fi
    "internet-pro",  # a fixed IPv4 with port mappings
    "business-internet-copper",  # back-up with a dynamic prefix
    "internet-pro-plus",  # everything
    "temporary-internet-pro-plus",  # the smallest LAN
    "fullfiber-extended",  # an IP Pack with the I-5.1 set
    "fullfiber-extended-essential",  # no router of ours
)


@pytest.mark.parametrize("name", NAMES)
def test_an_order_gives_these_documents(name: str) -> None:
    folder = CASES / name
    rendered = render(addressed(folder / "order.yaml"), operator(), SECRETS, TEMPLATES)
    if isinstance(rendered, NothingRendered):
        shown = {"nothing": f"{rendered.reason}\n"}
    else:
        shown = {each.name: each.shown for each in rendered.documents}
    expected = folder / "documents"
    if WRITE:
        _write(expected, shown)
    assert {each.name: each.read_text("utf-8") for each in expected.iterdir()} == shown


@pytest.mark.parametrize("name", NAMES)
def test_what_is_kept_passes_the_checkers(name: str, tmp_path: Path) -> None:
    kept = {each.name: each.read_text("utf-8") for each in (CASES / name / "documents").iterdir()}
    kept.pop("nothing", None)
    assert list(complaints(tmp_path, kept)) == []


def _write(folder: Path, texts: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.iterdir():
        stale.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
