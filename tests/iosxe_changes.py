"""The circle of a change, on text: there, back, and nothing to do a second time."""

from collections.abc import Mapping

from ios_applier import ConfigurationMode

from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG, SNMP_USERS, canonical
from provisioning.platforms.cisco_iosxe.differ import Remediation, remediate

Documents = Mapping[str, str]


def applied(documents: Documents, commands: tuple[str, ...]) -> dict[str, str]:
    """The documents after commands, as the device shows them: users without keys, apart from the configuration."""
    mode = ConfigurationMode(documents[RUNNING_CONFIG] + "\n" + documents.get(SNMP_USERS, ""))
    mode.apply(commands)
    lines = mode.text().split("\n")
    users = [each for each in lines if each.startswith("snmp-server user ")]
    return {
        RUNNING_CONFIG: "\n".join(each for each in lines if each not in users),
        SNMP_USERS: canonical(SNMP_USERS, "\n".join(users)),
    }


def canonicals(documents: Documents) -> dict[str, str]:
    return {name: canonical(name, documents.get(name, "")) for name in (RUNNING_CONFIG, SNMP_USERS)}


def prove_circle(running: Documents, wanted: Documents) -> Remediation:
    """Hold a change to what it must do."""
    change = remediate(running, wanted)
    there = applied(running, change.commands)
    assert canonicals(there) == canonicals(wanted)
    assert remediate(there, wanted).commands == ()
    back = applied(wanted, change.rollback)
    assert canonicals(back) == canonicals(running)
    return change
