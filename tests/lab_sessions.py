"""Long-lived sessions in the lab: a server that says back what it hears, and whoever talks to it over a change."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from labs import TestLab

from provisioning.stands.lab.client import Client
from provisioning.stands.lab.packages import full_path

ECHO = """
import socket, sys, threading
both = {"family": socket.AF_INET6, "dualstack_ipv6": True}
listeners = [socket.create_server(("::", int(port)), **both) for port in sys.argv[1:]]

def talk(session):
    with session:
        try:
            while heard := session.recv(4096):
                session.sendall(heard)
        except OSError:
            pass

def serve(listener):
    while True:
        threading.Thread(target=talk, args=listener.accept()[:1], daemon=True).start()

for each in listeners:
    threading.Thread(target=serve, args=(each,), daemon=True).start()
print("serves", flush=True)
sys.stdin.read()
"""
"""A server on ports of both families, until its standard input ends."""

TALK = """
import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=3) as session:
    print("open", flush=True)
    for line in sys.stdin:
        try:
            session.sendall(line.encode())
            print(session.recv(4096).decode().strip() or "closed", flush=True)
        except OSError as error:
            print(f"dead: {error}", flush=True)
"""
"""Says on one session what it is told on standard input, and tells what comes back within three seconds."""


@dataclass
class Talker:
    """A session that goes on until the block ends."""

    _process: "subprocess.Popen[str]"

    def hears(self, text: str) -> str:
        """Say something; return what came back, or how the session ended."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{text}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@contextmanager
def _within(lab: TestLab, node: str, script: str, *arguments: str) -> Iterator["tuple[subprocess.Popen[str], str]"]:
    """Yield a Python program that runs in a node, and the first line that it said."""
    entrance = Client(lab.folder).enter(node)
    try:
        process = subprocess.Popen(
            entrance.command(["python3", "-c", script, *arguments]),
            pass_fds=entrance.descriptors,
            # Tests' own Python may lie in a folder that nodes do not see.
            env={"PATH": full_path()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    finally:
        for each in entrance.descriptors:
            os.close(each)
    with process:
        assert process.stdin and process.stdout
        yield process, process.stdout.readline().strip()
        process.stdin.close()


@contextmanager
def echo(lab: TestLab, node: str, *ports: int) -> Iterator[None]:
    """Have a node say back what it hears on ports of all its addresses."""
    with _within(lab, node, ECHO, *map(str, ports)) as (_, said):
        assert said == "serves"
        yield


@contextmanager
def talker(lab: TestLab, node: str, address: str, port: int) -> Iterator[Talker]:
    """Open a session from a node, and yield it."""
    with _within(lab, node, TALK, address, str(port)) as (process, said):
        assert said == "open", f"{address} {port} does not answer"
        yield Talker(process)
