"""The background process that holds the lab: `python -m provisioning.stands.lab.keeper FOLDER CPES`.

It runs as process 1 of a PID namespace and in a mount namespace of its own. So whatever ends it, SIGKILL too, the
kernel ends every process of the lab, and with them go their namespaces, cables and files.

While it starts it tells its progress on standard output, a JSON object a line; then it answers on a socket in its
folder: one request a connection, a JSON object a line.
"""

import json
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType

from provisioning.errors import LabUnable, ProvisoError, UnknownName
from provisioning.stands.lab.lab import Lab
from provisioning.stands.lab.layout import build
from provisioning.stands.lab.packages import full_path
from provisioning.stands.lab.rundir import SOCKET
from provisioning.stands.stand import at_short_path

REQUEST_SECONDS = 5.0
"""How long a client may take to say what it wants."""

MAX_REQUEST = 4096

LOOK_SECONDS = 0.2
"""How often we look whether something else is exported of the lines."""


def main() -> None:
    """Hold a lab until told to stop, or until standard input ends where that is a pipe."""
    folder, cpes, tied = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "tied"
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _leave)
    # What is in the nodes must be readable to their daemons; the folder itself is closed to others.
    os.umask(0o022)
    os.environ["PATH"] = full_path()
    try:
        lab = Lab(build(cpes), folder)
        lab.start(lambda stage, number: _tell(stage=stage, number=number))
        listener = _listen(folder)
    except ProvisoError as error:
        _tell(error={"kind": type(error).__name__, "what": error.what, "where": error.where, "remedy": error.remedy})
        sys.exit(1)
    _tell(ready=True)
    # Whoever started us reads no further.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    _serve(lab, listener, tied=tied)


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _listen(folder: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with at_short_path(folder) as short:
        listener.bind(f"{short}/{SOCKET}")
    (folder / SOCKET).chmod(0o600)
    listener.listen(16)
    return listener


def _serve(lab: Lab, listener: socket.socket, *, tied: bool) -> None:
    since = time.time()
    end = sys.stdin.fileno()
    watched = [listener.fileno(), *([end] if tied else [])]
    while True:
        olts = [lab.olts.fileno()] if lab.olts.running else []
        ready, _, _ = select.select([*watched, *olts], [], [], LOOK_SECONDS)
        lab.player.poll()
        if end in ready:
            return
        if lab.olts.fileno() in ready:
            lab.hear_olts()
        if listener.fileno() not in ready:
            continue
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(REQUEST_SECONDS)
            try:
                request = json.loads(connection.makefile().readline(MAX_REQUEST))
                if request["do"] == "down":
                    connection.sendall(b"{}\n")
                    return
                _answer(lab, connection, request, since)
            except (OSError, ValueError, KeyError):
                # A client that went away, or is none of ours: the next one may be.
                continue


def _answer(lab: Lab, connection: socket.socket, request: dict[str, str], since: float) -> None:
    descriptors: list[int] = []
    try:
        answer: dict[str, object]
        match request["do"]:
            case "status":
                answer = {"since": since, **lab.status()}
            case "enter":
                name = lab.topology.node(request["name"]).name
                descriptors = lab.nodes[name].open_namespaces()
                answer = {"node": name}
            case _:
                answer = _change(lab, request)
    except FileNotFoundError:
        error: ProvisoError = LabUnable(
            "the node has ended", where=request.get("name", ""), remedy="`proviso lab down`, then `up` again."
        )
        answer = {"error": _error(error)}
    except ProvisoError as error_raised:
        answer = {"error": _error(error_raised)}
    try:
        socket.send_fds(connection, [json.dumps(answer).encode() + b"\n"], descriptors)
    finally:
        for each in descriptors:
            os.close(each)


def _change(lab: Lab, request: dict[str, str]) -> dict[str, object]:
    match request["do"]:
        case "cut":
            return lab.cut(request["name"], request.get("bearer", ""), request.get("kind", ""))
        case "heal":
            return lab.heal(request["name"], request.get("bearer", ""))
        case "restart":
            return {"node": lab.restart(request["name"])}
        case "replace":
            return {"cpe": lab.replace(request["name"], request["serial"]).name}
        case "plug":
            return {"cpe": lab.plug(request["name"], request["ont"]).name}
        case other:
            raise UnknownName(f"the keeper cannot {other}", where="keeper")


def _error(error: ProvisoError) -> dict[str, str]:
    return {"kind": type(error).__name__, "what": error.what, "where": error.where, "remedy": error.remedy}


if __name__ == "__main__":
    main()
