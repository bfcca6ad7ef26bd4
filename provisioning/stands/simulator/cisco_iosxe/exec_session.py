"""Commands of the session: privilege, the terminal, ending it, starting the router again.

Cisco IOS Configuration Fundamentals Command Reference, under their names.
"""

from provisioning.stands.simulator.cisco_iosxe.archive import clock
from provisioning.stands.simulator.cisco_iosxe.exec_files import SAVED
from provisioning.stands.simulator.cisco_iosxe.session import (
    DEFAULT_LENGTH,
    DEFAULT_WIDTH,
    Call,
    LoggedOut,
    Reloaded,
)

MODIFIED = "\nSystem configuration has been modified. Save? [yes/no]: "


async def enable(call: Call) -> str:
    """`enable [LEVEL]`: who is at that level or above it already stays; nobody has set a password for more."""
    wanted = int(call.values.get("level", "15"))
    if wanted <= call.session.privilege:
        call.session.privilege = wanted
        return ""
    return "% No password set\n"


def disable(call: Call) -> str:
    """`disable [LEVEL]`."""
    call.session.privilege = int(call.values.get("level", "1"))
    return ""


def leave(_call: Call) -> str:
    """`exit`, `logout`, `quit`."""
    raise LoggedOut


def length(call: Call) -> str:
    """`terminal length N`."""
    call.session.length = int(call.values.get("lines", DEFAULT_LENGTH))
    return ""


def width(call: Call) -> str:
    """`terminal width N`."""
    call.session.width = int(call.values.get("columns", DEFAULT_WIDTH))
    return ""


def monitor(call: Call) -> str:
    """`terminal [no] monitor`."""
    call.session.monitor = "no" not in call.words
    return ""


def show_logging(call: Call) -> str:
    """`show logging`."""
    return call.device.log.shown()


async def clear_line(call: Call) -> str:
    """`clear line vty N`: ends the session on a terminal."""
    if call.session.terminal and (await call.ask("[confirm]")).strip().lower() not in ("", "y", "yes"):
        return ""
    for each in [one for one in call.device.sessions if one.line == int(call.values["line"])]:
        each.hang_up()
    return " [OK]\n"


def nothing(_call: Call) -> str:
    """A command that changes nothing here."""
    return ""


def show_privilege(call: Call) -> str:
    """`show privilege`."""
    return f"Current privilege level is {call.session.privilege}\n"


def show_clock(call: Call) -> str:
    """`show clock`: with an asterisk as long as no server of time was asked."""
    now = call.device.now()
    mark = "" if "ntp server" in call.device.text else "*"
    return f"{mark}{now:%H:%M:%S}.{now.microsecond // 1000:03} UTC {clock(now).split(' ', 2)[2]}\n"


def show_users(call: Call) -> str:
    """`show users`."""
    rows = ["    Line       User       Host(s)              Idle       Location"]
    for each in call.device.sessions:
        mark = "*" if each is call.session else " "
        idle = f"{'idle':<20} 00:00:00   {each.origin}"
        rows.append(f"{mark}{each.line + 2:>3} vty {each.line:<5} {each.user:<10} {idle}")
    return "\n".join([*rows, "", "  Interface    User               Mode         Idle     Peer Address", "", ""])


async def reload(call: Call) -> str:
    """`reload`: asks whether to save what was not, and whether it is meant."""
    if call.session.terminal:
        if not call.device.is_saved and await _wants_to_save(call):
            call.device.save(call.session.user)
        if (await call.ask("Proceed with reload? [confirm]")).strip().lower() not in ("", "y", "yes"):
            return ""
    raise Reloaded


async def _wants_to_save(call: Call) -> bool:
    while True:
        answer = (await call.ask(MODIFIED)).strip().lower()
        if answer in ("y", "yes"):
            return bool(SAVED)
        if answer in ("n", "no"):
            return False


ROWS = (
    ("enable [{level:0-15}]", enable, 1),
    ("disable [{level:0-15}]", disable, 1),
    ("(exit|logout|quit)", leave, 1),
    ("terminal length {lines:0-512}", length, 1),
    ("terminal no length", length, 1),
    ("terminal width {columns:0-512}", width, 1),
    ("terminal no width", width, 1),
    ("terminal [no] monitor", monitor, 15),
    ("terminal exec prompt timestamp", nothing, 1),
    ("terminal no exec prompt timestamp", nothing, 1),
    ("show logging", show_logging, 15),
    ("show privilege", show_privilege, 1),
    ("show clock [detail]", show_clock, 1),
    ("show users [all]", show_users, 1),
    ("clear line vty {line:0-15}", clear_line, 15),
    ("reload", reload, 15),
)
