"""The file of known hosts, read once for each change of it, and only the lines that may concern a machine.

paramiko reads and decodes every line for every connection, and looks at each of them again for each. What a line means
stays for paramiko to say: here is only told which of them cannot be about a machine. Markers paramiko does not know:
it stumbles over their lines, or takes no notice. A key that is `@revoked` is on record for nobody; certificate
authorities are left out.
"""

import os
import re
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import UnreadableProject

SSH_PORT = 22

REMEMBERED = 8
"""Files; there is one setting."""

SETTLED_NS = 2_000_000_000
"""A file that changed later than this before it was read may change again within one tick of its time stamp."""

OPEN_FILES = Path("/proc/self/fd")
"""Where Linux gives the files that a process has open names (proc(5))."""

_FIELDS = re.compile(r"[ \t]")
_ANY_NAME = re.compile(r"[|*?!]")
"""Of hashed names and patterns (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): such a line may be about anyone."""


@dataclass(frozen=True, slots=True)
class _Lines:
    stamp: tuple[int, int, int]
    by_name: Mapping[str, tuple[tuple[int, str], ...]]
    of_anyone: tuple[tuple[int, str], ...]


_lock = threading.Lock()
_files: dict[Path, _Lines] = {}


def host_name(host: str, port: int = SSH_PORT) -> str:
    """Return a machine as known_hosts names it (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT")."""
    return host if port == SSH_PORT else f"[{host}]:{port}"


def known_keys(known_hosts: Path, host: str, port: int, remedy: str) -> tuple[str, ...]:
    """Return the keys of a machine that are on record, as `type key`.

    Raises:
        UnreadableProject: with that remedy, when the file cannot be read, or a line in it about the machine.
    """
    from paramiko.hostkeys import HostKeys, InvalidHostKey

    with known_hosts_about(known_hosts, host, port, remedy) as path:
        try:
            entries = HostKeys(str(path)).lookup(host_name(host, port))
        except InvalidHostKey:
            raise UnreadableProject(
                f"a line of it that may be about {host} is damaged", where=str(known_hosts), remedy=remedy
            ) from None
    return tuple(f"{key.get_name()} {key.get_base64()}" for key in entries.values()) if entries else ()


@contextmanager
def known_hosts_about(known_hosts: Path, host: str, port: int, remedy: str) -> Iterator[Path]:
    """Yield a file of the lines that may concern a machine, for as long as it is needed.

    Raises:
        UnreadableProject: with that remedy, when the file cannot be read.
    """
    with written("".join(f"{line}\n" for line in _lines_about(known_hosts, host_name(host, port), remedy))) as path:
        yield path


@contextmanager
def written(text: str) -> Iterator[Path]:
    """Yield a file with a text, for as long as it is needed: where it can be one in memory, which ends with us."""
    if hasattr(os, "memfd_create") and OPEN_FILES.exists():
        descriptor = os.memfd_create("proviso-known-hosts")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
            os.fchmod(descriptor, 0o600)
            file.write(text)
            file.flush()
            yield OPEN_FILES / str(descriptor)
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", errors="surrogateescape", prefix="proviso-") as file:
        file.write(text)
        file.flush()
        yield Path(file.name)


def _lines_about(path: Path, name: str, remedy: str) -> tuple[str, ...]:
    try:
        lines = _read(path)
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise UnreadableProject(reason, where=str(path), remedy=remedy) from None
    # In the file's order: of two keys of one type, the first counts.
    return tuple(line for _, line in sorted((*lines.by_name.get(name, ()), *lines.of_anyone)))


def _read(path: Path) -> _Lines:
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        with _lock:
            kept = _files.get(path)
        if kept is not None and kept.stamp == stamp:
            return kept
        lines = _sorted(file.read().decode("utf-8", "surrogateescape"), stamp)
    if time.time_ns() - status.st_mtime_ns > SETTLED_NS:
        with _lock:
            _files[path] = lines
            while len(_files) > REMEMBERED:
                del _files[next(iter(_files))]
    return lines


def _sorted(text: str, stamp: tuple[int, int, int]) -> _Lines:
    by_name: dict[str, list[tuple[int, str]]] = {}
    of_anyone = []
    entries = [
        (number, line, _FIELDS.split(line))
        for number, line in enumerate(map(str.strip, text.split("\n")))
        if line and not line.startswith("#")
    ]
    revoked = {key for _, _, fields in entries if fields[0] == "@revoked" for key in fields[3:4]}
    for number, line, fields in entries:
        if fields[0].startswith("@") or not revoked.isdisjoint(fields[2:3]):
            continue
        if _ANY_NAME.search(fields[0]):
            of_anyone.append((number, line))
            continue
        for name in dict.fromkeys(fields[0].split(",")):
            by_name.setdefault(name, []).append((number, line))
    return _Lines(stamp, {name: tuple(lines) for name, lines in by_name.items()}, tuple(of_anyone))
