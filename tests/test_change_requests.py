"""Change requests in the store and at the command line: states, audit, messages, lists."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from requested_changes import LINE, PACK, codes, content, enter, in_service, opening, submit, submitted
from worlds import ROOT, Answer, Command, World

from provisioning.changes.codes import CODES
from provisioning.clock import SystemClock
from provisioning.errors import BadInput, Refused, UnknownName
from provisioning.model.audit import Actor
from provisioning.model.change_request import OPEN_STATES, WITHDRAWABLE, RequestState
from provisioning.model.finding import Severity
from provisioning.orders import codes as order_codes
from provisioning.orders.read import read
from provisioning.reports.customer_message import customer_message
from provisioning.reports.refusal_terms import REASONS
from provisioning.reports.words import Language
from provisioning.store import audit, change_requests, lines
from provisioning.store.change_requests import ENDED, FOLLOWING
from provisioning.store.engine import Store
from provisioning.workflows.accept_order import accept_order
from provisioning.workflows.auditing import audited
from provisioning.workflows.customer_messages import FOLDER, due_of
from provisioning.workflows.look_at_change import look_at_change
from provisioning.workflows.look_at_firewall import look_at_firewall
from provisioning.workflows.record_openings import record_openings, record_order
from provisioning.workflows.withdraw_change import cancel_change, refuse_change

EXAMPLES = sorted((ROOT / "examples" / "changes-on-request").glob("*.yaml"))
PLANNED = (RequestState.PLANNED,)
APPROVED = (*PLANNED, RequestState.APPROVED)
RUNNING = (*APPROVED, RequestState.RUNNING)
WAYS: dict[RequestState, tuple[RequestState, ...]] = {
    RequestState.SUBMITTED: (),
    RequestState.PLANNED: PLANNED,
    RequestState.APPROVED: APPROVED,
    RequestState.RUNNING: RUNNING,
    RequestState.DONE: (*RUNNING, RequestState.DONE),
    RequestState.FAILED: (*RUNNING, RequestState.FAILED),
    RequestState.UNKNOWN: (*RUNNING, RequestState.UNKNOWN),
    RequestState.REFUSED: (RequestState.REFUSED,),
    RequestState.CANCELLED: (RequestState.CANCELLED,),
}
each_state = pytest.mark.parametrize("state", RequestState)


# --- states ----------------------------------------------------------------------------------------------------------


@each_state
def test_only_what_may_follow_follows(state: RequestState, world: World) -> None:
    in_service(world)
    for number, after in enumerate(RequestState, start=1):
        request = enter(world, submitted(world, number, open=[opening(f"tcp/{8000 + number}")]).id, *WAYS[state])
        assert request.state is state
        if after in FOLLOWING[state]:
            assert enter(world, request.id, after).state is after
        else:
            with pytest.raises(Refused):
                enter(world, request.id, after)
            assert look_at_change(request.id, world.around).request == request


def test_nothing_follows_an_end() -> None:
    assert {state for state, after in FOLLOWING.items() if not after} == set(ENDED)
    assert set(OPEN_STATES) == set(RequestState) - set(ENDED)


def test_the_history_is_the_audit(world: World) -> None:
    in_service(world)
    request = submitted(world, open=[opening("tcp/8443")])
    enter(world, request.id, *RUNNING, RequestState.FAILED)
    cancel_change(request.id, "not needed any more", world.around)
    history = look_at_change(request.id, world.around).history
    assert [(each.details.get("from"), each.details["to"]) for each in history] == [
        (None, "submitted"),
        ("submitted", "planned"),
        ("planned", "approved"),
        ("approved", "running"),
        ("running", "failed"),
        ("failed", "cancelled"),
    ]
    assert history[-1].reason == "not needed any more"
    with world.store.read() as connection:
        assert len(list(audit.entries(connection))) == len(history)


def test_a_state_that_cannot_be_entered_leaves_no_entry(world: World) -> None:
    in_service(world)
    request = submitted(world, open=[opening("tcp/8443")])
    with pytest.raises(Refused):
        enter(world, request.id, RequestState.DONE)
    assert len(look_at_change(request.id, world.around).history) == 1


# --- refusing and cancelling -----------------------------------------------------------------------------------------


@each_state
def test_what_can_be_withdrawn(state: RequestState, world: World) -> None:
    in_service(world)
    request = enter(world, submitted(world, open=[opening("tcp/8443")]).id, *WAYS[state])
    if state in WITHDRAWABLE:
        ended = refuse_change(request.id, "  The server\nis not yours. ", world.around)
        assert (ended.state, ended.reason) == (RequestState.REFUSED, "The server is not yours.")
        assert ended.ended_at == world.clock.now()
        assert refuse_change(request.id, "The server is not yours.", world.around) == ended
    else:
        with pytest.raises(Refused):
            refuse_change(request.id, "The server is not yours.", world.around)


def test_a_refusal_gives_its_reason(world: World) -> None:
    in_service(world)
    request = submitted(world, open=[opening("tcp/8443")])
    for reason in ("", "  ", "x" * 2000, "a\x1b[31mb"):
        with pytest.raises(BadInput):
            refuse_change(request.id, reason, world.around)
    with pytest.raises(UnknownName):
        refuse_change("C-99", "why", world.around)
    assert cancel_change(request.id, "", world.around).state is RequestState.CANCELLED


# --- what the customer is told ---------------------------------------------------------------------------------------


@each_state
@pytest.mark.parametrize("language", ["en", "fr", "nl"])
def test_the_customer_is_told_in_every_state(state: RequestState, language: Language, world: World) -> None:
    in_service(world, **PACK)
    asked = [opening("tcp/8443", sources=("198.51.100.0/24",), to_port=443, until="2026-12-31T17:00")]
    request = submitted(world, language=language, open=asked, close=[opening("tcp/443")])
    request = enter(world, request.id, *WAYS[state])
    told = look_at_change(request.id, world.around).message
    assert (told.to, told.language) == (request.requester, language)
    assert request.reference in told.subject
    for part in (request.reference, request.id, LINE, "tcp/8443", "192.168.1.10", "198.51.100.0/24", "443", "17:00"):
        assert part in told.text
    english = customer_message(request, language="en")
    assert (told.subject == english.subject) == (language == "en")


def test_each_state_is_told_apart(world: World) -> None:
    in_service(world)
    request = submitted(world, open=[opening("tcp/8443")])
    texts = {customer_message(enter(world, request.id, each)).text for each in RUNNING}
    assert len(texts) == len(RUNNING)


def test_a_refusal_by_the_check_tells_every_reason(world: World) -> None:
    in_service(world)
    answer = submit(world, language="fr", open=[opening("tcp/23"), opening("tcp/443")])
    assert answer.request is not None
    (kept,) = (world.state / FOLDER).iterdir()
    message = json.loads(kept.read_text("utf-8"))
    assert message["subject"] == "Votre demande de modification CR-2026-0001 : refusée"
    for finding in answer.findings:
        assert finding.reason in message["text"]
    assert "Le port 23 est réservé à l’opérateur (open.0.ports.0)" in message["text"]
    assert "Rien n’est facturé." in message["text"]


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
def test_a_stranger_learns_nothing_of_the_line(language: Language, world: World) -> None:
    in_service(world)
    answer = submit(
        world, requester="eve@example.org", language=language, open=[opening("tcp/443")], close=[opening("tcp/9999")]
    )
    assert answer.request is not None
    assert len(answer.findings) == 3  # the desk sees them all
    text = look_at_change(answer.request.id, world.around).message.text
    assert text.count("\n- ") == 3  # one reason, and the two things that were asked for
    for each in answer.findings:
        assert each.reason not in text


def test_every_refusal_is_told_in_the_customers_language() -> None:
    own = {each.name for each in CODES if each.severity is Severity.REFUSAL}
    assert own <= REASONS.keys()
    assert REASONS.keys() - own <= {each.name for each in order_codes.CODES if each.severity is Severity.REFUSAL}


def test_a_withdrawal_is_told(world: World) -> None:
    in_service(world)
    request = submitted(world, open=[opening("tcp/8443")])
    refuse_change(request.id, "The server is not yours.", world.around)
    message = json.loads((world.state / FOLDER / f"{request.id}.json").read_text("utf-8"))
    assert "The server is not yours." in message["text"]
    assert "refused" in message["subject"]


def test_an_approved_request_tells_when_it_is_carried_out(world: World) -> None:
    in_service(world)
    request = submitted(world, wanted="2026-11-24T22:00", open=[opening("tcp/8443")])
    enter(world, request.id, *APPROVED)
    with world.store.read() as connection:
        due = due_of(connection, change_requests.need_request(connection, request.id), world.around)
    assert f"{due:%Y-%m-%d %H:%M}" == "2026-11-25 07:00"
    assert "25 Nov 2026, 08:00" in look_at_change(request.id, world.around).message.text


def test_hostile_text_cannot_steer_a_message(world: World) -> None:
    in_service(world)
    request = submitted(world, open=[opening("tcp/8443")])
    refuse_change(request.id, "%(reference)s %s", world.around)
    assert "- %(reference)s %s\n" in look_at_change(request.id, world.around).message.text


def test_thousands_of_openings_make_a_short_message(world: World) -> None:
    in_service(world)
    request = submitted(world, open=[opening(f"tcp/{8000 + number}") for number in range(1000)])
    text = look_at_change(request.id, world.around).message.text
    assert text.count("\n- ") == 21
    assert "and 980 more" in text


# --- at the command line ---------------------------------------------------------------------------------------------


@pytest.fixture
def shop(tmp_path: Path) -> Command:
    """A store with the line of the examples, in service."""
    state, clock = tmp_path / "state", SystemClock()
    store = Store.open(state, now=clock.now(), lock_timeout=5)
    world = World(store)
    assert accept_order(read(ROOT / "examples" / "orders" / "fullfiber-extended.yaml"), world.around).line == LINE
    with store.write() as connection:
        lines.activate_line(connection, LINE, clock.now())
    store.close()
    return Command(state)


def change(shop: Command, *arguments: str | Path, code: int = 0) -> Answer:
    answer = shop("change", *map(str, arguments))
    assert answer.code == code, answer.stdout + answer.stderr
    return answer


def test_every_example_stands(shop: Command) -> None:
    assert len(EXAMPLES) == 8
    answer = change(shop, "submit", *EXAMPLES, "--json")
    assert [each["verdict"] for each in answer.json["requests"]] == ["accepted"] * len(EXAMPLES)
    assert all(not each["findings"] for each in answer.json["requests"])
    again = change(shop, "submit", *EXAMPLES, "--json")
    assert all(each["known"] for each in again.json["requests"])
    assert [each["id"] for each in again.json["requests"]] == [each["id"] for each in answer.json["requests"]]


def test_an_empty_list_says_what_to_do(proviso: Command) -> None:
    assert "proviso change submit FILE" in change(proviso, "list").stdout
    assert change(proviso, "list", "--json").json == {"requests": []}
    assert not proviso.state.exists()


def test_lists_are_narrowed(shop: Command) -> None:
    change(shop, "submit", *EXAMPLES)
    change(shop, "cancel", "C-2")
    whole = change(shop, "list", "--json").json["requests"]
    assert [each["id"] for each in whole] == [f"C-{number}" for number in range(8, 0, -1)]
    assert {each["id"] for each in change(shop, "list", "--open", "--json").json["requests"]} == {
        each["id"] for each in whole
    } - {"C-2"}
    (cancelled,) = change(shop, "list", "--state", "cancelled", "--json").json["requests"]
    assert cancelled["id"] == "C-2"
    assert len(change(shop, "list", "--line", LINE, "--limit", "3", "--json").json["requests"]) == 3
    assert [each["id"] for each in change(shop, "list", "--after", "C-3", "--json").json["requests"]] == ["C-2", "C-1"]
    assert "No such requests." in change(shop, "list", "--state", "done").stdout
    change(shop, "list", "--line", "L-9", code=2)
    change(shop, "list", "--open", "--state", "done", code=2)


def test_one_request_is_shown_whole(shop: Command) -> None:
    change(shop, "submit", *EXAMPLES)
    shown = change(shop, "show", "C-2").stdout
    for part in (
        "submitted",
        "CR-2026-0105",
        "close tcp/8000-8010 to 192.168.40.10",
        "Free",
        "I-5.4",
        "change submit",
    ):
        assert part in shown
    assert all(len(line) <= 80 for line in shown.splitlines())
    data = change(shop, "show", "C-2", "--json").json
    assert data["request"]["reference"] == "CR-2026-0105"
    assert [each["action"] for each in data["history"]] == ["change submit"]
    assert (
        change(shop, "show", "C-2", "--message", "--language", "nl").stdout.splitlines()[1].startswith("Subject: Uw")
    )
    assert "there is no change request" in change(shop, "show", "C-99", code=2).stderr


def test_a_refused_file_does_not_stop_the_others(shop: Command, tmp_path: Path) -> None:
    torn, port = tmp_path / "torn.yaml", tmp_path / "port.yaml"
    torn.write_text("request: [", "utf-8")
    port.write_text(yaml.safe_dump({**content(), "open": [opening("tcp/23")]}), "utf-8")
    answer = change(shop, "submit", torn, port, EXAMPLES[0], "--json", code=2)
    assert [each.get("verdict") for each in answer.json["requests"]] == [None, "refused", "accepted"]
    assert "torn.yaml" in answer.json["requests"][0]["error"]["where"]
    assert [each["state"] for each in answer.json["requests"][1:]] == ["refused", "submitted"]
    change(shop, "submit", port, code=1)


def test_a_request_comes_by_standard_input(shop: Command) -> None:
    answer = shop("change", "submit", "-", "--json", stdin=EXAMPLES[0].read_bytes())
    assert answer.json["requests"][0]["verdict"] == "accepted"


def test_the_desk_refuses_and_the_customer_cancels(shop: Command) -> None:
    change(shop, "submit", *EXAMPLES)
    assert "C-1" in change(shop, "refuse", "C-1", "--reason", "Mail stays.").stdout
    assert "Mail stays." in change(shop, "show", "C-1", "--message").stdout
    assert change(shop, "cancel", "C-2", "--json").json == {"id": "C-2", "state": "cancelled", "reason": ""}
    assert "it is refused" in change(shop, "cancel", "C-1", code=1).stderr
    change(shop, "refuse", "C-3", code=2)
    assert change(shop, "submit", EXAMPLES[0], code=1).stdout.startswith("refused")


@pytest.mark.parametrize(
    "words",
    [
        "proviso change plan C-",
        "proviso change run C-",
        "proviso change show C-",
        "proviso change refuse C-",
        "proviso change list --after C-",
    ],
)
def test_ids_are_completed(shop: Command, words: str) -> None:
    change(shop, "submit", *EXAMPLES)
    environment = {"_PROVISO_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    assert set(shop(environment=environment).stdout.split()) == {f"C-{number}" for number in range(1, 9)}


def test_what_is_open_is_shown(shop: Command) -> None:
    shown = shop("firewall", "show", LINE)
    assert shown.code == 0
    assert "tcp/8000-8010 to 192.168.40.10" in shown.stdout
    assert all(len(line) <= 80 for line in shown.stdout.splitlines())
    data: dict[str, Any] = shop("firewall", "show", LINE, "--json").json
    assert (data["line"], data["asked_router"], data["differs"]) == (LINE, False, None)
    assert {each["by"] for each in data["openings"]} == {"PX-2026-000110"}
    assert shop("firewall", "show", "L-99").code == 2


def test_nothing_is_open_on_a_line_that_is_out_of_service(world: World) -> None:
    in_service(world)
    with audited(world.around) as audit:
        record_openings(audit.connection, LINE, by="PX-2026-000104", at=audit.at)
        lines.cease_line(audit.connection, LINE, audit.at)
    assert look_at_firewall(LINE, world.around).openings  # its router still has them
    with audited(world.around) as audit:
        record_order(audit, LINE, order="PX-2026-000306")
    assert look_at_firewall(LINE, world.around).openings == ()


def test_who_hands_a_request_in_is_on_record(world: World) -> None:
    in_service(world)
    request = submitted(world, open=[opening("tcp/8443")])
    (entry,) = look_at_change(request.id, world.around).history
    assert entry.actor == world.around.actor
    assert request.submitter == entry.actor.name
    assert isinstance(entry.actor, Actor)
    assert not codes(submit(world, open=[opening("tcp/8443")]))
