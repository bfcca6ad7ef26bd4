"""One node: a process that holds namespaces of its own, and whatever runs in them.

The process lives as long as the keeper: its standard input is a pipe of the keeper's, and it is killed when its
parent dies. Whatever runs in the node dies with it, as it is process 1 there.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from provisioning.errors import LabUnable
from provisioning.stands.lab import disk
from provisioning.stands.lab.privileges import ISOLATE
from provisioning.stands.lab.topology import Node

NAMESPACES = ("user", "mnt", "net", "uts", "ipc", "pid_for_children")
"""Of a node's holder, as /proc names them. It has all but its PID namespace itself: that one is for its child."""

OPTIONS = {"user": "user", "mnt": "mount", "net": "net", "uts": "uts", "ipc": "ipc", "pid_for_children": "pid"}
"""How nsenter calls them."""

UNSHARE = ("unshare", "--uts", "--ipc", *ISOLATE)

END_SECONDS = 30
"""How long a server may take to end."""

BOOT_SECONDS = 120
"""How long a node may take to boot; it is far quicker, on a machine that is not busy."""


@dataclass
class RunningNode:
    """A node that was started.

    Attributes:
        node: what it is.
        folder: its files.
        holder: the process that holds its namespaces.
    """

    node: Node
    folder: Path
    holder: "subprocess.Popen[str]" = field(init=False)

    def start(self) -> None:
        """Start it, without waiting for it."""
        init = str(files("provisioning.stands.lab") / "node_init.sh")
        mode = "private" if disk.is_private(self.node) else "shared"
        self.holder = subprocess.Popen(
            [*UNSHARE, "sh", init, self.node.name, str(self.folder), mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
        )

    def wait_until_ready(self) -> None:
        """Wait until it has its files.

        Raises:
            LabUnable: when it ended instead.
        """
        assert self.holder.stdout is not None and self.holder.stderr is not None  # noqa: S101 - asked for in start
        if self.holder.stdout.readline().strip() != "ready":
            raise self._trouble("start", self.holder.stderr.read())
        self.holder.stdout.close()

    def kill(self) -> int:
        """Kill everything in it at once; return a descriptor that keeps its network namespace until it is closed.

        Raises:
            FileNotFoundError: when it has ended already.
        """
        network = os.open(f"/proc/{self.holder.pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        assert self.holder.stdin is not None and self.holder.stderr is not None  # noqa: S101 - asked for in start
        # Process 1 of the node ends at the end of its input. The kernel kills all others, and then tells its parent.
        self.holder.stdin.close()
        self.holder.wait()
        self.holder.stderr.close()
        return network

    def boot(self) -> None:
        """Run its boot script in it.

        Raises:
            LabUnable: when that fails or takes too long.
        """
        script = "/etc/lab/boot.sh" if disk.is_private(self.node) else str(self.folder / "etc/lab/boot.sh")
        try:
            result = self.run("sh", script)
        except subprocess.TimeoutExpired:
            raise self._trouble("boot", f"it took longer than {BOOT_SECONDS} s") from None
        if result.returncode:
            raise self._trouble("boot", result.stderr)

    def run(self, *command: str, text: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a command in it, with a text as its standard input, and return what became of it.

        Raises:
            subprocess.TimeoutExpired: when it takes too long.
        """
        options = [f"--{OPTIONS[each]}=/proc/{self.holder.pid}/ns/{each}" for each in NAMESPACES if each != "user"]
        # Daemons keep standard error open for good, so that a pipe would never end; a file does.
        with (self.folder.parent / f".{self.node.name}.output").open("w+") as output:
            result = subprocess.run(
                ["nsenter", *options, "--", *command],
                input=text,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=BOOT_SECONDS,
                check=False,
            )
            output.seek(0)
            told = output.read()
        return subprocess.CompletedProcess(command, result.returncode, told, told)

    def serve(self, services: Sequence[str], by: str = "servers") -> "subprocess.Popen[bytes]":
        """Start a process in it that serves, as the module `servers` or `telephony` says; it ends with its input."""
        script = str(files("provisioning.stands.lab") / f"{by}.py")
        process = self.attach(sys.executable, "-ISE", script, self.node.name)
        assert process.stdin is not None  # noqa: S101 - asked for in attach
        process.stdin.write(("\n".join(services) + "\n\n").encode())
        process.stdin.flush()
        return process

    def attach(self, *command: str, complaints: Path = Path(os.devnull)) -> "subprocess.Popen[bytes]":
        """Start a process that has the network and the life of the node, and our own files.

        Its standard input and output are pipes, and it is to end with the former; its standard error goes to a file.
        """
        options = [f"--{OPTIONS[each]}=/proc/{self.holder.pid}/ns/{each}" for each in ("net", "pid_for_children")]
        with complaints.open("w") as errors:
            return subprocess.Popen(
                ["nsenter", *options, "--", *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd="/",
            )

    @staticmethod
    def end(server: "subprocess.Popen[bytes]") -> None:
        """End a process that serves.

        Raises:
            subprocess.TimeoutExpired: when it does not end.
        """
        assert server.stdin is not None and server.stdout is not None  # noqa: S101 - asked for in attach
        # Not killed: a process that loses its parent outside of the node would be nobody's to bury, and keep the
        # kernel from ending the node.
        with contextlib.suppress(BrokenPipeError):
            server.stdin.close()
        server.wait(END_SECONDS)
        server.stdout.close()

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.holder.poll() is None

    def open_namespaces(self) -> list[int]:
        """Return open file descriptors of its namespaces, in the order of NAMESPACES; the caller closes them."""
        return [os.open(f"/proc/{self.holder.pid}/ns/{each}", os.O_RDONLY | os.O_CLOEXEC) for each in NAMESPACES]

    def _trouble(self, what: str, why: str) -> LabUnable:
        told = " / ".join(why.strip().splitlines()[-3:]) or "it said nothing"
        return LabUnable(
            f"node {self.node.name} did not {what}: {told}",
            where="lab",
            remedy="`proviso lab check` tells what this machine can do.",
        )
