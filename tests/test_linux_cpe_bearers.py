"""What a Linux router says of its bearers, read: a folder for each case, with what it said and what that means."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from worlds import ROOT

from provisioning.platforms.linux_cpe.bearers import parse_bearers

CASES = sorted((ROOT / "tests/cases/linux_cpe_bearers").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_read(case: Path) -> None:
    found = json.loads(json.dumps(asdict(parse_bearers((case / "said.txt").read_text()))))
    assert found == json.loads((case / "report.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_was_cut_is_refused_wherever_it_was(case: Path) -> None:
    text = (case / "said.txt").read_text()
    for end in range(len(text)):
        with pytest.raises(ValueError):
            parse_bearers(text[:end])
