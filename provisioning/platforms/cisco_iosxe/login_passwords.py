"""Takes the passwords of a router's own accounts out of its configuration: they are not kept at all (facts: X-8).

A comment stands where the command stood. To leave the command without its password could open the router to whoever
restores it: `username NAME` alone makes an account.
"""

import re
from collections.abc import Iterator, Mapping

from provisioning.platforms.spans import folded, lines_with, section_of

NOT_KEPT = "login not kept"
"""Without a word for a secret, of which masking would take what follows for one."""

# Cisco IOS Security Command Reference: `username`, `enable`, `password (line configuration)`, `secret (CLI view)`;
# Catalyst 9800 Command Reference: `mgmtuser`, of an access point's own account.
_OF_ACCOUNT = re.compile(
    r"(?P<indent>[ \t]*)(?:(?P<said>(?:(?:ap[ \t]+)?mgmtuser[ \t]+)?username[ \t]+\S+)(?:[ \t].*?)?"
    r"|(?P<enable>enable)(?:[ \t]+algorithm-type[ \t]+\S+)?)[ \t]+(?:password|secret)[ \t]+\S.*",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"(?P<indent>[ \t]+)(?:password|secret)[ \t]+\S.*", re.IGNORECASE)
_WITHIN_WHAT = ("line ", "parser view ", "user-name ")

_HINTS = ("password", "secret")


def without_login_passwords(name: str, text: str) -> str:
    """Return a document's text without the passwords of accounts, of lines, and of `enable`.

    Args:
        name: of the document; commands are alike in all of them.
        text: as it stands on the router.
    """
    parts, end = [], 0
    for start, stop, found in _logins(text):
        parts += [text[end:start], _remark(found)]
        end = stop
    return "".join([*parts, text[end:]]) if parts else text


def with_login_passwords(wanted: Mapping[str, str], running: Mapping[str, str]) -> Mapping[str, str]:
    """Return documents with the passwords of accounts as they stand on the router: nobody else knows them.

    Args:
        wanted: documents without such passwords, by name.
        running: those of the router.
    """
    return {name: _with(text, running.get(name, "")) for name, text in wanted.items()}


def _with(wanted: str, running: str) -> str:
    logins = [(_header(running, start), running[start:stop]) for start, stop, _ in _logins(running)]
    if not logins:
        return wanted
    lines = wanted.split("\n")
    for header, command in reversed(logins):
        if header and header not in lines:
            # Where its section is to go, what nobody else knows of it stays.
            lines[_end(lines) : _end(lines)] = [header, command]
        elif header:
            lines.insert(lines.index(header) + 1, command)
        else:
            lines.insert(_end(lines), command)
    return "\n".join(lines)


def _end(lines: list[str]) -> int:
    """Return where the last command of a configuration ends: before its `end`."""
    return len(lines) - 1 - lines[::-1].index("end") if "end" in lines else len(lines)


def _header(text: str, at: int) -> str:
    """Return the line of the section in which a line stands, as it is written; empty for one that stands in none."""
    if text[at : at + 1] not in (" ", "\t"):
        return ""
    section = section_of(text, at)
    return next((each for each in reversed(text[:at].split("\n")) if each.lower() == section), "")


def _logins(text: str) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Yield where the commands with such passwords begin and end, in order, and how they were read."""
    for start, stop in lines_with(_HINTS, folded(text)):
        line = text[start:stop]
        found = _OF_ACCOUNT.fullmatch(line)
        if (
            found is None
            and (found := _WITHIN.fullmatch(line))
            and not section_of(text, start).startswith(_WITHIN_WHAT)
        ):
            found = None
        if found is not None:
            yield start, stop, found


def _remark(found: re.Match[str]) -> str:
    groups = found.groupdict()
    said = groups.get("said") or groups.get("enable")
    return f"{found['indent']}! {said}: {NOT_KEPT}" if said else f"{found['indent']}! {NOT_KEPT}"
