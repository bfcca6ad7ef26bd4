"""`configure replace`: the configuration becomes another one, in up to five passes, or stays as it was.

Source: Cisco IOS-XE 17 Configuration Replace and Configuration Rollback: "a maximum of five passes"; the words are
those of its examples.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from provisioning.stands.simulator.cisco_iosxe.configuration.difference import additions, removals, same
from provisioning.stands.simulator.cisco_iosxe.configuration.session import Session

if TYPE_CHECKING:
    from provisioning.stands.simulator.cisco_iosxe.configuration.configuration import Configuration

PASSES: Final = 5


@dataclass(frozen=True, slots=True)
class Replacement:
    """What came of a `configure replace`.

    Attributes:
        done: whether the configuration is the other one now; when not, it is what it was.
        passes: how many there were.
        commands: lines of the first pass: what `configure replace … list` prints.
        failed: lines that were refused in the last pass, or lines of the file that are no commands.
        said: what the device prints.
    """

    done: bool
    passes: int
    commands: tuple[str, ...]
    failed: tuple[str, ...]
    said: tuple[str, ...]


def replace(configuration: "Configuration", text: str) -> Replacement:
    """Make a configuration another one.

    Args:
        configuration: that changes; it does not when something fails.
        text: the other one.
    """
    target = type(configuration)(configuration.hardware)
    unread = target.load(text)
    if unread:
        return _aborted(0, (), tuple(unread))
    candidate = configuration.copy()
    first: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    for number in range(1, PASSES + 1):
        commands = (*removals(candidate.root, target.root), *additions(candidate.root, target.root))
        first = first or commands
        failed = _enter(candidate, commands)
        if same(candidate.root, target.root):
            configuration.root = candidate.root
            return Replacement(True, number, first, (), (f"Total number of passes: {number}", "Rollback Done"))
    return _aborted(
        PASSES, first, failed or (*removals(candidate.root, target.root), *additions(candidate.root, target.root))
    )


def _enter(configuration: "Configuration", commands: tuple[str, ...]) -> tuple[str, ...]:
    session = Session(interactive=False)
    failed = []
    for line in commands:
        if not line.startswith(" ") and session.collecting is None:
            session = Session(interactive=False)
        if configuration.feed(line, session) and session.collecting is None:
            failed.append(line)
    return tuple(failed)


def _aborted(passes: int, commands: tuple[str, ...], failed: tuple[str, ...]) -> Replacement:
    said = (
        "The rollback configlet from the last pass is listed below:",
        "********",
        "!List of Rollback Commands:",
        *failed,
        "end",
        "********",
        "",
        f"Rollback aborted after {PASSES} passes",
        "The following commands are failed to apply to the IOS image.",
        "********",
        *failed,
        "********",
    )
    return Replacement(False, passes, commands, failed, said)
