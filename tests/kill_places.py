"""Where runs are killed: before and after each step, shared out among the kinds of runs; everywhere in `make soak`.

Most steps are the same code in every kind of run. So in the usual run of the tests each step is killed at both
moments, in kinds that take turns; a kind in which a step has work of its own is always killed at that step, at one of
the two moments. `make soak` kills every kind at every step, at both.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

from warm import Kill
from worlds import SOAK

OWN_WORK: Mapping[str, tuple[str, ...]] = {
    "put access in force": ("activate", "speed", "move", "move-away", "replace-ont"),
    "plan router": ("activate", "replace-cpe", "cease"),
    "apply router": ("activate", "wifi-off", "replace-cpe", "cease"),
    "confirm router": ("wifi-off", "replace-cpe", "cease"),
    "clear access": ("move", "move-away", "replace-ont", "cease"),
    "save what is cleared": ("move-away", "cease"),
    "record": ("activate", "speed", "wifi-off", "move", "move-away", "replace-ont", "replace-cpe", "cease"),
}
"""The kinds of runs in which a step does what it does in no other."""

MOMENTS = (False, True)
"""Before a step, and once it has done all."""


def shared_out(kinds: Mapping[str, Sequence[str]], *, everywhere: bool = SOAK) -> Mapping[str, Sequence[Kill]]:
    """Return where each kind of run is killed.

    Args:
        kinds: the steps of each.
        everywhere: at every step of every kind, at both moments.
    """
    if everywhere:
        return {name: [Kill(step, done=done) for step in steps for done in MOMENTS] for name, steps in kinds.items()}
    places: dict[str, list[Kill]] = {name: [] for name in kinds}
    for number, step in enumerate(dict.fromkeys(chain.from_iterable(kinds.values()))):
        for turn, name in enumerate(_killed_at(step, number, kinds)):
            places[name].append(Kill(step, done=MOMENTS[(number + turn) % 2]))
    return places


def _killed_at(step: str, number: int, kinds: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Return the kinds that are killed at a step, at the one moment and the other in turn: two of them at least."""
    having = [name for name, steps in kinds.items() if step in steps]
    first = len(MOMENTS) * number % len(having)
    own = [name for name in having if name in OWN_WORK.get(step, ())]
    turns = own + [name for name in having[first:] + having[:first] if name not in own]
    least = max(len(own), len(MOMENTS))
    return (turns * len(MOMENTS))[:least] if len(turns) < least else turns[:least]
