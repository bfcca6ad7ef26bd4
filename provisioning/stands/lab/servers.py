"""Servers of the lab: `python servers.py NAME`.

Standard input says what to serve, a line each: `tcp 192.0.2.1 80`, then an empty line; they serve until it ends.
A TCP server says a line with its name and port, then gives back what it is told; a UDP server answers each datagram
with such a line. `whoami` in place of `tcp` is a web server that says from which address it is asked. One process
serves all of it. It takes nothing from the rest of this package, so that it stays small.
"""

import selectors
import socket
import sys

MAX_DATAGRAM = 2048
BACKLOG = 32


def main() -> None:
    """Serve until standard input ends."""
    name = sys.argv[1]
    selector = selectors.DefaultSelector()
    while (line := sys.stdin.readline()).strip():
        protocol, address, port = line.split()
        try:
            listener = _bind(protocol, address, int(port))
        except OSError as error:
            # What is taken already, by sshd for one, answers by itself.
            sys.stderr.write(f"{line.strip()}: {error}\n")
            continue
        selector.register(listener, selectors.EVENT_READ, (protocol, f"{name} {protocol} {port}\n".encode()))
    selector.register(sys.stdin, selectors.EVENT_READ, ("keeper", b""))
    while True:
        for key, _ in selector.select():
            connection = key.fileobj
            if not isinstance(connection, socket.socket):
                return  # standard input, which ends with the keeper
            protocol, greeting = key.data
            try:
                _serve(selector, connection, protocol, greeting)
            except OSError:
                if protocol in ("client", "asker"):
                    _close(selector, connection)


def _bind(protocol: str, address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        if protocol != "udp":
            listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


def _serve(selector: selectors.BaseSelector, connection: socket.socket, protocol: str, greeting: bytes) -> None:
    if protocol == "udp":
        _, sender = connection.recvfrom(MAX_DATAGRAM)
        connection.sendto(greeting, sender)
    elif protocol == "client":
        if told := connection.recv(MAX_DATAGRAM):
            connection.send(told)
        else:
            _close(selector, connection)
    elif protocol == "asker":
        _answer_asker(connection)
        _close(selector, connection)
    else:
        client, _ = connection.accept()
        client.setblocking(False)
        if protocol == "tcp":
            client.send(greeting)
        selector.register(client, selectors.EVENT_READ, ("client" if protocol == "tcp" else "asker", b""))


def _answer_asker(connection: socket.socket) -> None:
    connection.recv(MAX_DATAGRAM)
    body = f"{connection.getpeername()[0]}\n".encode()
    head = f"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.send(head.encode() + body)


def _close(selector: selectors.BaseSelector, connection: socket.socket) -> None:
    selector.unregister(connection)
    connection.close()


if __name__ == "__main__":
    main()
