"""What a router keeps over a loss of power, in a file, so that it outlives the simulator itself."""

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from provisioning.stands.simulator.cisco_iosxe.flash import File, file_of


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept.

    Attributes:
        startup: the startup configuration, as it was saved; None when there is none.
        private: lines that no configuration shows: users of SNMP.
        files: in flash memory.
        archived: names of the archive's files, the oldest first.
        archive_count: how many there ever were.
        is_new: whether nothing was ever saved but what the router came with.
    """

    startup: str | None = None
    private: tuple[str, ...] = ()
    files: dict[str, File] = field(default_factory=dict)
    archived: tuple[str, ...] = ()
    archive_count: int = 0
    is_new: bool = False


class Disk:
    """The memory of one router that keeps.

    Args:
        path: of the file that it is kept in.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written: Kept | None = None

    def load(self) -> Kept | None:
        """Return what was kept; None when nothing ever was.

        Raises:
            OSError: when it cannot be read.
            ValueError: when it is no such thing.
        """
        try:
            data = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        try:
            files = {
                name: file_of(base64.b64decode(content), datetime.fromisoformat(written), int(index))
                for name, (content, written, index) in data["files"].items()
            }
            self._written = Kept(
                data["startup"], tuple(data["private"]), files, tuple(data["archived"]), int(data["archive_count"])
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{self._path.name}: no memory of a router: {error}") from None
        return self._written

    def save(self, kept: Kept) -> None:
        """Keep this, when it is not what was kept last.

        Raises:
            OSError: when it cannot be written.
        """
        if kept == self._written:
            return
        data = {
            "startup": kept.startup,
            "private": list(kept.private),
            "files": {
                name: [base64.b64encode(each.content).decode("ascii"), each.written.isoformat(), each.index]
                for name, each in kept.files.items()
            },
            "archived": list(kept.archived),
            "archive_count": kept.archive_count,
        }
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = self._path.with_name(f".{self._path.name}.part")
        partial.write_text(json.dumps(data), "utf-8")
        partial.replace(self._path)
        self._written = kept
