"""Customers of the lab as the tests of activation see them: an order each, a router, and what Proviso says of both."""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml
from labs import TestLab
from warm import Warm
from worlds import PROVISO, ROOT, Answer

from provisioning.stands.lab.client import Client
from provisioning.stands.lab.packages import full_path

SOON = {"PROVISO_REVERT_SECONDS": "15"}
"""For runs that are to go back by themselves."""

AFTER_A_PROOF = {"PROVISO_REVERT_SECONDS": "75"}

SETTLED = 200.0


@dataclass
class Site:
    """One customer of the lab: his order, and what the router has."""

    lab: TestLab
    warm: Warm
    number: int
    folder: Path

    @property
    def serial(self) -> str:
        return f"LX{100 + self.number:04}"

    @property
    def cpe(self) -> str:
        return f"cpe{self.number}"

    @property
    def order(self) -> str:
        return f"PX-2026-0007{self.number:02}"

    def write(self, **keys: Any) -> Path:
        """Write the order form of this site."""
        form = {
            "order": self.order,
            "customer": {"name": "Imprimerie Exemple"},
            "site": {"address": "1 Rue Exemple, 1000 Bruxelles"},
            "formula": "internet-pro",
            "options": {"fixed_ipv4": True},
            "wifi": {"enabled": True, "ssid": "Imprimerie", "channel": 6, "security": "wpa2"},
            "lan": {"subnet": f"192.168.{self.number}.0/24"},
            "servers": [{"ports": ["tcp/443"], "to": f"192.168.{self.number}.20"}],
            "cpe": {"platform": "linux_cpe", "serial": self.serial},
            **keys,
        }
        path = self.folder / f"{self.order}.yaml"
        path.write_text(yaml.safe_dump(form), "utf-8")
        return path

    def amend(self, kind: str, line: str, **keys: Any) -> Path:
        """Write an order that changes or ends the line of this site."""
        path = self.folder / f"{self.order}-{kind}.yaml"
        path.write_text(
            yaml.safe_dump({"order": f"{self.order}{kind[:2]}", "kind": kind, "line": line, **keys}), "utf-8"
        )
        return path

    def command(self, *arguments: str | Path, project: Path = ROOT) -> list[str]:
        given = [str(PROVISO), "--project", str(project), *map(str, arguments)]
        return [str(PROVISO), "lab", "run", "--", *given]

    def run(self, *arguments: str | Path, project: Path = ROOT, **environment: str) -> Answer:
        """Run Proviso in the NOC, with what `lab run` gives it; past that, which takes seconds each time."""
        folder = self.lab.folder
        given = {
            "PROVISO_SSH_KEY_FILE": str(folder / "key"),
            "PROVISO_KNOWN_HOSTS_FILE": str(folder / "known_hosts"),
            "PROVISO_OLT_PASSWORD": Client(folder).olt_password(),
            "PATH": full_path(),
            **environment,
        }
        return self.warm(("--project", project, *arguments), self.lab.proviso.environment(**given))

    def activate(self, *more: str) -> Answer:
        return self.run("order", "activate", self.write(), *more)

    def latest(self) -> Any:
        """Return the latest run of this router, as `run show` tells it."""
        runs = self.run("run", "list", "--json").json["runs"]
        mine = next(each for each in runs if each["scope"] == self.serial)
        return self.run("run", "show", mine["id"], "--json").json["run"]

    def under_way(self) -> bool:
        """Return whether a run of this router is carried out at the moment."""
        runs = self.run("run", "list", "--json").json["runs"]
        return any(each["scope"] == self.serial and each["state"] == "running" for each in runs)

    def resumed(self) -> Any:
        """Carry on what was left of this router, and return its latest run."""
        run = self.latest()
        if run["left"]:
            answer = self.run("run", "resume", run["id"], "--json")
            assert answer.code in (0, 1, 4), answer.stderr
        return self.latest()

    def ask_lab(self, what: str) -> None:
        """Have the lab do something to this router at once: the command line takes a while on a busy machine."""
        Client(self.lab.folder).ask(what, name=self.cpe)

    def helper(self) -> dict[str, str]:
        """Return what the helper on the router says, by the back door."""
        text = self.lab.within(self.cpe, "/usr/local/sbin/proviso-helper", "status").stdout
        return {name: value.strip() for name, _, value in (line.partition(":") for line in text.splitlines())}

    def serves(self) -> bool:
        """Return whether the internet is reached from behind the router's fixed address, and it from there."""
        return self.lab.pings("internet", self.address())

    def address(self) -> str:
        (path,) = (
            each
            for each in (self.lab.proviso.state / "network").iterdir()
            if json.loads(each.read_text())["cpe"] == self.serial
        )
        return str(json.loads(path.read_text())["fixed_ipv4"])


def killed_at(site: Site, stage: str, form: Path, environment: dict[str, str]) -> None:
    """Activate, and kill Proviso, and nothing else, as soon as it says that it has come to a stage."""
    with subprocess.Popen(
        site.command("order", "activate", form),
        env=site.lab.proviso.environment(**environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if f"  {stage} " in line:
                break
        else:
            pytest.fail(f"it never came to {stage}")
        # `lab run` is the parent of what runs in the NOC, which dies with it.
        os.kill(process.pid, signal.SIGKILL)


def started(site: Site, form: Path, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        site.command("order", "activate", form, "--json"),
        env=site.lab.proviso.environment(**environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def sites_of(lab: TestLab, folder: Path) -> Iterator[Callable[[], Site]]:
    """Yield a function that gives a customer of a lab whom nobody has used; Proviso runs in the lab's NOC for him."""
    numbers = count(1)
    lock = threading.Lock()
    entrance = Client(lab.folder).enter("noc")
    warm = Warm(folder, entrance)
    try:

        def another() -> Site:
            with lock:
                return Site(lab, warm, next(numbers), folder)

        yield another
    finally:
        warm.close()
        for each in entrance.descriptors:
            os.close(each)
