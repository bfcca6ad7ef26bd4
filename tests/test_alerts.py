"""Alerts: told on a change of state only, to a command and to a webhook, and told again when nobody could be told."""

import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import NOON, World

from provisioning.backups.alerts import (
    LINES_NAMED,
    Standing,
    StateChange,
    Subject,
    Watched,
    alert_data,
    alert_text,
    due,
    group,
    mark_told,
    take_in,
)
from provisioning.model.secret import Secret
from provisioning.store import told as store_told
from provisioning.store.engine import Store
from provisioning.workflows.alert_channels import WAITS, post_webhook, run_command
from provisioning.workflows.tell_alert import Told, tell_alerts

TOKEN = "canary-token-4711"
WELL, WRONG = Standing.WELL, Standing.WRONG


def change(line: int = 1, after: Standing = WRONG, cause: str = "unreachable", **more: object) -> StateChange:
    what = Subject(str(more.get("what", "backup")))
    cause = cause if after is WRONG else ""
    return StateChange(f"L-{line}", what, WELL, after, NOON, cause, "it does not answer" if cause else "")


# --- what is told ---------------------------------------------------------------------------------------------------


def test_what_stands_as_before_is_told_once() -> None:
    watched = take_in((), [change()])
    assert [each.after for each in due(watched, "command")] == [WRONG]
    watched = mark_told(watched, due(watched, "command"), "command")
    for _ in range(3):
        watched = take_in(watched, [change()])
        assert due(watched, "command") == ()


def test_what_is_well_again_is_told_once_and_forgotten() -> None:
    watched = mark_told(take_in((), [change()]), [change()], "command")
    watched = take_in(watched, [change(after=WELL)])
    (back,) = due(watched, "command")
    assert (back.before, back.after) == (WRONG, WELL)
    assert mark_told(watched, [back], "command") == ()


def test_what_went_wrong_and_well_again_before_anybody_was_told_is_not_told() -> None:
    assert take_in(take_in((), [change()]), [change(after=WELL)]) == ()


def test_what_was_always_well_is_not_told() -> None:
    assert take_in((), [change(after=WELL)]) == ()


def test_a_new_channel_hears_of_all_that_is_wrong() -> None:
    watched = mark_told(take_in((), [change(1), change(2)]), [change(1), change(2)], "command")
    assert [each.line for each in due(watched, "webhook")] == ["L-1", "L-2"]


def test_things_of_one_line_are_told_apart() -> None:
    watched = take_in((), [change(what="backup"), change(what="drift")])
    assert {each.what for each in due(watched, "command")} == {Subject.BACKUP, Subject.DRIFT}


@given(st.lists(st.tuples(st.sampled_from(Standing), st.booleans()), max_size=30))
def test_a_channel_always_ends_up_knowing_how_it_stands(history: Sequence[tuple[Standing, bool]]) -> None:
    """Whatever comes in which order, and whichever tellings fail, nobody is told the same twice running."""
    watched: tuple[Watched, ...] = ()
    heard = [WELL]
    for after, reaches in [*history, (history[-1][0] if history else WELL, True)]:
        watched = take_in(watched, [change(after=after)])
        open_changes = due(watched, "command")
        if reaches and open_changes:
            heard += [each.after for each in open_changes]
            watched = mark_told(watched, open_changes, "command")
    assert heard[-1] is (history[-1][0] if history else WELL)
    assert all(one is not other for one, other in pairwise(heard))


def test_many_that_change_together_are_one_group() -> None:
    many = [change(each) for each in range(1, 301)]
    groups = group([*many, change(400, cause="host key"), change(500, WELL)])
    assert [(each.after, each.cause, each.count) for each in groups] == [
        (WRONG, "unreachable", 300),
        (WRONG, "host key", 1),
        (WELL, "", 1),
    ]
    assert len(groups[0].lines) == LINES_NAMED
    assert [line for line, _ in groups[0].lines[:3]] == ["L-1", "L-2", "L-3"]
    first, second, third = alert_text(groups).splitlines()
    assert first.startswith("300 lines: no backup (unreachable): L-1, L-2, ")
    assert first.endswith(" and 290 more")
    assert second == "L-400: no backup (host key): it does not answer"
    assert third == "L-500: backed up again"


def test_a_group_began_when_its_first_did() -> None:
    earlier = replace(change(2), since=NOON - timedelta(hours=5))
    (found,) = group([change(1), earlier])
    assert found.since == NOON - timedelta(hours=5)
    data = alert_data([found], at=NOON)
    assert json.loads(json.dumps(data)) == data


# --- a command ------------------------------------------------------------------------------------------------------


def script(folder: Path, text: str) -> list[str]:
    path = folder / "tell.py"
    path.write_text(text)
    return [sys.executable, str(path), "$HOME; echo `id`"]


def test_a_command_is_told_on_its_input_and_no_shell_reads_its_arguments(tmp_path: Path) -> None:
    text = f"import sys; open({str(tmp_path / 'out')!r}, 'w').write(sys.argv[1] + sys.stdin.read())"
    assert run_command(script(tmp_path, text), b'{"text": 1}') == ""
    assert (tmp_path / "out").read_text() == '$HOME; echo `id`{"text": 1}'


def test_a_command_that_does_not_read_is_no_trouble(tmp_path: Path) -> None:
    assert run_command(script(tmp_path, "pass"), b"x" * 1_000_000) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "import sys; print('first', file=sys.stderr); sys.exit('the pager is full')",
            "ended with 1: the pager is full",
        ),
        ("import os; os.kill(os.getpid(), 9)", "ended with -9"),
        ("import threading; threading.Event().wait()", "took more than 1 s"),
    ],
)
def test_what_is_wrong_with_a_command_is_said(tmp_path: Path, text: str, said: str) -> None:
    assert said in run_command(script(tmp_path, text), b"{}", seconds=1)


def test_a_command_that_is_not_there_is_said() -> None:
    assert run_command(["/no/such"], b"{}") == "the command /no/such: no such file or directory"


# --- a webhook ------------------------------------------------------------------------------------------------------


class Hook(ThreadingHTTPServer):
    """Somebody's webhook.

    Attributes:
        answers: what it answers, in turn; then 204.
        heard: bodies, and the path that each came to.
    """

    def __init__(self, answers: Sequence[int] = ()) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = list(answers)
        self.heard: list[tuple[str, dict[str, object]]] = []

    @property
    def address(self) -> Secret:
        return Secret(f"http://127.0.0.1:{self.server_port}/hooks/{TOKEN}")


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Hook)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, json.loads(body)))
        code = self.server.answers.pop(0) if self.server.answers else 204
        if code:
            self.send_response(code)
            if code == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()

    def do_GET(self) -> None:
        raise AssertionError("a redirection was followed")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def hook(*answers: int) -> Iterator[Hook]:
    with Hook(answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_a_webhook_is_posted_json() -> None:
    with hook() as server:
        assert post_webhook(server.address, b'{"text": "L-1"}', wait=lambda _: None) == ""
    assert server.heard == [(f"/hooks/{TOKEN}", {"text": "L-1"})]


@pytest.mark.parametrize("first", [500, 503, 429, 0])
def test_what_may_pass_is_tried_again(first: int) -> None:
    waited: list[float] = []
    with hook(first) as server:
        assert post_webhook(server.address, b"{}", wait=waited.append) == ""
        assert len(server.heard) == 2
    assert waited == [WAITS[0]]


@pytest.mark.parametrize("code", [302, 400, 401, 404])
def test_what_does_not_pass_is_not_tried_again(code: int) -> None:
    with hook(code) as server:
        said = post_webhook(server.address, b"{}", wait=lambda _: pytest.fail("it waits"))
        assert len(server.heard) == 1
    assert said == f"the webhook: it answered {code}"


def test_it_gives_up_in_the_end() -> None:
    waited: list[float] = []
    with hook(*[500] * 9) as server:
        assert post_webhook(server.address, b"{}", wait=waited.append) == "the webhook: it answered 500"
    assert tuple(waited) == WAITS


def silent() -> Secret:
    """Return the address of a port at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return Secret(f"http://somebody:{TOKEN}@127.0.0.1:{taken.getsockname()[1]}/{TOKEN}")


@pytest.mark.parametrize(
    "address",
    [
        silent,
        lambda: Secret(f"ftp://example.net/{TOKEN}"),
        lambda: Secret(f"file:///etc/{TOKEN}"),
        lambda: Secret(f"https://[{TOKEN}"),
        lambda: Secret(f"http://{TOKEN}.invalid/ {TOKEN}\r\nX: y"),
        lambda: Secret(TOKEN),
    ],
)
def test_what_is_said_of_a_webhook_never_holds_its_address(address: Callable[[], Secret]) -> None:
    said = post_webhook(address(), b"{}", wait=lambda _: None)
    assert said.startswith("the webhook: ")
    assert TOKEN not in said


def test_one_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = Secret(f"http://127.0.0.1:{mute.getsockname()[1]}/{TOKEN}")
        said = post_webhook(address, b"{}", wait=lambda _: None, seconds=0.2)
    assert "did not answer" in said
    assert TOKEN not in said


# --- from the workflows ---------------------------------------------------------------------------------------------


@pytest.fixture
def world(tmp_path: Path) -> World:
    state = tmp_path / "state"
    return World(Store.open(state, now=NOON, lock_timeout=10), state=state)


def tell(world: World, *changes: StateChange, command: Sequence[str] = (), webhook: Secret | None = None) -> Told:
    backups = replace(world.around.backups, alert_command=tuple(command), alert_webhook=webhook)
    return tell_alerts(changes, replace(world.around, backups=backups), wait=lambda _: None)


def test_what_could_not_be_told_is_told_the_next_time(world: World) -> None:
    with hook(500, 500, 500) as server:
        first = tell(world, change(), webhook=server.address)
        assert (first.changes, len(first.troubles)) == (0, 1)
        assert TOKEN not in first.troubles[0]
        heard = len(server.heard)
        # The night after, nothing has changed; another line has gone wrong.
        second = tell(world, change(2), webhook=server.address)
        assert (second.changes, second.troubles) == (2, ())
        assert len(server.heard) == heard + 1
        assert tell(world, change(1), change(2), webhook=server.address) == Told()
        assert len(server.heard) == heard + 1
    assert "2 lines: no backup (unreachable): L-1, L-2" in str(server.heard[-1][1]["text"])


def test_a_channel_that_fails_does_not_make_the_other_be_told_twice(world: World, tmp_path: Path) -> None:
    command = script(tmp_path, f"import sys; open({str(tmp_path / 'out')!r}, 'a').write('told\\n')")
    with hook(*[500] * 6) as server:
        for _ in range(2):
            assert len(tell(world, change(), command=command, webhook=server.address).troubles) == 1
        assert tell(world, change(), command=command, webhook=server.address).troubles == ()
    assert (tmp_path / "out").read_text() == "told\n"


def test_what_was_taken_in_before_the_process_ended_is_told_by_the_next(world: World) -> None:
    with world.store.write() as connection:
        store_told.keep_watched(connection, take_in(store_told.watched(connection), [change(7)]))
    with hook() as server:
        assert tell(world, webhook=server.address).changes == 1
    assert "L-7: no backup" in str(server.heard[0][1]["text"])


def test_without_a_channel_nothing_is_told_and_nothing_is_lost(world: World) -> None:
    assert tell(world, change()) == Told()
    with hook() as server:
        assert tell(world, webhook=server.address).changes == 1


def test_ten_thousand_that_fail_are_one_alert(world: World) -> None:
    with hook() as server:
        assert tell(world, *(change(each) for each in range(1, 10_001)), webhook=server.address).changes == 10_000
        assert (
            tell(world, *(change(each, WELL) for each in range(1, 10_001)), webhook=server.address).changes == 10_000
        )
    assert len(server.heard) == 2
    assert str(server.heard[0][1]["text"]).startswith("10,000 lines: no backup (unreachable)")
    with world.store.read() as connection:
        assert store_told.watched(connection) == ()
