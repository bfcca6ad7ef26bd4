"""The folder of one lab: what lies in it, and who may clean it.

lock         locked by the keeper and by the shell that sweeps after it, as long as either lives
keeper.sock  where the keeper answers
key          private key of root on every node that has sshd; key.pub, known_hosts beside it
olt_password  password of the account `proviso` on the OLTs
disks/       mount point of the nodes' files; empty outside of the keeper's namespaces
"""

from pathlib import Path
from typing import Final

from provisioning.errors import LabUnable
from provisioning.stands.stand import LOCK, Stand

SOCKET: Final = "keeper.sock"
LAB: Final = Stand("lab", SOCKET, "provisioning.stands.lab.keeper", LabUnable, end_seconds=30.0)

OLT_PASSWORD = "olt_password"  # noqa: S105 - the name of a file
FILES = (SOCKET, "key", "key.pub", "known_hosts", OLT_PASSWORD)

SWEEP = """\
folder=$1
shift
# Only the lab itself ends the lab; who sweeps stays until then.
trap '' HUP INT TERM
"$@"
code=$?
cd "$folder" && rm -f {files} && rmdir disks 2>/dev/null
cd / && rm -f "$folder/{lock}" && rmdir "$folder" 2>/dev/null
exit $code
""".format(files=" ".join(FILES), lock=LOCK)
"""A shell script that runs a command and cleans the folder after it, whatever became of the command."""


def clear(folder: Path) -> None:
    """Remove what a lab left that was swept by nobody; the lock must be held, and stays."""
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
    if (folder / "disks").is_dir():
        (folder / "disks").rmdir()
