"""What customers and devices wrote, with nothing in it that could hide or turn around other text."""

import re

# Control characters but the newline, and the invisible ones that turn the direction of text around (Unicode TR 36).
_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def visible(text: object) -> str:
    """Return text whose invisible characters are written out as their numbers; newlines stay.

    Markup is no concern here: the template escapes it.
    """
    return _INVISIBLE.sub(lambda match: f"\\u{ord(match[0]):04x}", str(text).replace("\r\n", "\n"))


def one_line(text: object) -> str:
    """Return the same with newlines written out too, for what belongs on one line."""
    return visible(text).replace("\n", "\\u000a")
