"""Goes through the tokens of a ruleset of nftables, and complains where one is not expected."""

from provisioning.stands.simulator.linux_cpe.nft_values import wrong
from provisioning.stands.simulator.linux_cpe.nft_words import NftError, Token

SHOWN = frozenset(
    (
        *("ip", "ip6", "tcp", "udp", "th", "icmp", "icmpv6", "ct", "meta"),
        *("accept", "drop", "return", "continue", "jump", "chain", "table", "policy", "type"),
    )
)
"""Words that nft names as they are."""


class Cursor:
    """Where a reader is in the tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def ended(self) -> bool:
        """Return whether there are no more."""
        return self.at >= len(self.tokens)

    @property
    def token(self) -> Token:
        """The token at hand."""
        if not self.ended():
            return self.tokens[self.at]
        last = self.tokens[-1] if self.tokens else Token("newline", "", 1, 1)
        return Token("end", "", last.line, last.column + len(last.text))

    def unexpected(self, expecting: str = "") -> NftError:
        """Return the complaint about the token at hand."""
        token = self.token
        names = {"end": "end of file", "newline": "newline", "string": "quoted string", "word": "string"}
        shown = names.get(token.kind, f"'{token.text}'")
        if token.kind == "word" and token.text in SHOWN:
            shown = token.text
        return wrong(token, f"syntax error, unexpected {shown}" + (f", expecting {expecting}" if expecting else ""))

    def take(self, *kinds: str) -> Token:
        """Return the token at hand and go on; it must be of one of these kinds, a word unless said otherwise."""
        token = self.token
        if token.kind not in (kinds or ("word",)):
            raise self.unexpected("string" if not kinds else "")
        self.at += 1
        return token

    def at_word(self, *texts: str) -> bool:
        """Return whether the token at hand is one of these words."""
        return self.token.kind in ("word", "mark") and self.token.text in texts

    def accept(self, *texts: str) -> bool:
        """Go on when the token at hand is one of these words; return whether it was."""
        if self.at_word(*texts):
            self.at += 1
            return True
        return False

    def expect(self, *texts: str) -> Token:
        """Return the token at hand, which must be one of these words, and go on."""
        if not self.at_word(*texts):
            raise self.unexpected(f"'{texts[0]}'" if len(texts) == 1 else "")
        self.at += 1
        return self.tokens[self.at - 1]

    def newlines(self) -> None:
        """Go past the ends of lines."""
        while self.token.kind == "newline":
            self.at += 1

    def separators(self) -> None:
        """Go past the ends of lines and semicolons."""
        while self.token.kind == "newline" or self.at_word(";"):
            self.at += 1
