"""Schedules as systemd has them: a service and a timer (systemd.service(5), systemd.timer(5), systemd.exec(5))."""

from provisioning.schedules.schedule import Daily, Schedule

MARKER = "# Written by `proviso`, job"
"""How a unit begins that is ours: `install` and `remove` touch no other."""

_HARDENED = (
    ("UMask", "0077"),
    ("NoNewPrivileges", "yes"),
    ("LockPersonality", "yes"),
    ("RestrictRealtime", "yes"),
    ("RestrictSUIDSGID", "yes"),
    ("SystemCallArchitectures", "native"),
)
_HARDENED_AS_SYSTEM = (
    ("CapabilityBoundingSet", ""),
    ("PrivateTmp", "yes"),
    ("ProtectSystem", "strict"),
    ("ProtectClock", "yes"),
    ("ProtectControlGroups", "yes"),
    ("ProtectHostname", "yes"),
    ("ProtectKernelLogs", "yes"),
    ("ProtectKernelModules", "yes"),
    ("ProtectKernelTunables", "yes"),
    ("RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6 AF_NETLINK"),
    ("RestrictNamespaces", "yes"),
)
"""Not for users' units: they take namespaces, and where a kernel gives users none the unit would fail."""


def marker(schedule: Schedule) -> str:
    """Return the first line of the units of a schedule."""
    return f"{MARKER} {schedule.name}; `{schedule.managed_by} remove` takes it away."


def service_unit(schedule: Schedule, *, user: str | None) -> str:
    """Return the service.

    Args:
        user: whose account it runs under, for a unit of the system; None for a unit of a user's own.
    """
    hardened = list(_HARDENED)
    if user is not None:
        hardened = [("User", _text(user)), *hardened, *_HARDENED_AS_SYSTEM]
        # A folder that is not there yet is no reason to do nothing at all.
        hardened.append(("ReadWritePaths", " ".join(_quoted(f"-{each}") for each in schedule.writes)))
    return _unit(
        schedule,
        {
            "Unit": [
                ("Description", _text(schedule.description)),
                *(
                    (("Wants", "network-online.target"), ("After", "network-online.target"))
                    if user is not None
                    else ()
                ),
            ],
            "Service": [
                ("Type", "oneshot"),
                ("EnvironmentFile", f"-{_text(str(schedule.environment_file))}"),
                ("ExecStart", " ".join(_argument(each) for each in schedule.command)),
                *hardened,
            ],
        },
    )


def timer_unit(schedule: Schedule) -> str:
    """Return the timer; it never starts the service while that is still at work."""
    when: list[tuple[str, str]]
    match schedule.when:
        case Daily(hour, minute, spread):
            # `Persistent` makes up for a time at which the machine was off.
            when = [("OnCalendar", f"*-*-* {hour:02}:{minute:02}:00"), ("Persistent", "yes")]
            if spread:
                when.append(("RandomizedDelaySec", str(spread)))
        case every:
            # systemd's own accuracy is a minute, which would make two of one.
            when = [("OnBootSec", "15"), ("OnUnitInactiveSec", f"{every.minutes}min"), ("AccuracySec", "1")]
    return _unit(
        schedule,
        {
            "Unit": [("Description", f"{_text(schedule.description)}: when")],
            "Timer": when,
            "Install": [("WantedBy", "timers.target")],
        },
    )


def _unit(schedule: Schedule, sections: dict[str, list[tuple[str, str]]]) -> str:
    blocks = (
        "\n".join((f"[{name}]", *(f"{key}={value}" for key, value in lines), "")) for name, lines in sections.items()
    )
    return f"{marker(schedule)}\n" + "\n".join(blocks)


def _text(text: str) -> str:
    """Return text in which no specifier is expanded (systemd.unit(5), "SPECIFIERS")."""
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    """Return a word as systemd.syntax(7) quotes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_text(escaped)}"'


def _argument(text: str) -> str:
    """Return an argument of a command, in which no variable is expanded (systemd.service(5), "COMMAND LINES")."""
    return _quoted(text.replace("$", "$$"))
