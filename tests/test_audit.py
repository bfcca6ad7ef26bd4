"""The audit: what was done and who did it stand together, nobody changes it unseen, and syslog is told its head."""

import hashlib
import json
import logging
import socket
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from worlds import NOON, Command, World

from provisioning.model.audit import NOTHING, Actor, AuditEntry, entry_digest
from provisioning.store import audit as audit_store
from provisioning.workflows.auditing import audited
from provisioning.workflows.surroundings import Changes, Surroundings
from provisioning.workflows.syslog import head_line, tell_syslog
from provisioning.workflows.verify_audit import verify_audit

ACTOR = Actor("jan", "desk.isp.example from 198.51.100.7 pts/3")
TRIGGERS = ("audit_entry_no_update", "audit_entry_no_delete", "audit_entry_next")


@pytest.fixture
def around(world_on_disk: World) -> Surroundings:
    return replace(world_on_disk.around, actor=ACTOR)


def add(around: Surroundings, count: int = 3) -> list[AuditEntry]:
    """Add entries, each in a transaction of its own."""
    made = []
    for number in range(count):
        with audited(around) as audit:
            details = {"plan": "a" * 64, "steps": [1, {"b": None}], "nom": "été"}
            made.append(audit.add("change plan", f"C-{number + 1}", reason="because", details=details))
    return made


def tampered(around: Surroundings, *statements: str, triggers: bool = False) -> None:
    """Do to the database what somebody with another program can do."""
    dropped = [] if triggers else [f"drop trigger {each}" for each in TRIGGERS]
    with closing(sqlite3.connect(around.store.where)) as connection, connection:
        kept = [row[0] for row in connection.execute("select sql from sqlite_master where type = 'trigger'")]
        for statement in (*dropped, *statements):
            connection.execute(statement)
        if not triggers:
            for each in kept:
                if "audit_entry" in each:
                    connection.execute(each)


def test_entries_say_who_when_from_where_and_why(around: Surroundings) -> None:
    first, second, _ = add(around)
    assert (first.number, first.previous, first.actor, first.at) == (1, NOTHING, ACTOR, NOON)
    assert second.previous == first.digest
    found = verify_audit(around)
    assert (found.whole, found.count, found.guarded) == (True, 3, True)
    with around.store.read() as connection:
        assert list(audit_store.entries(connection, subject="C-2")) == [second]


def test_an_empty_audit_is_whole(around: Surroundings) -> None:
    assert verify_audit(around).whole
    assert verify_audit(around).head == NOTHING


def test_what_is_not_done_is_not_on_record(around: Surroundings) -> None:
    with pytest.raises(ValueError, match="it went wrong"), audited(around) as audit:
        audit.add("change plan", "C-1")
        raise ValueError("it went wrong")
    assert verify_audit(around).count == 0


def test_many_at_once_make_one_chain(around: Surroundings) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: add(around, 5), range(4)))
    assert (verify_audit(around).whole, verify_audit(around).count) == (True, 20)


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_entry set reason = 'another' where number = 2",
        "update audit_entry set number = 7 where number = 3",
        "delete from audit_entry where number = 3",
        "delete from audit_entry",
        "insert or replace into audit_entry select 2, at, actor, origin, action, subject, 'another', details, "
        "previous, digest from audit_entry where number = 2",
        "insert into audit_entry select 9, at, actor, origin, action, subject, reason, details, 'x', digest "
        "from audit_entry where number = 3",
    ],
)
def test_the_database_refuses_to_change_it(around: Surroundings, statement: str) -> None:
    add(around)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        tampered(around, statement, triggers=True)
    with pytest.raises(DBAPIError, match="append-only"), around.store.write() as connection:
        connection.execute(text(statement))
    assert verify_audit(around).count == 3


@pytest.mark.parametrize(
    ("statement", "number", "why"),
    [
        ("update audit_entry set reason = 'another' where number = 2", 2, "was changed"),
        ("update audit_entry set actor = 'somebody' where number = 1", 1, "was changed"),
        ("update audit_entry set at = '2026-11-23 12:00:00.000000' where number = 3", 3, "was changed"),
        ("update audit_entry set details = '{}' where number = 3", 3, "was changed"),
        ("update audit_entry set details = '{' where number = 3", 3, "cannot be read"),
        ("update audit_entry set at = 'yesterday' where number = 2", 2, "cannot be read"),
        ("update audit_entry set digest = 'x' where number = 2", 2, "was changed"),
        ("delete from audit_entry where number = 2", 3, "entry 2 is missing"),
        ("delete from audit_entry where number = 1", 2, "entry 1 is missing"),
        ("update audit_entry set previous = 'x' where number = 2", 2, "does not follow"),
    ],
)
def test_what_was_changed_all_the_same_is_found(around: Surroundings, statement: str, number: int, why: str) -> None:
    add(around)
    tampered(around, statement)
    found = verify_audit(around)
    assert (found.whole, found.broken_at, found.guarded) == (False, number, True)
    assert why in found.why
    assert found.count == (number - 1 if "missing" not in why else number - 2)


def test_triggers_that_were_taken_away_are_missed(around: Surroundings) -> None:
    add(around)
    tampered(around, f"drop trigger {TRIGGERS[0]}", triggers=True)
    assert (verify_audit(around).whole, verify_audit(around).guarded) == (True, False)


def test_an_end_that_was_cut_off_is_found_by_the_head_that_syslog_has(around: Surroundings) -> None:
    made = add(around)
    tampered(around, "delete from audit_entry where number = 3")
    assert verify_audit(around).whole
    assert verify_audit(around, head=made[-1].digest).head_found is None
    assert verify_audit(around, head=made[1].digest.upper()).head_found == 2


def test_a_chain_that_was_written_again_is_found_by_the_head_that_syslog_has(around: Surroundings) -> None:
    made = add(around)
    rewrite(around, made, reason="another")
    assert verify_audit(around).whole
    assert verify_audit(around, head=made[-1].digest).head_found is None


def rewrite(around: Surroundings, made: list[AuditEntry], *, reason: str) -> None:
    """Give each entry another reason and the digests that go with it."""
    previous, statements = NOTHING, []
    for each in made:
        kept: dict[str, Any] = {name: getattr(each, name) for name in ("number", "at", "actor", "action", "subject")}
        digest = entry_digest(**kept, reason=reason, details=each.details, previous=previous)
        statements.append(
            f"update audit_entry set reason = '{reason}', previous = '{previous}', digest = '{digest}' "
            f"where number = {each.number}"
        )
        previous = digest
    tampered(around, *statements)


@contextmanager
def listening(path: Path, kind: socket.SocketKind) -> Iterator[socket.socket]:
    """Yield a socket as syslogd has it."""
    with socket.socket(socket.AF_UNIX, kind) as listener:
        listener.settimeout(10)
        listener.bind(str(path))
        if kind is socket.SOCK_STREAM:
            listener.listen()
        yield listener


def received(listener: socket.socket) -> bytes:
    if listener.type is socket.SOCK_STREAM:
        connection, _ = listener.accept()
        with connection:
            return connection.recv(4096)
    return listener.recv(4096)


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
def test_syslog_is_told_the_head_after_the_commit(
    around: Surroundings, tmp_path: Path, kind: socket.SocketKind
) -> None:
    path = tmp_path / "log"
    around = replace(around, changes=Changes(syslog=str(path)))
    with listening(path, kind) as listener:
        with audited(around) as audit:
            audit.add("change submit", "C-1")
            # An entry past it, as the requests' own module adds them.
            last = audit_store.add_entry(
                audit.connection, at=audit.at, actor=audit.actor, action="change plan", subject="C-1"
            )
        said = received(listener).decode()
    assert said.startswith("<86>proviso[")
    assert said.rstrip("\0").endswith(f"]: audit head number=2 digest={last.digest}")


def test_syslog_of_another_host_is_told_by_udp(around: Surroundings) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.settimeout(10)
        listener.bind(("127.0.0.1", 0))
        host, port = listener.getsockname()
        (made,) = add(replace(around, changes=Changes(syslog=f"{host}:{port}")), 1)
        assert listener.recv(4096).decode().endswith(head_line(made))


def test_nothing_is_told_where_nothing_was_done(around: Surroundings, tmp_path: Path) -> None:
    path = tmp_path / "log"
    around = replace(around, changes=Changes(syslog=str(path)))
    with listening(path, socket.SOCK_DGRAM) as listener:
        with audited(around):
            pass
        with pytest.raises(RuntimeError), audited(around) as audit:
            audit.add("change plan", "C-1")
            raise RuntimeError
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.recv(4096)


def test_a_syslog_that_is_not_there_is_told_once_and_is_in_nobodys_way(
    around: Surroundings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "log"
    around = replace(around, changes=Changes(syslog=str(path)))
    add(around)
    (warning,) = caplog.records
    assert warning.levelno == logging.WARNING
    assert f"{path}: nothing listens there" in warning.getMessage()
    assert verify_audit(around).count == 3
    assert verify_audit(around).syslog_trouble == f"{path}: nothing listens there"
    assert verify_audit(replace(around, changes=Changes(syslog=""))).syslog_trouble == ""  # nobody is to be told
    with listening(path, socket.SOCK_DGRAM):
        add(around, 1)
    assert verify_audit(around).syslog_trouble == ""
    add(around, 1)  # its socket is left, and nobody listens
    assert "nothing listens there" in verify_audit(around).syslog_trouble
    assert len(caplog.records) == 2


def test_a_syslog_that_takes_nothing_does_not_hold_us_up(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with listening(path, socket.SOCK_DGRAM), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as flood:
        flood.connect(str(path))
        flood.setblocking(False)
        with pytest.raises(BlockingIOError):
            while True:
                flood.send(b"x" * 1024)
        assert tell_syslog(str(path), "audit head") == "it did not take the message within 2 s"


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("/", ""),
        ("localhost:notaport", "neither the path of a socket nor host:port"),
        ("localhost:70000", "neither the path of a socket nor host:port"),
        ("no-such-host.invalid:514", "name is not known"),
        ("[::1", ""),
    ],
)
def test_a_syslog_that_cannot_be_one_is_told(where: str, reason: str) -> None:
    said = tell_syslog(where, "audit head")
    assert said
    assert reason in said


def test_the_command_tells_whether_it_is_whole(around: Surroundings, proviso: Command) -> None:
    made = add(around)
    proviso = Command(Path(around.store.where).parent, proviso.current)
    answer = proviso("audit", "verify")
    assert (answer.code, answer.stdout) == (
        0,
        f"3 entries, each follows from the one before\nhead  {made[-1].digest}\n",
    )
    answer = proviso("audit", "verify", "--head", made[1].digest, "--json")
    assert (answer.code, answer.json["whole"], answer.json["asked_head_at"]) == (0, True, 2)
    assert proviso("audit", "verify", "--head", "f" * 64).code == 1
    assert proviso("audit", "verify", "--head", "nothing").code == 2
    tampered(around, "update audit_entry set actor = 'x' where number = 2")
    answer = proviso("audit", "verify")
    assert answer.code == 1
    assert answer.stdout.startswith("Broken at entry 2: ")
    answer = proviso("audit", "verify", "--json")
    assert (answer.code, answer.json["broken_at"], answer.json["whole"]) == (1, 2, False)


def test_the_command_lists_what_was_done(around: Surroundings, proviso: Command) -> None:
    assert proviso("audit", "list").stdout == "There are no entries yet: change requests make them.\n"
    add(around)
    with audited(replace(around, actor=Actor("eve\x1b[2J", ""))) as audit:
        audit.at = NOON + timedelta(days=1)
        audit.add("change submit", "C-9", reason="two\nlines")
    proviso = Command(Path(around.store.where).parent, proviso.current)
    answer = proviso("audit", "list")
    assert answer.code == 0
    assert "\x1b" not in answer.stdout
    assert max(map(len, answer.stdout.splitlines())) <= 80
    assert proviso("audit", "list", "--subject", "C-77").stdout == "No such entries.\n"
    only = proviso("audit", "list", "--subject", "C-2", "--json").json["entries"]
    assert [(each["number"], each["reason"], each["details"]["nom"]) for each in only] == [(2, "because", "été")]
    later = proviso("audit", "list", "--since", "2026-11-24", "--json").json["entries"]
    assert [each["number"] for each in later] == [4]
    assert [each["number"] for each in proviso("audit", "list", "--limit", "2", "--json").json["entries"]] == [3, 4]
    assert proviso("audit", "list", "--since", "yesterday").code == 2


def test_another_program_can_walk_the_chain(around: Surroundings, proviso: Command) -> None:
    around = replace(around, actor=Actor("jan", "desk"))
    with audited(around) as audit:
        audit.at = NOON + timedelta(microseconds=7)
        audit.add("change submit", "C-1", reason="été", details={"b": [1, None], "a": True})
    (entry,) = Command(Path(around.store.where).parent, proviso.current)("audit", "list", "--json").json["entries"]
    digest = entry.pop("digest")
    entry["actor"] = [entry["actor"], entry.pop("origin")]
    assert hashlib.sha256(json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()).hexdigest() == digest
