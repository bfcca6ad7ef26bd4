"""What leads from one configuration to another: the device's own lists of commands, and its contextual differences.

Source: Cisco IOS-XE 17 Configuration Replace and Configuration Rollback (`configure replace`, `show archive config
differences`, `show archive config incremental-diffs`).
"""

from collections.abc import Iterator

from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Key
from provisioning.stands.simulator.cisco_iosxe.configuration.showing import in_order, is_shown
from provisioning.stands.simulator.cisco_iosxe.configuration.statement import Statement, removal

_SEQUENCED = frozenset({"inspect-policy", "policy"})
"""Modes in which the order of entry means something."""
_STAYS = frozenset({"license udi"})
_NUMBERED = frozenset({"entry", "ip prefix-list", "ipv6 prefix-list"})
"""What does not take the place of another of the same number: that must go first (Duplicate sequence number)."""


def _children(parent: Statement, mode: str) -> list[Statement]:
    return in_order(parent, mode, absent=False)


def _same_order(before: Statement, after: Statement, mode: str) -> bool:
    first = [each.key for each in before.children.values() if each.key in after.children]
    second = [each.key for each in after.children.values() if each.key in before.children]
    return mode not in _SEQUENCED or first == second


def removals(before: Statement, after: Statement, mode: str = "config", depth: int = 0) -> Iterator[str]:
    """Yield the lines that take away what the other configuration does not have.

    Args:
        before: what there is.
        after: what there shall be.
        mode: of the section.
        depth: spaces before its lines.
    """
    ordered = _same_order(before, after, mode)
    # Backwards: what refers to something stands behind it nearly everywhere.
    for each in reversed(_children(before, mode)):
        other = after.children.get(each.key)
        if other is None:
            if each.name not in _STAYS:
                yield " " * depth + removal(each)
        elif (not ordered and each.mode) or (each.name in _NUMBERED and each.text != other.text):
            yield " " * depth + removal(each)
        elif each.mode:
            inner = list(removals(each, other, each.mode, depth + 1))
            if inner:
                yield " " * depth + each.text
                yield from inner


def additions(before: Statement, after: Statement, mode: str = "config", depth: int = 0) -> Iterator[str]:
    """Yield the lines that add what the first configuration does not have.

    Args:
        before: what there is.
        after: what there shall be.
        mode: of the section.
        depth: spaces before its lines.
    """
    anew = not _same_order(before, after, mode)
    for each in _children(after, mode):
        present = None if anew else before.children.get(each.key)
        if present is not None and present.text == each.text and not each.mode:
            continue
        inner = list(additions(present or Statement(None, each.key, ""), each, each.mode or "config", depth + 1))
        if present is None or present.text != each.text or inner:
            yield from (" " * depth + line for line in each.text.splitlines())
            yield from inner


def contextual(before: Statement, after: Statement, mode: str = "config", depth: int = 0) -> Iterator[str]:
    """Yield the contextual differences: `+` before what is new, `-` before what is gone, sections by their first line.

    Args:
        before: the first configuration.
        after: the second.
        mode: of the section.
        depth: spaces before its lines.
    """
    blank = " " * depth
    for each in _children(after, mode):
        other = before.children.get(each.key)
        if other is None or (other.text != each.text and not each.mode):
            yield from _all(each, depth, "+")
        elif each.mode:
            inner = list(contextual(other, each, each.mode, depth + 1))
            if inner:
                yield f"{blank}{each.text}"
                yield from inner
    for each in _children(before, mode):
        other = after.children.get(each.key)
        if other is None or (other.text != each.text and not each.mode):
            yield from _all(each, depth, "-")


def _all(statement: Statement, depth: int, sign: str) -> Iterator[str]:
    yield f"{' ' * depth}{sign}{statement.text}"
    for each in _children(statement, statement.mode or "opaque"):
        yield from _all(each, depth + 1, sign)


def same(first: Statement, second: Statement) -> bool:
    """Return whether two configurations say the same."""
    here, there = _shown(first), _shown(second)
    if first.text != second.text or set(here) != set(there):
        return False
    if not _same_order(first, second, first.mode or "config"):
        return False
    return all(same(each, there[key]) for key, each in here.items())


def _shown(parent: Statement) -> dict[Key, Statement]:
    return {key: each for key, each in parent.children.items() if is_shown(each)}
