"""How others fetch the configurations of the same routers: `python backup_clients.py CLIENT < REQUEST`.

Runs in an environment of its own (`back_up_fleet.py` makes it), so it imports nothing of Proviso. The request is JSON:
`hosts` by name with their address, `port`, `key`, `at_once`, `folder`. The answer: how many came whole, and how many
bytes they have.
"""

import json
import os
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

COMMANDS = ("terminal length 0", "show running-config", "show snmp user")
PROMPT = re.compile(rb"(?:^|\n)[\w.-]+#$")
SECONDS = 60


def floor(asked: dict[str, Any]) -> list[int]:
    """Fetch by libssh2 alone, in threads: nothing is checked, kept or done with it."""
    return _in_threads(asked, _by_libssh2)


def _by_libssh2(asked: dict[str, Any], name: str) -> int:
    from ssh2 import session as ssh2  # type: ignore[import-not-found]  # of the other environment

    sock = socket.create_connection((asked["hosts"][name], asked["port"]), timeout=SECONDS)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    session = ssh2.Session()
    session.method_pref(ssh2.LIBSSH2_METHOD_KEX, "curve25519-sha256")
    for direction in (ssh2.LIBSSH2_METHOD_CRYPT_CS, ssh2.LIBSSH2_METHOD_CRYPT_SC):
        session.method_pref(direction, "aes128-gcm@openssh.com")
    session.handshake(sock)
    session.userauth_publickey_fromfile("root", asked["key"])
    channel = session.open_session()
    channel.pty("vt100")
    channel.shell()
    _read(channel)
    answers = []
    for command in COMMANDS:
        channel.write(f"{command}\n")
        answers.append(_read(channel))
    channel.close()
    session.disconnect()
    sock.close()
    return len(answers[1]) if b"\nend\r\n" in answers[1] else 0


def _read(channel: Any) -> bytes:
    held = b""
    while not PROMPT.search(held[-100:].replace(b"\r", b"")):
        count, data = channel.read(65536)
        if count < 0:
            raise OSError(count)
        held += data
    return held


def netmiko(asked: dict[str, Any]) -> list[int]:
    """Fetch by netmiko as it comes, in threads."""
    return _in_threads(asked, _by_netmiko)


def _by_netmiko(asked: dict[str, Any], name: str) -> int:
    from netmiko import ConnectHandler

    given = _netmiko_options(asked)
    with ConnectHandler(host=asked["hosts"][name], port=asked["port"], username="root", **given) as connection:
        text = connection.send_command(COMMANDS[1])
        connection.send_command(COMMANDS[2])
    return len(text) if isinstance(text, str) and text.rstrip().endswith("end") else 0


def _netmiko_options(asked: dict[str, Any]) -> dict[str, Any]:
    return {"device_type": "cisco_ios", "use_keys": True, "key_file": asked["key"], "allow_agent": False}


def nornir_netmiko(asked: dict[str, Any]) -> list[int]:
    """Fetch by Nornir's task for netmiko as it comes."""
    from nornir.core.plugins.connections import ConnectionPluginRegister
    from nornir.init_nornir import InitNornir
    from nornir_netmiko.tasks import netmiko_send_command  # type: ignore[import-not-found]  # of the other environment

    folder = Path(asked["folder"])
    options = {name: value for name, value in _netmiko_options(asked).items() if name != "device_type"}
    extras = {"netmiko": {"platform": "cisco_ios", "extras": options}}
    hosts = {
        name: {
            "hostname": address,
            "port": asked["port"],
            "username": "root",
            "platform": "cisco_ios",
            "connection_options": extras,
        }
        for name, address in asked["hosts"].items()
    }
    (folder / "hosts.yaml").write_text(json.dumps(hosts))
    ConnectionPluginRegister.auto_register()
    nornir = InitNornir(
        inventory={"plugin": "SimpleInventory", "options": {"host_file": str(folder / "hosts.yaml")}},
        runner={"plugin": "threaded", "options": {"num_workers": asked["at_once"]}},
        logging={"enabled": False},
    )
    answers = nornir.run(task=netmiko_send_command, command_string=COMMANDS[1])
    nornir.run(task=netmiko_send_command, command_string=COMMANDS[2], on_failed=True)
    nornir.close_connections(on_failed=True)
    texts = (None if each.failed else each[0].result for each in answers.values())
    return [len(text) for text in texts if isinstance(text, str) and text.rstrip().endswith("end")]


def ansible(asked: dict[str, Any]) -> list[int]:
    """Fetch by the backup of Ansible's module for IOS."""
    folder = Path(asked["folder"])
    common = {
        "ansible_connection": "ansible.netcommon.network_cli",
        "ansible_network_os": "cisco.ios.ios",
        "ansible_network_cli_ssh_type": "paramiko",
        "ansible_ssh_private_key_file": asked["key"],
        "ansible_port": asked["port"],
        "ansible_user": "root",
    }
    hosts = {name: {"ansible_host": address} for name, address in asked["hosts"].items()}
    (folder / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts, "vars": common}}))
    task = {"cisco.ios.ios_config": {"backup": True, "backup_options": {"dir_path": str(folder / "kept")}}}
    (folder / "play.json").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [task]}]))
    environment = {
        **os.environ,
        "HOME": str(folder),
        "ANSIBLE_HOST_KEY_CHECKING": "False",
        "ANSIBLE_FORKS": str(asked["at_once"]),
        "ANSIBLE_PERSISTENT_CONNECT_TIMEOUT": "60",
        "ANSIBLE_PERSISTENT_COMMAND_TIMEOUT": "60",
        "ANSIBLE_DEPRECATION_WARNINGS": "False",
    }
    program = Path(sys.executable).parent / "ansible-playbook"
    with (folder / "said.txt").open("w") as said:  # a pipe would be held open by what it leaves behind
        command = [str(program), "-i", str(folder / "hosts.json"), str(folder / "play.json")]
        subprocess.run(command, env=environment, cwd=folder, stdout=said, stderr=said, check=False)
    _bury_what_is_left()
    return [size for each in (folder / "kept").glob("*") if (size := _whole(each))]


RANCID = """
TERM=network; LC_COLLATE=POSIX; PERL5LIB=/usr/share/perl5/rancid; export TERM LC_COLLATE PERL5LIB
TMPDIR={0}; BASEDIR={0}; CVSROOT={0}/CVS; LOGDIR={0}/logs; export TMPDIR BASEDIR CVSROOT LOGDIR
PATH=/usr/lib/rancid/bin:/usr/bin:/usr/sbin:/bin; SENDMAIL=/bin/true; export PATH
RCSSYS=git; PAR_COUNT={1}; LIST_OF_GROUPS=bench; export RCSSYS PAR_COUNT LIST_OF_GROUPS
umask 027
"""


def rancid_ready(asked: dict[str, Any]) -> None:
    """Make RANCID's repository; what a router's first backup costs is not counted."""
    folder = Path(asked["folder"])
    for each in (folder, *folder.parents):
        with suppress(OSError):
            each.chmod(each.stat().st_mode | 0o055)
    (folder / "logs").mkdir()
    shutil.copy(asked["key"], folder / "key")
    options = "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o KexAlgorithms=curve25519-sha256"
    script = f'#!/bin/sh\nexec /usr/bin/ssh -q -p {asked["port"]} -i {folder}/key {options} "$@"\n'
    (folder / "ssh").write_text(script)
    login = "add user * root\nadd password * none none\nadd method * ssh\nadd autoenable * 1\n"
    login += f"add sshcmd * {folder}/ssh\n"
    (folder / ".cloginrc").write_text(login)
    (folder / ".gitconfig").write_text("[user]\nname = bench\nemail = bench@example.org\n")
    (folder / "rancid.conf").write_text(RANCID.format(folder, asked["at_once"]))
    for name, mode in (("key", 0o600), (".cloginrc", 0o600), ("ssh", 0o755)):
        (folder / name).chmod(mode)
    _as_nobody(folder, "rancid-cvs", "-f", f"{folder}/rancid.conf")
    lines = (f"{address};cisco;up\n" for address in asked["hosts"].values())
    (folder / "bench" / "router.db").write_text("".join(lines))
    _as_nobody(folder, "rancid-run", "-f", f"{folder}/rancid.conf")


def rancid(asked: dict[str, Any]) -> list[int]:
    """Run a whole unchanged night of RANCID, so many routers at once."""
    folder = Path(asked["folder"])
    for each in (folder / "logs").iterdir():
        each.unlink()
    _as_nobody(folder, "rancid-run", "-f", f"{folder}/rancid.conf")
    said = "".join(each.read_text() for each in (folder / "logs").iterdir())
    if "All routers successfully completed" not in said:
        print(said[-2000:], file=sys.stderr)
        return []
    kept = (folder / "bench" / "configs").glob("127.*")
    return [size for each in kept if (size := _whole(each))]


def _as_nobody(folder: Path, *command: str) -> None:
    """Run a program of RANCID, which refuses to be run as root."""
    environment = {"HOME": str(folder), "PATH": "/usr/lib/rancid/bin:/usr/bin:/bin"}
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "nobody", str(folder)], check=True)
        command = ("setpriv", "--reuid", "nobody", "--clear-groups", *command)
    subprocess.run(command, env=environment, cwd=folder, capture_output=True, check=True)


def _whole(file: Path) -> int:
    text = file.read_text(errors="replace") if file.exists() else ""
    return len(text) if re.search(r"^end$", text, re.MULTILINE) else 0


def _bury_what_is_left() -> None:
    """End the connection processes that Ansible leaves behind, whose CPU is known only then."""
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text().split():
            os.kill(int(child), signal.SIGTERM)
    deadline = 600
    while deadline:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                select.select([], [], [], 0.05)
                deadline -= 1
        except ChildProcessError:
            return


def _in_threads(asked: dict[str, Any], fetch: Callable[[dict[str, Any], str], int]) -> list[int]:
    def one(name: str) -> int:
        try:
            return fetch(asked, name)
        except Exception as error:  # what each library raises differs
            print(type(error).__name__, error, file=sys.stderr)
            return 0

    with ThreadPoolExecutor(asked["at_once"]) as pool:
        return [size for size in pool.map(one, asked["hosts"]) if size]


CLIENTS: dict[str, Callable[[dict[str, Any]], list[int]]] = {
    "floor": floor,
    "netmiko": netmiko,
    "nornir_netmiko": nornir_netmiko,
    "ansible": ansible,
    "rancid": rancid,
}


def main() -> None:
    """Fetch as asked, and tell what came of it."""
    import ctypes
    import time

    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: what it leaves behind is counted, too
    client, asked = CLIENTS[sys.argv[1]], json.load(sys.stdin)
    if sys.argv[1] in ("floor", "netmiko", "nornir_netmiko"):
        # Imports are paid once, not for each router.
        client({**asked, "hosts": dict(list(asked["hosts"].items())[:2])})
    elif sys.argv[1] == "rancid":
        rancid_ready(asked)
    used, began = _cpu(), time.monotonic()
    sizes = client(asked)
    told = {
        "whole": len(sizes),
        "bytes": sum(sizes),
        "cpu": _cpu() - used,
        "wall": time.monotonic() - began,
        "rss": _peak(),
    }
    print(json.dumps(told))


def _peak() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM:"))) / 1000


def _cpu() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(each.ru_utime + each.ru_stime for each in map(resource.getrusage, kinds))


if __name__ == "__main__":
    main()
