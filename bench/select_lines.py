"""How long Nornir takes to start on 20 of 100,000 lines, beside a start that only imports.

Starts as a user's script does: a process of its own, `InitNornir(config_file=…)` with our inventory plugin.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from many import EVERY, RARE, fill
from worlds import NOON, project_with_pools

from provisioning.store.engine import Store

LINES = 100_000
RUNS = 5
IMPORT = "import nornir, sqlalchemy, provisioning.nornir_setup.store_inventory"
START = """
import sys
from nornir import InitNornir
hosts = InitNornir(config_file=sys.argv[1]).inventory.hosts
sys.exit(len(hosts) != int(sys.argv[2]))
"""
SELECTIONS: dict[str, tuple[dict[str, object], int]] = {
    "formula": ({"formula": RARE}, LINES // EVERY),
    "limit": ({"limit": 20}, 20),
    "customer": ({"customer": "Customer 77777"}, 1),
    "OLT": ({"olt": "olt-namur-1", "limit": 20}, 20),
    "lines": ({"lines": [f"L-{number * 4999}" for number in range(1, 21)]}, 20),
}


def seconds(folder: Path, *command: str) -> float:
    """Return the median time of whole processes."""
    measured = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", *command], cwd=folder, env=os.environ, check=True)
        measured.append(time.perf_counter() - begun)
    return statistics.median(measured)


def main() -> None:
    """Fill a store, and print the start for each way to select."""
    os.environ.pop("PROVISO_STATE", None)
    with tempfile.TemporaryDirectory() as name:
        project = project_with_pools(Path(name) / "project", "[]\n")
        store = Store.open(project / "state", now=NOON, lock_timeout=60)
        fill(store, LINES)
        store.close()
        bare = seconds(project, IMPORT)
        print(f"import only           {bare:6.2f} s")
        for what, (options, hosts) in SELECTIONS.items():
            file = project / f"{what}.yaml"
            inventory = {"plugin": "ProvisoInventory", "options": options}
            file.write_text(json.dumps({"inventory": inventory, "logging": {"enabled": False}}), "utf-8")
            whole = seconds(project, START, str(file), str(hosts))
            print(f"{hosts:>2} by {what:<10} {whole:11.2f} s, {whole / bare:.2f} times the imports")


if __name__ == "__main__":
    main()
