"""A small model of configuration mode, to prove changes on text: it refuses what IOS XE refuses, and what must not be.

Written from the command references, without a rule or a parser of the code that it tests.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Interface

from ios_manners import CONFLICTS, INNER_MODES, MAKES, NAMES, ON, REPLACES, SHORT, SHOWN, TOP_MODES


class RefusedError(AssertionError):
    """A command that the router would refuse, or that would leave it open on the way."""


@dataclass
class Node:
    text: str
    children: list["Node"] = field(default_factory=list)

    def child(self, text: str) -> "Node | None":
        return next((each for each in self.children if each.text == text), None)

    def lines(self, depth: int = 0) -> list[str]:
        return [" " * depth + self.text, *(line for each in self.children for line in each.lines(depth + 1))]


class ConfigurationMode:
    """A router's configuration, changed line by line."""

    def __init__(self, text: str = "") -> None:
        self.top = Node("")
        self.modes: list[Node] = [self.top]
        for line in _with_whole_banners(text.split("\n")):
            if line.strip() and not line.strip().startswith("!") and line != "end":
                self._load(line)
        self.modes = [self.top]

    def text(self) -> str:
        return "".join(f"{line}\n" for each in self.top.children for line in each.lines())

    def _load(self, line: str) -> None:
        depth = len(line) - len(line.lstrip())
        if line.strip().startswith("exit"):
            return
        del self.modes[depth + 1 :]
        node = Node(line.strip())
        self.modes[-1].children.append(node)
        self.modes.append(node)

    def apply(self, commands: "tuple[str, ...] | list[str]") -> None:
        for line in _with_whole_banners(commands):
            try:
                self.feed(line)
            except RefusedError as error:
                raise RefusedError(f"{line!r} in {[each.text for each in self.modes[1:]]}: {error}") from None
        if len(self.modes) > 1:
            raise RefusedError(f"left in {self.modes[-1].text}")

    def feed(self, line: str) -> None:
        depth, text = len(line) - len(line.lstrip()), line.strip()
        if depth != len(self.modes) - 1:
            raise RefusedError("not indented as deep as the mode")
        if text in ("exit", "exit-address-family"):
            self._leave(text)
        elif text.startswith("no "):
            self._no(text.removeprefix("no "))
        else:
            self._yes(text)
        self._look()

    def _leave(self, text: str) -> None:
        self._look()
        if (text == "exit") == self.modes[-1].text.startswith("address-family"):
            raise RefusedError("not how this mode is left")
        self.modes.pop()

    @property
    def mode(self) -> Node:
        return self.modes[-1]

    # What a command does.

    def _yes(self, text: str) -> None:
        node = self.mode.child(text)
        if node is None:
            node = self._new(text)
        elif not self._opens(text):
            raise RefusedError("stands there already")
        if self._opens(text):
            if text.startswith("ip sla ") and any(
                each.text.startswith(f"ip sla schedule {text.split()[2]} ") for each in self.top.children
            ):
                raise RefusedError("Entry already running and cannot be modified")
            if text.startswith("wlan ") and node.child("no shutdown"):
                raise RefusedError("disable the WLAN first")
            self.modes.append(node)

    def _opens(self, text: str) -> bool:
        if self.mode is self.top:
            return text.startswith(TOP_MODES) or bool(re.fullmatch(r"ip sla \d+", text))
        return any(self.mode.text.startswith(outer) and text.startswith(inner) for outer, inner in INNER_MODES.items())

    def _new(self, text: str) -> Node:
        self._refuse_unknown_names(text)
        self._refuse_conflict(text)
        self._refuse_overlap(text)
        self._refuse_unknown_neighbour(text)
        self._refuse_what_stands_elsewhere(text)
        negative = self.mode.child(f"no {text}")
        if negative is None and text.startswith("ip address "):
            negative = self.mode.child("no ip address")
        if negative is not None:
            self.mode.children.remove(negative)
            if any(re.fullmatch(each, text) for each in ON) and not any(re.fullmatch(each, text) for each in SHOWN):
                return Node(text)
        node = Node(text)
        if re.fullmatch(r"match ip(?:v6)? address prefix-list .*", text):
            return self._more_prefix_lists(text)
        if self._is_list(self.mode):
            self._insert(node)
        elif not self._replace(node):
            last = self.mode.child("class class-default")
            at = self.mode.children.index(last) if last and text.startswith("class ") else len(self.mode.children)
            self.mode.children.insert(at, node)
        return node

    def _replace(self, node: Node) -> bool:
        key = _key(REPLACES, node.text)
        for at, each in enumerate(self.mode.children):
            if key is not None and _key(REPLACES, each.text) == key:
                self.mode.children[at] = node
                return True
        return False

    def _more_prefix_lists(self, text: str) -> Node:
        words, name = text.rsplit(" ", 1)
        for each in self.mode.children:
            if each.text.startswith(f"{words} "):
                each.text += f" {name}"
                return each
        self.mode.children.append(Node(text))
        return self.mode.children[-1]

    def _insert(self, node: Node) -> None:
        number = _number(node.text)
        entries = self.mode.children
        if number is None:
            entries.append(node)
            return
        kind = " remark " in node.text
        if any(_number(each.text) == number and (" remark " in each.text) == kind for each in entries):
            raise RefusedError("there is an entry with this number")
        at = next((at for at, each in enumerate(entries) if (_number(each.text) or 10) > number), len(entries))
        entries.insert(at, node)

    def _no(self, text: str) -> None:
        text = text.removesuffix(" forced") if text.startswith("ip nat inside source ") else text
        if text == "ip address" and self.mode.text.startswith("interface"):
            self.mode.children[:] = [each for each in self.mode.children if not each.text.startswith("ip address ")]
            self.mode.children.append(Node("no ip address"))
            return
        node = self.mode.child(text) or self._by_short_form(text) or self._among_prefix_lists(text)
        if node is None:
            if any(re.fullmatch(each, text) for each in ON) or (
                self.mode.text.startswith("wlan") and text == "shutdown"
            ):
                self.mode.children.append(Node(f"no {text}"))
                return
            raise RefusedError("is not there")
        others = any(each.text.endswith(" secondary") for each in self.mode.children)
        if node.text.startswith("ip address ") and "secondary" not in node.text and others:
            raise RefusedError("Must delete secondary before deleting primary")
        if re.fullmatch(r"interface (?:Gigabit|Cellular|Vlan1$).*|class class-default|line .*", node.text):
            raise RefusedError("cannot be removed")
        self._remove(node, text)
        if any(re.fullmatch(each, text) for each in SHOWN):
            self.mode.children.append(Node(f"no {text}"))

    def _remove(self, node: Node, text: str) -> None:
        if " prefix-list " in node.text and node.text.startswith("match"):
            name = text.rsplit(" ", 1)[1]
            words = node.text.split()
            words.remove(name)
            node.text = " ".join(words)
            if len(words) > 4:
                return
        self.mode.children.remove(node)
        if re.fullmatch(r"neighbor \S+ remote-as .*", node.text):
            who = f"neighbor {node.text.split()[1]} "
            for section in (self.mode, *self.mode.children):
                section.children[:] = [each for each in section.children if not each.text.startswith(who)]
        if self.mode is self.top:
            self._refuse_while_named(node.text)

    def _by_short_form(self, text: str) -> Node | None:
        if any(re.fullmatch(each, text) for each in SHORT):
            return next((each for each in self.mode.children if each.text.startswith(f"{text} ")), None) or next(
                (each for each in self.mode.children if each.text.endswith(f" {text}")), None
            )
        return None

    def _among_prefix_lists(self, text: str) -> Node | None:
        found = re.fullmatch(r"(match ip(?:v6)? address prefix-list) (\S+)", text)
        if found is None:
            return None
        return next(
            (each for each in self.mode.children if each.text.startswith(found[1]) and found[2] in each.text.split()),
            None,
        )

    # What is refused.

    def _refuse_unknown_names(self, text: str) -> None:
        for kind, patterns in NAMES.items():
            for pattern in patterns:
                found = re.fullmatch(pattern.format(r"(?P<name>\S+)"), text)
                if found is None or found["name"] == "self":
                    continue
                hardware = kind == "interface" and not found["name"].startswith("Loopback")
                if not hardware and found["name"] not in self._made(kind):
                    raise RefusedError(f"there is no {kind} {found['name']}")

    def _refuse_what_stands_elsewhere(self, text: str) -> None:
        entry = re.fullmatch(r"(ip(?:v6)? prefix-list \S+ seq) \d+ (.+)|(?:sequence )?\d+ (.+)", text)
        if entry is None:
            return
        same = re.compile(rf"{entry[1] or '(?:sequence)?'} ?\d+ {re.escape(entry[2] or entry[3])}")
        for each in self.mode.children:
            if same.fullmatch(each.text):
                raise RefusedError(f"{each.text!r} says so already")

    def _refuse_unknown_neighbour(self, text: str) -> None:
        if text.startswith("neighbor ") and self.mode.text.startswith("router") and " remote-as " not in text:
            who = f"neighbor {text.split()[1]} remote-as"
            if not any(each.text.startswith(who) for each in self.mode.children):
                raise RefusedError("Specify remote-as first")

    def _made(self, kind: str) -> set[str]:
        return {found[1] for each in self.top.children if (found := re.fullmatch(MAKES[kind], each.text))}

    def _refuse_while_named(self, gone: str) -> None:
        for kind, pattern in MAKES.items():
            found = re.fullmatch(pattern, gone)
            if found is None or found[1] in self._made(kind):
                continue
            by = self._naming(kind, found[1])
            if by is not None:
                raise RefusedError(f"{kind} {found[1]} is still named by {by!r}")

    def _refuse_conflict(self, text: str) -> None:
        key = _key(CONFLICTS, text)
        for each in self.mode.children:
            if key is not None and _key(CONFLICTS, each.text) == key:
                raise RefusedError(f"{each.text!r} stands in its way")

    def _refuse_overlap(self, text: str) -> None:
        new = _address(text)
        if new is None or not self.mode.text.startswith("interface "):
            return
        for interface in self.top.children:
            for each in interface.children if interface.text.startswith("interface ") else ():
                old = _address(each.text)
                replaced = interface is self.mode and "secondary" not in each.text and "secondary" not in text
                if old and not replaced and old.network.overlaps(new.network):
                    raise RefusedError(f"overlaps with {interface.text}: {each.text}")

    def _is_list(self, node: Node) -> bool:
        return bool(re.fullmatch(r"(?:ip access-list (?:standard|extended)|ipv6 access-list) \S+", node.text))

    def _look(self) -> None:
        """Refuse a state that lets more through than either end: a list that is named and empty."""
        if self._is_list(self.mode) and not self.mode.children:
            name = self.mode.text.split()[-1]
            named = self._naming("access list", name)
            if named:
                raise RefusedError(f"access list {name} is empty, named by {named!r}, and lets in everything")

    def _naming(self, kind: str, name: str) -> str | None:
        patterns = [re.compile(each.format(re.escape(name))) for each in NAMES[kind]]
        nodes = list(self.top.children)
        while nodes:
            node = nodes.pop()
            nodes += node.children
            if any(each.fullmatch(node.text) for each in patterns):
                return node.text
        return None


def _with_whole_banners(lines: Iterable[str]) -> Iterator[str]:
    banner = ""
    for line in lines:
        if banner or (line.startswith("banner ") and line.count("^C") == 1):
            banner += f"\n{line}" if banner else line
            if banner.count("^C") < 2:
                continue
            line, banner = banner, ""
        yield line


def _key(patterns: tuple[str, ...], text: str) -> tuple[str, ...] | None:
    for each in patterns:
        if found := re.match(rf"(?:{each})(?!\S)", text):
            return (each, *(group or "" for group in found.groups()))
    return None


def _number(text: str) -> int | None:
    found = re.fullmatch(r"(?:sequence )?(\d+) .*|.* sequence (\d+)", text)
    return int(found[1] or found[2]) if found else None


def _address(text: str) -> IPv4Interface | None:
    found = re.fullmatch(r"ip address ([\d.]+) ([\d.]+)(?: secondary)?", text)
    return IPv4Interface(f"{found[1]}/{found[2]}") if found else None
