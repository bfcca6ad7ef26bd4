"""A configuration as the router shows it, without what it says about it."""

import re

from provisioning.platforms.cisco_iosxe.parsing.complaints import refusal

RUNNING = "show running-config"
STARTUP = "show startup-config"

PLAUSIBLE = 0.9
"""Of the length that the router announces: it counts what it keeps, which differs a little from what it shows."""

_ANNOUNCED = re.compile(r"^Current configuration : (\d+) bytes$", re.MULTILINE)
_USED = re.compile(r"^Using \d+ out of \d+ bytes(?:, uncompressed size = \d+ bytes)?$", re.MULTILINE)
_NONE = re.compile(r"startup-config is not present", re.IGNORECASE)


def shown_running(text: str) -> str:
    """Return the configuration in what `show running-config` answers, up to and with its closing `end`.

    Raises:
        ValueError: when it is not whole, or none.
    """
    found = _ANNOUNCED.search(text)
    if found is None:
        raise ValueError(_without_length(text, RUNNING))
    body = _whole(text[found.end() :], RUNNING)
    if len(body if body.isascii() else body.encode()) < PLAUSIBLE * int(found[1]):
        raise ValueError(f"the answer to `{RUNNING}` is {len(body)} characters of {found[1]}")
    return body


def shown_startup(text: str) -> str:
    """Return the configuration in what `show startup-config` answers; empty when there is none.

    Raises:
        ValueError: when it is not whole, or none.
    """
    if _NONE.search(text):
        return ""
    found = _USED.search(text)
    if found is None:
        raise ValueError(_without_length(text, STARTUP))
    return _whole(text[found.end() :], STARTUP)


def without_remarks(text: str) -> str:
    """Return a configuration without its lines that begin with `!`, which tell who changed it when."""
    return "".join(f"{line}\n" for line in text.splitlines() if not line.startswith("!"))


def _without_length(text: str, command: str) -> str:
    """Return what is wrong with an answer that does not announce itself."""
    said = refusal(text)
    return f"it refuses `{command}`: {said}" if said else f"the answer to `{command}` does not begin with its length"


def _whole(text: str, command: str) -> str:
    body = text.strip("\n") + "\n"
    # A search for the last line would try each of them.
    if body.rstrip().rpartition("\n")[2] != "end":
        raise ValueError(f"the answer to `{command}` does not end with `end`")
    return body
