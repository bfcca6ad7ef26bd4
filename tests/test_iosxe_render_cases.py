"""Orders with a Cisco router and the documents that come of them, as files in tests/cases/render_cisco_iosxe.

PROVISO_WRITE_CASES=1 writes the documents anew.
"""

import os

import pytest
from iosxe_renderings import cisco_config
from renderings import addressed
from worlds import ROOT

CASES = ROOT / "tests" / "cases" / "render_cisco_iosxe"
WRITE = os.environ.get("PROVISO_WRITE_CASES") == "1"
NAMES = (
    "internet-pro-plus-cisco",  # everything
    "fullfiber-extended-cisco",  # without back-up
    "fiber-internet-pro-plus-cisco",  # back-up without an IP Pack
    "temporary-internet-pro-plus-cisco",  # the smallest LAN, no Wi-Fi
    "temporary-fullfiber-extended-cisco",  # a LAN larger than what is lent
)


@pytest.mark.parametrize("name", NAMES)
def test_an_order_gives_these_documents(name: str) -> None:
    folder = CASES / name
    shown = {each.name: each.shown for each in cisco_config(addressed(folder / "order.yaml")).documents}
    expected = folder / "documents"
    if WRITE:
        expected.mkdir(parents=True, exist_ok=True)
        for each, text in shown.items():
            (expected / each).write_text(text, "utf-8")
    assert {each.name: each.read_text("utf-8") for each in expected.iterdir()} == shown
