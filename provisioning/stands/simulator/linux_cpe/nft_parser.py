"""Reads a ruleset of nftables, and refuses what nft refuses (nft(8); the wording is that of nftables 1.0)."""

from functools import lru_cache
from typing import TypeVar

from provisioning.stands.simulator.linux_cpe import nft_words as words
from provisioning.stands.simulator.linux_cpe.nft_rules import (
    Chain,
    Match,
    Rule,
    Ruleset,
    Table,
)
from provisioning.stands.simulator.linux_cpe.nft_statements import RuleReader
from provisioning.stands.simulator.linux_cpe.nft_values import wrong
from provisioning.stands.simulator.linux_cpe.nft_words import Token

Part = TypeVar("Part", Match, Rule)

FAMILIES = {"inet": 0, "ip": 4, "ip6": 6}
HEADERS = ("ip", "ip6", "tcp", "udp", "th", "icmp", "icmpv6", "ct", "meta")
VERDICTS = ("accept", "drop", "return", "continue")
TRANSLATES_AT = {
    "dnat": ("prerouting", "output"),
    "redirect": ("prerouting", "output"),
    "snat": ("postrouting", "input"),
    "masquerade": ("postrouting",),
}
IMPLIED = {"tcp": ("meta l4proto", 6), "udp": ("meta l4proto", 17), "icmp": ("meta l4proto", 1)}
UNITS = ("second", "minute", "hour", "day", "week")
SET_FIELDS = {"ipv4_addr": "ip saddr", "ipv6_addr": "ip6 saddr", "inet_service": "tcp dport", "ifname": "iifname"}


@lru_cache(maxsize=64)
def read_ruleset(text: str) -> Ruleset:
    """Return the ruleset of a file.

    Raises:
        NftError: when nft refuses it.
    """
    return _Parser(words.tokens(text)).read()


class _Parser(RuleReader):
    def __init__(self, tokens: list[Token]) -> None:
        super().__init__(tokens)
        self._rules = Ruleset()

    def read(self) -> Ruleset:
        while not self.ended():
            self.separators()
            if self.ended():
                break
            self._command()
        for token, table, name in self.jumps:
            if name not in table.chains:
                raise wrong(token, "Could not process rule: No such file or directory")
        return self._rules

    def _command(self) -> None:
        verb = self.expect("flush", "add", "table", "delete", "destroy").text
        if verb == "flush":
            self.expect("ruleset")
            self._rules = Ruleset()
        elif verb in ("delete", "destroy"):
            self.expect("table")
            family = self.expect(*FAMILIES).text if self.at_word(*FAMILIES) else "ip"
            self._rules.tables.pop((family, self.take().text), None)
        else:
            if verb == "add":
                self.expect("table")
            self._table()

    def _table(self) -> None:
        family = self.expect(*FAMILIES).text if self.at_word(*FAMILIES) else "ip"
        name = self.take().text
        table = self._rules.tables.setdefault((family, name), Table(FAMILIES[family]))
        if not self.accept("{"):
            return
        while True:
            self.separators()
            if self.accept("}"):
                return
            match self.expect("chain", "set", "map", "ct", "comment", "flags", "counter").text:
                case "chain":
                    self._chain(table)
                case "set":
                    self._set(table)
                case "ct":
                    self._timeout(table)
                case "comment":
                    self.take("string")
                case _:
                    raise self.unexpected()

    def _chain(self, table: Table) -> None:
        name = self.take().text
        chain = table.chains.setdefault(name, Chain(name))
        self.newlines()
        self.expect("{")
        while True:
            self.separators()
            if self.accept("}"):
                return
            if self.accept("type"):
                self._hook(chain)
            elif self.accept("policy"):
                chain.policy = self.expect("accept", "drop").text
                self.expect(";")
            elif self.at_word("comment") and self.tokens[self.at + 1].kind == "string":
                self.at += 2
            else:
                chain.rules.append(self.rule(table, chain))

    def _hook(self, chain: Chain) -> None:
        chain.kind = self.expect("filter", "nat", "route").text
        self.expect("hook")
        chain.hook = self.expect(*words.HOOKS).text
        self.expect("priority")
        token = self.take()
        if token.text in words.PRIORITIES:
            chain.priority = words.PRIORITIES[token.text]
            if self.at_word("+", "-"):
                sign = 1 if self.take().text == "+" else -1
                chain.priority += sign * int(self.take().text)
        elif token.text.lstrip("-").isdecimal():
            chain.priority = int(token.text)
        else:
            raise wrong(token, f"'{token.text}' is invalid priority.")
        self.expect(";")

    def _set(self, table: Table) -> None:
        name = self.take().text
        self.newlines()
        self.expect("{")
        field = ""
        while True:
            self.separators()
            if self.accept("}"):
                return
            match self.expect("type", "flags", "elements", "auto-merge", "comment").text:
                case "type":
                    field = SET_FIELDS[self.expect(*SET_FIELDS).text]
                    table.sets.setdefault(name, ())
                case "flags":
                    while self.token.kind == "word" or self.at_word(","):
                        self.at += 1
                case "elements":
                    self.expect("=")
                    spans, names = self.values(field or "ip saddr", table)
                    table.sets[name], table.names[name] = spans, names
                case "comment":
                    self.take("string")

    def _timeout(self, table: Table) -> None:
        self.expect("timeout")
        name = self.take().text
        self.newlines()
        self.expect("{")
        protocol = ""
        while True:
            self.separators()
            if self.accept("}"):
                table.timeouts.add(name)
                return
            match self.expect("protocol", "l3proto", "policy").text:
                case "protocol":
                    protocol = self.expect("tcp", "udp").text
                case "l3proto":
                    self.expect("ip", "ip6", "inet")
                case "policy":
                    self.expect("=")
                    self._timeout_policy(protocol)

    def _timeout_policy(self, protocol: str) -> None:
        self.expect("{")
        while not self.accept("}"):
            token = self.take()
            state, _, glued = token.text.partition(":")
            if state not in words.TIMEOUT_STATES.get(protocol, ()):
                raise wrong(token, f"unsupported timeout policy state '{state}'")
            number = glued or self.take().text
            if not number.rstrip("s").isdecimal():
                raise wrong(token, "syntax error, unexpected string, expecting number")
            self.accept(",")
