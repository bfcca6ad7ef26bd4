"""Random lines that the grammar of the simulated Cisco router takes, made from its own patterns."""

import re

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from provisioning.stands.simulator.cisco_iosxe.configuration.kinds import SSH_KEYS
from provisioning.stands.simulator.cisco_iosxe.configuration.modes import MODES
from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Lines, Rule

_PART = re.compile(r"\{[^}]*\}|[\[\]()|]|[^\s\[\](){}|]+")
_NAMES = st.from_regex(r"[A-Z][A-Z0-9]{2,6}", fullmatch=True)
_OCTETS = st.tuples(st.integers(1, 223), st.integers(0, 255), st.integers(0, 255), st.integers(1, 254))
_IPV4 = _OCTETS.map(lambda each: ".".join(map(str, each)))
_LENGTH = st.integers(8, 30)
_IPV6 = st.integers(1, 2**31).map(lambda each: f"2001:db8::{each >> 16:x}:{each & 0xFFFF:x}")


def _mask(length: int) -> str:
    bits = 0xFFFFFFFF << (32 - length) & 0xFFFFFFFF
    return ".".join(str(bits >> shift & 255) for shift in (24, 16, 8, 0))


_KINDS: dict[str, SearchStrategy[str]] = {
    "IPV4": _IPV4,
    "MASK": _LENGTH.map(_mask),
    "WILD": st.sampled_from(("0.0.0.0", "0.0.0.255", "0.0.3.255", "255.255.255.255", "0.255.0.255")),
    "CIDR": st.tuples(_IPV4, _LENGTH).map(lambda each: f"{each[0]}/{each[1]}"),
    "IPV6": _IPV6,
    "HOST6": st.tuples(_IPV6, st.integers(0, 128)).map(lambda each: f"{each[0]}/{each[1]}"),
    "PREFIX6": st.tuples(_IPV6, st.integers(0, 128)).map(lambda each: f"{each[0]}/{each[1]}"),
    "TCP": st.one_of(st.integers(0, 65535).map(str), st.sampled_from(("www", "telnet", "smtp", "domain"))),
    "UDP": st.one_of(st.integers(0, 65535).map(str), st.sampled_from(("ntp", "snmp", "domain", "bootps"))),
    "PROTO": st.integers(0, 255).map(str),
    "PROTO6": st.integers(0, 255).map(str),
    "ASN": st.integers(1, 4294967295).map(str),
    "COMMUNITY": st.tuples(st.integers(1, 65535), st.integers(0, 65535)).map(lambda each: f"{each[0]}:{each[1]}"),
    "ACTION": st.sampled_from(("permit", "deny")),
    "FLAG": st.sampled_from(("+syn", "-ack")),
    "TCPUDP": st.sampled_from(("tcp", "udp")),
    "SLASH": _LENGTH.map(lambda each: f"/{each}"),
    "OFFSET": st.integers(-12, 14).map(str),
    "SSHKEY": st.sampled_from(SSH_KEYS),
    "MAC": st.just("0011.2233.4455"),
    "LABEL": st.from_regex(r"[0-9]{1,3}\.[0-9]", fullmatch=True),
    "TIME": st.just("12:30"),
    "HEX": st.from_regex(r"[0-9A-F]{8}", fullmatch=True),
    "WORD": _NAMES,
    "TEXT": st.one_of(_NAMES, st.just('"two words"')),
    "IFACE": st.sampled_from(("GigabitEthernet0/0/0", "gi 0/0/1", "Vlan1", "loopback 3", "Cellular0/2/0", "Tunnel7")),
}


def _value(kind: str) -> SearchStrategy[str]:
    if kind.endswith("+"):
        return st.lists(_value(kind[:-1]), min_size=1, max_size=3).map(" ".join)
    if kind in _KINDS:
        return _KINDS[kind]
    match = re.fullmatch(r"([A-Z0-9]*?[A-Z])(\d+)-(\d+)", kind)
    assert match is not None, kind
    low, high = int(match[2]), int(match[3])
    if match[1] == "U":
        return st.integers(low, high).map(str)
    if match[1] == "WORD":
        return _NAMES.filter(lambda each: low <= len(each) <= high) if low <= 7 and high > 2 else st.just("BE")
    return st.sampled_from(("some words here", "one"))


@st.composite
def line_of(draw: DrawFn, rule: Rule) -> str:
    """Draw a line that fits a rule's pattern."""
    parts: list[str] = _PART.findall(rule.written)

    def row(at: int) -> tuple[list[str], int]:
        choices: list[list[str]] = [[]]
        while at < len(parts) and parts[at] not in (")", "]"):
            part = parts[at]
            if part == "|":
                choices.append([])
            elif part in ("(", "["):
                inner, at = row(at + 1)
                if part == "(" or draw(st.booleans()):
                    choices[-1].extend(inner)
            elif part[0] == "{":
                choices[-1].append(draw(_value(part[1:-1].partition(":")[2])))
            else:
                choices[-1].append(part)
            at += 1
        return draw(st.sampled_from(choices)), at

    return " ".join(row(0)[0])


def rules_of(mode: str) -> list[Rule]:
    """The rules of a mode whose lines stand alone and leave the mode as it is."""
    return [each for each in MODES[mode].rules if each.does not in ("exit", "end") and each.lines is Lines.NONE]
