"""Who acts, for the audit: the account, and where its session comes from."""

import os
import pwd
import socket
import sys

from provisioning.model.audit import Actor


def actor_here() -> Actor:
    """Return who runs this process, as far as the machine can tell."""
    return Actor(_account(), _origin())


def _account() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _origin() -> str:
    parts = [socket.gethostname()]
    client = os.environ.get("SSH_CLIENT", "").split()
    if client:
        parts.append(f"from {client[0]}")
    if os.environ.get("SUDO_USER"):
        parts.append(f"as {os.environ['SUDO_USER']}")
    if sys.stdin is not None and sys.stdin.isatty():
        parts.append(os.ttyname(sys.stdin.fileno()))
    return " ".join(parts)
