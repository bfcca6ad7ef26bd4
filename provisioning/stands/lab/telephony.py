"""The operator's telephony, as far as a stand needs it: `python telephony.py`.

Standard input says what to serve, a line each: `sip 192.0.2.1 5060` or `echo 192.0.2.1 16384`, then an empty line; it
is served, by UDP, until standard input ends. `sip` answers OPTIONS (RFC 3261, 11.2) and refuses all others, `echo`
gives back what it is told, as a far end of a call does where nobody speaks. One process serves all of it, and takes
nothing from the rest of this package, so that it stays small.
"""

import re
import selectors
import socket
import sys
import zlib

MAX_DATAGRAM = 2048
SIP_PORT = 5060

KEPT = {"via": "Via", "from": "From", "to": "To", "call-id": "Call-ID", "cseq": "CSeq"}
"""What a response repeats of its request (RFC 3261, 8.2.6.2), by the name in lower case."""

SHORT = {"v": "via", "f": "from", "t": "to", "i": "call-id"}
"""Compact names (RFC 3261, 7.3.3)."""

ABLE = "Allow: OPTIONS\r\n"
CAPABILITIES = "Accept: application/sdp\r\nAccept-Encoding: identity\r\nAccept-Language: en\r\nSupported:\r\n"


def main() -> None:
    """Serve until standard input ends."""
    selector = selectors.DefaultSelector()
    while (line := sys.stdin.readline()).strip():
        protocol, address, port = line.split()
        listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        listener.bind((address, int(port)))
        listener.setblocking(False)
        selector.register(listener, selectors.EVENT_READ, protocol)
    selector.register(sys.stdin, selectors.EVENT_READ, "keeper")
    while True:
        for key, _ in selector.select():
            if not isinstance(key.fileobj, socket.socket):
                return  # standard input, which ends with the keeper
            try:
                _serve(key.fileobj, key.data)
            except OSError as error:
                # Somebody who cannot be answered, or is no longer there.
                sys.stderr.write(f"{error}\n")


def _serve(listener: socket.socket, protocol: str) -> None:
    told, sender = listener.recvfrom(MAX_DATAGRAM)
    if protocol == "echo":
        listener.sendto(told, sender)
    elif (answered := answer(told, sender[0], sender[1])) is not None:
        text, port = answered
        listener.sendto(text, (sender[0], port, *sender[2:]))


def answer(request: bytes, host: str, port: int) -> tuple[bytes, int] | None:
    """Return the response to a SIP request and the port that it goes to; None where none is due.

    Args:
        request: the datagram.
        host: where it came from.
        port: likewise.
    """
    head = request.partition(b"\r\n\r\n")[0].decode("latin-1")
    first, *lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")
    start = re.fullmatch(r"([A-Z]+) \S+ SIP/2\.0", first)
    headers = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    kept = [(SHORT.get(name, name), value) for name, value in headers if SHORT.get(name, name) in KEPT]
    # An ACK is answered by nobody; what is no request cannot be.
    if start is None or start[1] == "ACK" or {name for name, _ in kept} != set(KEPT):
        return None
    top = next(value for name, value in kept if name == "via")
    via, back_to = _via(top, host, port)
    text = "SIP/2.0 200 OK\r\n" if start[1] == "OPTIONS" else "SIP/2.0 405 Method Not Allowed\r\n"
    for name, value in kept:
        if name == "to" and not re.search(r";\s*tag=", value):
            value = f"{value};tag={zlib.crc32(request):08x}"
        text += f"{KEPT[name]}: {via if value == top else value}\r\n"
    text += ABLE + (CAPABILITIES if start[1] == "OPTIONS" else "")
    return f"{text}Content-Length: 0\r\n\r\n".encode("latin-1"), back_to


def _via(top: str, host: str, port: int) -> tuple[str, int]:
    """Return the first Via with where the request came from, and the port that the response goes to (RFC 3581, 4)."""
    sent_by, *parameters = [each.strip() for each in top.split(";")]
    parameters = [each for each in parameters if not each.startswith("received=")]
    asked = "rport" in parameters
    written = [f"rport={port}" if each == "rport" else each for each in parameters]
    own = re.search(r":(\d{1,5})$", re.sub(r"\[[^]]*\]", "", sent_by))
    stated = int(own[1]) if own and 0 < int(own[1]) < 65536 else SIP_PORT
    return ";".join([sent_by, *written, f"received={host}"]), port if asked else stated


if __name__ == "__main__":
    main()
