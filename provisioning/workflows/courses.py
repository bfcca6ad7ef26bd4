"""The courses of runs: which steps, in which order, up to where a run can turn back, and after that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from provisioning.model.run import RunKind
from provisioning.store.change_plans import need_plan
from provisioning.workflows.attempt import Attempt
from provisioning.workflows.steps.access import clear_access, put_access_in_force, save_access
from provisioning.workflows.steps.aside import look, notify, wait
from provisioning.workflows.steps.backup import back_up
from provisioning.workflows.steps.change import end_sessions, tell_customer
from provisioning.workflows.steps.proof import look_before_change, prove, prove_idle
from provisioning.workflows.steps.record import record, tell_others, tell_others_what_is
from provisioning.workflows.steps.router import apply_router, confirm_router, plan_router

Step = Callable[[Attempt], str | None]
"""Returns what is in the way of going on; nothing when nothing is."""

Named = tuple[str, Step]
Settings = Mapping[str, object]


def _prove(attempt: Attempt) -> str | None:
    tell_others_what_is(attempt)
    return prove(attempt)


DELIVERY: tuple[Named, ...] = (
    ("tell others", tell_others),
    ("put access in force", put_access_in_force),
    ("plan router", plan_router),
    ("look before", look_before_change),
    ("apply router", apply_router),
    ("prove", _prove),
    ("confirm router", confirm_router),
)
REMOVAL: tuple[Named, ...] = (
    ("plan router", plan_router),
    ("apply router", apply_router),
    ("prove idle", prove_idle),
    ("confirm router", confirm_router),
)
CLOSING: tuple[Named, ...] = (
    ("save access", save_access),
    ("clear access", clear_access),
    ("save what is cleared", save_access),
    ("record", record),
    ("back up", back_up),
)

TASKS: Mapping[str, tuple[str, Callable[[Attempt, Settings], str | None]]] = {
    "tell-others": ("tell others", lambda attempt, _: tell_others(attempt)),
    "plan": ("plan router", lambda attempt, _: plan_router(attempt)),
    "look-before": ("look before", lambda attempt, _: look_before_change(attempt)),
    "apply": ("apply router", lambda attempt, _: apply_router(attempt)),
    "end-sessions": ("end sessions", lambda attempt, _: end_sessions(attempt)),
    "prove": ("prove", lambda attempt, _: _prove(attempt)),
    "confirm": ("confirm router", lambda attempt, _: confirm_router(attempt)),
    "record": ("record", lambda attempt, _: record(attempt)),
    "back-up": ("back up", lambda attempt, _: back_up(attempt)),
    "tell-customer": ("tell customer", lambda attempt, _: tell_customer(attempt)),
    "wait": ("wait", wait),
    "look": ("look", look),
    "notify": ("notify", notify),
}
"""How each task of a playbook is done: the step's name on record, and the step."""

CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Course:
    """The steps of a run.

    Attributes:
        forward: from which it can still turn back.
        closing: which are done later where they cannot be done now.
    """

    forward: tuple[Named, ...]
    closing: tuple[Named, ...]


def course_of(attempt: Attempt) -> Course:
    """Return the course of a run; that of a change on request is the one that was approved with its plan."""
    if attempt.run.kind is RunKind.CEASE:
        return Course(REMOVAL, CLOSING)
    if attempt.run.kind is not RunKind.CHANGE:
        return Course(DELIVERY, CLOSING)
    with attempt.around.store.read() as connection:
        plan = need_plan(connection, attempt.run.request)
    return course_of_steps(plan.steps)


def course_of_steps(steps: Sequence[Settings]) -> Course:
    """Return the course that the steps of a plan make: up to `confirm` a run can turn back, after it it cannot."""
    named = tuple(_named(each) for each in steps)
    end = [each["task"] for each in steps].index(CONFIRM) + 1
    return Course(named[:end], named[end:])


def _named(step: Settings) -> Named:
    name, do = TASKS[str(step["task"])]
    settings = step.get("settings")
    return name, partial(_do, do, settings if isinstance(settings, Mapping) else {})


def _do(do: Callable[[Attempt, Settings], str | None], settings: Settings, attempt: Attempt) -> str | None:
    return do(attempt, settings)
