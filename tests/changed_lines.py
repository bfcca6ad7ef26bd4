"""Change requests of lines on simulated devices: put in as if they had been handed in, planned and approved."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncssh
from fibre_lines import LINE, Fibre
from warm import Kill
from worlds import Answer

from provisioning.model.audit import Actor
from provisioning.model.change_request import ChangeAction, RequestState
from provisioning.store import change_requests
from provisioning.store.engine import Store

SUBMITTER = Actor("somebody", "elsewhere")
NOW = ("--now", "--reason", "the shop is cut off")


@contextmanager
def store_of(world: Fibre) -> Iterator[Store]:
    """Yield the store of a world."""
    store = Store.open(world.state, now=datetime.now(UTC), lock_timeout=30)
    try:
        yield store
    finally:
        store.close()


def opening(number: int = 1, port: int = 8443, **keys: Any) -> dict[str, Any]:
    """Return the content of a request to open a port of a line."""
    return {
        "schema": 1,
        "request": f"CR-2026-{number:04}",
        "line": LINE,
        "requester": "contact@example.org",
        "open": [{"ports": [f"tcp/{port}"], "to": "192.168.1.2"}],
        **keys,
    }


def handed_in(world: Fibre, content: Mapping[str, Any], *, wanted_at: datetime | None = None) -> str:
    """Put a request into the store; return its id."""
    action = ChangeAction.OPEN_PORT if content.get("open") else ChangeAction.CLOSE_PORT
    with store_of(world) as store, store.write() as connection:
        return change_requests.add_request(
            connection,
            reference=content["request"],
            line=content["line"],
            action=action,
            content=content,
            digest=sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(),
            state=RequestState.SUBMITTED,
            requester=content["requester"],
            submitter=SUBMITTER,
            language="en",
            wanted_at=wanted_at,
            findings=(),
            billing=None,
            now=datetime.now(UTC),
        ).id


def planned(world: Fibre, identifier: str) -> Any:
    """Have a request planned; return what the command said."""
    answer = world.run("change", "plan", identifier, "--json")
    assert answer.code == 0, answer.stdout + answer.stderr
    return answer.json


def approved(world: Fibre, identifier: str) -> str:
    """Have a request planned, and approve it; return its id."""
    planned(world, identifier)
    answer = world.run("change", "approve", identifier, "--key", signing_key(world), "--json")
    assert answer.code == 0, answer.stdout + answer.stderr
    return identifier


def signing_key(world: Fibre) -> Path:
    """Return the key of somebody at the desk, who may approve in this world."""
    key, signers = world.up.folder / "desk", world.up.folder / "allowed_signers"
    if not key.exists():
        made = asyncssh.generate_private_key("ssh-ed25519")
        key.touch(0o600)
        key.write_bytes(made.export_private_key())
        public = made.export_public_key().decode().strip()
        signers.write_text(f'desk@isp.example namespaces="change-approval@proviso" {public}\n')
    world.extra["PROVISO_ALLOWED_SIGNERS_FILE"] = str(signers)
    return key


def ready(world: Fibre, content: Mapping[str, Any], *, wanted_at: datetime | None = None) -> str:
    """Hand a request in, have it planned, and approve it; return its id."""
    return approved(world, handed_in(world, content, wanted_at=wanted_at))


def run(world: Fibre, *identifiers: str, kill: Kill | None = None) -> Answer:
    """Carry out requests, whatever the window."""
    return world.run("change", "run", *identifiers, *NOW, "--json", kill=kill)


def request(world: Fibre, identifier: str) -> dict[str, Any]:
    """Return the row of a request."""
    (row,) = world.rows("select * from change_request where id = ?", int(identifier[2:]))
    return row


def form(world: Fibre, line: str = LINE) -> dict[str, Any]:
    """Return the form that a line keeps."""
    (row,) = world.rows("select form from line where id = ?", int(line[2:]))
    return dict(json.loads(row["form"]))


def audit(world: Fibre, identifier: str) -> list[str]:
    """Return what the audit says was done to a request, in order."""
    rows = world.rows("select action from audit_entry where subject = ? order by number", identifier)
    return [each["action"] for each in rows]
