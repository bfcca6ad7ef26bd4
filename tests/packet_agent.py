"""A host in a network namespace, told what to do on standard input, a JSON object a line: listens, connects, runs.

Whoever speaks to a listener is told which address he is seen by. Runs as a program, on the standard library alone.
"""

import json
import socket
import struct
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

held: dict[str, socket.socket] = {}
heard: list[str] = []


def family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def listen(address: str, port: int) -> None:
    tcp = socket.create_server((address, port), family=family(address), backlog=200)
    udp = socket.socket(family(address), socket.SOCK_DGRAM)
    if udp.family is socket.AF_INET6:
        udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    udp.bind((address, port))
    threading.Thread(target=accept, args=(tcp,), daemon=True).start()
    threading.Thread(target=receive, args=(udp,), daemon=True).start()


def accept(server: socket.socket) -> None:
    while True:
        connection, peer = server.accept()
        threading.Thread(target=converse, args=(connection, peer[0]), daemon=True).start()


def converse(connection: socket.socket, peer: str) -> None:
    with connection, suppress(ConnectionError):  # who let go of it waits for no answer
        heard.append(peer)
        connection.sendall(f"{peer}\n".encode())
        while data := connection.recv(100):
            connection.sendall(data)


def receive(server: socket.socket) -> None:
    while True:
        _, peer = server.recvfrom(100)
        heard.append(peer[0])
        server.sendto(f"{peer[0]}\n".encode(), peer)


def ask(protocol: str, source: str, address: str, port: int, wait: float) -> str | None:
    """Return the address by which the other side sees us, or None where nobody answers."""
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(family(address), kind) as ours:
        ours.settimeout(wait)
        try:
            ours.bind((source, 0))
            ours.connect((address, port))
            if protocol == "udp":
                ours.send(b"?")
            return ours.recv(100).decode().strip() or None
        except OSError:
            return None


def do(what: str, **more: Any) -> Any:
    match what:
        case "listen":
            listen(**more)
        case "run":
            answer = subprocess.run(
                more["command"], input=more.get("text"), capture_output=True, text=True, check=False, shell=True
            )
            return [answer.returncode, answer.stdout + answer.stderr]
        case "ask":
            with ThreadPoolExecutor(200) as pool:
                return list(pool.map(lambda each: ask(*each), more["probes"]))
        case "hold":
            ours = held[more["name"]] = socket.create_connection(
                (more["address"], more["port"]), timeout=2, source_address=(more.get("source", ""), 0)
            )
            ours.settimeout(more["wait"])
            ours.recv(100)
        case "let go":
            for each in held.values():
                # One packet, and none comes back: nothing of it is under way when the next test begins.
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                each.close()
            held.clear()
        case "alive":
            try:
                held[more["name"]].sendall(b"!")
                return held[more["name"]].recv(100) == b"!"
            except OSError:
                return False
        case "heard":
            return heard
    return None


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(do(**json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
