"""Who can read the originals: public age keys in a file that `age -R` takes as it is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from provisioning.backup_store.files import replace, told
from provisioning.backup_store.roles import KeyRole as KeyRole
from provisioning.errors import BadInput, Refused, UnknownName, UnreadableProject, unreadable

FILE_NAME = "recipients.txt"

_HEAD = """\
# Who can read the originals of the backups: public age keys, a comment above each.
# `proviso backup keys` changes this file; `age -R recipients.txt` takes it as it is.
"""

_COMMENT = re.compile(r"# (restore|rehearsal): (.*?)(?:, since (\d{4}-\d\d-\d\d))?")


@dataclass(frozen=True, slots=True)
class Recipient:
    """A public key that originals are encrypted to.

    Attributes:
        key: `age1` and so on.
        name: where its identity is, for people; empty when nobody said.
        since: when it was added; None when nobody said.
    """

    key: str
    role: KeyRole = KeyRole.RESTORE
    name: str = ""
    since: date | None = None


def read_recipients(folder: Path) -> tuple[Recipient, ...]:
    """Return who the originals are encrypted to; nobody when there is no such file yet.

    Args:
        folder: of the backups.

    Raises:
        UnreadableProject: when a line of the file is no public age key.
        EnvironmentTrouble: when it may not be read.
    """
    path = folder / FILE_NAME
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError:
        raise _no_key(path, 1) from None
    except OSError as error:
        raise unreadable(error, UnreadableProject, str(path)) from None
    return tuple(_parse(text, path))


def write_recipients(folder: Path, recipients: Sequence[Recipient]) -> None:
    """Write who the originals are encrypted to from now on.

    Raises:
        StoreUnusable: when it cannot be written.
    """
    text = _HEAD + "".join(f"{_comment(each)}\n{each.key}\n" for each in recipients)
    with told(folder):
        replace(folder / FILE_NAME, text.encode())


def add_recipient(
    recipients: Sequence[Recipient], key: str, role: KeyRole, name: str, today: date
) -> tuple[Recipient, ...]:
    """Return the recipients with one more.

    Raises:
        BadInput: when it is no public key, or it is among them, or its name says more than a name.
    """
    need_key(key)
    need_name(name)
    if key in {each.key for each in recipients}:
        raise BadInput("originals are encrypted to this key already", where="public key", remedy="Nothing is to do.")
    return (*recipients, Recipient(key, role, name, today))


def remove_recipient(
    recipients: Sequence[Recipient], named: str, *, replaced: bool = False
) -> tuple[tuple[Recipient, ...], Recipient]:
    """Return the recipients without one, and that one.

    Args:
        named: its key, the beginning of its key, or its name.
        replaced: another one takes its place at once.

    Raises:
        UnknownName: when none or several are named so.
        Refused: when it is the last one for restores.
    """
    found = [each for each in recipients if each.name == named or each.key == named]
    found = found or [each for each in recipients if len(named) > len("age1") and each.key.startswith(named)]
    if len(found) != 1:
        raise UnknownName(
            f"{'no key is' if not found else 'several keys are'} named {named!r}",
            where="recipients",
            remedy="`proviso backup keys show` lists them; name the public key.",
        )
    left = tuple(each for each in recipients if each != found[0])
    if not replaced and not any(each.role is KeyRole.RESTORE for each in left):
        raise Refused(
            "it is the last key for restores: nobody could read what is backed up from now on",
            where=found[0].name or found[0].key,
            remedy="Add another one with --role restore first, or use `proviso backup keys rotate`.",
        )
    return left, found[0]


def need_name(name: str) -> None:
    """Return nothing for what can be the name of a key.

    Raises:
        BadInput: when it cannot.
    """
    if not re.fullmatch(r"[^\x00-\x1f\x7f]{0,80}", name):
        raise BadInput("this is no name", where="--name", remedy="Write at most 80 characters on one line.")


def need_key(text: str) -> str:
    """Return a public key.

    Raises:
        BadInput: when it is none; an identity that was given in its place is not repeated.
    """
    if not _is_key(text):
        raise BadInput(
            "this is no public age key",
            where="public key",
            remedy="It begins with `age1`; an identity file says it in a comment, and `age-keygen -y` prints it.",
        )
    return text


def _parse(text: str, path: Path) -> Iterator[Recipient]:
    comment: re.Match[str] | None = None
    for number, line in enumerate((each.strip() for each in text.splitlines()), 1):
        if not line or line.startswith("#"):
            comment = _COMMENT.fullmatch(line)
            continue
        if not _is_key(line):
            raise _no_key(path, number)
        yield _recipient(line, comment)
        comment = None


def _recipient(key: str, comment: re.Match[str] | None) -> Recipient:
    if comment is None:
        return Recipient(key)
    try:
        since = date.fromisoformat(comment[3]) if comment[3] else None
    except ValueError:
        since = None
    return Recipient(key, KeyRole(comment[1]), comment[2], since)


def _is_key(text: str) -> bool:
    import pyrage
    from pyrage.x25519 import Recipient as Key

    try:
        Key.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


def _no_key(path: Path, number: int) -> UnreadableProject:
    return UnreadableProject(
        f"line {number} is no public age key",
        where=str(path),
        remedy="Write one `age1…` key a line, or a `#` comment.",
    )


def _comment(recipient: Recipient) -> str:
    since = f", since {recipient.since.isoformat()}" if recipient.since else ""
    return f"# {recipient.role}: {recipient.name}{since}"
