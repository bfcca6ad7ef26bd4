"""From what is in force on a router to what is wanted, and back: the commands of configuration mode, in a safe order.

New objects are made first, then commands that name old ones are made to name new ones, then old objects are removed,
those that name others before those that they name. What is added in a section comes before what is taken out of it,
unless the two cannot stand together.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from provisioning.platforms.cisco_iosxe.canonical import (
    RUNNING_CONFIG,
    SNMP_USERS,
    sections,
    user_lines,
    without_keys,
)
from provisioning.platforms.cisco_iosxe.commands import written
from provisioning.platforms.cisco_iosxe.redaction import mask
from provisioning.platforms.cisco_iosxe.section import Section
from provisioning.platforms.cisco_iosxe.steps import in_order


@dataclass(frozen=True, slots=True)
class Remediation:
    """The way there, and the way back.

    Attributes:
        commands: lines of configuration mode, indented, secrets included; empty when there is nothing to do.
        rollback: likewise.
        lost: what the way back cannot bring back, because the router does not tell it: keys of SNMP users that go.
    """

    commands: tuple[str, ...]
    rollback: tuple[str, ...]
    lost: tuple[str, ...] = ()

    def __repr__(self) -> str:
        # Nornir logs what tasks are given.
        return f"Remediation({len(self.commands)} commands, {len(self.rollback)} back)"


def remediate(running: Mapping[str, str], wanted: Mapping[str, str]) -> Remediation:
    """Return the commands from what is in force to what is wanted, and back.

    Args:
        running: documents by name, as they were fetched.
        wanted: documents by name, as they are rendered.
    """
    before, after = _State.of(running), _State.of(wanted)
    lost = tuple(each for each in before.users if each not in after.users and not before.knows_keys(each))
    return Remediation(_way(before, after), _way(after, before), lost)


def mask_commands(lines: Iterable[str]) -> tuple[str, ...]:
    """Return commands as people may see them."""
    return tuple(mask(RUNNING_CONFIG, "\n".join(lines)).split("\n"))


@dataclass(frozen=True, slots=True)
class _State:
    """One of the two states.

    Attributes:
        users: SNMP users' commands by their form without keys.
    """

    sections: tuple[Section, ...]
    users: dict[str, str]

    @classmethod
    def of(cls, documents: Mapping[str, str]) -> "_State":
        users = user_lines(documents.get(SNMP_USERS, ""))
        return cls(sections(documents.get(RUNNING_CONFIG, "")), {without_keys(each): each for each in users})

    def knows_keys(self, user: str) -> bool:
        """Return whether a user can be made from what is known here."""
        return " auth " not in user or self.users[user] != user


def _way(before: _State, after: _State) -> tuple[str, ...]:
    from provisioning.platforms.cisco_iosxe.comparison import steps  # hier_config is for those who plan

    users = [each for each in after.users if each in before.users or after.knows_keys(each)]
    found = steps(
        (*before.sections, *(Section(each) for each in before.users)),
        (*after.sections, *(Section(each) for each in users)),
    )
    with_keys = (replace(each, lines=tuple(after.users.get(line, line) for line in each.lines)) for each in found)
    return tuple(_lines(written(in_order(with_keys))))


def _lines(texts: Iterable[str]) -> Iterator[str]:
    for each in texts:
        yield from each.split("\n")
