"""The documents in what a router with IOS-XE shows of itself."""

from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG, SNMP_USERS
from provisioning.platforms.cisco_iosxe.parsing.snmp_users import SnmpUser, users_in_force


def fetched_documents(running: str, users: tuple[SnmpUser, ...]) -> dict[str, str]:
    """Return documents by name.

    Args:
        running: the configuration, as `shown_running` returns it.
        users: of SNMP, whether in force or not.
    """
    lines = "".join(f"{each.line}\n" for each in users_in_force(users, running))
    return {RUNNING_CONFIG: running, SNMP_USERS: lines}
