"""What a router has and shall have, and the commands between, as files in tests/cases/iosxe_change.

A case holds `running` and `intended`; `change`, `rollback` and `after` (what the device has then) are held to them.
PROVISO_WRITE_CASES=1 writes those three anew.
"""

import os
from pathlib import Path

import pytest
from iosxe_changes import applied, prove_circle
from worlds import ROOT

from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG, canonical
from provisioning.platforms.cisco_iosxe.differ import mask_commands

CASES = sorted((ROOT / "tests" / "cases" / "iosxe_change").iterdir())
WRITE = os.environ.get("PROVISO_WRITE_CASES") == "1"


@pytest.mark.parametrize("folder", CASES, ids=[each.name for each in CASES])
def test_a_change(folder: Path) -> None:
    running, intended = ({RUNNING_CONFIG: (folder / each).read_text("utf-8")} for each in ("running", "intended"))
    change = prove_circle(running, intended)
    told = {
        "change": "\n".join(mask_commands(change.commands)) + "\n",
        "rollback": "\n".join(mask_commands(change.rollback)) + "\n",
        "after": canonical(RUNNING_CONFIG, applied(running, change.commands)[RUNNING_CONFIG]),
    }
    if WRITE:
        for name, text in told.items():
            (folder / name).write_text(text, "utf-8")
    assert {name: (folder / name).read_text("utf-8") for name in told} == told
