"""Lines that are no commands: the text of a banner, a certificate, a public key."""

import base64
import binascii
import hashlib

from provisioning.stands.simulator.cisco_iosxe.configuration.commands.system import PUBKEY_USER
from provisioning.stands.simulator.cisco_iosxe.configuration.entry import Answer, Entry
from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Key, Lines
from provisioning.stands.simulator.cisco_iosxe.configuration.session import Collecting, Session
from provisioning.stands.simulator.cisco_iosxe.configuration.statement import Statement, identity

_CONTROL_C = "^C"
"""How the running configuration writes the character that begins and ends a banner."""


def begin_banner(entry: Entry) -> Answer:
    """Take the first line of a banner; it may be the last as well."""
    kind = entry.reading.text.split(" ")[1]
    key: Key = ("banner", kind)
    if entry.negative:
        entry.place.children.pop(key, None)
        return ""
    said = entry.values["text"]
    ends = _CONTROL_C if said.startswith(_CONTROL_C) else said[0]
    first, found, _ = said[len(ends) :].partition(ends)
    statement = Statement(entry.rule, key, "", {"kind": kind})
    entry.place.children[key] = statement
    if found:
        _write_banner(statement, [first])
        return ""
    entry.session.collecting = Collecting(Lines.BANNER, (key,), [first], ends)
    return f"Enter TEXT message.  End with the character '{ends}'.\n"


def _write_banner(statement: Statement, lines: list[str]) -> None:
    text = "\n".join(lines)
    statement.text = f"banner {statement.values['kind']} {_CONTROL_C}{text}{_CONTROL_C}"


def begin_certificate(entry: Entry) -> Answer:
    """Take the head of a certificate; its lines follow until `quit`."""
    key = identity(entry.rule, entry.reading)
    if entry.negative:
        entry.place.children.pop(key, None)
        return ""
    entry.place.children[key] = Statement(entry.rule, key, entry.reading.text, entry.values)
    entry.session.collecting = Collecting(Lines.CERTIFICATE, (*entry.path, key), [entry.reading.text])
    return ""


def begin_key(entry: Entry) -> Answer:
    """Take the head of a public key; its lines follow until `exit`."""
    entry.session.collecting = Collecting(Lines.KEY, entry.path)
    return ""


def collect(root: Statement, line: str, session: Session) -> str:
    """Take a line that belongs to what was begun.

    Args:
        root: of the configuration.
        line: as typed.
        session: of who typed it.

    Returns:
        What the device says; nearly always nothing.
    """
    collecting = session.collecting
    if collecting is None:
        return ""
    match collecting.kind:
        case Lines.BANNER:
            return _banner_line(root, line, session, collecting)
        case Lines.CERTIFICATE:
            return _certificate_line(root, line, session, collecting)
        case _:
            return _key_line(root, line, session, collecting)


def _at(root: Statement, path: tuple[Key, ...]) -> Statement | None:
    statement: Statement | None = root
    for key in path:
        statement = statement.children.get(key) if statement is not None else None
    return statement


def _banner_line(root: Statement, line: str, session: Session, collecting: Collecting) -> str:
    before, found, _ = line.partition(collecting.until)
    collecting.lines.append(before)
    statement = _at(root, collecting.path)
    if found:
        session.collecting = None
    if found and statement is not None:
        _write_banner(statement, collecting.lines)
    return ""


def _certificate_line(root: Statement, line: str, session: Session, collecting: Collecting) -> str:
    if line.strip() != "quit":
        collecting.lines.append(f"  {line.strip()}")
        return ""
    session.collecting = None
    statement = _at(root, collecting.path)
    if statement is not None:
        # The device ends it behind a tab.
        statement.text = "\n".join((*collecting.lines, "  \tquit"))
    return ""


def _key_line(root: Statement, line: str, session: Session, collecting: Collecting) -> str:
    if line.strip().lower() != "exit":
        collecting.lines.append(line.strip())
        return ""
    session.collecting = None
    kind, hashed, comment = key_hash(collecting.lines)
    statement = _at(root, collecting.path)
    if not hashed:
        return "%SSH: Failed to decode the Key Value\n"
    if statement is not None:
        add_key(statement, kind, hashed, comment)
    return ""


def add_key(user: Statement, kind: str, hashed: str, comment: str) -> None:
    """Write a public key's hash down below a user of `ip ssh pubkey-chain`.

    Args:
        user: the statement of the user.
        kind: of the key: `ssh-rsa`, ….
        hashed: MD5 of the key, 32 hexadecimal digits in capitals.
        comment: behind it; may be empty.
    """
    rule = next(each for each in PUBKEY_USER if each.name == "key-hash")
    key = ("key-hash", kind, hashed)
    text = " ".join(each for each in ("key-hash", kind, hashed, comment) if each)
    user.children[key] = Statement(rule, key, text, {"type": kind, "hash": hashed, "comment": comment})


def key_hash(lines: list[str]) -> tuple[str, str, str]:
    """Return the kind of a public key, its MD5 hash and its comment; all empty when it cannot be read.

    Args:
        lines: of the key as pasted: `ssh-rsa AAAA… comment`, or the base64 text alone, broken anywhere.
    """
    words = " ".join(each for each in lines if each).split(" ")
    kind = ""
    if words[0].startswith(("ssh-", "ecdsa-")):
        kind, words = words[0], words[1:]
    # Broken lines are put together; what is no base64 is the comment.
    for count in range(len(words), 0, -1):
        try:
            blob = base64.b64decode("".join(words[:count]), validate=True)
            length = int.from_bytes(blob[:4], "big")
            named = blob[4 : 4 + length].decode("ascii")
        except (binascii.Error, ValueError):
            continue
        if named.startswith(("ssh-", "ecdsa-")) and kind in ("", named):
            return named, hashlib.md5(blob, usedforsecurity=False).hexdigest().upper(), " ".join(words[count:])
    return "", "", ""
