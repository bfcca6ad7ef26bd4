"""The simulated OLT holds, whatever comes: any bytes, any line; and what it keeps it gets back."""

import string
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulators import FLOW, OLT, ONT, PORTS, PROMPT, SETUP, Dialogue, Simulated, simulated
from worlds import soaked

from provisioning.stands.simulator.fibre import Fibre
from provisioning.stands.simulator.smartax.commands import BY_MODE, COMMANDS
from provisioning.stands.simulator.smartax.config import Config, factory
from provisioning.stands.simulator.smartax.device import Device, Failure
from provisioning.stands.simulator.smartax.grammar import Wrong, read
from provisioning.stands.simulator.smartax.keys import Keys
from provisioning.stands.simulator.smartax.serial import both, canonical, digits
from provisioning.stands.simulator.smartax.shell import LoggedOut, Mode, Rebooted, Shell
from provisioning.stands.simulator.smartax.terminal import wrapped

WORDS = sorted(
    {word for each in COMMANDS for word in each.pattern.written.replace("[", " ").split() if word.isalpha()}
)
VALUES = (
    *("0/1/3", "0/1", "5", "3", "100", "10", "1", "0", "x", "350016", '"a b"', "::", "é"),
    *('"4857544300000101"', "HWTC00000102"),
)
SCRIPT = (*SETUP.splitlines(), *ONT.splitlines(), FLOW)

lines = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from([*WORDS, *VALUES]), max_size=12).map(" ".join),
    st.sampled_from(SCRIPT),
)


def device(folder: Path) -> Device:
    fibre = Fibre(onts={"HWTC00000101", "HWTC00000102"})
    return Device(OLT, PORTS, folder / "saved.json", fibre, lambda: datetime(2026, 1, 1, tzinfo=UTC), 0)


def type_in(shell: Shell, line: str) -> None:
    """Carry a line out, as a terminal does; only what a device says on purpose may be raised."""
    reading = read(line, BY_MODE[shell.mode])
    if reading.command is not None:
        try:
            if reading.command.asks is not None:
                reading.command.asks(shell, reading.values)
            reading.command.do(shell, reading.values)
        except (Failure, LoggedOut, Rebooted):
            pass
        shell.device.settle()


@given(st.text(), st.sampled_from(Mode))
def test_any_text_is_read_as_something(text: str, mode: Mode) -> None:
    reading = read(text, BY_MODE[mode])
    assert reading.command is None or reading.ends
    assert 0 <= reading.at <= len(text)
    assert reading.wrong is None or isinstance(reading.wrong, Wrong)


@pytest.mark.parametrize("mode", Mode)
def test_every_command_is_found_by_its_own_words(mode: Mode) -> None:
    for command, pattern in BY_MODE[mode]:
        first = pattern.written.split()[0]
        assert read(first, BY_MODE[mode]).wrong is None, command.pattern.written


@given(st.binary(), st.lists(st.integers(0, 200), max_size=5))
def test_bytes_are_the_same_keys_however_they_arrive(data: bytes, cuts: list[int]) -> None:
    def typed(*parts: bytes) -> list[str]:
        keys = Keys()
        return [each for part in parts for pressed in keys.read(part) for each in (pressed.key or list(pressed.text))]

    edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    assert typed(data) == typed(*(data[a:b] for a, b in pairwise(edges)))


@given(st.text(alphabet=string.printable[:95], max_size=400), st.integers(0, 90))
def test_a_wrapped_line_joined_again_is_the_line(text: str, column: int) -> None:
    echo = wrapped(text, column)
    assert echo.replace(" \x1b[1D", "") == text or " \x1b[1D" in text
    assert echo.count("\x1b[1D") == (column + len(text)) // 80 - column // 80


@given(st.from_regex(r"[A-Z]{4}[0-9A-F]{8}", fullmatch=True))
def test_a_serial_is_the_same_in_each_notation(serial: str) -> None:
    assert canonical(digits(serial)) == canonical(serial.lower()) == canonical(f"{serial[:4]}-{serial[4:]}") == serial
    assert both(serial).startswith(digits(serial))


@settings(max_examples=soaked(60, 2000), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(lines, max_size=40))
def test_whatever_is_typed_it_holds_and_gets_back_what_it_saved(typed: list[str]) -> None:
    with TemporaryDirectory() as folder:
        olt = device(Path(folder))
        shell = Shell(olt)
        for line in ("enable", *SETUP.splitlines(), *typed):
            type_in(shell, line)
        for name in olt.config.lines:
            assert olt.config.lines[name].index == name
        assert Config.from_json(olt.config.to_json()) == olt.config
        olt.save()
        saved = olt.config.to_json()
        type_in(shell, "return")
        for line in ("config", *ONT.splitlines(), FLOW):
            type_in(shell, line)
        olt.reload()
        assert olt.config.to_json() == saved
        for line in ("display current-configuration", "display ont info 0 1 3 all", "display service-port all"):
            type_in(Shell(olt, Mode.ENABLE), line)


def test_its_configuration_typed_in_again_makes_it(tmp_path: Path) -> None:
    from provisioning.stands.simulator.smartax.show_config import everything

    one, other = device(tmp_path / "one"), device(tmp_path / "other")
    shell = Shell(one, Mode.ENABLE)
    for line in SCRIPT:
        type_in(shell, line)
    shell = Shell(other, Mode.CONFIG)
    for line in everything(one.config):
        if line.startswith(" ") and not line.startswith("  <"):
            # A line of a profile is indented further; one that is not ends the mode of a board or profile.
            if not line.startswith("  ") and shell.mode is not Mode.CONFIG and read(line, BY_MODE[shell.mode]).wrong:
                type_in(shell, "quit")
            type_in(shell, line)
    assert other.config == one.config != factory()


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(tmp_path_factory.mktemp("olt")) as made:
        yield made


@settings(max_examples=soaked(25, 400), deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=300), lines.map(lambda line: line.encode() + b"\n")), max_size=12))
def test_whatever_bytes_arrive_the_next_one_is_served(simulator: Simulated, parts: list[bytes]) -> None:
    with Dialogue(simulator) as terminal:
        for part in parts:
            terminal.send(part)
    with Dialogue(simulator) as terminal:
        assert terminal.say("undo smart").endswith(">")
        assert "Failure" not in terminal.say("enable", PROMPT)
