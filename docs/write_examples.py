"""Runs the console blocks of the documents again and writes down what they show now: read the diff."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from test_docs import RUN_AGAIN, replay


def main() -> None:
    """Rewrite every document whose blocks are run again by the tests."""
    for path in RUN_AGAIN:
        text = path.read_text("utf-8")
        with tempfile.TemporaryDirectory() as folder:
            for block, now in replay(path, Path(folder)):
                shown = "\n".join(block.lines)
                text = text.replace(f"```console\n{shown}\n```", "```console\n" + "\n".join(now) + "\n```")
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
