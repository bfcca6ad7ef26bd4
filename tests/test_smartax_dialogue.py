"""Dialogues as OLTs had them, played back at the wire: what was published, and what no simulator does."""

import itertools
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.devices.smartax import SAVED, SmartAx
from provisioning.devices.smartax_connection import SmartAxConnection
from provisioning.devices.smartax_screen import Screen, clean
from provisioning.errors import AuthenticationRefused, DeviceRefused, DeviceTimeout, DeviceUnreachable
from provisioning.ports import AccessNode

HOST = "EA5800-X2"


class Wire:
    """Plays one side of a dialogue: answers each line that it is sent with the next of its answers, in pieces.

    Args:
        answers: what is said, first of all without being asked.
        size: bytes of a piece.
    """

    def __init__(self, *answers: str, size: int = 4096) -> None:
        self._answers: Iterator[str] = iter(answers)
        self._size = size
        self._waiting = next(self._answers).encode()
        self.heard: list[str] = []

    def settimeout(self, timeout: float) -> None:
        """Nothing of this takes time."""

    def sendall(self, data: bytes) -> None:
        self.heard.append(data.decode())
        self._waiting += next(self._answers, "").encode()

    def recv(self, size: int) -> bytes:
        if not self._waiting:
            raise TimeoutError
        piece, self._waiting = self._waiting[: self._size], self._waiting[self._size :]
        return piece


def connected(*answers: str, size: int = 4096, mode: str = "(config)") -> tuple[SmartAxConnection, Wire]:
    """A connection in the middle of a session, at whose prompt nothing waits."""
    connection = SmartAxConnection(host=HOST, device_type="huawei_smartax", auto_connect=False)
    wire = Wire("", *answers, size=size)
    connection.remote_conn = wire
    connection._prompt = rf"{re.escape(HOST)}(?:\([^()\n]*\))?[>#]"
    return connection, wire


UNDO = "undo service-port port 0/1/0 ont 0"
UNDO_SAID = (
    f"{UNDO}\r\n"
    "  Warning: The operation will delete multiple or all service ports and cause interruptions of many user"
    " services.\r\n"
    "  It will take several minutes, and console may timeout,\r\n"
    "  please use command idle-timeout to set time limit\r\n"
    "  Are you sure to release service virtual port(s)? (y/n)[n]:"
)
UNDO_DONE = (
    "y\r\n  The number of total service virtual port in this\r\n  operation:       1\r\n  Deleting start...\r\n\r\n"
    "  Deleting end:\r\n  The number of total service virtual port which have been\r\n  deleted: 1\r\n\r\n"
    f"{HOST}(config)#"
)
ADD = 'ont add 1 sn-auth "5A544547C9E3311B" omci ont-lineprofile-id 60 ont-srvprofile-id 1 desc "DR_ORLANDO"'
ADD_ASKS = f"{ADD[:66]} \x1b[1D{ADD[66:]}\r\n{{ <cr>|ont-type<K> }}:"
ADD_SAID = f"\r\n\r\n  Command:\r\n          {ADD}\r\n  Failure: SN already exists\r\n\r\n{HOST}(config-if-gpon-0/0)#"
MORE = "---- More ( Press 'Q' to break ) ----"
STEP_BACK = f"\x1b[37D{' ' * 37}\x1b[37D"


@given(st.integers(1, 300))
def test_a_question_whether_one_is_sure(size: int) -> None:
    """An EA5800-X2's, as published with a provider's handbook; however the answer arrives."""
    connection, wire = connected(UNDO_SAID, UNDO_DONE, size=size)
    answer = connection.ask(UNDO, seconds=5, agree=True)
    assert wire.heard == [f"{UNDO}\n", "y\n"]
    assert answer.strip().endswith("deleted: 1")


def test_nobody_is_sure_who_was_not_told_to_be() -> None:
    connection, wire = connected(UNDO_SAID, f"n\r\n\r\n{HOST}(config)#")
    connection.ask(UNDO, seconds=5)
    assert wire.heard[1] == "n\n"


@given(st.integers(1, 300))
def test_a_question_for_more_parameters_and_a_refusal(size: int) -> None:
    """An MA5683T's, as published with the tests of a provider's driver."""
    connection, wire = connected(ADD_ASKS, ADD_SAID, size=size)
    olt = SmartAx(connection, HOST)
    with pytest.raises(DeviceRefused, match=r"`ont add 1 .*`: Failure: SN already exists"):
        olt.run([ADD])
    assert wire.heard == [f"{ADD}\n", "\n", "return\n"]


@given(st.integers(1, 300))
def test_pages_that_stop(size: int) -> None:
    page = "display board 0\r\n  one\r\n  two\r\n  " + MORE
    connection, wire = connected(page, f"{STEP_BACK}  three\r\n\r\n{HOST}#", size=size)
    answer = connection.ask("display board 0", seconds=5)
    assert [each.strip() for each in answer.split()] == ["one", "two", "three"]
    assert wire.heard[1:] == [" "]


SAYS = st.sampled_from(
    (
        "\r\n",
        " ",
        "-" * 70,
        MORE,
        f"{MORE}{STEP_BACK}",
        " \x1b[1D",
        "\x1b[37D",
        "\x1b[2K",
        "\b",
        "é",
        "x",
        f"{HOST}#",
        "--",
    )
)


@given(st.lists(SAYS).map("".join), st.data())
def test_however_it_is_cut_the_screen_shows_the_same(said: str, data: st.DataObject) -> None:
    raw = said.encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)))))
    whole, pieces = Screen(), Screen()
    whole.add(raw)
    for start, end in itertools.pairwise([0, *cuts, len(raw)]):
        pieces.add(raw[start:end])
    assert (pieces.text, pieces.pages(), pieces.question()) == (whole.text, whole.pages(), whole.question())
    assert pieces.text == clean(said)


def test_a_prompt_of_another_machine_or_in_the_middle_ends_nothing() -> None:
    said = f"display version\r\n  VERSION : {HOST}#\r\n  olt-2#\r\n{HOST}-9#\r\n {HOST}(x)# not the end\r\n\r\n{HOST}#"
    connection, _ = connected(said, size=1)
    assert connection.ask("display version", seconds=5).count("\n") == 5


def test_what_an_earlier_command_still_says_is_not_this_ones_answer() -> None:
    late = f"  Configuration file had been saved successfully\r\n\r\n{HOST}#"
    connection, _ = connected(f"{late}display version\r\n  VERSION : 1\r\n\r\n{HOST}#")
    assert connection.ask("display version", seconds=5).strip() == "VERSION : 1"


def test_an_answer_that_stops_is_none() -> None:
    connection, _ = connected(f"display version\r\n  VERSION : 1\r\n\r\n{HOST}")
    with pytest.raises(DeviceTimeout, match="`display version`"):
        connection.ask("display version", seconds=0.1)
    connection, _ = connected(f"\r\n{HOST}#")
    with pytest.raises(DeviceTimeout):
        connection.ask("display version", seconds=0.1)


def test_saving_goes_on_behind_the_prompt() -> None:
    """As an MA5608T does, in a provider's list of commands."""
    begun = "save\r\n  It will take several minutes to save configuration file, please wait...\r\n\r\n" + f"{HOST}#"
    connection, wire = connected(begun)
    wire._waiting = b""
    with pytest.raises(DeviceTimeout, match="saved"):
        SmartAx(connection, HOST).save()
    connection, wire = connected(begun + f"\r\n  Configuration file had been saved successfully\r\n{HOST}#")
    SmartAx(connection, HOST).save()
    assert SAVED.search("The data is saved completely")


def test_a_password_for_enable() -> None:
    connection, _ = connected("enable\r\nPassword:")
    with pytest.raises(AuthenticationRefused, match="asks for a password after `enable`"):
        connection.ask("enable", seconds=1)


def test_a_field_called_password_is_no_question() -> None:
    connection, wire = connected(f"display ont autofind all\r\n   Password            : 0x00\r\n\r\n{HOST}#", size=51)
    assert "0x00" in connection.ask("display ont autofind all", seconds=1)
    assert len(wire.heard) == 1


@pytest.mark.parametrize(
    ("before", "replies"),
    [
        ("", []),
        ("  Warning: the password will expire. Change it now? (y/n)[n]:", ["n\n"]),
        ("  Do you accept? [YES/NO]:", ["yes\n"]),
    ],
)
def test_what_is_said_at_the_door(before: str, replies: list[str]) -> None:
    prompts = ("enable", "undo smart", "scroll 512", "infoswitch cli OFF")
    said = [f"{each}\r\n\r\n{HOST}#" for each in prompts]
    connection, _ = connected()
    hello = f"Huawei Integrated Access Software\r\n{before}"
    welcome = f"\r\n  User last login: <hidden>\r\n\r\n{HOST}>"
    answers = [f"{hello}{welcome}", *said] if not replies else [hello, welcome, *said]
    wire = Wire(*answers, size=7)
    connection.remote_conn = wire
    connection.session_preparation()
    assert wire.heard == [*replies, *(f"{each}\n" for each in prompts)]


def test_no_session_is_free() -> None:
    connection, _ = connected()
    full = Wire("  Reenter times have reached the upper limit.\r\n")
    full.recv = lambda size, said=[b"  Reenter times have reached the upper limit.\r\n", b""]: said.pop(0)  # type: ignore
    connection.remote_conn = full
    with pytest.raises(DeviceUnreachable, match="no session free"):
        connection.session_preparation()


def test_a_busy_olt_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provisioning.devices.smartax.PAUSE_SECONDS", 0.0)
    line = "ont activate 3 5"
    busy = f"{line}\r\n  Failure: System is busy, please retry after a while\r\n\r\n{HOST}(config-if-gpon-0/1)#"
    connection, wire = connected(busy, busy, f"{line}\r\n\r\n{HOST}(config-if-gpon-0/1)#")
    SmartAx(connection, HOST).run([line])
    assert wire.heard == [f"{line}\n"] * 3


def test_it_is_an_access_node() -> None:
    connection, _ = connected()
    node: AccessNode = SmartAx(connection, HOST)
    assert node
