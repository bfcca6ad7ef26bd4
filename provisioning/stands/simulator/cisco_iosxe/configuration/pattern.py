"""The commands of one mode as one automaton: first words are shared, so that a line is read in a few steps."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from provisioning.stands.simulator.cisco_iosxe.configuration.kinds import Kind, kind_of
from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Rule

_PART = re.compile(r"\{[^}]*\}|[\[\]()|]|[^\s\[\](){}|]+")
_STRUCTURE = frozenset("[]()|")


class ValueEdge(NamedTuple):
    """A value that may stand next.

    Attributes:
        name: of the value.
        kind: what takes it.
        loose: whether nearly any word would do; then a keyword goes first.
        target: the state behind it.
    """

    name: str
    kind: Kind
    loose: bool
    target: int


@dataclass(slots=True)
class State:
    """A place between two words.

    Attributes:
        keywords: states behind each word.
        shown: how a word is shown, by its lower case.
        values: that may stand here.
        empty: states that are reached without a word.
        ends: commands that may end here.
        negates: commands whose `no` form may end here, as far as words go.
    """

    keywords: dict[str, list[int]] = field(default_factory=dict)
    values: list[ValueEdge] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    ends: list[Rule] = field(default_factory=list)
    negates: list[Rule] = field(default_factory=list)


class Automaton:
    """The commands of a mode.

    Args:
        rules: of the mode.

    Attributes:
        states: 0 is before the first word.
        shown: words as they are shown, by lower case.
        needs: names of the values that a `no` form cannot leave out, by rule.
    """

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.states = [State()]
        self.shown: dict[str, str] = {}
        self.needs: dict[int, frozenset[str]] = {}
        for rule in rules:
            _Compiler(self, rule).compile()
        self._fold()

    def new(self, rule: Rule | None = None) -> int:
        """Add a state and return its number."""
        self.states.append(State(negates=[rule] if rule is not None else []))
        return len(self.states) - 1

    def _fold(self) -> None:
        """Give each state what stands behind its empty steps."""
        folded = []
        for number in range(len(self.states)):
            reached, todo = {number: None}, [number]
            while todo:
                for each in self.states[todo.pop()].empty:
                    if each not in reached:
                        reached[each] = None
                        todo.append(each)
            whole = State(negates=self.states[number].negates)
            for each in reached:
                state = self.states[each]
                whole.values.extend(state.values)
                whole.ends.extend(state.ends)
                for word, targets in state.keywords.items():
                    whole.keywords.setdefault(word, []).extend(targets)
            folded.append(whole)
        self.states = folded


class _Compiler:
    """Puts the pattern of one rule into an automaton."""

    def __init__(self, automaton: Automaton, rule: Rule) -> None:
        self._automaton = automaton
        self._rule = rule
        self._parts: list[str] = _PART.findall(rule.written)
        self._at = 0
        self._depth = 0
        self._always: set[str] = set()

    def compile(self) -> None:
        start = self._first_words()
        end = self._choice(start)
        if self._at < len(self._parts):
            raise ValueError(f"pattern does not close: {self._rule.written}")
        self._automaton.states[end].ends.append(self._rule)
        key = self._rule.key
        self._automaton.needs[id(self._rule)] = frozenset(
            self._always if key is None else self._always.intersection(key)
        )

    def _first_words(self) -> int:
        """Go through the words before the first value or choice: states that commands share."""
        state = 0
        needed = self._rule.no_at
        while self._at < len(self._parts) and self._is_plain(self._at):
            word = self._word(self._parts[self._at])
            self._at += 1
            targets = self._automaton.states[state].keywords.setdefault(word, [])
            if not targets:
                targets.append(self._automaton.new())
            state = targets[0]
            if needed is not None and self._at >= needed:
                self._automaton.states[state].negates.append(self._rule)
        if needed is None:
            self._automaton.states[state].negates.append(self._rule)
        return state

    def _is_plain(self, at: int) -> bool:
        return self._parts[at][0] != "{" and self._parts[at] not in _STRUCTURE

    def _word(self, part: str) -> str:
        self._automaton.shown[part.lower()] = part
        return part.lower()

    def _choice(self, start: int) -> int:
        end = self._automaton.new(self._rule)
        while True:
            self._automaton.states[self._row(start)].empty.append(end)
            if not self._next_is("|"):
                return end

    def _row(self, state: int) -> int:
        while self._at < len(self._parts) and self._parts[self._at] not in ("|", ")", "]"):
            part = self._parts[self._at]
            self._at += 1
            state = self._group(state, part) if part in ("(", "[") else self._step(state, part)
        return state

    def _group(self, state: int, opening: str) -> int:
        # A state of its own: the way around must not be open to what came before a shared state.
        inner = self._automaton.new(self._rule)
        self._automaton.states[state].empty.append(inner)
        self._depth += 1
        end = self._choice(inner)
        self._depth -= 1
        if not self._next_is("]" if opening == "[" else ")"):
            raise ValueError(f"pattern does not close: {self._rule.written}")
        if opening == "[":
            self._automaton.states[inner].empty.append(end)
        return end

    def _step(self, state: int, part: str) -> int:
        end = self._automaton.new(self._rule)
        if part[0] != "{":
            self._automaton.states[state].keywords.setdefault(self._word(part), []).append(end)
            return end
        name, _, kind = part[1:-1].partition(":")
        loose = kind.startswith(("WORD", "LINE", "TEXT"))
        self._automaton.states[state].values.append(ValueEdge(name, kind_of(kind), loose, end))
        if self._depth == 0:
            self._always.add(name)
        return end

    def _next_is(self, part: str) -> bool:
        if self._at < len(self._parts) and self._parts[self._at] == part:
            self._at += 1
            return True
        return False
