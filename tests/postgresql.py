"""A private PostgreSQL for tests: its own data directory, a Unix socket and no network."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, text

STARTS_WITHIN = 30.0
"""Seconds."""

_number = count(1)


def programs() -> Path | None:
    """Return the folder with initdb and postgres; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *([Path(found).parent] if found else [])]
    usable = [folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()]
    return max(usable, key=lambda folder: [int(part) for part in folder.parts if part.isdigit()], default=None)


def unusable() -> str:
    """Return why PostgreSQL cannot be started here; empty when it can."""
    if programs() is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    if os.geteuid() == 0 and (shutil.which("setpriv") is None or _other_user() is None):
        return "PostgreSQL refuses to run as root, and there is no user postgres or no setpriv to become it"
    return ""


def _other_user() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return None


def _as_other_user() -> list[str]:
    user = _other_user()
    if os.geteuid() != 0 or user is None:
        return []
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    folder: Path

    def engine(self, database: str) -> Engine:
        url = URL.create("postgresql+psycopg", username="tester", database=database, query={"host": str(self.folder)})
        return create_engine(url)

    def database(self, template: str = "template1") -> str:
        """Make a database; return its name."""
        name = f"test_{next(_number)}"
        engine = self.engine("postgres").execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"create database {name} template {template}"))
        engine.dispose()
        return name


@contextmanager
def server() -> Iterator[Server]:
    """Run a server; it and all it kept are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="proviso-pg-"))
    user = _other_user()
    if os.geteuid() == 0 and user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    try:
        yield from _run(folder)
    finally:
        shutil.rmtree(folder)


def _run(folder: Path) -> Iterator[Server]:
    bin_ = programs()
    assert bin_ is not None
    data, log = folder / "data", folder / "log"
    initdb = [bin_ / "initdb", "--no-sync", "--auth=trust", "--username=tester", "--encoding=UTF8", "--locale=C"]
    subprocess.run(
        [*_as_other_user(), *map(str, initdb), "-D", str(data)], check=True, capture_output=True, timeout=120
    )
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "fsync": "off",
        "timezone": "Asia/Tokyo",
    }
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*_as_other_user(), str(bin_ / "postgres"), "-D", str(data), *arguments], stdout=output, stderr=output
        )
    try:
        _wait(process, bin_, folder, log)
        yield Server(folder)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], bin_: Path, folder: Path, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while subprocess.run([str(bin_ / "pg_isready"), "-q", "-h", str(folder)], check=False).returncode:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}")
        time.sleep(0.05)  # each question is a process of its own
