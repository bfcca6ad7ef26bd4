"""A real sshd of one's own on this machine, without root: on a free port of the loopback."""

import getpass
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from labs import eventually

from provisioning.stands.lab.packages import full_path

SSHD = shutil.which("sshd", path=full_path())


@dataclass(frozen=True)
class Sshd:
    """An sshd that runs, and the files with which one reaches it."""

    port: int
    user: str
    key_file: Path
    known_hosts: Path
    folder: Path
    process: "subprocess.Popen[bytes]"


def make_key(path: Path) -> str:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return path.with_suffix(".pub").read_text()


@contextmanager
def sshd_up(folder: Path) -> Iterator[Sshd]:
    assert SSHD
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    key, host = folder / "key", folder / "host"
    (folder / "authorized").write_text(make_key(key))
    public = make_key(host).split()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = folder / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {host}\nAuthorizedKeysFile {folder}/authorized\n"
        f"PidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin prohibit-password\nUseDNS no\n"
        # What the user's own shell does at its begin is no part of what is tried; it may take long.
        f"SetEnv HOME={folder}\n"
    )
    known = folder / "known_hosts"
    known.write_text(f"[127.0.0.1]:{port} {public[0]} {public[1]}\n")
    with subprocess.Popen([SSHD, "-D", "-f", str(config)], stderr=subprocess.DEVNULL) as process:
        try:
            assert eventually(lambda: _answers(port))
            yield Sshd(port, getpass.getuser(), key, known, folder, process)
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
