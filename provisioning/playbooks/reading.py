"""Turns the bytes of a playbook into YAML nodes, each of which knows its line; refuses what could do harm.

Values stay the text that was written: what they mean is decided by whoever knows which key they belong to, so that
YAML's own ideas of `yes`, `010` or `1:30` never matter.
"""

from typing import Never

import yaml
from yaml.reader import ReaderError

from provisioning.playbooks.problem import NotRead, Problem, shown

MAXIMUM_BYTES = 64 * 1024
MAXIMUM_DEPTH = 10

Place = tuple[int, int]


def compose(content: bytes) -> yaml.Node:
    """Return the one document of a file.

    Raises:
        NotRead: for anything that is not one harmless YAML document.
    """
    text = _decode(content)
    try:
        if not _judge_events(text):
            _refuse_empty()
        loader = yaml.CSafeLoader(text)
        try:
            node: yaml.Node | None = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        _refuse(place, f"not YAML: {_reason(error)}", _remedy(text, place))
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        _refuse((line, 1), f"the control character U+{int(error.character):04X} is not allowed", "Take it out.")
    except yaml.YAMLError as error:
        _refuse((1, 1), f"not YAML: {' '.join(str(error).split())}", "Mend the syntax there.")
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        _refuse_empty()
    return node


def place_of(thing: yaml.Node | yaml.Event) -> Place:
    """Return line and column, from 1, where something begins."""
    mark = thing.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _decode(content: bytes) -> str:
    if len(content) > MAXIMUM_BYTES:
        _refuse(
            (1, 1), f"the file is larger than {MAXIMUM_BYTES // 1024} KiB", "Check that this is a playbook at all."
        )
    if b"\0" in content:
        _refuse(
            (content.count(b"\n", 0, content.index(0)) + 1, 1), "the file is binary: it holds NUL", "Save it as text."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        _refuse((line, column), f"not UTF-8: byte 0x{content[error.start]:02x}", "Save it as UTF-8.")


def _judge_events(text: str) -> bool:
    """Return whether there is anything; PyYAML's C composer would recurse once per level, and expand aliases."""
    depth, found = 0, False
    for event in yaml.parse(text, yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAXIMUM_DEPTH:
            _refuse(place_of(event), f"nested more than {MAXIMUM_DEPTH} levels deep", "Mend the indentation.")
        if not isinstance(event, yaml.NodeEvent):
            continue
        found = True
        if event.anchor is not None:
            what = "an alias (*)" if isinstance(event, yaml.AliasEvent) else "an anchor (&)"
            _refuse(place_of(event), f"{what} is not allowed", "Write it out, or put it in quotation marks.")
        tag: str | None = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            _refuse(place_of(event), f"a tag ({shown(tag)}) is not allowed", "Write the value without it.")
    return found


def _reason(error: yaml.MarkedYAMLError) -> str:
    return " ".join(filter(None, (error.context, error.problem)))


def _remedy(text: str, place: Place) -> str:
    lines = text.splitlines()
    line = lines[place[0] - 1] if place[0] <= len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "Indent with spaces: YAML takes no tabs there."
    return "Mend the syntax there."


def _refuse_empty() -> Never:
    _refuse((1, 1), "the file is empty", "Copy one of the shipped playbooks and change that.")


def _refuse(place: Place, what: str, remedy: str) -> Never:
    raise NotRead(Problem(*place, what, remedy))
