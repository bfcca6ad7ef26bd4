"""Words of nftables' language: names of protocols, ICMP types, priorities, services; how text is cut (nft(8))."""

import re
from dataclasses import dataclass

PROTOCOLS = {
    "icmp": 1,
    "igmp": 2,
    "tcp": 6,
    "udp": 17,
    "esp": 50,
    "ah": 51,
    "ipv6-icmp": 58,
    "icmpv6": 58,
    "sctp": 132,
}
FAMILIES = {"ipv4": 4, "ipv6": 6}
ICMP_TYPES = {
    "echo-reply": 0,
    "destination-unreachable": 3,
    "redirect": 5,
    "echo-request": 8,
    "router-advertisement": 9,
    "router-solicitation": 10,
    "time-exceeded": 11,
    "parameter-problem": 12,
    "timestamp-request": 13,
    "timestamp-reply": 14,
}
ICMPV6_TYPES = {
    "destination-unreachable": 1,
    "packet-too-big": 2,
    "time-exceeded": 3,
    "parameter-problem": 4,
    "echo-request": 128,
    "echo-reply": 129,
    "mld-listener-query": 130,
    "mld-listener-report": 131,
    "mld-listener-done": 132,
    "nd-router-solicit": 133,
    "nd-router-advert": 134,
    "nd-neighbor-solicit": 135,
    "nd-neighbor-advert": 136,
    "nd-redirect": 137,
    "mld2-listener-report": 143,
}
SERVICES = {
    "ftp": 21,
    "ssh": 22,
    "telnet": 23,
    "smtp": 25,
    "domain": 53,
    "http": 80,
    "ntp": 123,
    "snmp": 161,
    "bgp": 179,
    "https": 443,
}
STATES = ("new", "established", "related", "invalid", "untracked")
STATUSES = ("expected", "seen-reply", "assured", "confirmed", "snat", "dnat", "dying")
HOOKS = ("prerouting", "input", "forward", "output", "postrouting", "ingress")
PRIORITIES = {
    "raw": -300,
    "mangle": -150,
    "dstnat": -100,
    "filter": 0,
    "security": 50,
    "srcnat": 100,
}
REJECTIONS = {
    "host-unreachable": "host",
    "net-unreachable": "network",
    "no-route": "network",
    "addr-unreachable": "host",
    "port-unreachable": "port",
    "admin-prohibited": "prohibited",
    "host-prohibited": "prohibited",
    "net-prohibited": "prohibited",
}
TIMEOUT_STATES = {
    "tcp": (
        *("syn_sent", "syn_recv", "established", "fin_wait", "close_wait", "last_ack"),
        *("time_wait", "close", "syn_sent2", "retrans", "unack"),
    ),
    "udp": ("unreplied", "replied"),
}

_TOKENS = re.compile(
    r'(?P<space>[ \t\r]+|\\\n|\#[^\n]*)|(?P<newline>\n)|(?P<string>"[^"\n]*")|(?P<open>"[^\n]*)'
    r"|(?P<mark>!=|==|<=|>=|[{},;=<>()])|(?P<word>[^\s{},;=<>()\"!]+)|(?P<odd>.)"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a string with its quotation marks, or a mark; and where it stands."""

    kind: str
    text: str
    line: int
    column: int


class NftError(Exception):
    """Text that nft refuses, with its words.

    Args:
        line: and column, from 1; of its first character.
        width: in characters.
    """

    def __init__(self, what: str, line: int, column: int, width: int) -> None:
        super().__init__(what)
        self.line = line
        self.column = column
        self.width = max(1, width)

    def shown(self, path: str, text: str) -> str:
        """Return the complaint as nft prints it."""
        lines = text.split("\n")
        source = lines[self.line - 1] if self.line <= len(lines) else ""
        last = self.column + self.width - 1
        columns = f"{self.column}-{last}"
        marks = " " * (self.column - 1) + "^" * self.width
        return f"{path}:{self.line}:{columns}: Error: {self}\n{source}\n{marks}"


def tokens(text: str) -> list[Token]:
    """Return the tokens of a ruleset.

    Raises:
        NftError: at a quotation mark that is not closed, or a character that means nothing.
    """
    found, line, start = [], 1, 0
    for match in _TOKENS.finditer(text):
        kind, value = str(match.lastgroup), match[0]
        column = match.start() - start + 1
        if kind in ("open", "odd"):
            raise NftError("syntax error, unexpected junk", line, column, 1)
        if kind != "space":
            found.append(Token(kind, value, line, column))
        if "\n" in value:
            line, start = line + 1, match.end()
    return found
