"""Carries out lines of the command interpreter, in EXEC and in configuration mode, with filters. No terminal here."""

from functools import cache
from inspect import isawaitable
from typing import cast

from provisioning.stands.simulator.cisco_iosxe import filters
from provisioning.stands.simulator.cisco_iosxe.configured import REJECTED
from provisioning.stands.simulator.cisco_iosxe.filters import Filter
from provisioning.stands.simulator.cisco_iosxe.flash import FileError, place_of
from provisioning.stands.simulator.cisco_iosxe.session import Ask, Call, Session
from provisioning.stands.simulator.cisco_iosxe.words import Form, Misread, complaint, forms, read

UNKNOWN = (
    'Translating "{word}"\n\n% Bad IP address or host name\n'
    "% Unknown command or computer name, or unable to find computer address\n"
)

USER_GONE = (
    "This operation will remove all username related configurations with same name.Do you want to continue? [confirm]"
)


@cache
def exec_forms() -> tuple[Form[object], ...]:
    """Return how commands of EXEC mode are written."""
    from provisioning.stands.simulator.cisco_iosxe import (
        exec_archive,
        exec_files,
        exec_live,
        exec_session,
        show_announced,
        show_bearers,
        show_filters,
        show_network,
        show_routing,
        show_system,
    )

    rows = [
        row
        for module in (
            exec_session,
            exec_files,
            exec_live,
            exec_archive,
            show_system,
            show_network,
            show_routing,
            show_bearers,
            show_announced,
            show_filters,
        )
        for row in module.ROWS
    ]
    return cast("tuple[Form[object], ...]", forms(rows))


class Interpreter:
    """Carries out the lines of one session.

    Args:
        ask: asks the user something.
    """

    def __init__(self, session: Session, ask: Ask) -> None:
        self._session = session
        self._ask = ask

    async def run(self, line: str) -> str:
        """Carry out a line, and return what the device says.

        Raises:
            LoggedOut: when the session ends.
            Reloaded: when the router starts again.
        """
        if self._session.modes is None:
            return await self.execute(line, len(self._session.prompt))
        return await self._configure(line)

    async def execute(self, line: str, indent: int) -> str:
        """Carry out a line of EXEC mode.

        Args:
            indent: columns to the left of the line.

        Raises:
            LoggedOut: when the session ends.
            Reloaded: when the router starts again.
        """
        line = line.split("!", 1)[0] if line.lstrip().startswith("!") else line
        if not line.strip():
            return ""
        if self._session.device.rejects(line):
            return f"{' ' * indent}^\n{REJECTED}\n"
        command, wanted = filters.split(line)
        reading = read(command, exec_forms(), self._session.privilege)
        if isinstance(reading, Misread):
            return _misread(reading, command, indent)
        if isinstance(wanted, Misread):
            return complaint(wanted, line, indent)
        if wanted is not None and reading.words[0] not in ("show", "more", "dir"):
            return complaint(Misread("invalid", line.index("|")), line, indent)
        call = Call(self._session, reading.values, reading.words, self._ask)
        said = await _carried_out(reading.command, call)
        return said if wanted is None else self._filtered(said, wanted)

    def _filtered(self, said: str, wanted: Filter) -> str:
        if wanted.kind in ("redirect", "append", "tee"):
            return self._to_file(said, wanted)
        try:
            return filters.applied(said, wanted)
        except ValueError:
            return "% Failed to compile regular expression.\n"

    def _to_file(self, said: str, wanted: Filter) -> str:
        place, device = place_of(wanted.argument), self._session.device
        try:
            if place is None:
                raise FileError(wanted.argument, "Invalid argument")
            before = device.flash.files.get(place.name) if wanted.kind == "append" else None
            device.write(place, (before.content if before is not None else b"") + said.encode())
        except FileError as error:
            return f"{error}\n"
        return said if wanted.kind == "tee" else ""

    async def _configure(self, line: str) -> str:
        session, modes = self._session, self._session.modes
        if modes is None:
            return ""
        words = line.split(maxsplit=1)
        if words and words[0].lower() == "do" and modes.collecting is None:
            rest = words[1] if len(words) > 1 else ""
            incomplete = "% Incomplete command.\n\n"
            return await self.execute(rest, len(session.prompt) + line.index(rest)) if rest else incomplete
        asked = session.terminal and _removes_user(line, session.device.text)
        if asked and (await self._ask(USER_GONE)).strip().lower() not in ("", "y", "yes"):
            return ""
        said = session.device.feed(line, modes, session.user)
        if not modes.active:
            session.leave_configuration()
        return said if not said or said.endswith("\n\n") else f"{said}\n"

    def end(self) -> None:
        """Leave configuration mode, as Ctrl-Z does."""
        self._session.leave_configuration()


def _removes_user(line: str, text: str) -> bool:
    words = line.split()
    if words[:2] != ["no", "username"] or len(words) < 3:
        return False
    return any(each.startswith(f"username {words[2]} ") for each in text.splitlines())


def _misread(misread: Misread, command: str, indent: int) -> str:
    words = command.split()
    if misread.kind == "unknown" and len(words) == 1:
        return UNKNOWN.format(word=words[0])
    return complaint(misread, command, indent)


async def _carried_out(command: object, call: Call) -> str:
    if not callable(command):
        raise TypeError(f"no command: {command}")
    try:
        said = command(call)
        if isawaitable(said):
            said = await said
    except FileError as error:
        return f"{error}\n\n"
    return str(said)
