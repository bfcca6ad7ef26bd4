"""Reading one line by the commands of a mode."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from provisioning.stands.simulator.cisco_iosxe.configuration.pattern import Automaton, ValueEdge
from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Misfit, Mode, Reading, Rule, Wrong
from provisioning.stands.simulator.cisco_iosxe.configuration.words import Word, words_of

_NEGATIVES = ("no", "default")
REMEMBERED = 20_000
"""Lines whose reading is kept: the same text is loaded again and again (merge, replace, compare)."""


class _Track(NamedTuple):
    """One way of reading the words so far."""

    state: int
    values: tuple[tuple[str, str, int], ...]
    text: tuple[str, ...]


class Grammar:
    """Reads the lines of a mode.

    Args:
        mode: whose commands.
    """

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        self._automaton = Automaton(mode.rules)
        self.read = lru_cache(maxsize=REMEMBERED)(self._read)

    def _read(self, line: str) -> Reading | Misfit:
        words = words_of(line)
        negative = words[0].text.lower() if words and words[0].text.lower() in _NEGATIVES else ""
        rest = words[1:] if negative else words
        tracks = [_Track(0, (), ())]
        index = 0
        while index < len(rest):
            # Ways that took several words at once wait until the others are there.
            following = self._step(line, rest, index, tracks)
            if isinstance(following, Misfit):
                return following
            tracks, taken = following
            index += taken
        if not rest:
            return Misfit(Wrong.INCOMPLETE, len(line))
        return self._ended(tracks, negative, words)

    def _ended(self, tracks: Sequence[_Track], negative: str, words: tuple[Word, ...]) -> Reading | Misfit:
        for track in tracks:
            for rule in self._automaton.states[track.state].ends:
                return _reading(rule, track, negative, words)
        if negative:
            for track in tracks:
                names = {name for name, _, _ in track.values}
                for rule in self._automaton.states[track.state].negates:
                    if self._automaton.needs[id(rule)] <= names:
                        return _reading(rule, track, negative, words)
        return Misfit(Wrong.INCOMPLETE)

    def _step(
        self, line: str, words: Sequence[Word], index: int, tracks: Sequence[_Track]
    ) -> tuple[list[_Track], int] | Misfit:
        word = words[index].text.lower()
        keywords = self._keywords(tracks)
        if word in keywords:
            return self._by_keyword(tracks, word), 1
        strict = self._by_value(line, words, index, tracks, loose=False)
        if strict is not None:
            return strict
        begun = [each for each in keywords if each.startswith(word)]
        if len(begun) == 1:
            return self._by_keyword(tracks, begun[0]), 1
        loose = self._by_value(line, words, index, tracks, loose=True)
        if loose is not None:
            return loose
        if begun:
            return Misfit(Wrong.AMBIGUOUS, words[index].at)
        return Misfit(Wrong.INVALID, words[index].at + _common(word, keywords))

    def _keywords(self, tracks: Sequence[_Track]) -> Iterable[str]:
        if len(tracks) == 1:
            return self._automaton.states[tracks[0].state].keywords
        return {word for track in tracks for word in self._automaton.states[track.state].keywords}

    def _by_keyword(self, tracks: Sequence[_Track], word: str) -> list[_Track]:
        shown = self._automaton.shown[word]
        return [
            _Track(target, track.values, (*track.text, shown))
            for track in tracks
            for target in self._automaton.states[track.state].keywords.get(word, ())
        ]

    def _by_value(
        self, line: str, words: Sequence[Word], index: int, tracks: Sequence[_Track], *, loose: bool
    ) -> tuple[list[_Track], int] | None:
        found: list[tuple[int, _Track]] = []
        for track in tracks:
            for edge in self._automaton.states[track.state].values:
                taken = edge.kind(line, words, index) if edge.loose is loose else None
                if taken is not None:
                    found.append((taken[0], _behind(track, edge, taken[1], words[index].at)))
        if not found:
            return None
        # The longest wins: `GigabitEthernet 0/0/0` is one name, a list takes all its members.
        longest = max(count for count, _ in found)
        return [track for count, track in found if count == longest], longest


def _behind(track: _Track, edge: ValueEdge, text: str, at: int) -> _Track:
    return _Track(edge.target, (*track.values, (edge.name, text, at)), (*track.text, text))


def _reading(rule: Rule, track: _Track, negative: str, words: tuple[Word, ...]) -> Reading:
    values = {name: text for name, text, _ in track.values}
    columns = {name: at for name, _, at in track.values}
    return Reading(rule, " ".join(track.text), values, columns, negative, words)


def _common(word: str, keywords: Iterable[str]) -> int:
    """Return how many characters of a word begin some keyword: the marker stands under the first that begins none."""
    longest = 0
    for each in keywords:
        length = 0
        while length < min(len(word), len(each)) and word[length] == each[length]:
            length += 1
        longest = max(longest, length)
    return longest
