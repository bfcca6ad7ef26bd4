"""What a configuration command is: its pattern, where it stands, what it overwrites, and how the device shows it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum

from provisioning.stands.simulator.cisco_iosxe.configuration.words import Word


class Negative(Enum):
    """What the `no` form of a command does, and what of both forms is shown."""

    REMOVES = "removes"
    """The command is away; nothing is shown."""
    IS_SHOWN = "is shown"
    """The command is in force unless its `no` form is there, which is shown; the command itself is not."""
    BOTH = "both"
    """Both forms are shown."""
    NONE = "none"
    """There is no `no` form."""


class Lines(StrEnum):
    """What follows a command in the lines behind it, where these are no commands."""

    NONE = ""
    BANNER = "banner"
    CERTIFICATE = "certificate"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Rule:
    """A command of one mode.

    A pattern is written as the command references write it: words stand for themselves, `{name:KIND}` for a value
    (kinds.py), `[...]` for what may be left out, `(...|...)` for a choice.

    Attributes:
        written: the pattern.
        key: names of the values that tell several of the same command apart; None when every word does (a list of
            lines).
        slot: what it overwrites: commands of the same slot and key take each other's place. Without: its first words.
        opens: the mode that it opens.
        no: what its `no` form does.
        hidden: the text that is not shown because it is the default.
        absent: what is shown while nothing of the slot is there.
        shown: how it is shown where that differs from what was entered; the names of values in braces, and
            `{text}` for the whole.
        does: name of what it does beside being written down (actions.py).
        refuses: names of what is looked at before it is taken or removed (refusals.py).
        sorts: names of the values by which several are put in order: numbers by size, the rest as text.
        lines: what the lines behind it are.
        no_at: how many of the first words its `no` form needs; None: all that come before the first value.
        kept: whether it is part of the configuration but shown elsewhere only (SNMPv3 users).
        indent: how many spaces deeper than its parent it is shown; 1 nearly everywhere.
        bare: whether its section is shown while nothing stands in it.
        apart: whether `!` follows each of its sections.
        source: where it is described, when that is not said for the whole table.
    """

    written: str
    key: tuple[str, ...] | None = ()
    slot: str = ""
    opens: str = ""
    no: Negative = Negative.REMOVES
    hidden: str = ""
    absent: str = ""
    shown: str = ""
    does: str = ""
    refuses: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    lines: Lines = Lines.NONE
    no_at: int | None = None
    kept: bool = False
    indent: int = 1
    apart: bool = False
    bare: bool = True
    source: str = ""

    def __post_init__(self) -> None:
        """Name it by its first words unless it has a slot."""
        if not self.slot:
            object.__setattr__(self, "slot", re.split(r"[\[\](){}|]", self.written)[0].strip())

    @property
    def name(self) -> str:
        """What it overwrites: its slot."""
        return self.slot


@dataclass(frozen=True, slots=True)
class Mode:
    """A configuration mode.

    Attributes:
        name: ours.
        suffix: of the prompt.
        rules: its commands, in the order in which the device shows them.
        parent: the mode whose commands are tried when none of this one fits; the global mode always is, in the end.
        closing: the line that ends its section in `show running-config`.
        opening: the line before its section.
    """

    name: str
    suffix: str
    rules: tuple[Rule, ...]
    parent: str = "config"
    closing: str = ""
    opening: str = ""


class Wrong(StrEnum):
    """What is wrong with a line."""

    INVALID = "% Invalid input detected at '^' marker."
    INCOMPLETE = "% Incomplete command."
    AMBIGUOUS = "% Ambiguous command:  "


@dataclass(frozen=True, slots=True)
class Misfit:
    """A line that fits no command.

    Attributes:
        wrong: why.
        at: column of the error, from 0.
    """

    wrong: Wrong
    at: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A line that fits a command.

    Attributes:
        rule: the command.
        text: the line with its words in full and its values as the device shows them, without `no` or `default`.
        values: by name.
        columns: where each value stands in the line.
        negative: `no`, `default`, or empty.
        words: of the line.
    """

    rule: Rule
    text: str
    values: Mapping[str, str]
    columns: Mapping[str, int] = field(default_factory=dict)
    negative: str = ""
    words: tuple[Word, ...] = ()


Key = tuple[str, ...]
"""What tells statements of one parent apart."""
