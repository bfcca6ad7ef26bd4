"""10,000 order forms checked in one call, beside reading the same files with libyaml alone."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
FORMS = 10_000
READ_ONLY = """
import pathlib, sys, yaml
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
"""


def write_forms(folder: Path) -> None:
    """Write the example orders over and over, each with a number of its own."""
    examples = [path.read_text("utf-8") for path in sorted((ROOT / "examples" / "orders").glob("*.yaml"))]
    for index in range(FORMS):
        text = examples[index % len(examples)]
        number = next(line for line in text.splitlines() if line.startswith("order:"))
        (folder / f"{index:05}.yaml").write_text(text.replace(number, f"order: BENCH-{index}"), "utf-8")


def measure(command: list[str]) -> tuple[float, float]:
    """Return wall and CPU seconds of one run."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print both, and the ratio."""
    proviso = str(Path(sys.executable).parent / "proviso")
    os.environ["COLUMNS"] = "80"
    with tempfile.TemporaryDirectory() as name:
        write_forms(Path(name))
        floor_wall, floor_cpu = measure([sys.executable, "-c", READ_ONLY, name])
        print(f"{f'{FORMS:,} forms':<36}{'wall s':>8}{'CPU s':>8}{'x floor':>9}")
        print(f"{'reading them with libyaml':<36}{floor_wall:>8.2f}{floor_cpu:>8.2f}{1:>9.1f}")
        for label, options in (("proviso order check", []), ("proviso order check --json", ["--json"])):
            wall, cpu = measure([proviso, "order", "check", *options, name])
            print(f"{label:<36}{wall:>8.2f}{cpu:>8.2f}{cpu / floor_cpu:>9.1f}")


if __name__ == "__main__":
    main()
