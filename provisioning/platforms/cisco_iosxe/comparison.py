"""Which steps lead from one configuration to another."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_interface

from hier_config import HConfigChild
from hier_config.root import HConfig

from provisioning.platforms.cisco_iosxe.barred import room, room_needed, without_barred
from provisioning.platforms.cisco_iosxe.command_rules import CASCADES
from provisioning.platforms.cisco_iosxe.commands import block
from provisioning.platforms.cisco_iosxe.hierarchy import hierarchy
from provisioning.platforms.cisco_iosxe.in_place import prepare
from provisioning.platforms.cisco_iosxe.negation import exclusive, is_early, negation
from provisioning.platforms.cisco_iosxe.phases import CHANGED, GONE, NEW, UNMADE
from provisioning.platforms.cisco_iosxe.references import Object, defined, named_within
from provisioning.platforms.cisco_iosxe.section import Section
from provisioning.platforms.cisco_iosxe.steps import Network, Step, together

_ADDRESS = re.compile(r"ip address ([\d.]+) ([\d.]+)(?: secondary)?")
_IPV6_ADDRESS = re.compile(r"ipv6 address ([0-9A-Fa-f:]+/\d+)(?: .*)?")

Parent = HConfig | HConfigChild


def steps(before: tuple[Section, ...], after: tuple[Section, ...]) -> list[Step]:
    """Return the steps from one configuration to another, in no order yet.

    Args:
        before: what is in force.
        after: what is wanted.
    """
    prepared = prepare(without_barred(before, after), after)
    running, wanted = hierarchy(prepared.before), hierarchy(prepared.after)
    walk = _Walk(_objects(before), _objects(after))
    walk.level((), (), running.config_to_get_to(wanted), running, wanted)
    return [*prepared.steps, *walk.additions, *(each.step for each in _left(walk.removals))]


def _objects(sections: Iterable[Section]) -> frozenset[Object]:
    return frozenset(what for each in sections if (what := defined(each.text)) is not None)


@dataclass(frozen=True, slots=True)
class _Removal:
    """A command that goes, and how."""

    section: str
    text: str
    step: Step


class _Walk:
    """Goes through two configurations and what hier_config found between them."""

    def __init__(self, before: frozenset[Object], after: frozenset[Object]) -> None:
        self.before, self.after = before, after
        self.additions: list[Step] = []
        self.removals: list[_Removal] = []

    def level(
        self, path: tuple[str, ...], place: tuple[int, ...], delta: Parent, running: Parent, wanted: Parent
    ) -> None:
        """Take in the commands of one section.

        Args:
            place: of the section and those around it, in what is wanted.
        """
        replaced, going = self._not_wanted(path, place, running, wanted)
        places = {each.text: at for at, each in enumerate(wanted.children)}
        for each in delta.children:
            if each.text not in places:
                continue
            here, then = (*place, places[each.text]), wanted.children[each.text]
            if (now := running.children.get(each.text)) is not None:
                self.level((*path, each.text), here, each, now, then)
            else:
                self.additions.append(self._addition(path, here, then, replaced[each.text], going))
        self.removals += going

    def _not_wanted(
        self, path: tuple[str, ...], place: tuple[int, ...], running: Parent, wanted: Parent
    ) -> tuple[dict[str, list[HConfigChild]], list[_Removal]]:
        """Return what goes by itself, by the command that takes its place, and what must be taken back."""
        section = path[-1] if path else ""
        replaced: dict[str, list[HConfigChild]] = defaultdict(list)
        going: list[_Removal] = []
        taken_back: set[str] = set()
        for at, each in enumerate(running.children):
            if each.text in wanted.children:
                continue
            other = running.driver.idempotent_for(each, wanted.children)
            taken_back_by = other.text if other is not None else negation(section, each.text)
            if taken_back_by in wanted.children:
                replaced[taken_back_by].append(each)
            elif taken_back_by not in taken_back:
                taken_back.add(taken_back_by)
                going.append(self._removal(path, place, at, each, taken_back_by))
        return replaced, going

    def _addition(
        self,
        path: tuple[str, ...],
        place: tuple[int, ...],
        command: HConfigChild,
        replaced: list[HConfigChild],
        going: list[_Removal],
    ) -> Step:
        """Return the step that adds a command; what cannot stand beside it is taken from `going` into it."""
        section, whole = (path[-1] if path else ""), _section(command)
        what = None if path else defined(command.text)
        made = frozenset() if what is None else frozenset({what})
        old = [_section(each) for each in replaced]
        step = Step(
            path,
            tuple(block(whole)),
            (NEW if made and not made & self.before else CHANGED, place[0], 0, *place[1:]),
            makes=made,
            names=frozenset((*named_within(section, whole), *room_needed(section, whole))),
            unnames=frozenset(name for each in old for name in named_within(section, each)),
            takes=frozenset(_networks(section, whole)),
            leaves=frozenset(net for each in old for net in _networks(section, each)),
        )
        key = exclusive(section, command.text)
        for each in [each for each in going if key is not None and exclusive(section, each.text) == key]:
            going.remove(each)
            gone = None if path else defined(each.text)
            unmade = each.step.unmakes if gone is None else each.step.unmakes | {gone}
            step = together(replace(each.step, unmakes=unmade), step)
        return step

    def _removal(
        self, path: tuple[str, ...], place: tuple[int, ...], at: int, command: HConfigChild, text: str
    ) -> _Removal:
        section, whole = (path[-1] if path else ""), _section(command)
        what = None if path else defined(command.text)
        rank: tuple[int, ...]
        if path:
            rank = (
                CHANGED,
                place[0],
                -2 if is_early(section, command.text) else 1,
                *(-each for each in place[1:]),
                -at,
            )
        else:
            rank = (GONE if what is None else UNMADE, -at)
        step = Step(
            path,
            (text,),
            rank,
            makes=frozenset() if path else room(command.text),
            unmakes=frozenset() if what is None or what in self.after else frozenset({what}),
            unnames=frozenset(named_within(section, whole)),
            leaves=frozenset(_networks(section, whole)),
        )
        return _Removal(section, command.text, step)


def _section(command: HConfigChild) -> Section:
    return Section(command.text, tuple(_section(each) for each in command.children))


def _networks(section: str, command: Section) -> Iterator[Network]:
    """Yield the networks in which an interface gets addresses by a command, or by what is under it."""
    if section.startswith("interface "):
        if found := _ADDRESS.fullmatch(command.text):
            yield from _network(f"{found[1]}/{found[2]}")
        elif found := _IPV6_ADDRESS.fullmatch(command.text):
            yield from _network(found[1])
    for each in command.children:
        yield from _networks(command.text, each)


def _network(text: str) -> Iterator[Network]:
    try:
        yield ip_interface(text).network
    except ValueError:  # somebody else's, and not understood
        return


def _left(removals: list[_Removal]) -> list[_Removal]:
    """Return the removals without those of commands that go with another one."""
    left = removals
    for rule in CASCADES:
        for first in [each for each in removals if re.fullmatch(rule.section, each.section)]:
            found = re.fullmatch(rule.line, first.text)
            if found is None:
                continue
            taken = re.compile(found.expand(rule.taken))
            with_it = [each for each in left if each is not first and _is_taken(each, first, taken)]
            unnamed = first.step.unnames.union(*(each.step.unnames for each in with_it))
            whole = _Removal(first.section, first.text, replace(first.step, unnames=unnamed))
            left = [whole if each is first else each for each in left if each not in with_it]
    return left


def _is_taken(removal: _Removal, first: _Removal, taken: re.Pattern[str]) -> bool:
    within = removal.step.path[: len(first.step.path)] == first.step.path
    return within and taken.fullmatch(removal.text) is not None
