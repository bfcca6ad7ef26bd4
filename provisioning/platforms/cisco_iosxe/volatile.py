"""What IOS-XE writes into a configuration by itself: when it was saved, not what it says.

Source of the comments: what `show running-config` of IOS-XE 17 begins with (Configuration Fundamentals Command
Reference, `show running-config`). `ntp clock-period` was written by IOS until 15.
"""

import re

from provisioning.platforms.spans import lines_with

_HINTS = (
    *(
        "! Last configuration change at",
        "! NVRAM config last updated at",
        "! No configuration change since last restart",
    ),
    *("Building configuration...", "Current configuration : ", "ntp clock-period "),
)
"""Of which each such line holds one."""

_VOLATILE = re.compile(
    r"(?:! (?:Last configuration change at|NVRAM config last updated at|No configuration change since last restart)"
    r"|Building configuration\.\.\.|Current configuration : \d+ bytes|ntp clock-period \d+).*\n"
)


def without_volatile(_name: str, text: str) -> str:
    """Return a document's text, given its name and text, without the lines that change though nothing was changed."""
    parts, end = [], 0
    for start, _ in lines_with(_HINTS, text):
        if found := _VOLATILE.match(text, start):
            parts.append(text[end:start])
            end = found.end()
    return "".join([*parts, text[end:]]) if parts else text
