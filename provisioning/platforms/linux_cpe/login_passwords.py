"""Takes the passwords of a router's own accounts out of its documents: they are not kept at all (facts: X-8)."""

import re

NOT_KEPT = "! login not kept"

# FRR's manual, "Terminal Mode Commands": the passwords of its daemons' own terminals.
_TERMINAL = re.compile(r"^[ \t]*(?:enable[ \t]+)?password[ \t]+\S.*$", re.MULTILINE | re.IGNORECASE)

# crypt(5): how shadow(5) and `chpasswd -e` write a password; `*` is one that nothing fits.
_HASHED = re.compile(r"\$(?:1|2[abxy]?|3|5|6|7|y|gy|sha1|md5)[$,][./A-Za-z0-9$,=+-]{8,}")


def without_login_passwords(name: str, text: str) -> str:
    """Return a document's text without the passwords of accounts.

    Args:
        name: of the document.
        text: as it stands on the router.
    """
    if name == "frr.conf" and "assword" in text:
        text = _TERMINAL.sub(NOT_KEPT, text)
    if "$" in text:
        text = _HASHED.sub("*", text)
    return text
