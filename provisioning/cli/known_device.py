"""What the store knows of a router: where its line is managed, and its host key."""

from dataclasses import dataclass

from provisioning.cli import surroundings


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A router as the store knows it.

    Attributes:
        management: address of the line that it serves; None when it serves none.
        host_key: `type key` as recorded at bootstrap.
        line: that it serves.
        platform: as the line's order says; None when it serves none.
    """

    management: str | None = None
    host_key: str | None = None
    line: str | None = None
    platform: str | None = None


def look_up(serial: str) -> KnownDevice:
    """Return what the store knows of a router."""
    from provisioning.store import assignments, host_keys, lines

    with surroundings.surroundings().store.read() as connection:
        line = lines.line_using(connection, "cpe", serial)
        management = assignments.management_of(connection, line) if line else None
        key = host_keys.host_key_of(connection, serial)
        devices = lines.devices_of(connection, line) if line else []
    platform = next((each.platform for each in devices if each.serial == serial and each.kind == "cpe"), None)
    return KnownDevice(str(management) if management else None, key, line, platform)


def platform_at(address: str) -> str | None:
    """Return the platform of the router that a line has at a management address; None when no line has it."""
    from ipaddress import IPv4Address

    from provisioning.model.assignment import AssignmentState
    from provisioning.model.intent import Role
    from provisioning.store import assignments, lines

    try:
        number = int(IPv4Address(address))
    except ValueError:
        return None
    with surroundings.surroundings().store.read() as connection:
        for each in assignments.touching(connection, "ipv4", number, number):
            if each.role is Role.MANAGEMENT and each.state is AssignmentState.ASSIGNED:
                devices = lines.devices_of(connection, each.line)
                return next((one.platform for one in devices if one.kind == "cpe" and one.until is None), None)
    return None


def record_host_key(serial: str, host_key: str) -> None:
    """Record a router's host key."""
    from provisioning.store import host_keys

    around = surroundings.surroundings(create=True)
    with around.store.write() as connection:
        host_keys.record_host_key(connection, serial, host_key, around.clock.now())
