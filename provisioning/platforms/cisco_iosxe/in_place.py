"""What cannot be changed by adding and removing single commands, and is taken out of the comparison therefore."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from provisioning.platforms.cisco_iosxe.canonical import list_of, says_the_same
from provisioning.platforms.cisco_iosxe.command_rules import REBUILT
from provisioning.platforms.cisco_iosxe.commands import block
from provisioning.platforms.cisco_iosxe.defaults import idle_part
from provisioning.platforms.cisco_iosxe.list_entries import is_access_list
from provisioning.platforms.cisco_iosxe.lists import (
    access_list_edit,
    in_new_order,
    prefix_list_edit,
    prefix_list_of,
)
from provisioning.platforms.cisco_iosxe.negation import exclusive, is_fixed, negation
from provisioning.platforms.cisco_iosxe.phases import CHANGED, NEW, UNMADE
from provisioning.platforms.cisco_iosxe.references import KEPT_WHILE_NAMED, Object, defined, named, named_within
from provisioning.platforms.cisco_iosxe.section import Section
from provisioning.platforms.cisco_iosxe.steps import Step


@dataclass(frozen=True, slots=True)
class Prepared:
    """Two configurations, and the steps for what was taken out of them."""

    before: tuple[Section, ...]
    after: tuple[Section, ...]
    steps: tuple[Step, ...]


def prepare(before: tuple[Section, ...], after: tuple[Section, ...]) -> Prepared:
    """Return what is left to compare, and the steps for the rest."""
    work = _Work({each.text: each for each in before}, {each.text: each for each in after})
    steps = [
        *work.access_lists(),
        *work.groups(prefix_list_of, prefix_list_edit),
        *work.rebuilt(),
        *work.moved(),
    ]
    for text, section in work.before.items():
        if is_fixed(text):
            work.after.setdefault(text, Section(text, idle_part(section.children)))
    return Prepared(tuple(work.before.values()), tuple(work.after.values()), tuple(steps))


class _Work:
    def __init__(self, before: dict[str, Section], after: dict[str, Section]) -> None:
        self.before, self.after = before, after
        self.positions = {text: at for at, text in enumerate(after)}

    def access_lists(self) -> Iterator[Step]:
        """Make, change and remove access lists: their entries repeat themselves, and stand in an order."""
        old, new = _lists_by_name(self.before), _lists_by_name(self.after)
        places = {text: at for at, text in enumerate(self.before)}
        for name in dict.fromkeys((*new, *old)):
            now, then = old.get(name), new.get(name)
            if now is not None:
                del self.before[now.text]
            if then is not None:
                del self.after[then.text]
            if now == then:
                continue
            if now is None and then is not None:
                yield self._step((), block(then), NEW, None, then)
            elif now is not None and then is None:
                step = self._step((), [negation("", now.text)], UNMADE, now, None)
                yield replace(step, rank=(UNMADE, -places[now.text]))
            elif now is not None and then is not None:
                yield self._changed(now, then)

    def _changed(self, old: Section, new: Section) -> Step:
        if old.text != new.text:  # standard and extended
            return self._step((), [negation("", old.text), *block(new)], CHANGED, old, new)
        lines = access_list_edit(new.text, [each.text for each in old.children], [each.text for each in new.children])
        return self._step((new.text,), lines, CHANGED, old, new)

    def groups(
        self, group: Callable[[str], object], edit: Callable[[list[str], list[str]], tuple[str, ...]]
    ) -> Iterator[Step]:
        """Change the lists that are made of top-level commands."""
        old, new = _grouped(self.before, group), _grouped(self.after, group)
        for key in [each for each in old if each in new]:
            for text in old[key]:
                del self.before[text]
            for text in new[key]:
                del self.after[text]
            lines = edit(old[key], new[key])
            if lines:
                yield Step((), lines, (CHANGED, self.positions[new[key][0]], 0))

    def rebuilt(self) -> Iterator[Step]:
        """Make anew the sections that are not changed in place."""
        for rule in REBUILT:
            for text in [each for each in self.before if re.fullmatch(rule.line, each) and each in self.after]:
                old, new = self.before[text], self.after[text]
                if says_the_same(old, new):
                    continue
                with_it = re.sub(rule.line, rule.before, text) if rule.before else "(?!)"
                gone = [each for each in self.before if re.fullmatch(with_it, each)]
                come = [each for each in self.after if re.fullmatch(with_it, each)]
                lines = [*(negation("", each) for each in gone), negation("", text), *block(new), *come]
                for each in (text, *gone):
                    del self.before[each]
                for each in (text, *come):
                    del self.after[each]
                yield self._step((), lines, CHANGED, old, new)

    def moved(self) -> Iterator[Step]:
        """Take out what must come again: out of order, or naming what is made anew."""
        replaced = frozenset(_replaced(self.before, self.after))
        for text in [each for each in self.before if each in self.after]:
            old, steps = self._taken_out((), self.before[text], self.after[text], replaced)
            yield from steps
            self.before[text] = old
        for text in [each for each in self.before if each in self.after and replaced.intersection(named("", each))]:
            yield self._removal((), "", self.before.pop(text))

    def _taken_out(
        self, path: tuple[str, ...], old: Section, new: Section, replaced: frozenset[Object]
    ) -> tuple[Section, list[Step]]:
        steps: list[Step] = []
        path = (*path, old.text)
        wanted = {each.text: each for each in new.children}
        out = {*_out_of_order(old, new), *_naming(old, wanted, replaced)}
        for listed in {list_of(old.text, each) for each in out} - {None}:
            out |= _from_first_on(
                [each.text for each in old.children], wanted, out, lambda each: list_of(old.text, each), listed
            )
        children: list[Section] = []
        for each in old.children:
            if each.text in out:
                steps.append(self._removal(path, old.text, each))
            elif each.text in wanted:
                child, more = self._taken_out(path, each, wanted[each.text], replaced)
                children.append(child)
                steps += more
            else:
                children.append(each)
        return Section(old.text, tuple(children)), steps

    def _removal(self, path: tuple[str, ...], section: str, command: Section) -> Step:
        position = self.positions.get(path[0] if path else command.text, 0)
        return Step(
            path,
            (negation(section, command.text),),
            (CHANGED, position, -1),
            unnames=frozenset(named_within(section, command)),
        )

    def _step(
        self, path: tuple[str, ...], lines: Iterable[str], phase: int, old: Section | None, new: Section | None
    ) -> Step:
        made, unmade = (frozenset(_objects(each)) for each in (new, old))
        return Step(
            path,
            tuple(lines),
            (phase, self.positions[new.text] if new else 0, 0),
            makes=made,
            unmakes=unmade - made,
            names=frozenset(named_within("", new) if new else ()),
            unnames=frozenset(named_within("", old) if old else ()),
        )


def _objects(section: Section | None) -> Iterator[Object]:
    what = defined(section.text) if section is not None else None
    if what is not None:
        yield what


def _lists_by_name(sections: dict[str, Section]) -> dict[tuple[str, str], Section]:
    lists = (each for each in sections.values() if is_access_list(each.text))
    return {(each.text.split()[0], each.text.split()[-1]): each for each in lists}


def _grouped(texts: Iterable[str], group: Callable[[str], object]) -> dict[object, list[str]]:
    groups: dict[object, list[str]] = {}
    for each in texts:
        key = group(each)
        if key is not None:
            groups.setdefault(key, []).append(each)
    return groups


def _out_of_order(old: Section, new: Section) -> Iterator[str]:
    lists = {list_of(new.text, each.text) for each in new.children} - {None}
    for listed in lists:
        before, after = (
            [each.text for each in some.children if list_of(some.text, each.text) == listed] for some in (old, new)
        )
        last = [each for each in after if each == "class class-default"]  # stays at the end by itself
        yield from in_new_order(
            [each for each in before if each not in last], [each for each in after if each not in last]
        )


def _naming(old: Section, wanted: dict[str, Section], replaced: frozenset[Object]) -> Iterator[str]:
    for each in old.children:
        if each.text in wanted and replaced.intersection(named(old.text, each.text)):
            yield each.text


def _from_first_on(
    texts: list[str], wanted: dict[str, Section], out: set[str], of: Callable[[str], str | None], listed: str | None
) -> set[str]:
    """Return what stands behind the first of a list's commands that goes, since what comes again comes last."""
    some = [each for each in texts if of(each) == listed and each in wanted and each != "class class-default"]
    first = min((some.index(each) for each in out if each in some), default=len(some))
    return set(some[first:])


def _replaced(before: dict[str, Section], after: dict[str, Section]) -> Iterator[Object]:
    """Yield the objects that are made anew though something may name them."""
    keys = {exclusive("", each) for each in after if each not in before} - {None}
    for text in before:
        what = defined(text)
        if what is not None and what[0] in KEPT_WHILE_NAMED and text not in after and exclusive("", text) in keys:
            yield what
