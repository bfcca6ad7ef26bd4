"""The same change of 20 lines on 20 simulated IOS-XE routers, by Ansible and by Proviso: the CPU of each.

Ansible is installed from PyPI into a folder of its own. What counts as warm is what a second change costs: of a
playbook with two changes that of the second, over the connections that the first one left open; of Proviso that of a
second change in a process that has made one, with connections made anew.
"""

import ctypes
import json
import os
import resource
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from provisioning.devices.open_router import OpenRouter, open_router
from provisioning.devices.reach import Access
from provisioning.model.change import Change
from provisioning.model.config import Config, Document
from provisioning.model.device import Running
from provisioning.model.proxy import parse_proxy
from provisioning.planning.plan import plan
from provisioning.stands.simulator.client import Client, start

ROUTERS = 20
AT_ONCE = 10
ENTRIES = 19
"""Of an access list, with its own line 20."""

PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Device:
    """A simulated router.

    Attributes:
        serial: of it, by which it is reached through the proxy.
        port: on the loopback, which leads there without the proxy, for Ansible.
    """

    serial: str
    port: int


def access_list(name: str) -> list[str]:
    """Return the lines of a change."""
    entries = (f" {10 * each} permit tcp any host 192.0.2.{each} eq 443" for each in range(1, ENTRIES + 1))
    return [f"ip access-list extended {name}", *entries]


# --- the way there ---


def forward(proxy_url: str, host: str) -> int:
    """Listen on a port of the loopback that leads to port 22 of a host behind the proxy; return it."""
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listening, proxy_url, host), daemon=True).start()
    port: int = listening.getsockname()[1]
    return port


def _accept(listening: socket.socket, proxy_url: str, host: str) -> None:
    from python_socks.sync import Proxy

    while True:
        near, _ = listening.accept()
        far = Proxy.from_url(proxy_url).connect(dest_host=host, dest_port=22)
        threading.Thread(target=_pump, args=(near, far), daemon=True).start()


def _pump(near: socket.socket, far: socket.socket) -> None:
    other = {near: far, far: near}
    while True:
        for each in select.select(list(other), [], [])[0]:
            try:
                data = each.recv(65536)
                other[each].sendall(data)
            except OSError:
                data = b""
            if not data:
                near.close()
                far.close()
                return


def serve_forwards(proxy_url: str, hosts: list[str]) -> None:
    """Tell the ports, then stay until standard input ends: the forwarder is a process of its own, counted nowhere."""
    sys.stdout.write(json.dumps([forward(proxy_url, host) for host in hosts]) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


@contextmanager
def devices(folder: Path) -> Iterator[tuple[list[Device], dict[str, str]]]:
    """Yield simulated routers, and the environment that leads to them."""
    plan = {"cpes": 0, "iosxe": ROUTERS, "olts": [], "vantages": [], "olt_user": "proviso", "waits": {}}
    start(folder, plan, lambda _stage, _number: None)
    client = Client(folder)
    environment = {
        **client.ask("access")["environment"],
        "PROVISO_SSH_KEY_FILE": str(folder / "key"),
        "PROVISO_KNOWN_HOSTS_FILE": str(folder / "known_hosts"),
    }
    serials = [f"FGL2600{100 + number:04}" for number in range(1, ROUTERS + 1)]
    command = [sys.executable, __file__, "forward", environment["PROVISO_SOCKS_PROXY"], *serials]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        ports = json.loads(process.stdout.readline())
        yield [Device(serial, port) for serial, port in zip(serials, ports, strict=True)], environment
    finally:
        process.stdin.close()
        process.wait(10)
        client.down()


# --- Ansible ---


def install(folder: Path) -> Path:
    """Install Ansible, and the SSH library that Proviso uses as well; return its folder of programs."""
    uv = str(Path(sys.executable).parent / "uv")
    environment = {**os.environ, "VIRTUAL_ENV": str(folder)}
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "ansible", "paramiko"], env=environment, check=True)
    return folder / "bin"


def playbook(folder: Path, found: list[Device], key: str, names: list[str]) -> Path:
    """Write a playbook with a change for each name, and its inventory."""
    hosts = {
        each.serial: {"ansible_host": "127.0.0.1", "ansible_port": each.port, "ansible_user": "root"} for each in found
    }
    common = {
        "ansible_connection": "ansible.netcommon.network_cli",
        "ansible_network_os": "cisco.ios.ios",
        "ansible_network_cli_ssh_type": "paramiko",
        "ansible_ssh_private_key_file": key,
    }
    (folder / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts, "vars": common}}), "utf-8")
    tasks = [{"name": name, "cisco.ios.ios_config": _ios_config(folder, name)} for name in names]
    path = folder / f"{len(names)}.json"
    path.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks}]), "utf-8")
    return path


def _ios_config(folder: Path, name: str) -> dict[str, str]:
    source = folder / f"{name}.cfg"
    source.write_text("\n".join([*access_list(name), ""]), "utf-8")
    # Told as `lines`, the whole change goes out once for each of them (cisco.ios of the package ansible 12).
    return {"src": str(source), "save_when": "modified"}


def by_ansible(programs: Path, folder: Path, path: Path) -> tuple[float, float]:
    """Run a playbook; return CPU and wall seconds, those of its connection processes included."""
    environment = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(folder),
        "ANSIBLE_HOST_KEY_CHECKING": "False",
        "ANSIBLE_FORKS": str(AT_ONCE),
        "ANSIBLE_PERSISTENT_CONNECT_TIMEOUT": "30",
        "ANSIBLE_DEPRECATION_WARNINGS": "False",
    }
    before, began = _children(), time.monotonic()
    command = [str(programs / "ansible-playbook"), "-i", str(folder / "hosts.json"), str(path)]
    said = folder / "said.txt"
    with said.open("w") as file:  # a pipe would be held open by the connection processes that it leaves behind
        done = subprocess.run(command, env=environment, cwd=folder, stdout=file, stderr=file, check=False)
    wall = time.monotonic() - began
    if done.returncode:
        raise SystemExit(said.read_text()[-3000:])
    _bury_orphans()
    return _children() - before, wall


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _bury_orphans() -> None:
    """Wait for the connection processes that Ansible leaves behind, whose CPU is known only then."""
    subprocess.run(["pkill", "-P", str(os.getpid()), "-f", "ansible"], check=False)
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                return  # only the forwarder and the simulator are left
        except ChildProcessError:
            return
        time.sleep(0.05)  # several end, one after the other: nothing waits for all of them but those left out above


# --- Proviso ---


def opened(device: Device, environment: dict[str, str]) -> OpenRouter:
    """Open a session on a router, at its place on the staging network."""
    access = Access(
        Path(environment["PROVISO_SSH_KEY_FILE"]),
        Path(environment["PROVISO_KNOWN_HOSTS_FILE"]),
        proxy=parse_proxy(environment["PROVISO_SOCKS_PROXY"]),
    )
    return open_router("cisco_iosxe", device.serial, access, management=None, staging=device.serial, host_key=None)


def make_ready(device: Device, environment: dict[str, str]) -> None:
    """Do what a router needs once."""
    router = opened(device, environment)
    router.make_ready("")
    router.device.close()


def change_of(serial: str, running: Running, name: str) -> Change:
    """Return the change that adds an access list to what a router has."""
    lines = running.documents["running-config"].splitlines()
    end = lines.index("end")
    wanted = "\n".join([*lines[:end], *access_list(name), "end", ""])
    texts = {**running.documents, "running-config": wanted}
    documents = tuple(Document(each, each, 0o600, text) for each, text in texts.items())
    return plan(serial, running, Config("cisco_iosxe", documents), seconds=120)


def make_change(device: Device, environment: dict[str, str], name: str) -> None:
    """Make a change: under the revert timer, read back and compared, confirmed, saved."""
    router = opened(device, environment).device
    change = change_of(device.serial, router.fetch(), name)
    router.apply(change, seconds=120)
    router.confirm(change.wanted)
    router.close()


def by_proviso(found: list[Device], environment: dict[str, str], name: str) -> tuple[float, float]:
    """Make the change on every router; return CPU and wall seconds."""
    used, began = time.process_time(), time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda each: make_change(each, environment, name), found))
    return time.process_time() - used, time.monotonic() - began


def main() -> None:
    """Measure and print."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        programs = install(folder / "ansible")
        with devices(folder / "simulator") as (found, environment):
            key = environment["PROVISO_SSH_KEY_FILE"]
            first, _ = by_ansible(programs, folder, playbook(folder, found, key, ["ANSIBLE-1"]))
            both, wall = by_ansible(programs, folder, playbook(folder, found, key, ["ANSIBLE-2", "ANSIBLE-3"]))
            for each in found:
                make_ready(each, environment)
            cold, _ = by_proviso(found, environment, "PROVISO-1")
            warm, ours = by_proviso(found, environment, "PROVISO-2")
    theirs = both - first
    print(f"Ansible, a change on {ROUTERS} routers, whole     {first:6.2f} s CPU")
    print(f"Ansible, one more, connections open       {theirs:6.2f} s CPU  {wall:5.1f} s wall for two")
    print(f"Proviso, the first of a process           {cold:6.2f} s CPU")
    print(f"Proviso, one more, connections made anew  {warm:6.2f} s CPU  {ours:5.1f} s wall")
    print(f"warm, Proviso takes {warm / theirs:.3f} of Ansible's CPU")


if __name__ == "__main__":
    if sys.argv[1:2] == ["forward"]:
        serve_forwards(sys.argv[2], sys.argv[3:])
    else:
        main()
