"""Drills of a mobile back-up in the lab: gap at the cut, packets lost at the return, and how long the return takes.

The median of ten drills at BFD 300 ms x 3 and of ten at 100 ms x 3, hold 8 s, against the targets:
`drill_failover.py [DRILLS] [CUT]`. One line at a time; what else runs on the machine makes it slower.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PROVISO = Path(sys.executable).parent / "proviso"
ORDER = ROOT / "examples" / "orders" / "internet-pro-plus.yaml"
CPES = 4
"""The order names the router of the fourth customer."""

HOLD = 8
CUT_FOR = "20s"
PATIENCE = 120.0

TARGETS = {300: {"gap": 1.0, "lost-at-return": 0.0, "return": HOLD + 3.0}}
TARGETS[100] = {"gap": 0.6, "lost-at-return": 0.0, "return": HOLD + 5.0}
"""By the interval of BFD, ms."""


def project(folder: Path, interval: int) -> Path:
    """Return a copy of the shipped project with a short hold and an interval of BFD."""
    for part in ("inventory", "templates", "playbooks"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "nornir.yaml", folder)
    operator = folder / "inventory" / "operator.yaml"
    text = operator.read_text("utf-8")
    text = text.replace("seconds: 60}", f"seconds: {HOLD}}}").replace("interval_ms: 300", f"interval_ms: {interval}")
    operator.write_text(text, "utf-8")
    return folder


class Line:
    """A line in service in a lab of its own."""

    def __init__(self, folder: Path, interval: int) -> None:
        state = str(folder / "state")
        self.environment = {
            **os.environ,
            "PROVISO_STATE": state,
            "PROVISO_PROJECT": str(project(folder / "project", interval)),
        }

    def proviso(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        """Run Proviso, and return what it says."""
        done = subprocess.run(
            [str(PROVISO), *arguments], env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode not in codes:
            raise SystemExit(f"proviso {' '.join(arguments)}: {done.returncode}\n{done.stderr}")
        return done.stdout

    def noc(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        """Run Proviso in the lab's NOC."""
        return self.proviso("lab", "run", "--", str(PROVISO), *arguments, codes=codes)

    def await_ready(self) -> None:
        """Wait until the line may be drilled again."""
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = json.loads(self.noc("failover", "check", "L-1", "--json", codes=(0, 1)))
            if answer["lines"][0]["ready"]:
                return
            if time.monotonic() > deadline:
                raise SystemExit(f"the line never was ready: {answer}")
            # Its return is told by nobody who could be waited for.
            time.sleep(1)

    def drill(self, cut: str) -> dict[str, Any]:
        """Return the figures of one drill, by their keys."""
        words = ("--now", "--reason", "measured", "--cut", cut, "--for", CUT_FOR, "--json")
        (answer,) = json.loads(self.noc("failover", "drill", "L-1", *words, codes=(0, 1)))["drills"]
        return {each["key"]: each["value"] for each in answer["drill"]["result"]["figures"]}


def measure(interval: int, drills: int, cut: str) -> None:
    """Drill a line again and again, and print what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        line = Line(Path(folder), interval)
        line.proviso("lab", "up", "--cpes", str(CPES))
        try:
            line.noc("order", "activate", str(ORDER))
            found = []
            for _ in range(drills):
                line.await_ready()
                found.append(line.drill(cut))
        finally:
            line.proviso("lab", "down")
    print(f"BFD {interval} ms x 3, hold {HOLD} s, {cut}, {drills} drills")
    for key, target in TARGETS[interval].items():
        values = [each[key] for each in found if each.get(key) is not None]
        if not values:
            print(f"  {key:<16} was not measured")
            continue
        median = statistics.median(values)
        verdict = "met" if median <= target else "MISSED"
        spread = f"{min(values):6.2f} to {max(values):6.2f}"
        print(f"  {key:<16} median {median:6.2f}   {spread}   target {target:5.2f}  {verdict}")


def main() -> None:
    """Measure at both intervals."""
    drills = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    cut = sys.argv[2] if len(sys.argv) > 2 else "link-down"
    print(f"load average before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    for interval in TARGETS:
        measure(interval, drills, cut)
    print(f"load average after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
