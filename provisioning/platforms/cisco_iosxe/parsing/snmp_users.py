"""The SNMPv3 users of a router, which no configuration shows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from provisioning.platforms.cisco_iosxe.parsing.tables import Row, rows, word
from provisioning.platforms.spans import lines_with

USERS = "show snmp user"

_GROUPS_BEGIN = "snmp-server group "
_GROUP = re.compile(rf"{_GROUPS_BEGIN}(\S+) v3 ")

# As every release shows a user, so that a night needs no parser for most of its routers.
_USUAL = re.compile(
    r"User name: (?P<USER_NAME>\S+) *\nEngine ID: \S+ *\nstorage-type: \S+\s+active(?:\s+access-list: \S+)? *\n"
    r"Authentication Protocol: (?P<AUTHENTICATION_PROTOCOL>\S+) *\nPrivacy Protocol: (?P<PRIVACY_PROTOCOL>\S+) *\n"
    r"Group-name: (?P<GROUP_NAME>\S+) *\n\s*"
)
_PRIVACY = {"DES": "des", "3DES": "3des", "AES128": "aes 128", "AES192": "aes 192", "AES256": "aes 256"}


@dataclass(frozen=True, slots=True)
class SnmpUser:
    """A user.

    Attributes:
        authentication: as a configuration says it, such as `sha`; empty for none.
        privacy: as a configuration says it, such as `aes 128`; empty for none.
    """

    name: str
    group: str
    authentication: str
    privacy: str

    @property
    def line(self) -> str:
        """The line that configures it, without its keys."""
        authentication = f" auth {self.authentication}" if self.authentication else ""
        privacy = f" priv {self.privacy}" if self.privacy else ""
        return f"snmp-server user {self.name} {self.group} v3{authentication}{privacy}"

    @property
    def removal(self) -> str:
        """The line that removes it."""
        return f"no snmp-server user {self.name} {self.group} v3"


def shown_users(text: str) -> tuple[SnmpUser, ...]:
    """Read what `USERS` answers.

    Raises:
        ValueError: when it has a line that is not known.
    """
    found = _usual(text)
    return tuple(sorted(map(_user, rows(USERS, text) if found is None else found), key=lambda user: user.name))


def _usual(text: str) -> list[Row] | None:
    """Return the rows of an answer in which everything is as usual; None where the template must look."""
    found: list[Row] = []
    at = len(text) - len(text.lstrip())
    while at < len(text):
        user = _USUAL.match(text, at)
        if user is None:
            return None
        found.append({**user.groupdict()})
        at = user.end()
    return found


def users_in_force(users: Iterable[SnmpUser], running: str) -> tuple[SnmpUser, ...]:
    """Return the users who may do something: those whose group is configured.

    A user is in no configuration, so nothing that goes back to an earlier one takes users along: those of a group
    that is not there any more have no rights, and are as good as gone.
    """
    lines = (_GROUP.match(running, start) for start, _ in lines_with((_GROUPS_BEGIN,), running))
    groups = {found[1] for found in lines if found}
    return tuple(each for each in users if each.group in groups)


def _user(row: Row) -> SnmpUser:
    authentication, privacy = word(row, "AUTHENTICATION_PROTOCOL"), word(row, "PRIVACY_PROTOCOL")
    return SnmpUser(
        name=word(row, "USER_NAME"),
        group=word(row, "GROUP_NAME"),
        authentication="" if authentication.lower() in ("", "none") else authentication.lower(),
        privacy=_PRIVACY.get(privacy.upper(), "" if privacy.lower() in ("", "none") else privacy.lower()),
    )
