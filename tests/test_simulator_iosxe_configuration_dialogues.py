"""What the simulated Cisco router answers to lines of configuration mode, and what it shows then."""

import re
from pathlib import Path

import pytest

from provisioning.stands.simulator.cisco_iosxe.configuration import Configuration, Session

DIALOGUES = Path(__file__).parent / "cases" / "iosxe_configuration" / "dialogues"
_PROMPT = re.compile(r"([A-Za-z0-9.-]+(?:\([a-z0-9-]+\))?#)(.*)")


@pytest.mark.parametrize("path", sorted(DIALOGUES.glob("*.txt")), ids=lambda path: path.stem)
def test_dialogue(path: Path) -> None:
    terminal, *wanted = re.split(r"^=== ", path.read_text(), flags=re.MULTILINE)
    configuration, session = Configuration(), Session()
    seen: list[str] = []
    for line in terminal.splitlines():
        typed = _PROMPT.fullmatch(line)
        if typed is None:
            continue
        seen.append(f"{configuration.prompt(session)}{typed[2]}")
        if session.active:
            seen.extend(configuration.feed(typed[2], session).splitlines())
    assert seen == [line for line in terminal.splitlines() if not line.startswith("# ")]
    text = configuration.text()
    for each in wanted:
        what, _, lines = each.partition("\n")
        if what == "shows":
            assert lines in text, text
        else:
            assert not [line for line in lines.splitlines() if line in text], text
    again = Configuration()
    assert again.load(text) == []
    assert again.text() == text
