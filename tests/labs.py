"""The lab as tests use it: whether this machine can, a lab that ends with the tests, and waiting without sleeping."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from worlds import PROVISO, Answer, Command

from provisioning.stands.lab.capabilities import obstacles
from provisioning.stands.lab.client import Client
from provisioning.stands.lab.packages import full_path

_OBSTACLES = obstacles()
REASON = "; ".join(f"{each.name}: {each.reason}. {each.remedy}" for each in _OBSTACLES)

MANY = 180.0
"""Seconds that nothing takes, on however busy a machine; where all is well, nobody waits for them."""

needs_lab = pytest.mark.skipif(bool(_OBSTACLES), reason=f"the lab cannot run here: {REASON}")
"""Put on tests that need a lab; where it cannot run, the summary says why and what to do."""


@dataclass(frozen=True)
class TestLab:
    """A lab that is up, with a state directory of its own."""

    __test__ = False

    proviso: Command
    up: dict[str, Any]
    holder: "subprocess.Popen[bytes]"

    @property
    def folder(self) -> Path:
        return Path(self.up["folder"])

    def status(self) -> Any:
        return self.proviso("lab", "status", "--json").json

    def node(self, name: str) -> Any:
        nodes = Client(self.folder).ask("status")["nodes"]
        (found,) = (each for each in nodes if each["name"] == name)
        return found

    def run(self, *command: str) -> Answer:
        """Run a command in the NOC."""
        return self.proviso("lab", "run", "--", *command)

    def within(self, node: str, *command: str) -> Answer:
        """Run a command in a node; past the command line, which takes half a second each time."""
        entrance = Client(self.folder).enter(node)
        try:
            result = subprocess.run(
                entrance.command(command),
                pass_fds=entrance.descriptors,
                env={**self.proviso.environment(), "PATH": full_path()},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=MANY,
                check=False,
            )
        finally:
            for each in entrance.descriptors:
                os.close(each)
        return Answer(result.returncode, result.stdout, result.stderr)

    def pings(self, node: str, address: str) -> bool:
        """Return whether an address answers to one of at most ten pings."""
        return any(self.within(node, "ping", "-c", "1", "-W", "1", address).code == 0 for _ in range(10))

    def drops(self, node: str, address: str) -> bool:
        """Return whether an address does not answer."""
        return self.within(node, "ping", "-c", "2", "-i", "0.2", "-W", "1", address).code == 1


@contextmanager
def lab_up(state: Path, cpes: int = 1) -> Iterator[TestLab]:
    """Yield a lab that ends with this process, in whatever way this ends."""
    proviso = Command(state)
    with subprocess.Popen(
        [str(PROVISO), "lab", "up", "--hold", "--cpes", str(cpes), "--json"],
        env=proviso.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as holder:
        assert holder.stdout and holder.stdin and holder.stderr
        try:
            text = b""
            while line := holder.stdout.readline():
                text += line
                if line == b"}\n":
                    break
            assert text, holder.stderr.read().decode()
            yield TestLab(proviso, json.loads(text), holder)
        finally:
            holder.stdin.close()
            holder.wait(timeout=MANY)


def eventually(
    holds: Callable[[], bool], seconds: float = MANY, *, first: float = 0.005, longest: float = 0.2
) -> bool:
    """Return whether something holds within a time; it is asked again and again, ever less often up to a limit.

    Args:
        holds: what is asked.
        seconds: the time.
        first: seconds between the first two times; more where asking is work, and what is waited for takes long.
        longest: seconds between two times in the end.
    """
    deadline = time.monotonic() + seconds
    pause = first
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(pause)  # who is waited for gets the CPU, and so do other tests
        pause = min(pause * 1.5, longest)
    return holds()


def lets_through(lab: TestLab, least: float, rate: float, *how: str) -> bool:
    """Return whether the line of cpe1 comes near its rate once, in Mbit/s; it must never exceed it.

    Args:
        lab: its internet serves iperf3.
        least: what counts as near; a busy CPU makes a line slow, and never quick.
        rate: of the line.
        how: `-R` measures downstream.
    """

    def is_near() -> bool:
        told = lab.within("cpe1", "iperf3", "-c", "198.18.1.10", "-t", "2", "-O", "1", "-J", *how).json
        found = told.get("end", {}).get("sum_received", {}).get("bits_per_second", 0) / 1e6
        assert found < rate
        return bool(found > least)

    return eventually(is_near)


def eventually_said(holds: Callable[[], bool], seconds: float = MANY) -> bool:
    """Return whether a command says something within a time: it is asked less often, for each time it computes."""
    return eventually(holds, seconds, first=0.3, longest=1.0)
