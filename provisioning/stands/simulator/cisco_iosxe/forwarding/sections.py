"""A configuration as `show running-config` shows it, as a tree: what stands deeper belongs to what is above it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

BANNERS = ("exec", "incoming", "login", "motd", "slip-ppp")


@dataclass(frozen=True, slots=True)
class Section:
    """A line, and the lines that belong to it.

    Attributes:
        words: of the line.
    """

    words: tuple[str, ...]
    children: tuple["Section", ...] = ()

    def starts(self, *words: str) -> bool:
        """Return whether the line begins with some words."""
        return self.words[: len(words)] == words

    def under(self, *words: str) -> Iterator[tuple[str, ...]]:
        """Yield what follows these words in each line below that begins with them."""
        for each in self.children:
            if each.starts(*words):
                yield each.words[len(words) :]

    def has(self, *words: str) -> bool:
        """Return whether a line stands below."""
        return any(each.words == words for each in self.children)

    def value(self, *words: str) -> tuple[str, ...] | None:
        """Return what follows these words in the last line below that begins with them."""
        return next(iter([*self.under(*words)][::-1]), None)


@dataclass(slots=True)
class _Open:
    words: tuple[str, ...]
    indent: int
    children: list["_Open"] = field(default_factory=list)

    def closed(self) -> Section:
        return Section(self.words, tuple(each.closed() for each in self.children))


def read_sections(text: str) -> Section:
    """Return a configuration as one section without words, below which everything stands.

    Comments, empty lines and the texts of banners are left out; nothing is left out for not being understood.
    """
    root = _Open((), -1)
    open_ones = [root]
    banner = ""
    for line in text.splitlines():
        if banner:
            banner = "" if banner in line else banner
            continue
        words = tuple(line.split())
        if not words or words[0].startswith("!") or words == ("end",):
            continue
        indent = len(line) - len(line.lstrip(" "))
        while open_ones[-1].indent >= indent:
            open_ones.pop()
        made = _Open(words, indent)
        open_ones[-1].children.append(made)
        open_ones.append(made)
        banner = _delimiter(words)
    return root.closed()


def _delimiter(words: tuple[str, ...]) -> str:
    """Return what ends the text of a banner that begins here; empty when none does, or when it ends here too."""
    if words[0] != "banner" or len(words) < 3 or words[1] not in BANNERS:
        return ""
    mark = words[2][:2] if words[2].startswith("^") else words[2][:1]
    return "" if " ".join(words[2:]).count(mark) > 1 else mark
