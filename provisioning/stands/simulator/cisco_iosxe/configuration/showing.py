"""A configuration as `show running-config` prints it."""

import ipaddress
from collections.abc import Iterator

from provisioning.stands.simulator.cisco_iosxe.configuration.interface_names import interface_order, interface_type
from provisioning.stands.simulator.cisco_iosxe.configuration.kinds import community_number
from provisioning.stands.simulator.cisco_iosxe.configuration.modes import GROUPS, MODES
from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Rule
from provisioning.stands.simulator.cisco_iosxe.configuration.statement import Statement

SEPARATOR = "!"
_LAST = 1_000_000
_NEW_FORMAT = ("ip bgp-community new-format",)
_Value = tuple[int, int, str]
_GROUP = {id(rule): number for number, group in enumerate(GROUPS) for rule in group}


_FIRST_NEIGHBOR = 0
"""What stands in the positions of a mode for all that is said of neighbors: they are put in order among themselves."""


def _positions(mode: str) -> dict[int, int]:
    found = {id(rule): index for index, rule in enumerate(MODES[mode].rules)}
    neighbors = [index for index, rule in enumerate(MODES[mode].rules) if rule.name.startswith("neighbor ")]
    return {**found, _FIRST_NEIGHBOR: min(neighbors, default=len(found))}


_POSITIONS = {mode: _positions(mode) for mode in MODES}


def _neighbor(text: str) -> tuple[int, int, str]:
    """Return by what neighbors are put in order: peer groups first, then IPv4, then IPv6, each by its number."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return (0, 0, text)
    return (address.version, int(address), "")


def _value(text: str) -> _Value | tuple[int, tuple[int, ...]]:
    if interface_type(text):
        order, numbers = interface_order(text)
        return (order, numbers)
    return (0, int(text), "") if text.isascii() and text.isdigit() else (1, 0, text)


def _order(statement: Statement, positions: dict[int, int]) -> tuple[int, tuple[object, ...]]:
    rule = statement.rule
    if rule is None:
        return _LAST, ()
    # Entries of an access list stand by their number, whatever the kind of each; remarks before theirs.
    if statement.name in ("entry", "remark"):
        return 0, (int(statement.values["sequence"]), statement.name == "entry")
    position = positions.get(id(rule), _LAST)
    if statement.name.startswith("neighbor "):
        return positions.get(_FIRST_NEIGHBOR, position), (_neighbor(statement.values["neighbor"]), position)
    return position, tuple(_value(statement.values.get(name, "")) for name in rule.sorts)


def is_shown(statement: Statement) -> bool:
    """Return whether a statement stands in the running configuration."""
    rule = statement.rule
    if rule is None:
        return True
    return not rule.kept and (rule.bare or any(is_shown(each) for each in statement.children.values()))


def in_order(parent: Statement, mode: str, *, absent: bool = True) -> list[Statement]:
    """Return what stands below a statement in the order in which it is shown.

    Args:
        parent: the statement.
        mode: of its section.
        absent: whether to add what is shown where something is not there (` no ip address`).
    """
    positions = _POSITIONS[mode]
    shown = [each for each in parent.children.values() if is_shown(each)]
    names = {each.name for each in shown}
    missing = [
        Statement(rule, (rule.name,), rule.absent)
        for rule in (MODES[mode].rules if absent else ())
        if rule.absent and not any(name.startswith(rule.name) for name in names)
    ]
    return sorted((*shown, *missing), key=lambda each: _order(each, positions))


def body(root: Statement) -> list[Statement]:
    """Return the statements at the top in the order in which they are shown."""
    return in_order(root, "config")


def _is_open(rule: Rule | None, statement: Statement) -> bool:
    return rule is not None and rule.apart and bool(statement.mode or statement.children)


def text_of(root: Statement) -> str:
    """Return a whole configuration, from its first line to `end`."""
    lines: list[str] = []
    group = -1
    new_format = _NEW_FORMAT in root.children
    for statement in body(root):
        at = _GROUP.get(id(statement.rule), len(GROUPS))
        if lines and at != group and lines[-1] != SEPARATOR:
            lines.append(SEPARATOR)
        group = at
        lines.extend(lines_of(statement, new_format=new_format))
        if _is_open(statement.rule, statement):
            lines.append(SEPARATOR)
    if lines and lines[-1] != SEPARATOR:
        lines.append(SEPARATOR)
    return "\n".join((*lines, "end", ""))


def lines_of(statement: Statement, depth: int = 0, *, new_format: bool = True) -> Iterator[str]:
    """Yield the lines of a statement and of all below it.

    Args:
        statement: to show.
        depth: spaces before it.
        new_format: whether communities are written `AS:NUMBER` (`ip bgp-community new-format`).
    """
    mode = MODES.get(statement.mode)
    text = statement.text if new_format else _old_communities(statement)
    if mode is not None and mode.opening:
        yield " " * depth + mode.opening
    yield " " * depth + text
    for each in in_order(statement, statement.mode or "opaque"):
        indent = each.rule.indent if each.rule is not None else 1
        yield from lines_of(each, depth + indent, new_format=new_format)
    if mode is not None and mode.closing:
        yield " " * depth + mode.closing


def _old_communities(statement: Statement) -> str:
    """Return a line with its communities as numbers (BGP Command Reference: ip bgp-community new-format)."""
    said = statement.values.get("communities", "")
    if not said:
        return statement.text
    numbers = " ".join(str(community_number(each)) for each in said.split(" "))
    return statement.text.replace(said, numbers)
