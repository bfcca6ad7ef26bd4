"""The configuration of a router with IOS-XE 17: it takes lines, refuses what the device refuses, and shows itself.

Sources of the manners: Cisco IOS Configuration Fundamentals Configuration Guide (Using the Cisco IOS Command-Line
Interface: abbreviations, `no` and `default` forms, error messages); each table of commands names its own.
"""

from collections.abc import Iterator
from functools import cache

from provisioning.stands.simulator.cisco_iosxe.configuration.actions import ACTIONS
from provisioning.stands.simulator.cisco_iosxe.configuration.collecting import collect
from provisioning.stands.simulator.cisco_iosxe.configuration.difference import additions, contextual
from provisioning.stands.simulator.cisco_iosxe.configuration.entry import Answer, Entry, put
from provisioning.stands.simulator.cisco_iosxe.configuration.hardware import C1111_8PLTE, Hardware
from provisioning.stands.simulator.cisco_iosxe.configuration.loading import load
from provisioning.stands.simulator.cisco_iosxe.configuration.modes import MODES, parents
from provisioning.stands.simulator.cisco_iosxe.configuration.reading import Grammar
from provisioning.stands.simulator.cisco_iosxe.configuration.refusals import REFUSALS
from provisioning.stands.simulator.cisco_iosxe.configuration.replacing import Replacement, replace
from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Key, Misfit, Negative, Wrong
from provisioning.stands.simulator.cisco_iosxe.configuration.sections import open_section
from provisioning.stands.simulator.cisco_iosxe.configuration.session import Place, Session
from provisioning.stands.simulator.cisco_iosxe.configuration.showing import body, text_of
from provisioning.stands.simulator.cisco_iosxe.configuration.statement import Statement


@cache
def grammar(mode: str) -> Grammar:
    """Return the grammar of a mode; it is made once."""
    return Grammar(MODES[mode])


def _is_kept(statement: Statement) -> bool:
    return statement.rule is not None and statement.rule.kept


class Configuration:
    """A configuration.

    Args:
        hardware: of the router.

    Attributes:
        root: above all statements.
        hardware: of the router.
        unread: lines that were taken as they are, because `load` was told to be lenient.
    """

    def __init__(self, hardware: Hardware = C1111_8PLTE) -> None:
        self.hardware = hardware
        self.root = Statement(None, (), "")
        self.unread: list[str] = []
        for each in hardware.interfaces:
            self._quietly(f"interface {each}")
        for each in hardware.controllers:
            self._quietly(f"controller Cellular {each}")

    def _quietly(self, line: str) -> None:
        answer = self.feed(line, Session())
        if answer:
            raise ValueError(f"{line}: {answer}")

    @property
    def hostname(self) -> str:
        """The router's name; `Router` when it has none."""
        found = self.root.first("hostname")
        return found.values["name"] if found is not None else "Router"

    def prompt(self, session: Session) -> str:
        """Return what stands before the line of a session; the name is cut at 20 characters in configuration mode."""
        return f"{self.hostname[:20] if session.active else self.hostname}{session.suffix}"

    def feed(self, line: str, session: Session, *, lenient: bool = False) -> str:
        """Take one line of configuration mode.

        Args:
            line: as typed.
            session: whose; its modes change.
            lenient: whether interfaces that the hardware does not have are taken too.

        Returns:
            What the device says; empty when it took the line.
        """
        if session.collecting is not None:
            return collect(self.root, line, session)
        if not line.strip() or line.lstrip().startswith("!"):
            return ""
        before = session.modes
        answer = self._take(line, session, lenient)
        if not isinstance(answer, Misfit):
            return answer
        session.modes = before
        return self._told(line, answer, session)

    def _take(self, line: str, session: Session, lenient: bool) -> Answer:
        """Read a line in the mode of a session, then in those around it, as the device does."""
        misfit = Misfit(Wrong.INVALID)
        for place, above in self._places(session):
            reading = grammar(place.mode).read(line)
            if isinstance(reading, Misfit):
                misfit = max(misfit, reading, key=lambda each: (each.wrong is not Wrong.INVALID, each.at))
                if reading.wrong is not Wrong.INVALID:
                    return reading
                continue
            statement = self.at(place.path)
            if statement is None:
                continue
            session.modes = [*above, place]
            return self._enter(Entry(self.root, statement, place.path, reading, session, self.hardware, lenient))
        return misfit

    def _places(self, session: Session) -> Iterator[tuple[Place, list[Place]]]:
        modes = session.modes
        for index in range(len(modes) - 1, -1, -1):
            place = modes[index]
            if index == len(modes) - 1 or place.mode in parents(modes[-1].mode):
                yield place, modes[:index]

    def _enter(self, entry: Entry) -> Answer:
        rule = entry.rule
        if entry.negative and rule.no is Negative.NONE:
            return Misfit(Wrong.INVALID, entry.reading.words[1].at)
        for each in rule.refuses:
            refused = REFUSALS[each](entry)
            if refused:
                return refused
        answer = ACTIONS[rule.does](entry) if rule.does else put(entry)
        if not answer and rule.opens and not entry.negative and not rule.does:
            open_section(entry, rule.opens)
        return answer

    def _told(self, line: str, misfit: Misfit, session: Session) -> str:
        if misfit.wrong is Wrong.AMBIGUOUS:
            return f'{misfit.wrong}"{line.strip()}"\n'
        if misfit.wrong is Wrong.INCOMPLETE:
            return f"{misfit.wrong}\n"
        width = len(self.prompt(session)) if session.interactive else 0
        return f"{' ' * (width + misfit.at)}^\n{misfit.wrong}\n"

    def at(self, path: tuple[Key, ...]) -> Statement | None:
        """Return the statement at a path, or None when it is gone."""
        statement: Statement | None = self.root
        for key in path:
            statement = statement.children.get(key) if statement is not None else None
        return statement

    def sections(self, *prefix: str) -> Iterator[Statement]:
        """Yield the statements at the top that begin with some words, in the order shown.

        Args:
            prefix: words: `sections("ip", "nat")`.
        """
        words = [word for each in prefix for word in each.split()]
        for each in body(self.root):
            if each.text.split()[: len(words)] == words:
                yield each

    def text(self) -> str:
        """Return the whole configuration as `show running-config` prints it, from its first line to `end`."""
        return text_of(self.root)

    def copy(self) -> "Configuration":
        """Return a configuration that shares nothing with this one that changes."""
        other = Configuration.__new__(Configuration)
        other.hardware = self.hardware
        other.root = self.root.copy()
        other.unread = list(self.unread)
        return other

    def load(self, text: str, *, lenient: bool = False) -> list[str]:
        """Take a configuration as the device does when it starts; what stood there before goes.

        Args:
            text: as `show running-config` prints it.
            lenient: whether lines that are not known, and interfaces that the hardware does not have, are taken as
                they are.

        Returns:
            The lines that were not read; taken as they are when lenient, left out otherwise.
        """
        fresh = Configuration(self.hardware)
        fresh.unread = load(fresh, text, lenient=lenient)
        # SNMPv3 users are kept apart from the configuration; nothing that is loaded takes them away.
        fresh.root.children.update({key: each for key, each in self.root.children.items() if _is_kept(each)})
        self.root, self.unread = fresh.root, fresh.unread
        return self.unread

    def merge(self, text: str) -> list[str]:
        """Take lines as `copy FILE running-config` does: one that is refused is told, and the next one is taken.

        Args:
            text: the file.

        Returns:
            What the device prints, line by line; empty when it took everything.
        """
        session = Session(interactive=False)
        said: list[str] = []
        for line in text.splitlines():
            if not session.active:
                break
            answer = self.feed(line, session)
            if "^\n" in answer or "% Incomplete" in answer or "% Ambiguous" in answer:
                said.append(line)
            said.extend(answer.splitlines())
        return said

    def replace(self, text: str) -> Replacement:
        """Become another configuration as `configure replace` does, or stay as it was.

        Args:
            text: the other one, whole.
        """
        return replace(self, text)

    def differences(self, other: "Configuration") -> list[str]:
        """Return the contextual differences from this configuration to another (`show archive config differences`)."""
        return list(contextual(self.root, other.root))

    def incremental(self, other: "Configuration") -> list[str]:
        """Return the commands that another configuration has beyond this one (`… incremental-diffs`)."""
        return list(additions(self.root, other.root))
