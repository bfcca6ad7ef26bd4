"""How long a person waits for the runs of a store that has 100,000, beside the command line's own start.

Whole processes: `proviso --help` loads the least there is, `proviso catalogue FORMULA` what every command with an
argument loads (Typer reads arguments with Pydantic). What a list adds to them is its own cost.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from many import fill, fill_runs
from worlds import NOON, PROVISO

from provisioning.store.engine import Store

NUMBER = 100_000
REPEATED = 9
COMMANDS: dict[str, tuple[str, ...]] = {
    "proviso --help": ("--help",),
    "proviso catalogue fullfiber": ("catalogue", "fullfiber"),
    "proviso run list": ("run", "list"),
    "proviso run list --after R-5000": ("run", "list", "--after", "R-5000"),
    "proviso run list --line L-777": ("run", "list", "--line", "L-777"),
    "proviso run list --json": ("run", "list", "--json"),
    "proviso line list": ("line", "list"),
}
TAB = "proviso run show R-99"


def milliseconds(environment: dict[str, str], *arguments: str) -> float:
    """Return the median time of whole processes."""
    measured = []
    for _ in range(REPEATED):
        begun = time.perf_counter()
        subprocess.run(
            [str(PROVISO), *arguments],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        measured.append((time.perf_counter() - begun) * 1000)
    return statistics.median(measured)


def main() -> None:
    """Fill a store, and print what each command takes, and how many bare starts that is."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder), now=NOON, lock_timeout=60)
        fill(store, NUMBER)
        fill_runs(store, NUMBER, NUMBER)
        store.close()
        environment = {**os.environ, "PROVISO_STATE": folder}
        bare = milliseconds(environment, "--help")
        for name, arguments in COMMANDS.items():
            taken = milliseconds(environment, *arguments)
            print(f"{name:<34}{taken:6.0f} ms, {taken / bare:.1f} times a bare start")
        tab = {"_PROVISO_COMPLETE": "complete_bash", "COMP_WORDS": TAB, "COMP_CWORD": "3"}
        taken = milliseconds({**environment, **tab})
        print(f"{TAB + '<Tab>':<34}{taken:6.0f} ms, {taken / bare:.1f} times a bare start")


if __name__ == "__main__":
    main()
