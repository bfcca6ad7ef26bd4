"""When change requests are carried out: windows, a window that closes meanwhile, clocks that jump, expiries.

The clock is given to the workflow, and the simulated world has the same; what is asked for goes to a simulated router.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from changed_lines import form, opening, ready, request
from changes_in_process import World, in_process
from fibre_lines import Fibre, assert_whole, fibre_world
from killed_changes import assert_done
from router_kinds import CISCO, LINUX
from warm import Warm

from provisioning.model.change_request import RequestState
from provisioning.store import change_requests
from provisioning.workflows.run_changes import choose_changes

CLOSING = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
"""When the window closes on a Tuesday: 18:00 in Brussels."""


@pytest.fixture(params=["linux", "cisco"])
def world(request: pytest.FixtureRequest, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    kind = LINUX if request.param == "linux" else CISCO
    base = request.getfixturevalue("line_in_service" if kind is LINUX else "cisco_line_in_service")
    with fibre_world(tmp_path / "world", warm, base, kind=kind) as made:
        yield made


@pytest.fixture
def linux(warm: Warm, tmp_path: Path, line_in_service: Path) -> Iterator[Fibre]:
    with fibre_world(tmp_path / "world", warm, line_in_service) as made:
        yield made


def shifted(fibre: Fibre, moment: datetime) -> Callable[[], datetime]:
    """Return a clock that says it is that moment now, and goes on from there."""
    added = moment - datetime.now(UTC)
    return lambda: datetime.now(UTC) + added


def local(moment: datetime) -> str:
    return f"{moment:%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("now", "due"),
    [
        # The clocks go forward on Sunday 2026-03-29: Friday's eight o'clock is 7:00 in UTC, Monday's is 6:00.
        ("2026-03-27T06:59:59", "2026-03-27T07:00:00"),
        ("2026-03-27T07:00:00", None),
        ("2026-03-27T16:54:59", None),
        ("2026-03-27T16:56:00", "2026-03-30T06:00:00"),
        ("2026-03-29T01:30:00", "2026-03-30T06:00:00"),
        ("2026-03-30T05:59:59", "2026-03-30T06:00:00"),
        ("2026-03-30T06:00:00", None),
        ("2026-03-30T15:56:00", "2026-03-31T06:00:00"),
        # And back on Sunday 2026-10-25.
        ("2026-10-23T05:59:59", "2026-10-23T06:00:00"),
        ("2026-10-23T15:56:00", "2026-10-26T07:00:00"),
        ("2026-10-25T00:30:00", "2026-10-26T07:00:00"),
        ("2026-10-25T01:30:00", "2026-10-26T07:00:00"),
        ("2026-10-26T06:30:00", "2026-10-26T07:00:00"),
        ("2026-10-26T07:00:00", None),
        ("2026-10-26T16:54:00", None),
        # All Saints, a Sunday; Armistice Day, a Wednesday.
        ("2026-11-10T16:56:00", "2026-11-12T07:00:00"),
    ],
)
def test_the_window_is_that_of_brussels_whatever_the_clocks_do(
    prepared: tuple[World, str], now: str, due: str | None
) -> None:
    world, identifier = prepared
    world.around.clock.tell = lambda: datetime.fromisoformat(now).replace(tzinfo=UTC)  # type: ignore[attr-defined]
    chosen = world.choose()
    if due is None:
        assert [[each.id for each in some] for some in chosen.lines] == [[identifier]]
    else:
        assert chosen.lines == ()
        (later,) = chosen.later
        assert later.at == datetime.fromisoformat(due).replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def prepared(
    warm: Warm, tmp_path_factory: pytest.TempPathFactory, line_in_service: Path
) -> Iterator[tuple[World, str]]:
    """A world with an approved request, in which nothing is carried out."""
    with fibre_world(tmp_path_factory.mktemp("times") / "world", warm, line_in_service) as made:
        identifier = ready(made, opening())
        with in_process(made) as world:
            yield world, identifier


def test_what_has_begun_goes_to_its_end_when_the_window_closes(world: Fibre) -> None:
    identifier = ready(world, opening())
    moved = timedelta()
    began = datetime.now(UTC)

    def clock() -> datetime:
        return CLOSING - timedelta(minutes=6) + (datetime.now(UTC) - began) + moved

    def meanwhile(stage: str, _: str) -> None:
        nonlocal moved
        if stage == "apply":
            moved = timedelta(minutes=10)

    with in_process(world, clock) as inside:
        (answer,) = inside.run(meanwhile=meanwhile)
        assert answer.request.state is RequestState.DONE, answer
        assert answer.request.ended_at is not None and answer.request.ended_at > CLOSING
    assert_done(world, identifier)


def test_none_begins_that_could_not_end_in_the_window(linux: Fibre) -> None:
    identifier = ready(linux, opening())
    with in_process(linux, shifted(linux, CLOSING - timedelta(minutes=2))) as inside:
        assert inside.run() == []
        (later,) = inside.choose().later
        assert later.at == CLOSING + timedelta(hours=14)
    assert request(linux, identifier)["state"] == "approved"
    assert len(linux.runs()) == 1


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)], ids=["forward", "back"])
def test_a_clock_that_jumps_by_an_hour_in_the_middle_disturbs_nothing(world: Fibre, jump: timedelta) -> None:
    identifier = ready(world, opening())
    moved = timedelta()
    began = datetime.now(UTC)

    def clock() -> datetime:
        return CLOSING - timedelta(hours=4) + (datetime.now(UTC) - began) + moved

    def meanwhile(stage: str, _: str) -> None:
        nonlocal moved
        if stage == "apply":
            moved = jump

    with in_process(world, clock) as inside:
        (answer,) = inside.run(meanwhile=meanwhile)
    assert answer.request.state is RequestState.DONE, answer
    assert_done(world, identifier)


def test_an_opening_is_closed_when_its_time_is_over_whatever_the_window(world: Fibre) -> None:
    until = "2026-11-28T12:00+01:00"  # a Saturday
    opens = [{"ports": ["tcp/8443"], "to": "192.168.1.2", "until": until}]
    identifier = ready(world, opening(open=opens))
    with in_process(world, shifted(world, CLOSING - timedelta(hours=4))) as inside:
        (opened,) = inside.run()
        assert opened.request.state is RequestState.DONE, opened
        (later,) = inside.choose().later
        assert (later.request.parent, later.at) == (identifier, datetime(2026, 11, 28, 11, tzinfo=UTC))
        assert inside.run() == []
    assert "tcp/8443" in str(form(world)["servers"])
    with in_process(world, shifted(world, datetime(2026, 11, 28, 11, 0, 1, tzinfo=UTC))) as inside:
        (closed,) = inside.run()
        assert closed.request.state is RequestState.DONE, closed
        assert inside.choose().lines == ()
    assert "tcp/8443" not in str(form(world)["servers"])
    (record,) = [each for each in world.rows("select * from opening") if "8443" in each["opening"]]
    assert (record["opened_by"], record["closed_by"]) == (identifier, closed.request.id)
    assert_whole(world)


def test_an_expiry_waits_for_a_router_that_does_not_answer(linux: Fibre) -> None:
    from provisioning.stands.simulator.faults import Faults

    opens = [{"ports": ["tcp/8443"], "to": "192.168.1.2", "until": "2026-11-28T12:00+01:00"}]
    ready(linux, opening(open=opens))
    over = datetime(2026, 11, 28, 11, 0, 1, tzinfo=UTC)
    with in_process(linux, shifted(linux, CLOSING - timedelta(hours=4))) as inside:
        inside.run()
    linux.up.do(lambda: linux.up.world.faults.update({linux.kind.serial(1): Faults(refuse_login=True)}))
    with in_process(linux, shifted(linux, over)) as inside:
        (answer,) = inside.run()
        assert (answer.request.state, answer.error is not None) == (RequestState.APPROVED, True)
        linux.up.do(linux.up.world.faults.clear)
        (answer,) = inside.run()
        assert answer.request.state is RequestState.DONE, answer
    assert "tcp/8443" not in str(form(linux)["servers"])


def test_cancelled_once_it_was_chosen_nothing_is_done(linux: Fibre) -> None:
    identifier = ready(linux, opening())
    with in_process(linux) as inside:
        chosen = choose_changes([identifier], inside.around, at_once=True)
        assert linux.run("change", "cancel", identifier, "--reason", "not needed any more").code == 0
        (answer,) = inside.carry_out(chosen, "the shop is cut off")
        assert answer.error is not None and "it is cancelled" in answer.error.what
        with inside.around.store.read() as connection:
            assert change_requests.need_request(connection, identifier).state is RequestState.CANCELLED
    assert len(linux.runs()) == 1
