"""What stands in a configuration: statements in a tree, each with its identity."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Key, Negative, Reading, Rule


@dataclass(slots=True)
class Statement:
    """A line of the configuration and what stands below it.

    Attributes:
        rule: of the command; None for the root and for lines that were taken as they are.
        key: what tells it apart from its siblings.
        text: as shown, without indentation; lines behind it (a banner, a certificate) stand in it too.
        values: by name.
        mode: that it opens.
        negative: whether it is a `no` form.
        children: in the order of their entry.
        numbers: of an access list's entries by their text, the highest of all under the empty one; None until it is
            asked for and after an entry went (access_entries.py).
    """

    rule: Rule | None
    key: Key
    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    mode: str = ""
    negative: bool = False
    children: "dict[Key, Statement]" = field(default_factory=dict)
    numbers: dict[str, int] | None = None

    def copy(self) -> "Statement":
        """Return a statement with all below it that shares nothing that changes."""
        children = {key: each.copy() for key, each in self.children.items()}
        return Statement(self.rule, self.key, self.text, self.values, self.mode, self.negative, children)

    def named(self, name: str) -> Iterator["Statement"]:
        """Yield the statements below it that have a name (a rule's slot or first words)."""
        for each in tuple(self.children.values()):
            if each.key[0] == name:
                yield each

    def first(self, name: str) -> "Statement | None":
        """Return the first statement below it that has a name."""
        return next(self.named(name), None)

    def everything(self) -> Iterator["Statement"]:
        """Yield all statements below it, each before what is below itself."""
        for each in tuple(self.children.values()):
            yield each
            yield from each.everything()

    @property
    def name(self) -> str:
        """Its rule's slot or first words; for lines taken as they are, `opaque`."""
        return self.key[0] if self.key else ""


def identity(rule: Rule, reading: Reading) -> Key:
    """Return what tells the statement of a reading apart."""
    if rule.key is None:
        return (rule.name, reading.text)
    return (rule.name, *(reading.values.get(each, "") for each in rule.key))


def shown(rule: Rule, text: str, values: Mapping[str, str]) -> str:
    """Return how a statement is shown."""
    if not rule.shown:
        return text
    return " ".join(rule.shown.format_map(_Blank(values, text=text)).split())


class _Blank(dict[str, str]):
    """Values by name, where a missing one is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def removal(statement: Statement) -> str:
    """Return the line that takes a statement away."""
    if statement.negative:
        return statement.text.removeprefix("no ")
    if statement.rule is not None and statement.rule.no in (Negative.IS_SHOWN, Negative.BOTH):
        return f"default {statement.text}"
    if statement.name == "entry":
        return f"no {statement.values['sequence']}"
    return f"no {statement.text.splitlines()[0]}"
