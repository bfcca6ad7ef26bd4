"""Judges the order of a playbook's steps: what must be there, before what, and what may stand under the timer."""

from collections.abc import Collection, Iterator, Sequence

from provisioning.model.change_request import ChangeAction
from provisioning.model.playbook import PlaybookStep
from provisioning.playbooks.problem import Problem
from provisioning.playbooks.tasks import TASKS, Task, seconds_under_timer


def judge_course(
    steps: Sequence[PlaybookStep],
    actions: Collection[ChangeAction],
    *,
    place: tuple[int, int],
    suspected: Collection[str],
    revert_seconds: int,
) -> Iterator[Problem]:
    """Yield what is wrong with the order of steps whose tasks are known.

    Args:
        actions: that they are made for.
        place: line and column of where they begin.
        suspected: tasks that were probably meant by names that are unknown: they are not told to be missing as well.
        revert_seconds: after which a router goes back unless confirmed.
    """
    yield from _missing(steps, actions, place, suspected)
    yield from _twice(steps)
    yield from _misplaced(steps)
    yield from _under_timer(steps, revert_seconds)


def _missing(
    steps: Sequence[PlaybookStep],
    actions: Collection[ChangeAction],
    place: tuple[int, int],
    suspected: Collection[str],
) -> Iterator[Problem]:
    there = {step.task for step in steps} | set(suspected)
    for task in TASKS.values():
        if task.name in there:
            continue
        wanting = sorted(task.needed_for.intersection(actions))
        if task.needed or wanting:
            which = "" if task.needed else f" for {', '.join(wanting)}"
            yield Problem(
                *place,
                f"`{task.name}` is missing, and cannot be left out{which}: {task.why_needed}",
                f"Add `- task: {task.name}`{_where(task)}.",
            )


def _where(task: Task) -> str:
    return f" behind `{task.after[-1]}`" if task.after else " as the first step"


def _twice(steps: Sequence[PlaybookStep]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for step in steps:
        if step.task in first and not TASKS[step.task].repeats:
            what = f"`{step.task}` stands in line {first[step.task]} already, and may stand only once"
            yield Problem(step.line, 1, what, "Keep one of the two.")
        first.setdefault(step.task, step.line)


def _misplaced(steps: Sequence[PlaybookStep]) -> Iterator[Problem]:
    for number, step in enumerate(steps):
        task = TASKS[step.task]
        if task.phase is None or any(each.task == step.task for each in steps[:number]):
            continue
        too_early = next((each for each in steps[:number] if _is_later(TASKS[each.task], task)), None)
        if too_early is not None:
            needed_before = step.task in TASKS[too_early.task].after and TASKS[too_early.task].phase is task.phase
            why = f"`{too_early.task}` needs it before" if needed_before else task.why_there
            yield Problem(
                step.line,
                1,
                f"`{step.task}` stands behind `{too_early.task}` of line {too_early.line}: {why}",
                f"Move it before `{too_early.task}`.",
            )


def _is_later(one: Task, other: Task) -> bool:
    """Return whether one task belongs behind the other."""
    if one.phase is None or other.phase is None:
        return False
    return one.phase > other.phase or other.name in one.after


def _under_timer(steps: Sequence[PlaybookStep], revert_seconds: int) -> Iterator[Problem]:
    tasks = [step.task for step in steps]
    if "apply" not in tasks or "confirm" not in tasks:
        return
    most, taken, told = seconds_under_timer(revert_seconds), 0, False
    for step in steps[tasks.index("apply") + 1 : tasks.index("confirm")]:
        task = TASKS[step.task]
        if not task.under_timer and task.phase is None:
            yield Problem(
                step.line,
                1,
                f"`{step.task}` stands between `apply` and `confirm`, while the router waits to go back by itself",
                "Move it before `apply` or behind `confirm`.",
            )
        seconds = step.settings.get("seconds", 0)
        taken += task.seconds + (seconds if isinstance(seconds, int) else 0)
        if taken > most and not told:
            told = True
            yield Problem(
                step.line,
                1,
                f"waiting and looking between `apply` and `confirm` take {taken} s by here, of at most {most} s: "
                f"the router goes back by itself after {revert_seconds} s",
                "Wait less there, or behind `confirm`; each `look` is counted with 10 s.",
            )
