"""Reads the rules of nftables: conditions, and what is done when they hold (nft(8))."""

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeVar

from provisioning.stands.simulator.linux_cpe import nft_words as words
from provisioning.stands.simulator.linux_cpe.nft_cursor import Cursor
from provisioning.stands.simulator.linux_cpe.nft_rules import (
    FIELDS,
    Chain,
    Concatenation,
    MappedTranslation,
    Match,
    Rule,
    Span,
    Table,
    Translation,
    Verdict,
)
from provisioning.stands.simulator.linux_cpe.nft_values import TEXTS, address_of, name_of, span_of, wrong
from provisioning.stands.simulator.linux_cpe.nft_words import Token

Part = TypeVar("Part", Match, Concatenation, Rule)
Action = Verdict | Translation | MappedTranslation
Condition = Match | Concatenation

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


@lru_cache(maxsize=8192)
def _shared(part: Part) -> Part:
    """Return the same part, once for all rulesets: hundreds of routers have the same rules but for their addresses."""
    return part


class RuleReader(Cursor):
    """Reads rules."""

    def __init__(self, tokens: list[Token]) -> None:
        super().__init__(tokens)
        self.jumps: list[tuple[Token, Table, str]] = []

    def rule(self, table: Table, chain: Chain) -> Rule:
        """Return the rule that begins here."""
        matches: list[Condition] = []
        action: Action | None = None
        start = self.token
        while self.token.kind not in ("newline", "end") and not self.at_word(";", "}"):
            if action is not None and not self.at_word("comment"):
                raise wrong(start, "Statement after terminal statement has no effect")
            found = self._statement(table, chain)
            if isinstance(found, Action):
                action = found
            elif found is not None:
                matches += found
        if self.token.kind == "end":
            raise self.unexpected("'}'")
        rule: Rule = _shared(Rule(tuple(_shared(each) for each in matches), action))
        return rule

    def _statement(self, table: Table, chain: Chain) -> tuple[Condition, ...] | Action | None:
        token = self.take("word")
        word = token.text
        if word in ("iifname", "oifname", "iif", "oif"):
            return (self._match(word if word.endswith("name") else f"{word}name", table),)
        if word in HEADERS:
            return self._header(word, table)
        if word in VERDICTS:
            return Verdict(word)
        if word in TRANSLATES_AT:
            if chain.hook and (chain.hook not in TRANSLATES_AT[word] or chain.kind != "nat"):
                raise wrong(token, "Could not process rule: Operation not supported")
            return self._translation(word, table)
        return self._other(token, table)

    def _other(self, token: Token, table: Table) -> Verdict | None:
        match token.text:
            case "counter":
                if self.accept("packets"):
                    self.take(), self.expect("bytes"), self.take()
            case "comment":
                self.take("string")
            case "log":
                while self.accept("prefix", "level", "group"):
                    self.take("string", "word")
            case "limit":
                self._limit()
            case "notrack":
                pass
            case "jump" | "goto" as kind:
                target = self.take()
                self.jumps.append((target, table, target.text))
                return Verdict(kind, target.text)
            case "reject":
                return Verdict("reject", self._rejection())
            case _:
                raise wrong(token, "syntax error, unexpected string")
        return None

    def _header(self, word: str, table: Table) -> tuple[Condition, ...] | None:
        part = self.take()
        if word == "ct" and part.text == "timeout":
            self.expect("set")
            name = self.take("string", "word")
            if name.text.strip('"') not in table.timeouts:
                raise wrong(name, "Could not process rule: No such file or directory")
            return None
        field = f"{word} {part.text}"
        if field in ("meta iifname", "meta oifname"):
            field = part.text
        if field in ("meta mark", "ct mark") and self.accept("set"):
            self.take()
            return None
        if field not in FIELDS:
            raise wrong(part, "syntax error, unexpected string")
        if self.at_word("."):
            return self._concatenation(field)
        match = self._match(field, table)
        return (*_implied(word), match)

    def _concatenation(self, first: str) -> tuple[Condition, ...]:
        """Return the conditions on several fields that are looked up together; the first of them was read."""
        fields = [first]
        while self.accept("."):
            header, part = self.expect(*HEADERS), self.take()
            fields.append(f"{header.text} {part.text}")
            if fields[-1] not in FIELDS or fields[-1] in TEXTS:
                raise wrong(part, "syntax error, unexpected string")
        self.expect("{")
        elements: list[tuple[Span, ...]] = []
        while not (elements and self.accept("}")):
            self.newlines()
            spans = [span_of(fields[0], self.take())]
            for field in fields[1:]:
                self.expect(".")
                spans.append(span_of(field, self.take()))
            elements.append(tuple(spans))
            self.newlines()
            if not self.accept(","):
                self.expect("}")
                break
            self.newlines()
        implied = [each for field in fields for each in _implied(field.split()[0])]
        return (*implied, Concatenation(tuple(fields), tuple(elements)))

    def _match(self, field: str, table: Table) -> Match:
        negated = self.accept("!=")
        if not negated:
            self.accept("==")
        spans, names = self.values(field, table)
        return Match(field, negated, spans, names)

    def values(self, field: str, table: Table) -> tuple[tuple[Span, ...], tuple[str, ...]]:
        """Return the value, or the values of the group, that begin here: spans or names."""
        spans: list[Span] = []
        names: list[str] = []
        grouped = self.accept("{")
        while True:
            if grouped:
                self.newlines()
                if (spans or names) and self.accept("}"):
                    break
            token = self.take("word", "string")
            if token.text.startswith("@"):
                name = token.text[1:]
                if name not in table.sets:
                    raise wrong(token, "No such file or directory; did you mean a set of this table?")
                spans, names = [*spans, *table.sets[name]], [*names, *table.names.get(name, ())]
            elif field in TEXTS:
                names.append(name_of(field, token))
            else:
                spans.append(span_of(field, token))
            if grouped:
                self.newlines()
                if not self.accept(","):
                    self.expect("}")
                    break
            elif not (field in TEXTS and self.accept(",")):
                break
        return tuple(_apart(spans)), tuple(names)

    def _limit(self) -> None:
        self.expect("rate")
        self.accept("over", "until")
        token = self.take()
        number, _, unit = token.text.partition("/")
        if not number.isdecimal() or unit not in UNITS:
            raise wrong(token, "syntax error, unexpected string, expecting number")
        if self.accept("burst"):
            amount = self.take()
            if not amount.text.isdecimal():
                raise wrong(amount, "syntax error, unexpected string, expecting number")
            self.expect("packets", "bytes", "kbytes", "mbytes")

    def _rejection(self) -> str:
        if not self.accept("with"):
            return "port"
        if self.accept("tcp"):
            self.expect("reset")
            return "reset"
        self.expect("icmp", "icmpv6", "icmpx")
        self.accept("type")
        return words.REJECTIONS[self.expect(*words.REJECTIONS).text]

    def _translation(self, kind: str, table: Table) -> Translation | MappedTranslation:
        if kind == "masquerade":
            return Translation(kind)
        version = table.version or 4
        if self.at_word("ip", "ip6"):
            version = 4 if self.take().text == "ip" else 6
        if not self.accept("to"):
            if kind == "redirect":
                return Translation(kind)
            raise self.unexpected("to")
        if self.at_word("tcp", "udp"):
            return self._mapped_translation(kind, version)
        token = self.take()
        if kind == "redirect":
            return Translation(
                kind, port=span_of("tcp dport", Token("word", token.text.lstrip(":"), token.line, 1))[0]
            )
        address, port = address_of(token, version)
        return Translation(kind, address, port)

    def _mapped_translation(self, kind: str, version: int) -> MappedTranslation:
        """Return a translation by a map, as in `dnat ip to tcp dport map { 8443 : 192.168.1.10 . 443 }`."""
        field = f"{self.take().text} {self.expect('dport', 'sport').text}"
        self.expect("map")
        self.expect("{")
        elements: dict[int, tuple[int, int, int]] = {}
        while not (elements and self.accept("}")):
            self.newlines()
            token = self.take()
            (port, last), _ = span_of(field, token), self.expect(":")
            if port != last or port in elements:
                raise wrong(token, "conflicting intervals specified")
            address, _ = address_of(self.take(), version)
            self.expect(".")
            elements[port] = (port, address, span_of(field, self.take())[0])
            self.newlines()
            if not self.accept(","):
                self.expect("}")
                break
        return MappedTranslation(kind, field, tuple(elements[port] for port in sorted(elements)))


def _apart(spans: list[Span]) -> Iterator[Span]:
    """Yield spans ascending, those that overlap made one."""
    last: Span | None = None
    for each in sorted(spans):
        if last is not None and each[0] <= last[1]:
            last = (last[0], max(last[1], each[1]))
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last


def _implied(word: str) -> tuple[Match, ...]:
    """Return the condition that a header brings with it: its own protocol."""
    implied = IMPLIED.get(word)
    return (Match(implied[0], spans=((implied[1], implied[1]),)),) if implied else ()
