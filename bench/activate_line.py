"""CPU that bringing one line into service costs Proviso, against the floor: one SSH connection to the same router.

Both run in the lab's NOC as processes of their own; what routers and vantage points spend is not counted.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROVISO = Path(sys.executable).parent / "proviso"
ORDER = ROOT / "examples" / "orders" / "internet-maxi-bizz.yaml"

FLOOR = """
import os, pathlib
from provisioning.devices.connecting import open_session
key, hosts = (pathlib.Path(os.environ[f"PROVISO_{name}_FILE"]) for name in ("SSH_KEY", "KNOWN_HOSTS"))
session = open_session("cpe1", user="root", key_file=key, known_hosts=hosts)
session.run("true")
session.close()
"""


def cpu(state: str, *command: str) -> float:
    """Return the CPU seconds of a command in the NOC."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PROVISO_STATE": state}
    subprocess.run(
        [str(PROVISO), "lab", "run", "--", *command], env=environment, cwd=ROOT, check=True, capture_output=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as state:
        environment = {**os.environ, "PROVISO_STATE": state}
        subprocess.run([str(PROVISO), "lab", "up", "--cpes", "1"], env=environment, check=True, capture_output=True)
        try:
            nothing = cpu(state, "true")
            floor = cpu(state, sys.executable, "-c", FLOOR) - nothing
            first = cpu(state, str(PROVISO), "order", "activate", str(ORDER)) - nothing
            again = cpu(state, str(PROVISO), "order", "activate", str(ORDER)) - nothing
        finally:
            subprocess.run([str(PROVISO), "lab", "down"], env=environment, check=True, capture_output=True)
    print(f"one SSH connection, with its imports   {floor:5.2f} s CPU")
    print(f"a line activated and proven            {first:5.2f} s CPU   {first / floor:.1f} x the floor")
    print(f"the same line proven again             {again:5.2f} s CPU   {again / floor:.1f} x the floor")


if __name__ == "__main__":
    main()
