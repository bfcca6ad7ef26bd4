"""A port opened on request on a CPE of the lab, from approved to proven, and the same opening by Ansible.

Proviso, warm: the approval held against its plan, the router against what was approved, scans before and after, in
force under the router's timer, proven from four vantage points, confirmed, recorded. The scans are told apart.
Ansible, installed from PyPI into a folder of its own: the same document with the opening, held against nft's own
check, put in force, and a call that the port answers where Ansible runs. It scans, proves and takes back nothing.

    .venv/bin/python bench/change_ports.py [--changes 9]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from approved_changes import approved, carried_out, content, make_signer, submitted, timed

if TYPE_CHECKING:
    from provisioning.workflows.surroundings import Surroundings

ROOT = Path(__file__).parent.parent
PROVISO = Path(sys.executable).parent / "proviso"
REQUESTER, HOST = "contact@client.example.org", "192.168.1.20"
ORDER = {
    "order": "PX-2026-900001",
    "customer": {"name": "Client Exemple", "representatives": [REQUESTER]},
    "site": {"address": "1 Rue Exemple, 1000 Bruxelles"},
    "formula": "internet-pro-plus",
    "options": {"standard_changes": True},
    "wifi": {"enabled": True, "ssid": "Client"},
    "lan": {"subnet": "192.168.1.0/24"},
    "servers": [{"ports": ["tcp/443"], "to": HOST}],
    "cpe": {"platform": "linux_cpe", "serial": "LX0101"},
}
RULES = "/etc/nftables.conf"


def inside(changes: int, folder: Path) -> None:
    """Open ports in this process, print what it cost, and leave what Ansible is to put in force."""
    from provisioning.cli import surroundings
    from provisioning.orders import document, read
    from provisioning.store import assignments
    from provisioning.workflows.activate_order import activate_order
    from provisioning.workflows.executor import executor

    around = surroundings.surroundings(create=True)
    form = read.form_of(document.Document(document.checked(ORDER), "bench"))
    measured = []
    with executor(around, lambda run: lambda stage, text: None) as up:
        line = activate_order(form, up, lambda stage, text: None).acceptance.line or ""
        for number in range(changes + 1):
            identifier = approved(submitted(content(number, line, HOST, REQUESTER), around), around)
            measured.append(carried_out([identifier], up))
    warm = measured[1:]
    wall = statistics.median(each.wall for each in warm)
    without = statistics.median(each.wall - each.scans for each in warm)
    device = statistics.median(each.wall - each.looking for each in warm)
    cpu = statistics.median(each.cpu for each in warm)
    print(f"Proviso, {changes} changes, median: from approved to proven   {wall:6.2f} s wall")
    print(f"  of which without the scans                           {without:6.2f} s wall")
    print(f"  of which without looking at the line: what Ansible does {device:3.2f} s wall")
    print(f"  own CPU of all of it, warm                           {cpu:6.2f} s CPU")
    for text, seconds in sorted(warm[-1].stages.items(), key=lambda each: -each[1])[:8]:
        print(f"    {seconds:6.2f} s  {text}")
    with around.store.read() as connection:
        (folder / "address").write_text(str(assignments.management_of(connection, line)), "utf-8")
    (folder / "rules.nft").write_text(_rules_with_another_opening(line, changes + 1, around), "utf-8")


def _rules_with_another_opening(line: str, number: int, around: "Surroundings") -> str:
    """Return the router's firewall with one opening more, as Proviso would render it."""
    from provisioning.workflows.plan_change import plan_change

    planned = plan_change(submitted(content(number, line, HOST, REQUESTER), around), around)
    return next(each.reveal() for each in planned.planned.change.config.documents if each.path == RULES)


def install(folder: Path) -> Path:
    """Install Ansible; return its folder of programs."""
    uv = str(Path(sys.executable).parent / "uv")
    environment = {**os.environ, "VIRTUAL_ENV": str(folder)}
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "ansible-core"], env=environment, check=True)
    return folder / "bin"


def by_ansible(programs: Path, folder: Path, environment: dict[str, str]) -> None:
    """Put the opening in force by a playbook, within the lab, and print what that cost."""
    hosts = {
        "all": {
            "hosts": {
                "cpe1": {
                    "ansible_host": (folder / "address").read_text("utf-8"),
                    "ansible_user": "root",
                    "ansible_ssh_private_key_file": os.environ["PROVISO_SSH_KEY_FILE"],
                    "ansible_python_interpreter": "/usr/bin/python3",
                }
            }
        }
    }
    source = str(folder / "rules.nft")
    tasks = [
        {
            "name": "Put the firewall in place, held against nft",
            "ansible.builtin.copy": {
                "src": source,
                "dest": RULES,
                "mode": "0600",
                "backup": True,
                "validate": "nft -c -f %s",
            },
            "register": "rules",
        },
        {
            "name": "Put it in force",
            "ansible.builtin.command": f"nft -f {RULES}",
            "when": "rules.changed",
        },
        {
            "name": "Look whether it is in force",
            "ansible.builtin.command": "nft list ruleset",
            "changed_when": False,
        },
    ]
    (folder / "hosts.json").write_text(json.dumps(hosts), "utf-8")
    (folder / "open.json").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks}]), "utf-8")
    environment = {
        **environment,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(folder),
        "ANSIBLE_HOST_KEY_CHECKING": "False",
        "ANSIBLE_LOCALHOST_WARNING": "False",
    }
    command = [str(programs / "ansible-playbook"), "-i", str(folder / "hosts.json"), str(folder / "open.json")]
    with timed() as taken:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode or "changed=2" not in done.stdout:
        raise SystemExit(done.stdout[-3000:] + done.stderr[-3000:])
    print(f"Ansible, the same opening                              {taken.wall:6.2f} s wall {taken.cpu:6.2f} s CPU")


def main() -> None:
    """Bring up a lab, and measure within it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--changes", type=int, default=9)
    parser.add_argument("--inside", metavar="FOLDER")
    parser.add_argument("--ansible", nargs=2, metavar=("PROGRAMS", "FOLDER"))
    asked = parser.parse_args()
    if asked.inside:
        inside(asked.changes, Path(asked.inside))
        return
    if asked.ansible:
        by_ansible(Path(asked.ansible[0]), Path(asked.ansible[1]), dict(os.environ))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        environment = {**os.environ, "PROVISO_STATE": str(folder / "state"), **make_signer(folder)}
        environment["PROVISO_SYSLOG"] = ""
        programs = install(folder / "ansible")
        subprocess.run([str(PROVISO), "lab", "up", "--cpes", "1"], env=environment, check=True, capture_output=True)
        try:
            run = [str(PROVISO), "lab", "run", "--", sys.executable, __file__]
            more = ["--changes", str(asked.changes), "--inside", str(folder)]
            subprocess.run([*run, *more], env=environment, cwd=ROOT, check=True)
            subprocess.run([*run, "--ansible", str(programs), str(folder)], env=environment, cwd=ROOT, check=True)
        finally:
            subprocess.run([str(PROVISO), "lab", "down"], env=environment, check=False, capture_output=True)


if __name__ == "__main__":
    main()
