"""Turns the text of a form into plain data, and refuses what is no honest form before it can do harm.

PyYAML's C composer recurses once per level and takes the process down on deep nesting, so depth, aliases and size
are judged on the flat stream of parser events before anything is composed.
"""

import json
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Never

import yaml

from provisioning.errors import UnreadableForm
from provisioning.validation import brief

Data = None | bool | int | float | str | list["Data"] | dict[str, "Data"]
Path = tuple[str | int, ...]

MAXIMUM_BYTES = 1024 * 1024
MAXIMUM_DEPTH = 20
MAXIMUM_NODES = 100_000
MAXIMUM_DIGITS = 18

_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$", re.ASCII)
_FLOAT = re.compile(r"^[-+]?[0-9]+\.[0-9]+$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data of one form and where each key stands.

    Attributes:
        data: what the form says.
        source: the file's name, for messages.
        places: line and column, from 1, by path; for JSON only the start, since its parser does not tell more.
    """

    data: Data
    source: str
    places: Mapping[Path, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Path) -> str:
        """Return `file:line:column` of the nearest enclosing key that is known, or the file."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                line, column = self.places[path[:length]]
                return f"{self.source}:{line}:{column}"
        return self.source


class _FormLoader(yaml.CSafeLoader):
    """libyaml's safe loader that leaves dates as the text that was written."""


def _plain_resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Return YAML's own rules of what a bare word is, without those that turn text into something else.

    Dates stay text. A number is decimal digits: YAML 1.1 would read 1:30 as 90, 0123 as 83 and 1_0 as 10.
    """
    integer = f"{_TAG}int"
    dropped = {f"{_TAG}timestamp", f"{_TAG}float", integer}
    kept = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in dropped]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }
    for first in "-+0123456789":
        kept.setdefault(first, []).append((integer, _INTEGER))
        kept[first].append((f"{_TAG}float", _FLOAT))
    return kept


_FormLoader.yaml_implicit_resolvers = _plain_resolvers()


def parse(content: bytes, source: str) -> Document:
    """Return the data of one form, YAML or JSON.

    Args:
        content: the file's bytes, UTF-8.
        source: the file's name, for messages.

    Raises:
        UnreadableForm: with the place, for anything that is not one well-formed, harmless document.
    """
    text = _decode(content, source)
    if not text.strip():
        raise UnreadableForm("the file is empty", where=source, remedy="Start from one of the files in examples/.")
    if source.endswith(".json"):
        return _parse_json(text, source)
    if text.lstrip().startswith("{") and _is_json(text):
        return _parse_json(text, source)
    return _parse_yaml(text, source)


def checked(data: object) -> Data:
    """Return plain data that did not come from a parser, as such.

    Raises:
        TypeError: when it holds anything that a form cannot.
    """
    match data:
        case None | bool() | int() | float() | str():
            return data
        case list():
            return [checked(each) for each in data]
        case dict():
            return {str(key): checked(value) for key, value in data.items()}
        case _:
            raise TypeError(f"{type(data).__name__} is no plain data")


def _decode(content: bytes, source: str) -> str:
    if len(content) > MAXIMUM_BYTES:
        raise UnreadableForm(
            f"the file is larger than {MAXIMUM_BYTES // 1024} KiB, which no form is",
            where=source,
            remedy="Check that this is the form and not another file.",
        )
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableForm(
            f"the file is binary: byte {content.index(0)} is NUL",
            where=source,
            remedy="A form is YAML or JSON text.",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableForm(
            f"the file is not UTF-8: byte {error.start} is 0x{content[error.start]:02x}",
            where=f"{source}:{line}",
            remedy="Save it as UTF-8.",
        ) from None


def _is_json(text: str) -> bool:
    """Return whether the text is JSON; if so, YAML may still trip over its escapes and tabs."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _parse_json(text: str, source: str) -> Document:
    def unique(pairs: list[tuple[str, Data]]) -> dict[str, Data]:
        result: dict[str, Data] = {}
        for key, value in pairs:
            if key in result:
                _refuse_duplicate(key, source)
            result[key] = value
        return result

    try:
        data: Data = json.loads(text, object_pairs_hook=unique, parse_constant=_refuse_constant, parse_int=_integer)
    except json.JSONDecodeError as error:
        where = f"{source}:{error.lineno}:{error.colno}"
        raise UnreadableForm(f"not JSON: {error.msg}", where=where, remedy="Mend the syntax there.") from None
    except RecursionError:
        raise _too_deep(source) from None
    except UnreadableForm:
        raise
    except ValueError as error:
        raise UnreadableForm(f"not JSON: {error}", where=source, remedy="Mend that value.") from None
    return Document(data, source, {(): (1, 1)})


def _integer(digits: str) -> int:
    if len(digits) > MAXIMUM_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is not a number")


def _parse_yaml(text: str, source: str) -> Document:
    try:
        _judge_events(text, source)
        loader = _FormLoader(text)
        try:
            node = loader.get_single_node()
            places: dict[Path, tuple[int, int]] = {}
            if node is not None:
                _walk(node, (), places, source)
            data: Data = None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except UnreadableForm:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{source}:{mark.line + 1}:{mark.column + 1}" if mark else source
        problem = " ".join(filter(None, (error.context, error.problem)))
        raise UnreadableForm(f"not YAML: {problem}", where=where, remedy="Mend the syntax there.") from None
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise UnreadableForm(f"not YAML: {reason}", where=source, remedy="Mend the syntax there.") from None
    except (ValueError, OverflowError, TypeError) as error:
        reason = " ".join(str(error).split())
        raise UnreadableForm(
            f"a value cannot be read: {reason}", where=source, remedy="Put quotation marks around text."
        ) from None
    return Document(data, source, places)


def _judge_events(text: str, source: str) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, _FormLoader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            # Its name is not shown: somebody may have written a key that starts with a star.
            raise UnreadableForm(
                "an alias (*) is not allowed in a form",
                where=_place(source, event),
                remedy="Write the value out in full; put quotation marks around text that starts with a star.",
            )
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None and not isinstance(event, yaml.AliasEvent):
            raise UnreadableForm(
                "an anchor (&) is not allowed in a form",
                where=_place(source, event),
                remedy="Put quotation marks around text that starts with an ampersand.",
            )
        if depth > MAXIMUM_DEPTH:
            raise _too_deep(_place(source, event))
        if count > MAXIMUM_NODES:
            raise UnreadableForm(
                f"more than {MAXIMUM_NODES:,} values, which no form has",
                where=source,
                remedy="Check that this is the form and not another file.",
            )


def _walk(node: yaml.Node, path: Path, places: dict[Path, tuple[int, int]], source: str) -> None:
    """Note where each key stands; refuse a key that stands twice, and a value that is not what its tag says."""
    places.setdefault(path, _position(node))
    if isinstance(node, yaml.ScalarNode):
        _judge_scalar(node, source)
    if isinstance(node, yaml.MappingNode):
        seen: set[Hashable] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.tag == f"{_TAG}merge":
                raise UnreadableForm(
                    "the merge key << is not allowed in a form",
                    where=_place(source, key),
                    remedy="Write the keys out in full.",
                )
            if key.value in seen:
                _refuse_duplicate(key.value, _place(source, key))
            seen.add(key.value)
            places[(*path, key.value)] = _position(key)
            _judge_scalar(key, source)
            _walk(value, (*path, key.value), places, source)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*path, index), places, source)


def _judge_scalar(node: yaml.ScalarNode, source: str) -> None:
    if node.tag == f"{_TAG}str":
        return
    if node.tag != _implied_tag(node.value):
        raise UnreadableForm(
            "a tag (!) that does not fit its value",
            where=_place(source, node),
            remedy="Write the value without a tag; put quotation marks around text that starts with !.",
        )
    if len(node.value) > MAXIMUM_DIGITS and node.tag in (f"{_TAG}int", f"{_TAG}float"):
        raise UnreadableForm(
            f"a number of {len(node.value)} digits, which no form has",
            where=_place(source, node),
            remedy="Put quotation marks around text.",
        )


def _implied_tag(value: str) -> str:
    resolvers = _FormLoader.yaml_implicit_resolvers.get(value[:1], [])
    return next((tag for tag, pattern in resolvers if pattern.match(value)), f"{_TAG}str")


def _position(thing: yaml.Node | yaml.Event) -> tuple[int, int]:
    mark = thing.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _place(source: str, thing: yaml.Node | yaml.Event) -> str:
    line, column = _position(thing)
    return f"{source}:{line}:{column}"


def _refuse_duplicate(key: str, where: str) -> Never:
    raise UnreadableForm(f"the key {brief(key)!r} stands twice", where=where, remedy="Keep one of the two.")


def _too_deep(where: str) -> UnreadableForm:
    return UnreadableForm(
        f"nested more than {MAXIMUM_DEPTH} levels deep, which no form is",
        where=where,
        remedy="Check that this is the form and not another file.",
    )
