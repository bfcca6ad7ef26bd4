"""The lab's OLTs as the keeper has them: a process in the access bridge's network, and what it tells."""

import json
import os
import secrets
import select
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from provisioning.errors import LabUnable
from provisioning.stands.lab.access_ports import Passing
from provisioning.stands.lab.node import RunningNode
from provisioning.stands.lab.rundir import OLT_PASSWORD
from provisioning.stands.lab.topology import Olt

USER = "proviso"
"""Who may configure an OLT; the shipped inventory has the same."""

Place = tuple[str, str]
"""An OLT and a port of it."""

READY_SECONDS = 120.0
ANSWER_SECONDS = 60.0


class Olts:
    """The OLTs of a lab; they end with its access bridge.

    Args:
        node: the access bridge.
        folder: of the run.
        olts: what there is.
        onts: where each ONT is seen, by its serial.

    Attributes:
        passing: what each ONT may pass, by its serial; those that may pass nothing are not in it.
        keys: the OLTs' host keys, type and text, by name; known once they are ready.
        running: whether they still answer.
    """

    def __init__(self, node: RunningNode, folder: Path, olts: Iterable[Olt], onts: Mapping[str, Place]) -> None:
        self.passing: dict[str, Passing] = {}
        self.keys: dict[str, tuple[str, str]] = {}
        self.running = True
        self._text = b""
        self._done = False
        password = secrets.token_hex(16)
        file = folder / OLT_PASSWORD
        file.touch(0o600)
        file.write_text(password)
        saved = node.folder / "var" / "lib" / "olts"
        saved.mkdir(0o700, parents=True)
        # Our own Python, with the network and the life of the node.
        self._complaints = saved / "complaints"
        words = (sys.executable, "-P", "-m", "provisioning.stands.lab.olt_process")
        self._process = node.attach(*words, complaints=self._complaints)
        described = [{"name": each.name, "address": each.address, "ports": dict(each.ports)} for each in olts]
        given: dict[str, object] = {
            "folder": str(saved),
            "user": USER,
            "password": password,
            "olts": described,
            "onts": dict(onts),
        }
        self._write(given)

    def wait_until_ready(self) -> None:
        """Wait until they answer.

        Raises:
            LabUnable: when they do not.
        """
        self._read_until(lambda: bool(self.keys), READY_SECONDS, "come up")

    def lose_power(self, name: str) -> None:
        """Let an OLT lose its power: it comes back with what was saved.

        Raises:
            LabUnable: when it does not.
        """
        self._ask({"do": "lose power", "name": name})

    def plug(self, old: str, new: str, place: Place) -> None:
        """Give an ONT light in the place of another.

        Raises:
            LabUnable: when the OLTs do not answer.
        """
        self._ask({"do": "plug", "old": old, "new": new, "place": place})

    def fileno(self) -> int:
        """Return what becomes readable when they tell something."""
        assert self._process.stdout is not None  # noqa: S101 - asked for in attach
        return self._process.stdout.fileno()

    def read(self) -> None:
        """Take in what they tell; what they have told last holds."""
        part = os.read(self.fileno(), 65536)
        if not part:
            # Nobody says what may pass: nothing does.
            self.running, self.passing = False, {}
        *lines, self._text = (self._text + part).split(b"\n")
        for line in lines:
            self._take_in(json.loads(line))

    def _take_in(self, told: dict[str, Any]) -> None:
        if "ready" in told:
            self.keys = {name: (kind, key) for name, (kind, key) in told["ready"].items()}
        elif "passing" in told:
            self.passing = {
                serial: Passing(olt, port, (down, up)) for serial, (olt, port, down, up) in told["passing"].items()
            }
        else:
            self._done = True

    def _ask(self, request: dict[str, object]) -> None:
        self._done = False
        self._write(request)
        self._read_until(lambda: self._done, ANSWER_SECONDS, "answer")

    def _write(self, what: Mapping[str, object]) -> None:
        assert self._process.stdin is not None  # noqa: S101 - asked for in attach
        try:
            self._process.stdin.write(json.dumps(what).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            self.running = False

    def _read_until(self, holds: Callable[[], bool], seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        while self.running and not holds():
            ready, _, _ = select.select([self], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                break
            self.read()
        if not holds():
            raise LabUnable(
                f"the OLTs did not {what}", where="node olt", remedy="`proviso lab down`, then `up` again."
            )
