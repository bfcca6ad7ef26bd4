"""Change requests whose processes are killed with SIGKILL: where, and what must hold at the end."""

import json
from dataclasses import dataclass
from typing import Any

from changed_lines import audit, form, opening, ready, request, run
from fibre_lines import Fibre, assert_no_secret, assert_serves, assert_whole, everything
from killed_runs import Case, Kills
from warm import KILLED, Kill
from worlds import SOAK

from provisioning.workflows.courses import course_of_steps

OPENS_AND_CLOSES = opening(
    open=[{"ports": ["tcp/8443"], "to": "192.168.1.2", "until": "2031-01-07T18:00"}],
    close=[{"ports": ["tcp/443"], "to": "192.168.1.2"}],
)
"""Every step has something to do, and something follows from it."""

TASKS = (
    "tell-others",
    "plan",
    "look-before",
    "apply",
    "end-sessions",
    "prove",
    "confirm",
    "record",
    "back-up",
    "tell-customer",
)
"""Of the playbook that is shipped; a test holds them against it."""

IN_SERVICE = Case(lambda world: ())
"""A world with a line in service."""


def steps() -> tuple[str, ...]:
    """Return the steps of a run of a request, as they stand on record."""
    course = course_of_steps([{"task": each} for each in TASKS])
    return ("take stock", *(name for name, _ in (*course.forward, *course.closing)))


OWN = ("end sessions", "tell customer")
"""Steps that no other run has."""


def deaths(first: int) -> list[Kill]:
    """Return where a run is killed: at both moments of its own steps, else at one; everywhere in `make soak`.

    Args:
        first: 0 or 1, for the moments at which it begins; those that it leaves out are for another platform.
    """
    return [
        Kill(step, done=done)
        for number, step in enumerate(steps())
        for done in (False, True)
        if SOAK or step in OWN or done == bool((number + first) % 2)
    ]


@dataclass(frozen=True)
class Outcome:
    """What there is once nothing is under way.

    Attributes:
        everything: devices, store, files.
        requests: reference, state and parent of each request.
        open: what the records say is open, by whom, and what was closed.
        done: what the audit says was done to the first request.
        messages: the names of the files for the customers.
    """

    everything: dict[str, Any]
    requests: list[dict[str, Any]]
    open: list[dict[str, Any]]
    done: list[str]
    messages: list[str]


def outcome(world: Fibre, identifier: str) -> Outcome:
    """Return what there is."""
    return Outcome(
        everything(world),
        world.rows("select reference, state, parent_id from change_request order by id"),
        world.rows("select opening, opened_by, closed_by, until is null stays from opening order by id"),
        audit(world, identifier),
        sorted(each.name for each in (world.state / "messages").glob("*")),
    )


def assert_done(world: Fibre, identifier: str) -> None:
    """The request is in force, recorded once, and every device is what the store says."""
    assert request(world, identifier)["state"] == "done"
    last = world.runs()[-1]
    assert (last["state"], last["trouble"], last["kind"]) == ("proven", None, "change"), last["message"]
    assert str(form(world)["servers"]).count("tcp/8443") == 1
    assert_whole(world)
    assert_serves(world)


def assert_as_before(world: Fibre, identifier: str, before: dict[str, Any], *, state: str = "failed") -> None:
    """Nothing of the request is in force, and the line keeps what it had."""
    assert request(world, identifier)["state"] == state
    assert everything(world) == before
    assert_whole(world)
    assert_serves(world)


def undisturbed(kills: Kills) -> Outcome:
    """Return what there is after a request that nobody disturbed; it is seen once on each platform."""
    found = _UNDISTURBED.get(kills.kind.platform)
    if found is None:
        with kills.world(IN_SERVICE) as world:
            identifier = ready(world, OPENS_AND_CLOSES)
            answer = run(world, identifier)
            assert answer.code == 0, answer.stdout + answer.stderr
            assert_done(world, identifier)
            found = _UNDISTURBED[kills.kind.platform] = outcome(world, identifier)
    return found


_UNDISTURBED: dict[str, Outcome] = {}


def killed(kills: Kills, wanted: Outcome, deaths: tuple[Kill, ...], *, by: str = "run resume") -> None:
    """Kill what carries out a request, and whoever carries it on; then have it carried on."""
    with kills.world(IN_SERVICE) as world:
        identifier = ready(world, OPENS_AND_CLOSES)
        runs = len(world.runs())
        first, *rest = deaths
        answer = run(world, identifier, kill=first)
        assert answer.code == KILLED, answer.stdout + answer.stderr
        for death in rest:
            assert world.resume(death).code == KILLED
        if by == "run resume":
            world.resume_all()
        else:
            taken_up = world.run("change", "run", "--json")
            assert taken_up.code == 0, taken_up.stdout + taken_up.stderr
        assert len(world.runs()) == runs + 1
        assert_done(world, identifier)
        assert outcome(world, identifier) == wanted
        assert_nothing_left(world)
        assert_no_secret(world)


def assert_nothing_left(world: Fibre) -> None:
    """Whoever looks next finds nothing to do."""
    runs = len(world.runs())
    answer = world.run("change", "run", "--json")
    assert answer.code == 0, answer.stdout + answer.stderr
    assert json.loads(answer.stdout)["requests"] == []
    assert len(world.runs()) == runs
