"""What routers with IOS-XE answer, read: as the field's recordings have it, whole or not at all."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.devices.iosxe_files import Mark, handed_over, mark_in
from provisioning.devices.iosxe_screen import Screen, any_prompt, prompt_of
from provisioning.platforms.cisco_iosxe.parsing.complaints import complaints
from provisioning.platforms.cisco_iosxe.parsing.configuration import shown_running, shown_startup
from provisioning.platforms.cisco_iosxe.parsing.facts import shown_addresses, shown_version
from provisioning.platforms.cisco_iosxe.parsing.rollback_timer import shown_clock, shown_timer
from provisioning.platforms.cisco_iosxe.parsing.snmp_users import shown_users, users_in_force

USER = """
User name: watcher
Engine ID: 80000009030000AABBCCDDEE
storage-type: nonvolatile\t active access-list: MANAGEMENT
Authentication Protocol: SHA
Privacy Protocol: AES128
Group-name: watchers
"""


def test_a_timer() -> None:
    told = (
        "Time configured(or reconfigured): 19:42:57 UTC Tue Aug 5 2025\n"
        "Timer type: absolute timer\nTimer value: 5 min\nUser: root\n"
    )
    timer = shown_timer(told)
    assert timer is not None
    assert (timer.since, timer.lasts, timer.user) == (datetime(2025, 8, 5, 19, 42, 57), timedelta(minutes=5), "root")  # noqa: DTZ001
    assert shown_timer("%No Rollback Confirmed Change pending\n") is None
    with pytest.raises(ValueError, match="not known"):
        shown_timer("%Something else\n")


@pytest.mark.parametrize("text", ["*19:43:10.123 UTC Tue Aug 5 2025", "19:43:10.123 CET Tue Aug 5 2025"])
def test_a_clock(text: str) -> None:
    assert shown_clock(f"{text}\n") == datetime(2025, 8, 5, 19, 43, 10)  # noqa: DTZ001


def test_a_clock_that_says_nothing_is_none() -> None:
    with pytest.raises(ValueError):
        shown_clock("\n")


def test_users() -> None:
    (user,) = shown_users(USER)
    assert user.line == "snmp-server user watcher watchers v3 auth sha priv aes 128"
    assert shown_users("") == ()
    assert users_in_force([user], "snmp-server group watchers v3 priv\n") == (user,)
    assert users_in_force([user], "snmp-server group others v3 priv\n") == ()
    with pytest.raises(ValueError, match="not known"):
        shown_users("% something else\n")


def test_a_version_of_a_router_that_is_none() -> None:
    with pytest.raises(ValueError, match="what the router is"):
        shown_version("Linux debian 6.1\n")


def test_addresses_that_are_negotiated_are_none() -> None:
    shown = "Cellular0/2/0 is up, line protocol is up\n  Internet address will be negotiated using IPCP\n"
    assert shown_addresses(shown, "") == {}
    with pytest.raises(ValueError, match="not known"):
        shown_addresses("", "% Invalid input detected at '^' marker.\n")


def test_a_startup_configuration() -> None:
    assert shown_startup("startup-config is not present\n") == ""
    assert shown_startup("Using 12 out of 33554432 bytes, uncompressed size = 30 bytes\n!\nend\n") == "!\nend\n"
    for cut in ("Using 12 out of 33554432 bytes\n!\nhostname", "!\nend\n", ""):
        with pytest.raises(ValueError, match="show startup-config"):
            shown_startup(cut)


def test_a_running_configuration_that_is_shorter_than_it_says() -> None:
    whole = "Building configuration...\n\nCurrent configuration : 26 bytes\n!\nhostname Router\n!\nend\n"
    assert shown_running(whole) == "!\nhostname Router\n!\nend\n"
    with pytest.raises(ValueError, match="characters of"):
        shown_running(whole.replace("26", "260"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("               ^\n% Invalid input detected at '^' marker.\n\n", "Invalid input detected at '^' marker."),
        ("% Authorization failed.\n", "Authorization failed."),
        ("Command authorization failed.\n\n", "Command authorization failed."),
        ("%SYS-5-CONFIG_I: Configured from console\n%Error opening nvram:\n", "Error opening nvram:"),
    ],
)
def test_a_configuration_that_is_refused_is_told_in_the_routers_words(said: str, told: str) -> None:
    for read, command in ((shown_running, "show running-config"), (shown_startup, "show startup-config")):
        with pytest.raises(ValueError) as refused:
            read(said)
        assert str(refused.value) == f"it refuses `{command}`: {told}"


@pytest.mark.parametrize("said", ["", "hostname Router\n!\nend\n", "%SYS-5-CONFIG_I: Configured\nend\n", "%\n% \n"])
def test_what_is_no_configuration_and_no_refusal_is_told_without_a_word_of_it(said: str) -> None:
    with pytest.raises(ValueError, match=r"^the answer to `show running-config` does not begin with its length$"):
        shown_running(said)


def test_complaints() -> None:
    said = (
        "  neighbor 192.0.2.1 advertise-mapp X\n                     ^\n% Invalid input detected at '^' marker.\n\n"
        '% Ambiguous command:  "no i"\n120 bytes copied in 0.1 secs (1200 bytes/sec)\n'
    )
    assert [str(each) for each in complaints(said)] == [
        "`neighbor 192.0.2.1 advertise-mapp X`: Invalid input detected at '^' marker.",
        'Ambiguous command:  "no i"',
    ]
    assert complaints("120 bytes copied in 0.1 secs (1200 bytes/sec)\n") == ()


def test_a_mark_is_told_and_a_file_leaves_nothing() -> None:
    mark = Mark("a" * 64, "b" * 64)
    with handed_over(mark, "ntp server 192.0.2.7\n") as path, open(path) as file:  # noqa: PTH123 - a path of /proc
        text = file.read()
    assert text == f"{mark}\nntp server 192.0.2.7\nend\n"
    assert mark_in(text) == mark
    assert mark_in("%Error opening bootflash:/merge_config.txt (No such file or directory)\n") is None


@pytest.mark.parametrize(
    "prompt", ["Router#", "Router(config)#", "L000123-very-lo(config-if)#", "Router(config-archive)#", "Router>"]
)
def test_prompts(prompt: str) -> None:
    assert any_prompt().fullmatch(prompt)
    assert bool(prompt_of("Router").fullmatch(prompt))


@pytest.mark.parametrize("line", [" description Router#", "Other#", "Router# ", "Router#show", "Router", "(config)#"])
def test_what_is_no_prompt_of_the_router(line: str) -> None:
    assert not prompt_of("Router").fullmatch(line)


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\b\0"), max_size=20), max_size=8), st.data()
)
def test_an_answer_is_the_same_however_it_is_cut(lines: list[str], data: st.DataObject) -> None:
    body = "".join(f"{line}\n" for line in lines if not line.startswith("Rollback Confirmed Change"))
    wire = f"show x\n{body}Router#".replace("\n", "\r\n").encode()
    screen, at = Screen(), 0
    while at < len(wire):
        piece = data.draw(st.integers(1, 40))
        screen.add(wire[at : at + piece])
        at += piece
    assert screen.last_line == "Router#"
    assert screen.answer_to("show x", "Router#") == body


def test_an_answer_begins_with_its_echo() -> None:
    screen = Screen()
    screen.add(b"*Dec 1 12:00:00: %SYS-5-CONFIG_I: by root\r\nRouter#show x\r\nsomething\r\nRouter#")
    assert screen.answer_to("show x", "Router#") == "something\n"
    assert screen.answer_to("show y", "Router#") is None


BEHIND = "L-1#show clock\r\n*12:00:00.000 UTC Tue Dec 1 2026\r\nL-1#show track 1\r\n\r\nL-1#"


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        (BEHIND, ["*12:00:00.000 UTC Tue Dec 1 2026\n", "\n"]),
        # What the router tells every terminal stands before an echo, or in an answer.
        (
            BEHIND.replace("L-1#show track", "L-1#Rollback Confirmed Change: Rollback in one minute\r\nshow track"),
            ["*12:00:00.000 UTC Tue Dec 1 2026\n", "\n"],
        ),
        (BEHIND.replace("*12", "Rollback Confirmed Change: Rollback in one minute\r\n*12"), None),
        ("L-1#show clock\r\n*12:00:00.000 UTC Tue Dec 1 2026\r\nL-1#", []),
        ("L-1#", []),
    ],
)
def test_answers_to_commands_that_were_typed_ahead(said: str, answers: list[str] | None) -> None:
    for cut in range(1, len(said), 7):
        screen = Screen()
        for piece in (said[:cut], said[cut:]):
            screen.add(piece.encode())
        found = screen.answers_to(["show clock", "show track 1"], "L-1#")
        expected = ["*12:00:00.000 UTC Tue Dec 1 2026\n", "\n"] if answers is None else answers or None
        assert found == expected
