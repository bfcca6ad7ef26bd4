"""What shows that a document of a Linux router is not whole, or is no document at all.

Its documents have no common end marker. Each is a text file and ends its last line; what was cut in the middle of a
line does not. Two say more: an nftables file closes every brace, and FRR ends what it writes with `end`, and each of
its sections before that. What was cut exactly between two lines elsewhere is found by what is missing, or by its
size.
"""

import re
from collections.abc import Iterator

from provisioning.platforms.backup_contents import Flaw

# What shells, tools and our helper say in place of a file (strerror(3), dash(1), busybox).
_SAID = re.compile(
    r"^(?:[-\w./]+: ){1,4}(?:.*: )?(?:no such file or directory|not found|command not found|permission denied"
    r"|input/output error|is a directory|read-only file system|operation not permitted|stale file handle"
    r"|no space left on device|connection (?:refused|reset by peer|closed)|cannot open .*|applet not found)[ \t\r]*$",
    re.MULTILINE | re.IGNORECASE,
)
_HINTS = (
    *("o such file", "not found", "ermission denied", "utput error", "s a directory", "ead-only file system"),
    *("not permitted", "tale file handle", "o space left", "onnection re", "onnection closed", "annot open"),
)

ENDS = 400
"""Characters at the beginning and at the end of a document among which an error message is looked for."""

_STRING_OR_COMMENT = re.compile(r'"[^"\n]*"|#[^\n]*')


def flaws(name: str, text: str) -> Iterator[Flaw]:
    """Yield what shows that a document is not whole.

    Args:
        name: of the document.
        text: as it stands on the router, not empty.
    """
    if not text.strip():
        return
    if _says_error(text[:ENDS]) or (len(text) > ENDS and _says_error(text[-ENDS:])):
        yield Flaw("error-text", name, "an error message stands in its place")
    if "\0" in text:
        yield Flaw("truncated", name, "it has NUL bytes, as a file has that was being written when the power went")
    if not text.endswith("\n"):
        yield Flaw("truncated", name, "its last line does not end")
    elif name == "nftables.conf" and not _closed(text):
        yield Flaw("no-end", name, "it does not close every brace")
    elif name == "frr.conf" and not _ended(text):
        yield Flaw("no-end", name, "it does not close with `end`")


def _says_error(text: str) -> bool:
    return any(hint in text for hint in _HINTS) and _SAID.search(text) is not None


def _closed(text: str) -> bool:
    if 0 < text.count("{") == text.count("}") and "#" not in text[1:] and '"' not in text:
        return True
    bare = _STRING_OR_COMMENT.sub("", text)
    return 0 < bare.count("{") == bare.count("}")


def _ended(text: str) -> bool:
    last = text.rstrip("\n").rpartition("\n")[2]
    if last == "end":
        return True
    # Some releases of FRR write no `end`; `exit` or a comment closes their last section. We write one always.
    return last in ("!", "exit") and "Written by Proviso" not in text.partition("\n")[0]
