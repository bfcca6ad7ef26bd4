"""What a router with IOS-XE needs before Proviso can change it: the archive, the SCP server, no questions about files.

The account and the operator's public key are on it already, or nobody would have come so far; they are saved with the
rest. A second time there is nothing to do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from provisioning.devices.bootstrap import Bootstrapped, require_serial
from provisioning.devices.iosxe_connection import FILE_SYSTEM, IosxeDriver
from provisioning.devices.iosxe_files import CANDIDATE
from provisioning.devices.iosxe_look import Look, ask, look
from provisioning.devices.iosxe_merge import remove_files
from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG
from provisioning.platforms.cisco_iosxe.names import ARCHIVE
from provisioning.platforms.cisco_iosxe.parsing.facts import VERSION, shown_version

ALREADY: Final = "its archive, SCP server and account are there, and saved"


@dataclass(frozen=True, slots=True)
class Needed:
    """Something that a router must have.

    Attributes:
        pattern: of the lines that show it in the configuration.
        lines: what makes it so, in configuration mode.
        done: what was done then, for people.
        reason: why it is needed.
    """

    pattern: str
    lines: tuple[str, ...]
    done: str
    reason: str


NEEDED: Final = (
    Needed(
        r"^archive\n(?: .*\n)*? path \S+",
        ("archive", f"path {ARCHIVE}", "maximum 5"),
        "archive of configurations switched on",
        "without an archive there is no timer (System Management Configuration Guide, Rollback Confirmed Change)",
    ),
    Needed(
        r"^ip scp server enable$",
        ("ip scp server enable",),
        "SCP server switched on",
        "changes come as a file (Secure Shell Configuration Guide, Secure Copy)",
    ),
    Needed(
        r"^file prompt quiet$",
        ("file prompt quiet",),
        "questions about files switched off",
        "nobody is there to answer them (Configuration Fundamentals Command Reference, `file prompt`)",
    ),
)


def bootstrap(router: IosxeDriver, *, serial: str | None, host_key: str) -> Bootstrapped:
    """Make a router ready, unless a change waits there to be confirmed: it was ready for that, then.

    Args:
        router: a session on it, in privileged mode.
        serial: that was ordered; None to take whichever it is.
        host_key: by which it was reached.

    Raises:
        AnswerNotUnderstood: when an answer was cut.
        DeviceRefused: when it is another router than the one that was ordered, or does not take or save a line.
        DeviceUnreachable: when the connection is lost.
    """
    found = ask(router, VERSION, shown_version).serial
    require_serial(found, serial, f"`{VERSION}`", "cisco_iosxe")
    standing = look(router)
    done = tuple(_make_ready(router, standing)) if standing.timer is None else ()
    return Bootstrapped(found, host_key, helper="", done=done, already=ALREADY)


def _make_ready(router: IosxeDriver, standing: Look) -> Iterator[str]:
    text = standing.running.documents[RUNNING_CONFIG]
    missing = [each for each in NEEDED if not re.search(each.pattern, text, re.MULTILINE)]
    for each in missing:
        router.device.configure(each.lines)
        yield each.done
    if standing.orphans:
        router.device.configure(tuple(each.removal for each in standing.orphans))
        yield "SNMP users without a group removed"
    if missing or standing.orphans or standing.unsaved:
        router.device.save_config()
        yield "configuration saved"
    if CANDIDATE in router.ask(f"dir {FILE_SYSTEM} | include {CANDIDATE}"):
        # Left behind by one who was killed: its secrets are nobody's to read.
        remove_files(router)
        yield "file of an earlier change removed"
