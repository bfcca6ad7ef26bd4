"""Reads a ruleset of nftables, and refuses what nft refuses (nft(8); the wording is that of nftables 1.0)."""

from functools import lru_cache

from provisioning.stands.simulator.linux_cpe import nft_words as words
from provisioning.stands.simulator.linux_cpe.nft_rules import (
    FIELDS,
    Chain,
    Match,
    Rule,
    Ruleset,
    Span,
    Table,
    Translation,
    Verdict,
)
from provisioning.stands.simulator.linux_cpe.nft_values import TEXTS, address_of, name_of, span_of, wrong
from provisioning.stands.simulator.linux_cpe.nft_words import NftError, Token

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


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._rules = Ruleset()
        self._jumps: list[tuple[Token, Table, str]] = []

    def read(self) -> Ruleset:
        while not self._ended():
            self._separators()
            if self._ended():
                break
            self._command()
        for token, table, name in self._jumps:
            if name not in table.chains:
                raise wrong(token, "Could not process rule: No such file or directory")
        return self._rules

    # --- tokens ---

    def _ended(self) -> bool:
        return self._at >= len(self._tokens)

    @property
    def _token(self) -> Token:
        if not self._ended():
            return self._tokens[self._at]
        last = self._tokens[-1] if self._tokens else Token("newline", "", 1, 1)
        return Token("end", "", last.line, last.column + len(last.text))

    def _unexpected(self, expecting: str = "") -> NftError:
        token = self._token
        names = {"end": "end of file", "newline": "newline", "string": "quoted string", "word": "string"}
        shown = names.get(token.kind, f"'{token.text}'")
        if token.kind == "word" and token.text in (*HEADERS, *VERDICTS, "jump", "chain", "table", "policy", "type"):
            shown = token.text
        return wrong(token, f"syntax error, unexpected {shown}" + (f", expecting {expecting}" if expecting else ""))

    def _take(self, *kinds: str) -> Token:
        token = self._token
        if token.kind not in (kinds or ("word",)):
            raise self._unexpected("string" if not kinds else "")
        self._at += 1
        return token

    def _is(self, *texts: str) -> bool:
        return self._token.kind in ("word", "mark") and self._token.text in texts

    def _accept(self, *texts: str) -> bool:
        if self._is(*texts):
            self._at += 1
            return True
        return False

    def _expect(self, *texts: str) -> Token:
        if not self._is(*texts):
            raise self._unexpected(f"'{texts[0]}'" if len(texts) == 1 else "")
        self._at += 1
        return self._tokens[self._at - 1]

    def _newlines(self) -> None:
        while self._token.kind == "newline":
            self._at += 1

    def _separators(self) -> None:
        while self._token.kind == "newline" or self._is(";"):
            self._at += 1

    # --- commands, tables, chains ---

    def _command(self) -> None:
        verb = self._expect("flush", "add", "table", "delete", "destroy").text
        if verb == "flush":
            self._expect("ruleset")
            self._rules = Ruleset()
        elif verb in ("delete", "destroy"):
            self._expect("table")
            family = self._expect(*FAMILIES).text if self._is(*FAMILIES) else "ip"
            self._rules.tables.pop((family, self._take().text), None)
        else:
            if verb == "add":
                self._expect("table")
            self._table()

    def _table(self) -> None:
        family = self._expect(*FAMILIES).text if self._is(*FAMILIES) else "ip"
        name = self._take().text
        table = self._rules.tables.setdefault((family, name), Table(FAMILIES[family]))
        if not self._accept("{"):
            return
        while True:
            self._separators()
            if self._accept("}"):
                return
            match self._expect("chain", "set", "map", "ct", "comment", "flags", "counter").text:
                case "chain":
                    self._chain(table)
                case "set":
                    self._set(table)
                case "ct":
                    self._timeout(table)
                case "comment":
                    self._take("string")
                case _:
                    raise self._unexpected()

    def _chain(self, table: Table) -> None:
        name = self._take().text
        chain = table.chains.setdefault(name, Chain(name))
        self._newlines()
        self._expect("{")
        while True:
            self._separators()
            if self._accept("}"):
                return
            if self._accept("type"):
                self._hook(chain)
            elif self._accept("policy"):
                chain.policy = self._expect("accept", "drop").text
                self._expect(";")
            elif self._is("comment") and self._tokens[self._at + 1].kind == "string":
                self._at += 2
            else:
                chain.rules.append(self._rule(table, chain))

    def _hook(self, chain: Chain) -> None:
        chain.kind = self._expect("filter", "nat", "route").text
        self._expect("hook")
        chain.hook = self._expect(*words.HOOKS).text
        self._expect("priority")
        token = self._take()
        if token.text in words.PRIORITIES:
            chain.priority = words.PRIORITIES[token.text]
            if self._is("+", "-"):
                sign = 1 if self._take().text == "+" else -1
                chain.priority += sign * int(self._take().text)
        elif token.text.lstrip("-").isdecimal():
            chain.priority = int(token.text)
        else:
            raise wrong(token, f"'{token.text}' is invalid priority.")
        self._expect(";")

    def _set(self, table: Table) -> None:
        name = self._take().text
        self._newlines()
        self._expect("{")
        field = ""
        while True:
            self._separators()
            if self._accept("}"):
                return
            match self._expect("type", "flags", "elements", "auto-merge", "comment").text:
                case "type":
                    field = SET_FIELDS[self._expect(*SET_FIELDS).text]
                    table.sets.setdefault(name, ())
                case "flags":
                    while self._token.kind == "word" or self._is(","):
                        self._at += 1
                case "elements":
                    self._expect("=")
                    spans, names = self._values(field or "ip saddr", table)
                    table.sets[name], table.names[name] = spans, names
                case "comment":
                    self._take("string")

    def _timeout(self, table: Table) -> None:
        self._expect("timeout")
        name = self._take().text
        self._newlines()
        self._expect("{")
        protocol = ""
        while True:
            self._separators()
            if self._accept("}"):
                table.timeouts.add(name)
                return
            match self._expect("protocol", "l3proto", "policy").text:
                case "protocol":
                    protocol = self._expect("tcp", "udp").text
                case "l3proto":
                    self._expect("ip", "ip6", "inet")
                case "policy":
                    self._expect("=")
                    self._timeout_policy(protocol)

    def _timeout_policy(self, protocol: str) -> None:
        self._expect("{")
        while not self._accept("}"):
            token = self._take()
            state, _, glued = token.text.partition(":")
            if state not in words.TIMEOUT_STATES.get(protocol, ()):
                raise wrong(token, f"unsupported timeout policy state '{state}'")
            number = glued or self._take().text
            if not number.rstrip("s").isdecimal():
                raise wrong(token, "syntax error, unexpected string, expecting number")
            self._accept(",")

    # --- rules ---

    def _rule(self, table: Table, chain: Chain) -> Rule:
        matches: list[Match] = []
        action: Verdict | Translation | None = None
        start = self._token
        while self._token.kind not in ("newline", "end") and not self._is(";", "}"):
            if action is not None and not self._is("comment"):
                raise wrong(start, "Statement after terminal statement has no effect")
            found = self._statement(table, chain)
            if isinstance(found, Verdict | Translation):
                action = found
            elif found is not None:
                matches += found
        if self._token.kind == "end":
            raise self._unexpected("'}'")
        return Rule(tuple(matches), action)

    def _statement(self, table: Table, chain: Chain) -> tuple[Match, ...] | Verdict | Translation | None:
        token = self._take("word")
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
                if self._accept("packets"):
                    self._take(), self._expect("bytes"), self._take()
            case "comment":
                self._take("string")
            case "log":
                while self._accept("prefix", "level", "group"):
                    self._take("string", "word")
            case "limit":
                self._limit()
            case "notrack":
                pass
            case "jump" | "goto" as kind:
                target = self._take()
                self._jumps.append((target, table, target.text))
                return Verdict(kind, target.text)
            case "reject":
                return Verdict("reject", self._rejection())
            case _:
                raise wrong(token, "syntax error, unexpected string")
        return None

    def _header(self, word: str, table: Table) -> tuple[Match, ...] | None:
        part = self._take()
        if word == "ct" and part.text == "timeout":
            self._expect("set")
            name = self._take("string", "word")
            if name.text.strip('"') not in table.timeouts:
                raise wrong(name, "Could not process rule: No such file or directory")
            return None
        field = f"{word} {part.text}"
        if field in ("meta iifname", "meta oifname"):
            field = part.text
        if field in ("meta mark", "ct mark") and self._accept("set"):
            self._take()
            return None
        if field not in FIELDS:
            raise wrong(part, "syntax error, unexpected string")
        match = self._match(field, table)
        implied = IMPLIED.get(word)
        return (Match(implied[0], spans=((implied[1], implied[1]),)), match) if implied else (match,)

    def _match(self, field: str, table: Table) -> Match:
        negated = self._accept("!=")
        if not negated:
            self._accept("==")
        spans, names = self._values(field, table)
        return Match(field, negated, spans, names)

    def _values(self, field: str, table: Table) -> tuple[tuple[Span, ...], tuple[str, ...]]:
        spans: list[Span] = []
        names: list[str] = []
        grouped = self._accept("{")
        while True:
            if grouped:
                self._newlines()
                if (spans or names) and self._accept("}"):
                    break
            token = self._take("word", "string")
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
                self._newlines()
                if not self._accept(","):
                    self._expect("}")
                    break
            elif not (field in TEXTS and self._accept(",")):
                break
        return tuple(spans), tuple(names)

    def _limit(self) -> None:
        self._expect("rate")
        self._accept("over", "until")
        token = self._take()
        number, _, unit = token.text.partition("/")
        if not number.isdecimal() or unit not in UNITS:
            raise wrong(token, "syntax error, unexpected string, expecting number")
        if self._accept("burst"):
            amount = self._take()
            if not amount.text.isdecimal():
                raise wrong(amount, "syntax error, unexpected string, expecting number")
            self._expect("packets", "bytes", "kbytes", "mbytes")

    def _rejection(self) -> str:
        if not self._accept("with"):
            return "port"
        if self._accept("tcp"):
            self._expect("reset")
            return "reset"
        self._expect("icmp", "icmpv6", "icmpx")
        self._accept("type")
        return words.REJECTIONS[self._expect(*words.REJECTIONS).text]

    def _translation(self, kind: str, table: Table) -> Translation:
        if kind == "masquerade":
            return Translation(kind)
        version = table.version or 4
        if self._is("ip", "ip6"):
            version = 4 if self._take().text == "ip" else 6
        if not self._accept("to"):
            if kind == "redirect":
                return Translation(kind)
            raise self._unexpected("to")
        token = self._take()
        if kind == "redirect":
            return Translation(
                kind, port=span_of("tcp dport", Token("word", token.text.lstrip(":"), token.line, 1))[0]
            )
        address, port = address_of(token, version)
        return Translation(kind, address, port)
