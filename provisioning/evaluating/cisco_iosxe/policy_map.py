"""Policy maps of the zone-based firewall: `policy-map type inspect`.

Security Configuration Guide: Zone-Based Policy Firewall, IOS XE 17, "Zone-Based Policy Firewalls": the first class
that a packet belongs to counts; `class-default`, which drops unless it says otherwise, is the last.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from provisioning.evaluating.cisco_iosxe.sections import Section

DEFAULT_CLASS = "class-default"


class Action(StrEnum):
    """What is done with a class of packets."""

    INSPECT = "inspect"
    PASS = "pass"  # noqa: S105 - the device's word
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class PolicyClass:
    """What a policy does with one class.

    Attributes:
        action: None for one that is not understood.
    """

    name: str
    action: Action | None
    written: str


def read_policy_maps(configuration: Iterable[Section]) -> Mapping[str, tuple[PolicyClass, ...]]:
    """Return the policies of a configuration by name, their classes in order, `class-default` last."""
    found: dict[str, tuple[PolicyClass, ...]] = {}
    for section in configuration:
        rest = section.rest("policy-map", "type", "inspect")
        if rest is not None and len(rest) == 1:
            classes = tuple(_classes(rest[0], section.below))
            last = next((each for each in classes if each.name == DEFAULT_CLASS), None)
            default = last or PolicyClass(DEFAULT_CLASS, Action.DROP, f"policy {rest[0]}: [class-default: drop]")
            found[rest[0]] = (*(each for each in classes if each is not last), default)
    return found


def _classes(policy: str, below: Iterable[Section]) -> Iterator[PolicyClass]:
    for section in below:
        match section.words:
            case ("description", *_):
                continue
            case ("class", "type", "inspect", name) | ("class", name):
                yield _class(policy, name, section)
            case _:
                yield PolicyClass("", None, f"policy {policy}: {section.line}")


def _class(policy: str, name: str, section: Section) -> PolicyClass:
    # Without an action a class drops: a new one has `drop` (Security Command Reference, "class type inspect").
    action: Action | None = Action.DROP
    said = "drop"
    for each in section.below:
        said = each.line
        match each.words:
            case ("inspect",) | ("inspect", _):
                action = Action.INSPECT
            case ("pass",) | ("pass", "log"):
                action = Action.PASS
            case ("drop",) | ("drop", "log"):
                action = Action.DROP
            case ("police", *_):
                continue
            case _:
                action = None
    return PolicyClass(name, action, f"policy {policy}, class {name}: {said}")
