"""Commands of the archive, of replacing configurations, and of changes that must be confirmed.

Cisco IOS Configuration Fundamentals Command Reference: `archive config`, `configure replace`, `configure confirm`,
`configure revert`, `configure terminal`, `show archive` and what stands below it. What is said of commands that cannot
be applied is that of outputs in public repositories: libraries that automate networks look for it.
"""

from collections.abc import Sequence

from provisioning.stands.simulator.cisco_iosxe.archive import (
    NOT_ENABLED,
    NOTHING_PENDING,
    TURN_ON,
    TURN_ON_FOR_TRIGGER,
    Pending,
)
from provisioning.stands.simulator.cisco_iosxe.configuration import Session as Modes
from provisioning.stands.simulator.cisco_iosxe.diffs import differences, incremental
from provisioning.stands.simulator.cisco_iosxe.flash import FileError, Place, place_of
from provisioning.stands.simulator.cisco_iosxe.rollback import DONE
from provisioning.stands.simulator.cisco_iosxe.session import Call

ENTER = "Enter configuration commands, one per line.  End with CNTL/Z.\n"

SURE = (
    "This will apply all necessary additions and deletions\n"
    "to replace the current running configuration with the\n"
    "contents of the specified configuration file, which is\n"
    "assumed to be a complete configuration, not a partial\n"
    "configuration. Enter Y if you are sure you want to proceed. ? [no]: "
)

NOT_YOURS = "%Rollback Confirmed Change was started by another user: {user}\n"
"""The rule is the manual's (`configure revert`, usage guidelines); it does not tell the words."""

LOCKED = (
    "Configuration mode locked exclusively by user '{user}' process '{process}' from terminal '{line}'. "
    "Please try later.\n"
)
"""As in Exclusive Configuration Change Access and Access Session Locking (System Management Configuration Guide)."""

IS_LOCKED = (
    "Configuration mode locked exclusively. The lock will be cleared once you exit out of configuration mode using "
    "end/exit\n\n"
)

LOCK_PROCESS = 430
"""Number of the process of the first virtual terminal line."""

ALREADY = "%Rollback Confirmed Change already pending\n"


def _place(written: str) -> Place:
    place = place_of(written)
    if place is None:
        raise FileError(written, "Invalid argument")
    return place


def show_archive(call: Call) -> str:
    """`show archive`."""
    return call.device.archive.shown(call.device.archive_settings)


def show_differences(call: Call) -> str:
    """`show archive config differences [OLD [NEW]]`."""
    device = call.device
    old = _place(call.values.get("old", "nvram:startup-config" if "old" not in call.values else ""))
    new = _place(call.values.get("new", "running-config"))
    return differences(device.read(old), device.read(new))


def show_incremental(call: Call) -> str:
    """`show archive config incremental-diffs FILE`."""
    return incremental(call.device.text, call.device.read(_place(call.values["file"])))


def show_timer(call: Call) -> str:
    """`show archive config rollback timer`."""
    pending = call.device.rollback.pending
    return pending.shown if pending is not None else NOTHING_PENDING


def archive_now(call: Call) -> str:
    """`archive config`."""
    if call.device.archive_settings is None:
        return f"{NOT_ENABLED}% Error caught by command handler\n"
    call.device.to_archive()
    return ""


def configure(call: Call) -> str:
    """`configure terminal [lock | revert (timer N | idle N)]`."""
    device, begun = call.device, ""
    holder = device.lock
    if holder is not None and holder is not call.session:
        return LOCKED.format(user=holder.user, process=LOCK_PROCESS + holder.line, line=holder.line + 2)
    if "minutes" in call.values:
        if device.archive_settings is None:
            return TURN_ON
        if device.rollback.pending is not None:
            return ALREADY
        begun = start_timer(call)
    if device.locks(asked="lock" in call.words):
        device.lock = call.session
        begun += IS_LOCKED
    call.session.modes = Modes()
    return begun + ENTER


def start_timer(call: Call) -> str:
    """Start the timer that a command asks for; return what is said of it."""
    minutes, idle = int(call.values["minutes"]), "idle" in call.words
    backup = call.device.to_archive()
    call.device.rollback.start(call.session, backup, minutes, idle=idle)
    return f"Rollback Confirmed Change: Backing up current running config to {backup}\n\n"


def _mine(call: Call) -> Pending | str:
    """Return the change that is pending, or why the user has no say in it."""
    pending = call.device.rollback.pending
    if pending is None:
        return NOTHING_PENDING
    return pending if pending.user == call.session.user else NOT_YOURS.format(user=pending.user)


def confirm(call: Call) -> str:
    """`configure confirm`."""
    mine = _mine(call)
    if isinstance(mine, str):
        return mine
    call.device.rollback.forget()
    return ""


def revert_now(call: Call) -> str:
    """`configure revert now`."""
    mine = _mine(call)
    return mine if isinstance(mine, str) else call.device.rollback.go_back()


def revert_later(call: Call) -> str:
    """`configure revert (timer N | timer idle N | idle N)`."""
    mine = _mine(call)
    if isinstance(mine, str):
        return mine
    call.device.rollback.restart(int(call.values["minutes"]), idle="idle" in call.words)
    return ""


async def replace(call: Call) -> str:
    """`configure replace FILE [nolock] [list] [force] [revert trigger error [timer N] | revert timer N | time N]`."""
    target = call.device.read(_place(call.values["file"]))
    timed, triggered = "minutes" in call.values, "trigger" in call.words
    if (timed or triggered) and call.device.archive_settings is None:
        return TURN_ON_FOR_TRIGGER if triggered else TURN_ON
    if timed and call.device.rollback.pending is not None:
        return ALREADY
    sure = "force" in call.words or not call.session.terminal
    if not sure and (await call.ask(SURE)).strip().lower() not in ("y", "yes"):
        return ""
    if not _is_whole(target):
        return "%The input file is not a valid config file.\n"
    return _replaced(call, target, timed=timed, triggered=triggered)


def _replaced(call: Call, target: str, *, timed: bool, triggered: bool) -> str:
    device = call.device
    # Without a timer, what to go back to is archived all the same when an error is to trigger it.
    begun, backup = "", ""
    if timed:
        begun = start_timer(call)
    elif triggered:
        backup = device.to_archive()
    done = device.replace(target, call.session.user)
    said = "".join(f"{each}\n" for each in done.said)
    if done.done:
        return f"{begun}{_listed(done.commands) if 'list' in call.words else ''}{said}\n"
    if not triggered:
        return f"{begun}{said}\n"
    if timed and device.rollback.pending is not None:
        backup = device.rollback.pending.backup
        device.rollback.forget()
    return (
        f"{begun}Failed to apply command {done.failed[0]}\nAborting Rollback.\n\n"
        f"Rollback failed.Reverting back to the original configuration: {backup}\n{DONE}"
    )


def _is_whole(text: str) -> bool:
    lines = [each for each in text.splitlines() if each.strip() and not each.startswith("!")]
    return bool(lines) and lines[-1].strip() == "end"


def _listed(commands: Sequence[str]) -> str:
    return "\n".join(["!Pass 1", "!List of Rollback Commands:", *commands, "end", "", ""])


_REPLACE = (
    "configure replace {file} [nolock] [list] [force] [ignorecase] "
    "[revert trigger error [timer {minutes:1-120}]|revert timer {minutes:1-120}|time {minutes:1-120}]"
)

ROWS = (
    ("show archive", show_archive, 1),
    ("show archive config differences [{old} [{new}]]", show_differences, 1),
    ("show archive config incremental-diffs {file} [ignorecase]", show_incremental, 1),
    ("show archive config rollback timer", show_timer, 15),
    ("archive config", archive_now, 15),
    ("configure terminal [lock|revert (timer|idle) {minutes:1-120}]", configure, 15),
    ("configure confirm", confirm, 15),
    ("configure revert now", revert_now, 15),
    ("configure revert (timer|timer idle|idle) {minutes:1-120}", revert_later, 15),
    (_REPLACE, replace, 15),
)
