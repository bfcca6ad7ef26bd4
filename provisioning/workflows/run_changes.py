"""Which change requests are carried out now: approved and due, each line's in the order in which they came in."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

from sqlalchemy import Connection

from provisioning.changes.due import when_due
from provisioning.clock import CONTRACT_TIME_ZONE, contract_date
from provisioning.errors import ProvisoError, Refused, ScopeBusy
from provisioning.model.change_request import ChangeAction, ChangeRequest, RequestState
from provisioning.model.run import DELIVERED
from provisioning.orders.amend import stored
from provisioning.orders.check import check_whole
from provisioning.store import change_plans, change_requests, lines, runs
from provisioning.workflows.attempt import Tell
from provisioning.workflows.begin_run import Ended
from provisioning.workflows.executor import Executor
from provisioning.workflows.left_runs import is_left
from provisioning.workflows.plan_change import came_in
from provisioning.workflows.run_change import RanChange, not_approved, run_change
from provisioning.workflows.surroundings import Surroundings

RETRY = timedelta(minutes=15)
"""After which a request is tried again whose run went back without anything against it."""


@dataclass(frozen=True, slots=True)
class Later:
    """A request that is approved, and not due.

    Attributes:
        at: when it is; None when it waits for another one.
        why: for people.
    """

    request: ChangeRequest
    at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is carried out now, and what later.

    Attributes:
        lines: the requests of each line, in the order in which they came in.
        later: those that are not due, the next one first.
    """

    lines: tuple[tuple[ChangeRequest, ...], ...]
    later: tuple[Later, ...]


def choose_changes(names: Collection[str], around: Surroundings, *, at_once: bool) -> Chosen:
    """Return the requests to carry out now: all that are due, or those that are named.

    Args:
        names: ids; none for all that are due.
        at_once: those that are named also before their time.

    Raises:
        UnknownName: when there is no request of a name.
        Refused: when one that is named is not approved, or not due.
    """
    with around.store.read() as connection:
        found = change_requests.list_requests(connection, states=(RequestState.APPROVED, RequestState.RUNNING))
        ready = {each.id: each for each in sorted(found, key=came_in) if _can_be_taken_up(connection, each, around)}
        for name in names:
            request = change_requests.need_request(connection, name)
            if request.id not in ready:
                raise not_approved(request)
        wanted = [each for each in ready.values() if not names or each.id in names]
        chosen: dict[str, ChangeRequest] = {}
        later: list[Later] = []
        for each in wanted:
            before = _waits_for(connection, each, ready.values())
            if before and before not in chosen:
                when: Later | None = Later(each, None, f"it is planned on top of {before}, which comes before it")
            else:
                when = None if at_once else _later(connection, each, around, named=bool(names))
            if when is None:
                chosen[each.id] = each
            else:
                later.append(when)
    if names and later:
        raise _not_due(later[0])
    by_line: dict[str, list[ChangeRequest]] = {}
    for each in chosen.values():
        by_line.setdefault(each.line, []).append(each)
    later.sort(key=lambda each: (each.at is None, each.at or each.request.submitted_at))
    return Chosen(tuple(map(tuple, by_line.values())), tuple(later))


def _not_due(later: Later) -> Refused:
    remedy = "Add `--now --reason …` if it must be done before its time."
    if later.at is None:
        remedy = "Name that one as well, or plan this one again."
        return Refused(f"it is not due: {later.why}", where=later.request.id, remedy=remedy)
    when = f"{later.at.astimezone(CONTRACT_TIME_ZONE):%A %Y-%m-%d at %H:%M} (Brussels)"
    return Refused(f"it is not due before {when}: {later.why}", where=later.request.id, remedy=remedy)


def run_in_order(
    requests: Sequence[ChangeRequest],
    executor: Executor,
    tell: Callable[[str], Tell],
    stop: Event,
    *,
    now_because: str = "",
) -> list[RanChange]:
    """Carry out the requests of one line, one after the other; return what became of each that was begun.

    Args:
        requests: in the order in which they came in.
        executor: this process.
        tell: returns whom to tell of a request, by its id.
        stop: set to begin nothing more, and to make what is under way turn back.
        now_because: why it is done before its time; empty when it is due.
    """
    answers: list[RanChange] = []
    for request in requests:
        if stop.is_set():
            break
        answers.append(_run(request, executor, tell(request.id), stop, now_because))
        if answers[-1].busy:
            break  # what follows would come before what somebody else is doing
    return answers


def _run(request: ChangeRequest, executor: Executor, tell: Tell, stop: Event, now_because: str) -> RanChange:
    ended: Ended | None = None
    error: ProvisoError | None = None
    try:
        ended = run_change(request.id, executor, tell, stop, now_because=now_because)
    except ProvisoError as raised:
        error = raised
    with executor.around.store.read() as connection:
        now = change_requests.need_request(connection, request.id)
    if ended is None:
        return RanChange(now, error=error, busy=isinstance(error, ScopeBusy))
    return RanChange(now, ended.run, ended.notes, None if ended.run.state in DELIVERED else ended.error)


def _later(connection: Connection, request: ChangeRequest, around: Surroundings, *, named: bool) -> Later | None:
    """Return when a request is due, and why then; None when it is due now: what has begun goes to its end.

    Whoever names a request that was tried and went back does not wait for the next try.
    """
    if request.state is RequestState.RUNNING:
        return None
    now = around.clock.now()
    again = None if named else _tried_again_at(connection, request)
    if again is not None and again > now:
        return Later(request, again, f"it was tried, and is tried again: {request.reason}")
    # An opening that is to end at a certain time does so, as it was approved; nobody has to be there.
    expires = bool(request.parent) and request.action is ChangeAction.CLOSE_PORT
    whenever = expires or _standard_changes(connection, request.line, around)
    at = when_due(request.wanted_at, standard_changes=whenever, now=now, revert_seconds=around.access.revert_seconds)
    if at <= now:
        return None
    return Later(request, at, "it is wanted then" if whenever else "in the change window (facts: X-17)")


def _can_be_taken_up(connection: Connection, request: ChangeRequest, around: Surroundings) -> bool:
    """Return whether a request waits to be carried out, or the process that did so has left it."""
    if request.state is RequestState.APPROVED:
        return True
    run = runs.find_run(connection, request.run)
    return run is not None and is_left(run, around)


def _waits_for(connection: Connection, request: ChangeRequest, ready: Collection[ChangeRequest]) -> str:
    """Return the request that this one is planned on top of, and that has not been carried out; empty when none."""
    plan = change_plans.plan_of(connection, request.id)
    if plan is None or request.parent:
        return ""
    for other in ready:
        if other.line == request.line and came_in(other) < came_in(request):
            before = change_plans.plan_of(connection, other.id)
            if before is not None and before.base != plan.base == before.wanted:
                return other.id
    return ""


def _tried_again_at(connection: Connection, request: ChangeRequest) -> datetime | None:
    """Return when a request is tried again whose run went back without anything against it; None when it is not."""
    run = runs.find_run(connection, request.run) if request.run else None
    return run.ended_at + RETRY if run is not None and run.ended_at is not None else None


def _standard_changes(connection: Connection, line: str, around: Surroundings) -> bool:
    """Return whether a line is changed at any time (facts: I-8.5)."""
    found = lines.need_line(connection, line)
    product = check_whole(stored(found.form, line), contract_date(around.clock), sold=found.formula).product
    return product is not None and product.standard_changes
