"""Sessions of what is closed: read from what routers list, told from those that stay, and ended one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, ip_address
from typing import Any, cast

import pytest
from limited_openings import CISCO, LINUX, limited_line

from provisioning.devices.iosxe_connection import IosxeDriver
from provisioning.devices.iosxe_sessions import end_sessions
from provisioning.errors import DeviceRefused
from provisioning.model.intent import AddressedIntent
from provisioning.model.live_session import EndedSessions, LiveSession, sessions_to_end
from provisioning.model.opening import Opening
from provisioning.model.port_range import PortRange
from provisioning.platforms.cisco_iosxe.parsing.sessions import shown_sessions as shown_on_cisco
from provisioning.platforms.cisco_iosxe.parsing.sessions import shown_translations
from provisioning.platforms.linux_cpe.sessions import shown_sessions

LISTED = """\
tcp      6 431999 ESTABLISHED src=198.18.1.10 dst=192.0.2.1 sport=41022 dport=8080 src=172.20.8.10 dst=198.18.1.10 sport=80 dport=41022 [ASSURED] mark=0 use=1
udp      17 29 src=198.18.1.10 dst=192.0.2.1 sport=5000 dport=500 [UNREPLIED] src=172.20.8.11 dst=198.18.1.10 sport=501 dport=5000 mark=0 use=1
icmp     1 29 src=198.18.1.10 dst=192.0.2.1 type=8 code=0 id=1 src=192.0.2.1 dst=198.18.1.10 type=0 code=0 id=1 mark=0 use=1
tcp      6 431999 ESTABLISHED src=3fff:0:1::10 dst=2001:db8:0:80::1 sport=4000 dport=22 src=2001:db8:0:80::1 dst=3fff:0:1::10 sport=22 dport=4000 [ASSURED] mark=0 use=1
tcp      6 10 SYN_SENT src=nonsense dst=192.0.2.1 sport=1 dport=2 src=192.0.2.1 dst=192.0.2.2 sport=2 dport=1
end
"""  # noqa: E501 - as conntrack prints it


def without(line: AddressedIntent, *ports: str) -> tuple[AddressedIntent, list[Opening]]:
    """Return a line without some openings, and those."""
    intent = line.intent
    after = replace(
        intent,
        port_mappings=tuple(each for each in intent.port_mappings if str(each.ports) not in ports),
        customer_openings=tuple(each for each in intent.customer_openings if str(each.ports) not in ports),
    )
    return replace(line, intent=after), [each for each in intent.openings if str(each.ports) in ports]


def session(target: str, port: int, host: str = "", host_port: int = 0, source: str = "198.18.1.10") -> LiveSession:
    return LiveSession(
        "tcp", ip_address(source), 40000, ip_address(target), port, ip_address(host or target), host_port or port
    )


def test_what_conntrack_lists_is_read() -> None:
    found = list(shown_sessions(LISTED))
    assert [(each.protocol, str(each.host), each.target_port, each.host_port) for each in found] == [
        ("tcp", "172.20.8.10", 8080, 80),
        ("udp", "172.20.8.11", 500, 501),
        ("tcp", "2001:db8:0:80::1", 22, 22),
    ]


def test_only_what_came_in_by_what_is_closed_is_ended() -> None:
    line, closed = without(limited_line(LINUX), "tcp/8080", "udp/500")
    assert [each.target_port for each in sessions_to_end(shown_sessions(LISTED), closed, line)] == [8080, 500]
    assert sessions_to_end(shown_sessions(LISTED), [], line) == ()


def test_what_another_opening_still_lets_in_stays() -> None:
    line = limited_line(LINUX)
    narrower = Opening(PortRange("tcp", 100, 150), "customer_firewall")
    after = replace(line, intent=replace(line.intent, customer_openings=(narrower,)))
    closed = [Opening(PortRange("tcp", 100, 200), "customer_firewall")]
    inside, outside = session("198.51.100.2", 120), session("198.51.100.2", 180)
    assert sessions_to_end([inside, outside], closed, after) == (outside,)


def test_a_session_with_the_host_that_a_port_led_to_before_is_ended() -> None:
    line = limited_line(LINUX)
    moved = tuple(
        replace(each, target=IPv4Address("172.20.8.99")) if str(each.ports) == "tcp/8080" else each
        for each in line.intent.port_mappings
    )
    after = replace(line, intent=replace(line.intent, port_mappings=moved))
    closed = [each for each in line.intent.openings if str(each.ports) == "tcp/8080"]
    old = session("192.0.2.1", 8080, "172.20.8.10", 80)
    new = session("192.0.2.1", 8080, "172.20.8.99", 80)
    assert sessions_to_end([old, new], closed, after) == (old,)


def test_who_may_connect_no_more_is_ended_and_who_still_may_is_not() -> None:
    line = limited_line(LINUX)
    closed = [Opening(PortRange("tcp", 22, 22), "customer_firewall")]
    stays = session("198.51.100.2", 22)
    goes = session("198.51.100.2", 22, source="203.0.113.9")
    assert sessions_to_end([stays, goes], closed, line) == (goes,)


HEAD = "Pro  Inside global         Inside local          Outside local         Outside global\n"
TRANSLATED = HEAD + (
    "tcp  192.0.2.1:8080        172.20.21.10:80       ---                   ---\n"
    "tcp  192.0.2.1:8080        172.20.21.10:80       198.18.1.10:40000     198.18.1.10:40000\n"
    "tcp  192.0.2.1:25          172.20.21.10:25       198.18.1.10:40001     198.18.1.10:40001\n"
    "Total number of translations: 3\n"
)
CLEAR = (
    "clear ip nat translation tcp inside 192.0.2.1 8080 172.20.21.10 80 outside 198.18.1.10 40000 198.18.1.10 40000"
)


def inspected(*sessions: str) -> str:
    return "".join(
        f"Session ID:0x{at:08X} {each} proto 6 (-global-:0:-global-:0)\n" for at, each in enumerate(sessions)
    )


def test_what_a_cisco_router_shows_is_read() -> None:
    assert [(each.target_port, each.host_port) for each in shown_translations(TRANSLATED)] == [(8080, 80), (25, 25)]
    shown = inspected("198.18.1.10 40000 198.51.100.2 22", "3FFF:0:1::10 40000 2001:DB8:0:80::1 22")
    assert [str(each.host) for each in shown_on_cisco(shown)] == ["198.51.100.2", "2001:db8:0:80::1"]
    assert shown_on_cisco(" +-Session ID:0x000000AA 192.168.2.58 0 192.168.3.52 5060 proto 6 (x)") == ()


@dataclass
class Terminal:
    """Answers what a router would, and remembers what it was told."""

    translated: str
    sessions: str
    refuses: str = ""
    told: list[str] = field(default_factory=list)
    where: str = "FOC1"

    def ask(self, command: str, **_more: Any) -> str:
        self.told.append(command)
        if command.startswith("show ip nat"):
            return self.translated
        if command.startswith("show policy-firewall"):
            return self.sessions
        return self.refuses

    def cleared(self) -> Sequence[str]:
        return [each for each in self.told if each.startswith("clear")]


def ended(terminal: Terminal, *ports: str) -> EndedSessions:
    line, closed = without(limited_line(CISCO), *ports)
    return end_sessions(cast(IosxeDriver, terminal), closed, line)


def test_a_translated_session_is_ended_alone() -> None:
    terminal = Terminal(
        TRANSLATED, inspected("198.18.1.10 40000 172.20.21.10 80", "198.18.1.10 40001 172.20.21.10 25")
    )
    assert ended(terminal, "tcp/8080") == EndedSessions(1)
    assert terminal.cleared() == [CLEAR]


def test_sessions_that_are_not_translated_are_ended_where_no_other_is_among_them() -> None:
    terminal = Terminal(HEAD, inspected("198.18.1.10 40000 198.51.100.2 22"))
    assert ended(terminal, "tcp/22") == EndedSessions(1)
    assert terminal.cleared() == ["clear zone-pair OUTSIDE-INSIDE inspect session"]


def test_sessions_of_other_openings_survive() -> None:
    terminal = Terminal(HEAD, inspected("198.18.1.10 40000 198.51.100.2 22", "198.18.1.10 40001 198.51.100.2 80"))
    assert ended(terminal, "tcp/22") == EndedSessions(0, left=1)
    assert terminal.cleared() == []


def test_where_nothing_runs_nothing_is_cleared() -> None:
    terminal = Terminal(HEAD, inspected("172.20.21.50 40000 198.18.1.10 443"))
    assert ended(terminal, "tcp/22", "tcp/8080") == EndedSessions(0)
    assert terminal.cleared() == []


def test_a_router_that_does_not_know_the_command_is_told() -> None:
    terminal = Terminal(TRANSLATED, "", refuses="% Invalid input detected at '^' marker.\n")
    with pytest.raises(DeviceRefused, match="does not end a session"):
        ended(terminal, "tcp/8080")
