"""What a customer is told of a change request, in each state and language, and what nobody is told."""

import json

import pytest
from acceptances import result
from requested_changes import (
    APPROVED,
    LINE,
    PACK,
    RUNNING,
    WAYS,
    each_state,
    enter,
    in_service,
    opening,
    submit,
    submitted,
)
from worlds import World

from provisioning.changes.codes import CODES
from provisioning.model.change_request import RequestState
from provisioning.model.finding import Severity
from provisioning.model.verdict import Outcome, Verdict
from provisioning.orders import codes as order_codes
from provisioning.reports.customer_message import customer_message
from provisioning.reports.refusal_terms import REASONS
from provisioning.reports.words import Language
from provisioning.store import change_requests
from provisioning.workflows.customer_messages import due_of
from provisioning.workflows.look_at_change import look_at_change
from provisioning.workflows.message_file import FOLDER
from provisioning.workflows.withdraw_change import refuse_change


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


@pytest.mark.parametrize(
    ("kind", "outcome", "works"),
    [
        ("opening", Outcome.PASSED, True),
        ("opening", Outcome.NOT_OBSERVED, False),
        ("shut", Outcome.NOT_OBSERVED, False),
        ("slaac", Outcome.NOT_OBSERVED, True),
    ],
)
def test_what_nobody_could_look_at_is_not_said_to_work(kind: str, outcome: Outcome, works: bool, world: World) -> None:
    in_service(world)
    request = submitted(world, open=[opening("tcp/8443")])
    request = enter(world, request.id, *WAYS[RequestState.DONE])
    scan = result("scan", "192.0.2.1", Outcome.PASSED, "shut", "")
    text = customer_message(request, verdict=Verdict((scan, result(kind, "", outcome, "", "")))).text
    assert ("What you asked for works" in text) is works
    assert ("1 check could not be made" in text) is not works


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


def test_all_ports_are_named_in_the_customers_language(world: World) -> None:
    in_service(world, **PACK)
    request = submitted(world, close=[opening("all", to="customer_firewall")])
    told: dict[Language, str] = {
        "en": "close all ports to",
        "fr": "fermer tous les ports vers",
        "nl": "alle poorten sluiten naar",
    }
    for language, words in told.items():
        assert words in look_at_change(request.id, world.around, language=language).message.text


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
