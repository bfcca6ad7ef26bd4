"""What routers with IOS-XE say of their bearers, read: whole answers as files, and logs line by line."""

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.model.bearer import BearerEventKind, BearerName, BearerReport
from provisioning.platforms.cisco_iosxe.bearer_report import COMMANDS, bearer_report
from provisioning.platforms.cisco_iosxe.drill_mark import cut_lines, is_shut, token_in, token_of
from provisioning.platforms.cisco_iosxe.parsing.bearer_log import BearerLog, tells_of_bearers
from provisioning.platforms.cisco_iosxe.parsing.bearers import age, shown_interface, shown_route, shown_time
from provisioning.platforms.cisco_iosxe.voice_kept_off import voice_kept_off

CASES = Path(__file__).parent / "cases" / "iosxe_bearers"
BOOTED = datetime(2026, 12, 1, 12)  # noqa: DTZ001 - a router's own clock
NEIGHBOURS = {"100.64.0.1": BearerName.FIXED, "3fff:0:0:a::1": BearerName.FIXED, "100.96.0.1": BearerName.MOBILE}


def answers_of(case: Path) -> dict[str, str]:
    parts = (case / "answers.txt").read_text("utf-8").split("## ")[1:]
    return {head: body for head, _, body in (each.partition("\n") for each in parts)}


def told(report: BearerReport) -> object:
    """The report, as JSON has it."""
    return json.loads(json.dumps(asdict(report), default=str))


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda each: each.name)
def test_case(case: Path) -> None:
    answers = answers_of(case)
    assert tuple(answers) == COMMANDS
    found, expected = told(bearer_report(answers)), case / "expected.json"
    if os.environ.get("PROVISO_WRITE_CASES"):
        expected.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    assert found == json.loads(expected.read_text("utf-8"))


@pytest.mark.parametrize("command", [each for each in COMMANDS if "cellular" not in each and "logging" not in each])
def test_answers_that_were_cut_are_none(command: str) -> None:
    answers = answers_of(CASES / "at-rest")
    try:
        cut = bearer_report({**answers, command: "% Something else\n"})
    except ValueError:
        return
    # Lists and BFD that are not there are told as not known, or not up; never as good.
    assert cut.voice_off is not True or not cut.fixed.works


@given(st.text())
def test_no_text_breaks_the_reading_of_logs(text: str) -> None:
    list(BearerLog(BOOTED, NEIGHBOURS).read(text.splitlines()))
    tells_of_bearers(text)


def events(*lines: str) -> list[tuple[str, str]]:
    found = BearerLog(BOOTED, NEIGHBOURS).read(
        f"*Dec  1 12:00:{second:02}.000: %{each}" for second, each in enumerate(lines)
    )
    return [(each.bearer.value, each.kind.value) for each in found]


def test_a_short_failure_that_the_probe_did_not_see_is_trusted_at_once() -> None:
    assert events(
        "TRACK-6-STATE: 1 ip sla 1 reachability Down -> Up",
        "BFDFSM-6-BFD_SESS_DOWN: BFD-SYSLOG: BFD session ld:4097 handle:1,is going Down Reason: DETECT TIMER EXPIRED",
        "BGP-5-ADJCHANGE: neighbor 100.64.0.1 Down BFD adjacency down",
        "BGP-5-ADJCHANGE: neighbor 3FFF:0:0:A::1 Down BFD adjacency down",
        "BGP-5-ADJCHANGE: neighbor 100.64.0.1 Up ",
    ) == [("fixed", each) for each in ("trusted", "failed", "works", "trusted")]


def test_a_bounce_in_the_hold() -> None:
    down = "BGP-5-ADJCHANGE: neighbor 100.64.0.1 Down BFD adjacency down"
    up = "BGP-5-ADJCHANGE: neighbor 100.64.0.1 Up "
    fell, rose = (f"TRACK-6-STATE: 1 ip sla 1 reachability {each}" for each in ("Up -> Down", "Down -> Up"))
    expected = ("trusted", "failed", "works", "failed", "works", "trusted")
    assert events(rose, down, fell, up, down, up, rose) == [("fixed", each) for each in expected]


def test_the_probe_tells_since_when_the_bearer_works() -> None:
    tracks = "TRACK-6-STATE: {} ip sla 1 reachability {}"
    up, down = "Down -> Up", "Up -> Down"
    both = (tracks.format(6, down), tracks.format(4, down))
    bgp = ("BGP-5-ADJCHANGE: neighbor 100.64.0.1 Up ", tracks.format(6, up))
    expected = ("failed", "works", "trusted")
    assert events(*both, tracks.format(4, up), *bgp) == [("fixed", each) for each in expected]
    bounced = (tracks.format(4, up), tracks.format(4, down), tracks.format(4, up))
    assert [kind for _, kind in events(*both, *bounced, *bgp)] == ["failed", "works", "failed", "works", "trusted"]
    line = "TRACK-6-STATE: 5 interface Gi0/0/0 line-protocol {}"
    without = (
        line.format(down),
        tracks.format(6, down),
        tracks.format(4, down),
        line.format(up),
        tracks.format(4, up),
    )
    assert [kind for _, kind in events(*without)] == ["failed", "works"]
    assert [kind for _, kind in events(line.format(down), line.format(up), *bgp)] == ["failed", "works", "trusted"]


def test_the_mobile_bearer() -> None:
    assert events(
        "BGP-5-ADJCHANGE: neighbor 100.96.0.1 Up ",
        "LINK-3-UPDOWN: Interface Cellular0/2/0, changed state to down",
        "TRACK-6-STATE: 2 interface Ce0/2/0 ip routing Up -> Down",
        "BGP-5-ADJCHANGE: neighbor 100.96.0.1 Down BGP Notification sent",
        "BGP-5-ADJCHANGE: neighbor 100.96.0.1 Up ",
    ) == [("mobile", each) for each in ("works", "failed", "works")]


def test_a_line_that_is_read_twice_is_known_again() -> None:
    line = "*Dec  1 12:01:00.250: %BGP-5-ADJCHANGE: neighbor 100.64.0.1 Down BFD adjacency down"
    (whole,) = BearerLog(BOOTED, NEIGHBOURS).read(["*Dec  1 12:00:01.000: %SYS-5-CONFIG_I: x", line])
    (alone,) = BearerLog(BOOTED, NEIGHBOURS).read([line])
    assert whole == alone
    assert (alone.number, alone.uptime, alone.kind) == (60250, 60.25, BearerEventKind.FAILED)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("*Dec  1 12:01:00.250: %BGP-5-ADJCHANGE: neighbor 100.64.0.1 Down BFD adjacency down", True),
        ("Dec  1 12:01:00.250: %TRACK-6-STATE: 1 ip sla 1 reachability Up -> Down", True),
        ("*Dec  1 12:01:00.250: %SYS-5-CONFIG_I: Configured from console by root on vty0 (100.127.0.2)", False),
        ("L-1#show clock", False),
        ("", False),
    ],
)
def test_which_lines_are_about_bearers(line: str, expected: bool) -> None:
    assert tells_of_bearers(line) is expected


@pytest.mark.parametrize(
    ("text", "seconds"), [("00:12:21", 741), ("1d02h", 93600), ("3w4d", 2160000), ("1y5w", 34560000)]
)
def test_ages(text: str, seconds: int) -> None:
    assert age(text) == seconds


@pytest.mark.parametrize("text", ["never", "", "1d 2h", "d"])
def test_what_is_no_age(text: str) -> None:
    with pytest.raises(ValueError, match="age"):
        age(text)


@pytest.mark.parametrize(
    "read", [shown_interface, shown_route, lambda text: shown_time(text, text), lambda text: shown_time("", text)]
)
def test_what_says_nothing_is_not_read(read: object) -> None:
    with pytest.raises(ValueError):
        read("\n")  # type: ignore[operator]


def test_the_mark_of_a_drill() -> None:
    lines = cut_lines("D-7.a:b")
    text = f"{lines[0]}\n {lines[1]}\n ip address dhcp\n {lines[2]}\n!\n"
    assert (token_of(text), is_shut(text)) == ("D-7.a:b", True)
    other = f"interface GigabitEthernet0/0/0\n description line\n!\ninterface Vlan1\n {lines[1]}\n shutdown\n"
    assert (token_of(other), is_shut(other)) == (None, False)
    assert token_in("proviso drill a b") is None


IN = "Extended IP access list IN\n    10 deny ip 198.18.2.0 0.0.0.255 any\n    20 permit ip any any\n"
OUT = "Extended IP access list OUT\n    10 deny ip any 198.18.2.0 0.0.0.255\n    20 permit ip any any\n"
BOTH = " ip access-group IN in\n ip access-group OUT out\n"


@pytest.mark.parametrize(
    ("interface", "lists", "expected"),
    [
        (BOTH, IN + OUT, True),
        (BOTH, IN, None),
        ("", IN + OUT, False),
        (" ip access-group IN in\n", IN + OUT, False),
        (BOTH, IN.replace("deny", "permit") + OUT, False),
        (BOTH, IN.replace("198.18.2.0", "198.18.3.0") + OUT, False),
        (BOTH, IN + OUT.replace("    10 deny ip any 198.18.2.0 0.0.0.255\n", ""), False),
        (BOTH, IN + OUT.replace("    10", "    10 permit ip any any\n    15"), False),
    ],
)
def test_voice(interface: str, lists: str, expected: bool | None) -> None:
    assert voice_kept_off(interface, lists) is expected
