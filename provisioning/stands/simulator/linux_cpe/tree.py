"""The files of a simulated router."""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(slots=True)
class File:
    """One file; it belongs to root."""

    content: bytes
    mode: int = 0o644


class NoRoom(OSError):
    """The disk is full."""


@lru_cache(maxsize=256)
def shared(content: bytes) -> bytes:
    """Return the same content, once for all routers that have it: hundreds of them have the same programs."""
    return content


class Tree:
    """Files and folders by their path.

    Attributes:
        files: by path.
        folders: paths.
        full: whether nothing more fits on the disk.
    """

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self.folders: set[str] = {"/", "/etc", "/etc/systemd", "/etc/systemd/system", "/root", "/run", "/usr"}
        self.folders |= {"/usr/local", "/usr/local/sbin", "/var", "/var/lib"}
        self.full = False

    def read(self, path: str) -> bytes:
        """Return a file's content.

        Raises:
            FileNotFoundError: when there is none.
        """
        if path in ("/dev/null",):
            return b""
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path].content

    def write(self, path: str, content: bytes, mode: int = 0o644) -> None:
        """Write a file; one that is there keeps its mode.

        Raises:
            NoRoom: when the disk is full.
            FileNotFoundError: when its folder is missing.
        """
        if path.startswith("/dev/"):
            return
        if path.rpartition("/")[0] not in self.folders and path.count("/") > 1:
            raise FileNotFoundError(path)
        if self.full and content and not path.startswith(("/run/", "/proc/")):
            raise NoRoom(path)
        if path in self.files:
            self.files[path].content = shared(content)
        else:
            self.files[path] = File(shared(content), mode)

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it."""
        while path and path not in self.folders:
            self.folders.add(path)
            path = path.rpartition("/")[0]

    def exists(self, path: str) -> bool:
        """Return whether there is a file or a folder."""
        return path in self.files or path in self.folders or path == "/dev/null"

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all that is in it."""
        self.files.pop(path, None)
        inside = f"{path}/"
        for each in [each for each in self.files if each.startswith(inside)]:
            del self.files[each]
        self.folders -= {each for each in self.folders if each == path or each.startswith(inside)}

    def move(self, source: str, target: str) -> None:
        """Rename a file.

        Raises:
            FileNotFoundError: when it is not there.
        """
        if source not in self.files:
            raise FileNotFoundError(source)
        self.files[target] = self.files.pop(source)
