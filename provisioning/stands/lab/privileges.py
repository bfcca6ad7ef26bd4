"""By which right the lab makes namespaces: root's, or those of an ordinary user in a user namespace of his own."""

import os
import subprocess
from enum import Enum
from pathlib import Path

# A network namespace for the keeper, too: cables can only be made from one that belongs to our user namespace.
ISOLATE = ("--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "slave")

PROBE_SECONDS = 60


class Mode(Enum):
    """By which right. The value is for people."""

    ROOT = "root"
    USER = "user namespace"

    @property
    def unshare(self) -> tuple[str, ...]:
        """The command that runs another as process 1 in namespaces that end with it."""
        own = ("--user", "--map-root-user", "--map-auto") if self is Mode.USER else ()
        return ("unshare", *own, *ISOLATE)

    def try_out(self) -> str:
        """Make all the namespaces that the lab needs; return why it did not work, or nothing."""
        inner = ("unshare", "--uts", "--ipc", *ISOLATE)
        try:
            result = subprocess.run(
                [*self.unshare, *inner, "true"], capture_output=True, text=True, timeout=PROBE_SECONDS, check=False
            )
        except FileNotFoundError:
            return "there is no unshare"
        except subprocess.TimeoutExpired:
            return f"unshare did not end within {PROBE_SECONDS} s"
        return result.stderr.strip() if result.returncode else ""


def mode_of_caller() -> Mode:
    """Return the mode that fits whoever runs us."""
    return Mode.ROOT if os.geteuid() == 0 else Mode.USER


def own_namespace(descriptor: int) -> bool:
    """Return whether a descriptor is that of the user namespace that we are in: it cannot be entered again."""
    mine, other = Path("/proc/self/ns/user").stat(), os.fstat(descriptor)
    return (mine.st_dev, mine.st_ino) == (other.st_dev, other.st_ino)
