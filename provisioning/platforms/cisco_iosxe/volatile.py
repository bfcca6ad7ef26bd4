"""What IOS-XE writes into a configuration by itself: when it was saved, not what it says.

Source of the comments: what `show running-config` of IOS-XE 17 begins with (Configuration Fundamentals Command
Reference, `show running-config`). `ntp clock-period` was written by IOS until 15.
"""

import re

_VOLATILE = re.compile(
    r"^(?:! (?:Last configuration change at|NVRAM config last updated at|No configuration change since last restart)"
    r"|Building configuration\.\.\.|Current configuration : \d+ bytes|ntp clock-period \d+).*\n",
    re.MULTILINE,
)


def without_volatile(_name: str, text: str) -> str:
    """Return a document's text, given its name and text, without the lines that change though nothing was changed."""
    return _VOLATILE.sub("", text)
