"""A store with hostile orders in it, a project that people made, and what must hold of whatever the command says."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from forms import FormData, minimal, typed
from worlds import ROOT, Answer, Command, World

from provisioning.catalogue import FORMULAS
from provisioning.clock import SystemClock
from provisioning.model.intent import Role
from provisioning.orders.read import read
from provisioning.store import assigning
from provisioning.store.assignments import Release
from provisioning.store.engine import Store
from provisioning.workflows.accept_order import accept_order

EXAMPLES = ROOT / "examples"
ORDER = "examples/orders/fullfiber-extended.yaml"

HOSTILE_NAME = "[bold red]Evil[/] \u202erekcah\u2066 :skull: {x} %s \\ & <b>'\"`"
HOSTILE_SITE = "[link=http://x]1 Rue[/link] 🏭 " + "é" * 300
HOSTILE_SSID = "[red]\u202ex \u00e9"
HOSTILE_REASON = "\x1b[31mred\x1b[0m\r\n\x07[blink]\u202e"
INJECTION = "\\$(touch PWNED) \\`touch PWNED`"

NEVER_ON_A_TERMINAL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def hostile_order() -> FormData:
    form = minimal(FORMULAS["fullfiber-extended"])
    return form | {
        "order": "PX-2026-000666",
        "customer": {"name": HOSTILE_NAME},
        "site": {"address": HOSTILE_SITE, "mobile_coverage": "good"},
        "wifi": {"enabled": True, "ssid": HOSTILE_SSID},
        "options": {"ip_pack": {"addresses": 16, "assessment": HOSTILE_NAME}},
        "cpe": {"platform": "linux_cpe", "serial": "LX0666"},
    }


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """A store with the example orders, a hostile one (L-22), a ceased one (L-23), and one released address."""
    state = tmp_path_factory.mktemp("shop") / "state"
    clock = SystemClock()
    store = Store.open(state, now=clock.now(), lock_timeout=5)
    around = replace(World(store).around, clock=clock)
    for path in sorted((EXAMPLES / "orders").glob("*.yaml")):
        assert accept_order(read(path), around).accepted
    assert accept_order(typed(hostile_order()), around).line == "L-22"
    with store.write() as connection:
        release = Release(HOSTILE_REASON, clock.now(), 30)
        assigning.release_role(connection, "L-22", Role.IP_PACK, release)
    ceased = minimal(FORMULAS["internet-pro"]) | {"order": "PX-2026-000700", "customer": {"name": INJECTION}}
    ceased["cpe"] = {"platform": "linux_cpe", "serial": "LX0700"}
    assert accept_order(typed(ceased), around).line == "L-23"
    cease = {"order": "PX-2026-000701", "kind": "cease", "line": "L-23"}
    assert accept_order(typed(cease), around).accepted
    store.close()
    return Command(state)


def assert_clean(answer: Answer) -> None:
    """Nothing on either stream steers a terminal, and nobody sees a traceback."""
    for stream in (answer.stdout, answer.stderr):
        assert not NEVER_ON_A_TERMINAL.search(stream)
        assert "Traceback" not in stream
        assert "this should not happen" not in stream


def assert_one_block(answer: Answer, code: int) -> None:
    assert_clean(answer)
    assert answer.code == code, answer.stderr
    error, *rest = answer.stderr.splitlines()
    assert error.startswith("error: ")
    assert [line.partition(":")[0] for line in rest] in (["  where", "  what to do"], ["  what to do"])


@pytest.fixture
def made(proviso: Command, tmp_path: Path) -> Path:
    """A project that `init` made."""
    assert proviso("init", tmp_path / "my-isp").code == 0
    return tmp_path / "my-isp"
