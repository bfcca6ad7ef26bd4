"""Change requests at the command line: handed in, listed, shown, refused, cancelled."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from requested_changes import LINE, codes, content, in_service, opening, submit, submitted
from worlds import ROOT, Answer, Command, World

from provisioning.cli.show_firewall import print_firewall
from provisioning.clock import CONTRACT_TIME_ZONE, SystemClock
from provisioning.model.audit import Actor
from provisioning.orders.read import read
from provisioning.store import lines
from provisioning.store.engine import Store
from provisioning.workflows.accept_order import accept_order
from provisioning.workflows.auditing import audited
from provisioning.workflows.look_at_change import look_at_change
from provisioning.workflows.look_at_firewall import look_at_firewall
from provisioning.workflows.record_openings import record_openings, record_order

EXAMPLES = sorted((ROOT / "examples" / "changes-on-request").glob("*.yaml"))


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


def test_nothing_is_open_on_a_line_that_is_out_of_service(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    in_service(world)
    with audited(world.around) as audit:
        record_openings(audit.connection, LINE, by="PX-2026-000104", at=audit.at)
        lines.cease_line(audit.connection, LINE, audit.at)
    assert look_at_firewall(LINE, world.around).openings  # its router still has them
    with audited(world.around) as audit:
        record_order(audit, LINE, order="PX-2026-000306")
    seen = look_at_firewall(LINE, world.around)
    assert seen.openings == ()
    shown_on = world.clock.now().astimezone(CONTRACT_TIME_ZONE).date()
    print_firewall(seen)
    assert capsys.readouterr().out.splitlines() == [f"L-1 was ceased on {shown_on}.", "Nothing is open on L-1."]


def test_who_hands_a_request_in_is_on_record(world: World) -> None:
    in_service(world)
    request = submitted(world, open=[opening("tcp/8443")])
    (entry,) = look_at_change(request.id, world.around).history
    assert entry.actor == world.around.actor
    assert request.submitter == entry.actor.name
    assert isinstance(entry.actor, Actor)
    assert not codes(submit(world, open=[opening("tcp/8443")]))
