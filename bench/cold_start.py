"""CPU of whole processes: how long a person waits for `proviso` to start."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
RUNS = 9
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import typer": [sys.executable, "-c", "import typer"],
    "proviso --help": ["proviso", "--help"],
    "proviso catalogue": ["proviso", "catalogue"],
    "proviso order check FILE": ["proviso", "order", "check", "examples/orders/fullfiber.yaml"],
    "proviso order plan FILE": ["proviso", "order", "plan", "examples/orders/fullfiber.yaml"],
    "proviso line list": ["proviso", "line", "list"],
}


def cpu_seconds(command: list[str], environment: dict[str, str]) -> float:
    """Return the user and system time of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the median CPU of each command, and how many bare interpreters that is."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as state:
        environment = {**os.environ, "PATH": path, "PROVISO_STATE": state}
        subprocess.run(
            ["proviso", "order", "accept", "examples/orders/fullfiber.yaml"],
            check=True,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        floor = 0.0
        print(f"{'CPU ms, median of ' + str(RUNS):<28}{'ms':>6}{'x floor':>9}")
        for name, command in COMMANDS.items():
            taken = statistics.median(cpu_seconds(command, environment) for _ in range(RUNS))
            floor = floor or taken
            print(f"{name:<28}{taken * 1000:>6.0f}{taken / floor:>9.1f}")


if __name__ == "__main__":
    main()
