"""Loading a whole configuration, and taking what is not known as it stands."""

from typing import TYPE_CHECKING

from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Key
from provisioning.stands.simulator.cisco_iosxe.configuration.session import GLOBAL, Session
from provisioning.stands.simulator.cisco_iosxe.configuration.statement import Statement

if TYPE_CHECKING:
    from provisioning.stands.simulator.cisco_iosxe.configuration.configuration import Configuration

OPAQUE = "opaque"
_HEADINGS = ("Building configuration", "Current configuration", "Using ")


def load(configuration: "Configuration", text: str, *, lenient: bool) -> list[str]:
    """Take the lines of a configuration; return those that were not read."""
    return _Loader(configuration, lenient).load(text)


class _Loader:
    def __init__(self, configuration: "Configuration", lenient: bool) -> None:
        self._configuration = configuration
        self._lenient = lenient
        self._session = Session(interactive=False)
        self._unread: list[str] = []
        self._count = 0
        # Statements that the next lines may belong to, by how far they are indented.
        self._above: list[tuple[int, tuple[Key, ...], bool]] = []

    def load(self, text: str) -> list[str]:
        for line in text.splitlines():
            if self._session.collecting is not None:
                self._configuration.feed(line, self._session, lenient=self._lenient)
                continue
            said = line.strip()
            if not said or said.startswith("!") or line.startswith(_HEADINGS):
                continue
            if said == "end" and line == said:
                break
            self._line(line.rstrip(), len(line) - len(line.lstrip(" ")))
        return self._unread

    def _line(self, line: str, indent: int) -> None:
        while self._above and self._above[-1][0] >= indent:
            self._above.pop()
        if self._above and self._above[-1][2]:
            self._take_as_is(line, indent)
            return
        if indent == 0:
            self._session.modes = [GLOBAL]
        before = list(self._session.modes)
        answer = self._configuration.feed(line, self._session, lenient=self._lenient)
        refused = bool(answer) and not self._session.collecting and not answer.startswith("Interface ")
        if refused:
            self._session.modes = before
            self._take_as_is(line, indent)
        elif self._session.modes:
            self._above.append((indent, self._session.modes[-1].path, False))

    def _take_as_is(self, line: str, indent: int) -> None:
        self._unread.append(line)
        if not self._lenient:
            return
        path = self._above[-1][1] if self._above else ()
        parent = self._configuration.at(path) or self._configuration.root
        self._count += 1
        key = (OPAQUE, str(self._count))
        parent.children[key] = Statement(None, key, line.strip(), mode=OPAQUE)
        self._above.append((indent, (*path, key), True))
