"""Takes the passwords of a router's own accounts out of its documents: they are not kept at all (facts: X-8)."""

import re
from collections.abc import Mapping

NOT_KEPT = "! login not kept"

# FRR's manual, "Terminal Mode Commands": the passwords of its daemons' own terminals.
_TERMINAL = re.compile(r"^[ \t]*(?:enable[ \t]+)?password[ \t]+\S.*$", re.MULTILINE | re.IGNORECASE)

# crypt(5): how shadow(5) and `chpasswd -e` write a password; `*` is one that nothing fits.
HASHED = re.compile(r"\$(?:1|2[abxy]?|3|5|6|7|y|gy|sha1|md5)[$,][./A-Za-z0-9$,=+-]{8,}")


def without_login_passwords(name: str, text: str) -> str:
    """Return a document's text without the passwords of accounts.

    Args:
        name: of the document.
        text: as it stands on the router.
    """
    if name == "frr.conf" and "assword" in text:
        text = _TERMINAL.sub(NOT_KEPT, text)
    if "$" in text:
        text = HASHED.sub("*", text)
    return text


def with_login_passwords(wanted: Mapping[str, str], running: Mapping[str, str]) -> Mapping[str, str]:
    """Return documents with the passwords of accounts as they stand on the router: nobody else knows them.

    Args:
        wanted: documents without such passwords, by name.
        running: those of the router.
    """
    return {name: _with(name, text, running.get(name, "")) for name, text in wanted.items()}


def _with(name: str, wanted: str, running: str) -> str:
    stripped = without_login_passwords(name, running)
    if stripped == running:
        return wanted
    # Where a line stood without its password, the lines of both sides are the same in number and order.
    said = [(one, two) for one, two in zip(stripped.split("\n"), running.split("\n"), strict=True) if one != two]
    lines = []
    for line in wanted.split("\n"):
        found = next((each for each in said if each[0] == line), None)
        if found is not None:
            said.remove(found)
        lines.append(found[1] if found is not None else line)
    # FRR takes the passwords of its terminals anywhere; any other line without its place is not there any more.
    left = [two for one, two in said if one == NOT_KEPT]
    return "\n".join((*left, *lines))
