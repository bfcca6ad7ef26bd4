"""Whatever is typed on the simulated IOS-XE router, and whatever stands on it, it answers and goes on."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncssh
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iosxe_routers import BOOTSTRAPPED, Reached
from worlds import ROOT

from provisioning.stands.simulator.cisco_iosxe.interpreter import Interpreter, exec_forms
from provisioning.stands.simulator.cisco_iosxe.router import IosRouter
from provisioning.stands.simulator.cisco_iosxe.session import LoggedOut, Reloaded, Session
from provisioning.stands.simulator.cisco_iosxe.words import Parameter, following
from provisioning.stands.simulator.faults import Faults

CORPUS = sorted((ROOT / "tests" / "cases" / "iosxe_corpus").glob("*.txt"))
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
WORDS = sorted({each for form in exec_forms() for each in form.tokens if isinstance(each, str)})
FILES = ("bootflash:x", "nvram:startup-config", "running-config", "null:", "tftp://a/b")
VALUES = (*FILES, "1", "0/2/0", "Vlan1", "198.18.1.10")
OTHERS = ("|", "| include a", "| section (", "do", "!", "?", "conf t", "end", "interface Vlan1", "no ip address", "é")

typed = st.lists(st.sampled_from((*WORDS, *VALUES, *OTHERS)) | st.text(max_size=6), max_size=7).map(" ".join)


class Surroundings:
    """A world in which time stands still."""

    def now(self) -> datetime:
        return NOW

    def faults_of(self, name: str) -> Faults:
        return Faults()


def new_router() -> IosRouter:
    key = asyncssh.generate_private_key("ssh-ed25519")
    return IosRouter("FGL26000121", 21, key, key.convert_to_public(), Surroundings(), Reached())


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    device = new_router().device
    assert device.merge(BOOTSTRAPPED, "test") == []
    yield Session(device, "root", 0, "198.18.1.10", NOW)


async def say(session: Session, line: str) -> str:
    async def ask(_question: str) -> str:
        return "y"

    try:
        return await Interpreter(session, ask).run(line)
    except (LoggedOut, Reloaded) as ended:
        return type(ended).__name__


@settings(max_examples=400, deadline=None)
@given(typed)
def test_whatever_is_typed_is_answered(session: Session, line: str) -> None:
    answer = asyncio.run(say(session, line))
    assert "Traceback" not in answer
    assert answer == "" or answer.endswith("\n") or answer in ("LoggedOut", "Reloaded")
    following(line, exec_forms())


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_whatever_stands_on_it_is_shown(path: Path) -> None:
    router = new_router()
    router.device.running.load(path.read_text(errors="replace"), lenient=True)
    session = Session(router.device, "root", 0, "198.18.1.10", NOW)
    shown = [form for form in exec_forms() if form.tokens[0] == "show" and not _asks(form.tokens)]
    for form in shown:
        answer = asyncio.run(say(session, " ".join(str(each) for each in form.tokens)))
        assert answer == "" or answer.endswith("\n"), form.tokens


def _asks(tokens: tuple[object, ...]) -> bool:
    return any(isinstance(each, Parameter) for each in tokens)


RENDERED = sorted((ROOT / "tests" / "cases" / "render_cisco_iosxe").glob("*/documents/running-config"))


@pytest.mark.parametrize("path", RENDERED, ids=lambda path: path.parent.parent.name)
def test_what_is_rendered_is_replaced_by_what_is_rendered_for_any_other_line(path: Path) -> None:
    for other in RENDERED:
        one, wanted = new_router().device, new_router().device
        assert one.merge(path.read_text(), "test") == []
        assert wanted.merge(other.read_text(), "test") == []
        done = one.replace(wanted.written(), "test")
        assert done.done, (other, done.failed)
        assert sorted(one.text.splitlines()) == sorted(wanted.text.splitlines())
