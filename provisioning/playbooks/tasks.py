"""The tasks that a playbook may be made of, as typed data: what each does, what it takes, and where it may stand.

A task that is not here cannot be named by a playbook; how each is done stands in `workflows/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType

from provisioning.model.change_request import ChangeAction


class Phase(IntEnum):
    """Parts of a change, in order: steps of an earlier phase never stand behind those of a later one."""

    PREPARE = 1
    APPLY = 2
    PROVE = 3
    CONFIRM = 4
    CLOSE = 5


class SettingKind(StrEnum):
    """What a setting of a task may be."""

    INTEGER = "integer"
    TEXT = "text"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class TaskSetting:
    """One setting of a task.

    Attributes:
        does: for people.
        low: the least for an integer, the fewest characters for a text.
        high: the most.
        choices: of a choice.
        default: where it is left out; None where it must be stated.
    """

    kind: SettingKind
    does: str
    low: int = 0
    high: int = 0
    choices: tuple[str, ...] = ()
    default: int | str | None = None

    @property
    def takes(self) -> str:
        """What may be stated, for people."""
        match self.kind:
            case SettingKind.INTEGER:
                return f"a whole number from {self.low} to {self.high}, without quotation marks"
            case SettingKind.TEXT:
                return f"one line of text, {self.low} to {self.high} characters"
            case SettingKind.CHOICE:
                return "one of " + ", ".join(self.choices)


@dataclass(frozen=True, slots=True)
class Task:
    """One task.

    Attributes:
        does: for people, one sentence.
        phase: where it stands; None for anywhere.
        why_there: why it may not stand elsewhere, for whoever put it elsewhere.
        settings: by key.
        after: tasks that must stand before it.
        needed: it cannot be left out.
        needed_for: actions for which it cannot be left out.
        why_needed: why, for whoever left it out.
        repeats: it may stand more than once.
        under_timer: it may stand between `apply` and `confirm`, while the router waits to go back by itself.
        seconds: how much of that time it is counted with; `wait` is counted with its own.
    """

    name: str
    does: str
    phase: Phase | None = None
    why_there: str = ""
    settings: Mapping[str, TaskSetting] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    needed: bool = False
    needed_for: frozenset[ChangeAction] = frozenset()
    why_needed: str = ""
    repeats: bool = False
    under_timer: bool = True
    seconds: int = 0


PORTS = frozenset({ChangeAction.OPEN_PORT, ChangeAction.CLOSE_PORT})
ADDRESSES = frozenset(ChangeAction) - PORTS

LONGEST_WAIT = 300
"""Seconds: the line stays locked for others meanwhile."""

LONGEST_UNDER_TIMER = 30
"""Seconds that waiting and looking may take in all between `apply` and `confirm`; a quarter of the revert timer
where that is less."""


def seconds_under_timer(revert_seconds: int) -> int:
    """Return how long waiting and looking may take in all while the router waits to go back by itself.

    Args:
        revert_seconds: after which it does.
    """
    return min(LONGEST_UNDER_TIMER, revert_seconds // 4)


_ALL = (
    Task(
        "tell-others",
        "tells the other systems of the network what the line is going to be, so that it can be reached there",
        Phase.PREPARE,
        why_there="what is proven must be reachable by then",
        needed_for=ADDRESSES,
        why_needed="what leads to an address must know it before it can be proven",
    ),
    Task(
        "plan",
        "reads what the router has in force and holds it against what was approved",
        Phase.PREPARE,
        why_there="nothing may be put in force that was not held against what was approved",
        needed=True,
        why_needed="nobody would notice that the router has changed since the approval",
    ),
    Task(
        "look-before",
        "looks at the line from outside and from the LAN as it is now: the proof compares with that",
        Phase.PREPARE,
        why_there="afterwards it is too late to see how the line was",
        after=("plan",),
        needed=True,
        why_needed="that everything else is as before can only be proven against what was before",
    ),
    Task(
        "apply",
        "puts the change in force in one commit, under the router's revert timer",
        Phase.APPLY,
        why_there="what changes the router must be proven afterwards",
        after=("plan", "look-before"),
        needed=True,
        why_needed="without it nothing is changed",
    ),
    Task(
        "end-sessions",
        "ends the sessions that run through what was closed; where nothing was closed, it does nothing",
        Phase.APPLY,
        why_there="it changes the router, and nothing may after the proof",
        after=("apply",),
        needed_for=PORTS,
        why_needed="whoever is connected through a closed port would stay connected",
    ),
    Task(
        "prove",
        "looks again and judges: what was asked for works, and everything else is as before",
        Phase.PROVE,
        why_there="it proves what was put in force, and before anything is confirmed",
        after=("apply",),
        needed=True,
        why_needed="only what is proven is kept",
    ),
    Task(
        "confirm",
        "tells the router to keep what was proven; until then it goes back by itself",
        Phase.CONFIRM,
        why_there="only what is proven is kept",
        after=("apply", "prove"),
        needed=True,
        why_needed="the router goes back by itself without it",
    ),
    Task(
        "record",
        "puts on record what the line is now, which openings it has since when, and ends the run",
        Phase.CLOSE,
        why_there="only what is kept goes on record",
        after=("confirm",),
        needed=True,
        why_needed="the line's record would no longer say what its router does",
        under_timer=False,
    ),
    Task(
        "back-up",
        "backs the router's configuration up",
        Phase.CLOSE,
        why_there="a backup holds what is kept",
        after=("record",),
        under_timer=False,
    ),
    Task(
        "tell-customer",
        "writes the message for the customer, in his language",
        Phase.CLOSE,
        why_there="he is told once it is certain",
        after=("record",),
        under_timer=False,
    ),
    Task(
        "wait",
        "waits",
        settings={"seconds": TaskSetting(SettingKind.INTEGER, "how long, in seconds", low=1, high=LONGEST_WAIT)},
        repeats=True,
    ),
    Task(
        "look",
        "looks at something more, for information: whatever it finds, the run goes on",
        settings={
            "at": TaskSetting(
                SettingKind.CHOICE,
                "what is looked at: the state of the router's interfaces and sessions",
                choices=("router-status",),
                default="router-status",
            )
        },
        repeats=True,
        seconds=10,
    ),
    Task(
        "notify",
        "sends a text to the command or webhook of the alerts: whether it arrives or not, the run goes on",
        settings={"text": TaskSetting(SettingKind.TEXT, "what is said", low=1, high=200)},
        repeats=True,
        under_timer=False,
    ),
)

TASKS: Mapping[str, Task] = MappingProxyType({each.name: each for each in _ALL})
"""All that are allowed, by name, in the order in which they usually stand."""
