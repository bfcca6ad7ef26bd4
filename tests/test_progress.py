"""Progress on standard error: a line for what is new, and names that stay whole on a narrow terminal."""

import io

import pytest
from rich.console import Console

from provisioning.cli.progress import Progress


def test_what_is_said_again_is_not_printed_again(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Progress(live=False, silent=False)
    shown.begin("PX-1", "LX0101")
    for text in ("waits for the ONT", "waits for the ONT", "waits for the ONT", "comes up", "waits for the ONT"):
        shown.tell("PX-1", "access", text)
    lines = [line.split(maxsplit=2)[2] for line in capsys.readouterr().err.splitlines()]
    assert lines == ["access    waits for the ONT", "comes up", "waits for the ONT"]


def test_long_words_take_no_room_from_the_names() -> None:
    shown = Progress(live=True)
    for number in range(3):
        shown.begin(f"PX-2026-00012{number}", f"FGL2600012{number}")
        shown.tell(f"PX-2026-00012{number}", "prove", "calls every opening and the reserved port, " * 3)
    screen = Console(file=io.StringIO(), width=80)
    screen.print(shown)
    lines = screen.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 3 and all(len(line) <= 80 for line in lines)
    for number, line in enumerate(lines):
        assert f"PX-2026-00012{number}" in line and f"FGL2600012{number}" in line
        assert "prove" in line and line.rstrip().endswith(" s")
