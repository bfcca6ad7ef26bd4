"""One line at one place: what actions and refusals look at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from provisioning.stands.simulator.cisco_iosxe.configuration.hardware import Hardware
from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Key, Misfit, Negative, Reading, Rule, Wrong
from provisioning.stands.simulator.cisco_iosxe.configuration.session import Session
from provisioning.stands.simulator.cisco_iosxe.configuration.statement import Statement, identity, shown

Answer = str | Misfit
"""What the device says; empty when it took the line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line that fits a command, at the place where it was entered.

    Attributes:
        root: of the configuration.
        place: the statement whose section it stands in.
        path: keys of the statements that lead there.
        reading: of the line.
        session: of who entered it.
        hardware: of the router.
        lenient: whether configurations of other hardware are taken too.
    """

    root: Statement
    place: Statement
    path: tuple[Key, ...]
    reading: Reading
    session: Session
    hardware: Hardware
    lenient: bool = False

    @property
    def rule(self) -> Rule:
        """The command."""
        return self.reading.rule

    @property
    def values(self) -> Mapping[str, str]:
        """The values of the line."""
        return self.reading.values

    @property
    def negative(self) -> bool:
        """Whether it is a `no` or `default` form."""
        return bool(self.reading.negative)

    def invalid(self, value: str) -> Misfit:
        """Return the answer that marks a value as invalid."""
        return Misfit(Wrong.INVALID, self.reading.columns.get(value, 0))

    def with_text(self, text: str, values: Mapping[str, str]) -> "Entry":
        """Return the same entry with another text and other values."""
        return replace(self, reading=replace(self.reading, text=text, values=values))


Action = Callable[[Entry], Answer]


def put(entry: Entry) -> str:
    """Write a line down, or take it away for a `no` or `default` form."""
    rule, reading = entry.rule, entry.reading
    key = identity(rule, reading)
    if entry.negative:
        _negate(entry, key)
        return ""
    text = shown(rule, reading.text, reading.values)
    if rule.no is Negative.IS_SHOWN or (rule.hidden and text == rule.hidden):
        entry.place.children.pop(key, None)
        return ""
    present = entry.place.children.get(key)
    children = present.children if present is not None and present.mode == rule.opens else {}
    entry.place.children[key] = Statement(rule, key, text, reading.values, rule.opens, children=children)
    return ""


def _negate(entry: Entry, key: Key) -> None:
    rule, reading = entry.rule, entry.reading
    if rule.no is Negative.REMOVES or reading.negative == "default":
        entry.place.children.pop(key, None)
        return
    text = f"no {shown(rule, reading.text, reading.values)}"
    if text == rule.hidden:
        entry.place.children.pop(key, None)
    else:
        entry.place.children[key] = Statement(rule, key, text, reading.values, negative=True)
