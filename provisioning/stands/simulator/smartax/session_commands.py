"""The commands of a SmartAX that belong to the session: modes, pages, questions, saving, starting again."""

from collections.abc import Callable

from provisioning.stands.simulator.smartax.shell import (
    ANYWHERE,
    BELOW_CONFIG,
    PRIVILEGED,
    Mode,
    Rebooted,
    Shell,
    Values,
    command,
)

_LOG_OUT = [
    "  Check whether system data has been changed. Please save data before logout.",
    "Are you sure to log out? (y/n)[n]:",
]

_REBOOT = [
    "  Please check whether data has saved, the unsaved data will lose if reboot system,",
    "are you sure to reboot system? (y/n)[n]:",
]


def _go(mode: Mode) -> Callable[[Shell, Values], list[str]]:
    def act(session: Shell, _values: Values) -> list[str]:
        session.mode = mode
        return []

    return act


def _set(name: str, value: object, said: str = "") -> Callable[[Shell, Values], list[str]]:
    def act(session: Shell, _values: Values) -> list[str]:
        setattr(session, name, value)
        return [said] if said else []

    return act


def _pages(session: Shell, values: Values) -> list[str]:
    session.pages = int(values.get("number", 0))
    return []


def _leave(session: Shell, _values: Values) -> list[str]:
    session.leave()
    return []


def _asks_to_leave(session: Shell, _values: Values) -> list[str]:
    return _LOG_OUT if session.mode in (Mode.USER, Mode.ENABLE) else []


def _return(session: Shell, _values: Values) -> list[str]:
    session.mode, session.line, session.service = Mode.ENABLE, None, None
    return []


def _reboot(_session: Shell, _values: Values) -> list[str]:
    raise Rebooted


def _save(session: Shell, _values: Values) -> list[str]:
    session.device.save()
    return [
        "It will take several minutes to save configuration file, please wait...",
        "Configuration file had been saved successfully",
        "Note: The configuration file will take effect after being activated",
    ]


def _sysname(session: Shell, values: Values) -> list[str]:
    session.device.sysname = values["name"]
    return []


COMMANDS = (
    command((Mode.USER,), "enable", _go(Mode.ENABLE)),
    command((Mode.ENABLE,), "disable", _go(Mode.USER)),
    command((Mode.ENABLE,), "config", _go(Mode.CONFIG)),
    command(ANYWHERE, "quit", _leave, asks=_asks_to_leave),
    command((Mode.CONFIG, *BELOW_CONFIG), "return", _return),
    command(ANYWHERE, "smart", _set("smart", value=True, said="Interactive function is enabled")),
    command(ANYWHERE, "undo smart", _set("smart", value=False, said="Interactive function is disabled")),
    command(ANYWHERE, "scroll [{number:U1-512}]", _pages),
    command(ANYWHERE, "screen-length {number:U0-512} [temporary]", _pages),
    command(ANYWHERE, "undo (scroll|screen-length)", _set("pages", 24)),
    command(PRIVILEGED, "infoswitch cli on", _set("news", value=True)),
    command(PRIVILEGED, "infoswitch cli off", _set("news", value=False)),
    command(ANYWHERE, "idle-timeout {minutes:U1-255}", lambda _session, _values: []),
    command((Mode.CONFIG,), "mmi-mode enable", _set("machine", value=True)),
    command((Mode.CONFIG,), "mmi-mode disable", _set("machine", value=False)),
    command((Mode.CONFIG,), "sysname {name:S1-50}", _sysname),
    command(PRIVILEGED, "save [configuration|data]", _save),
    command((Mode.ENABLE, Mode.CONFIG), "reboot system", _reboot, asks=lambda _session, _values: _REBOOT),
)
