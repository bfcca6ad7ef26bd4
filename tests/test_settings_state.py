"""The state directory that is none."""

from pathlib import Path

from worlds import Command


def test_a_file_in_the_place_of_the_state_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("somebody's notes")
    for command in (("run", "list"), ("line", "list"), ("settings",), ("backup", "list")):
        answer = Command(tmp_path / "state")(*command)
        assert answer.code == 3, answer.stdout
        assert "this is no folder" in answer.stderr
    assert (tmp_path / "state").read_text() == "somebody's notes"
