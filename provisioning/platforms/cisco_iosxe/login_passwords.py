"""Takes the passwords of a router's own accounts out of its configuration: they are not kept at all (facts: X-8).

A comment stands where the command stood. To leave the command without its password could open the router to whoever
restores it: `username NAME` alone makes an account.
"""

import re

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
            parts += [text[end:start], _remark(found)]
            end = stop
    return "".join([*parts, text[end:]]) if parts else text


def _remark(found: re.Match[str]) -> str:
    groups = found.groupdict()
    said = groups.get("said") or groups.get("enable")
    return f"{found['indent']}! {said}: {NOT_KEPT}" if said else f"{found['indent']}! {NOT_KEPT}"
