"""The folder of a simulator: what lies in it, and whose it is at the moment.

lock         locked by the daemon as long as it lives: a killed one is recognised by that
daemon.sock  where the daemon answers
daemon.log   what a daemon that failed said last
key          private key that gets into routers and vantage hosts as root; key.pub, known_hosts beside it
host_keys/   of the simulated hosts
olts/        what each OLT saved; the routers keep theirs beside it
"""

import shutil
from pathlib import Path
from typing import Final

from provisioning.errors import SimulatorUnable
from provisioning.stands.stand import LOCK, Stand

NAME = "simulator"
SOCKET: Final = "daemon.sock"
SIMULATOR: Final = Stand(
    NAME,
    SOCKET,
    "provisioning.stands.simulator.daemon",
    SimulatorUnable,
    end_seconds=20.0,
    left=": what the devices saved stays",
)
LOG = "daemon.log"

_OF_A_RUN = (SOCKET, LOG)


def clear(folder: Path) -> None:
    """Remove what belongs to one run of the daemon; the lock must be held, and stays."""
    for name in _OF_A_RUN:
        (folder / name).unlink(missing_ok=True)


def erase(folder: Path) -> None:
    """Remove everything that the simulated devices keep, and their keys; the lock must be held.

    Raises:
        SimulatorUnable: when something cannot be removed.
    """
    try:
        for each in folder.iterdir():
            if each.name == LOCK:
                continue
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            else:
                each.unlink()
    except OSError as error:
        raise SimulatorUnable(
            f"cannot be removed: {(error.strerror or str(error)).lower()}",
            where=str(error.filename or folder),
            remedy="Check its permissions.",
        ) from None
