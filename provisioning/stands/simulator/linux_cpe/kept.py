"""What stands on the disk of a simulated router, kept in a file, so that it outlives the simulator itself."""

import base64
import json
from pathlib import Path

from provisioning.stands.simulator.linux_cpe.tree import File, Tree

_IN_MEMORY = ("/run/", "/proc/", "/dev/")


class Disk:
    """The disk of one router.

    Args:
        path: of the file that it is kept in.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written: dict[str, tuple[bytes, int]] = {}

    def load(self, tree: Tree) -> bool:
        """Put what was kept in the place of what is in a tree; return whether something was kept.

        Raises:
            OSError: when it cannot be read.
            ValueError: when it is no such thing.
        """
        try:
            kept = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            self._written = _on_disk(tree)
            return False
        try:
            tree.files = {path: File(base64.b64decode(text), mode) for path, (text, mode) in kept["files"].items()}
            tree.folders |= set(kept["folders"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{self._path.name}: no disk of a router: {error}") from None
        self._written = _on_disk(tree)
        return True

    def save(self, tree: Tree) -> None:
        """Keep what is in a tree, when it is not what was kept last.

        Raises:
            OSError: when it cannot be written.
        """
        files = _on_disk(tree)
        if files == self._written:
            return
        data = {
            "files": {path: [base64.b64encode(text).decode("ascii"), mode] for path, (text, mode) in files.items()},
            "folders": sorted(each for each in tree.folders if not f"{each}/".startswith(_IN_MEMORY)),
        }
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = self._path.with_name(f".{self._path.name}.part")
        partial.write_text(json.dumps(data), "utf-8")
        partial.replace(self._path)
        self._written = files


def _on_disk(tree: Tree) -> dict[str, tuple[bytes, int]]:
    return {path: (file.content, file.mode) for path, file in tree.files.items() if not path.startswith(_IN_MEMORY)}
