"""Numbered access lists: IOS-XE 17 keeps them as named lists whose name is a number, and shows them so."""

from functools import cache

from provisioning.stands.simulator.cisco_iosxe.configuration.access_entries import access_entry
from provisioning.stands.simulator.cisco_iosxe.configuration.entry import Answer, Entry
from provisioning.stands.simulator.cisco_iosxe.configuration.modes import MODES
from provisioning.stands.simulator.cisco_iosxe.configuration.reading import Grammar
from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Misfit, Rule
from provisioning.stands.simulator.cisco_iosxe.configuration.statement import Statement


@cache
def _grammar(mode: str) -> Grammar:
    return Grammar(MODES[mode])


def kind_of_list(number: int) -> str:
    """Return which kind of access list a number stands for; empty for none that is modelled."""
    if number in range(1, 100) or number in range(1300, 2000):
        return "standard"
    return "extended" if number in range(100, 200) or number in range(2000, 2700) else ""


def _rule(kind: str) -> Rule:
    return next(each for each in MODES["config"].rules if each.written.startswith(f"ip access-list {kind}"))


def numbered_entry(entry: Entry) -> Answer:
    """Take an entry of a numbered list."""
    number = entry.values["name"]
    kind = kind_of_list(int(number))
    key = ("ip access-list", number)
    if not kind:
        return entry.invalid("name")
    reading = _grammar(f"{kind}-list").read(entry.values["entry"])
    if isinstance(reading, Misfit):
        return Misfit(reading.wrong, entry.reading.columns["entry"] + reading.at)
    if reading.rule.name != "entry" or reading.negative or "sequence" in reading.values:
        return entry.invalid("entry")
    if entry.negative:
        # Any entry's `no` form removes the list (Security Command Reference: access-list).
        entry.place.children.pop(key, None)
        return ""
    present = entry.place.children.get(key)
    if present is None:
        text = f"ip access-list {kind} {number}"
        present = Statement(_rule(kind), key, text, {"name": number}, f"{kind}-list")
        entry.place.children[key] = present
    inner = Entry(entry.root, present, (key,), reading, entry.session, entry.hardware, entry.lenient)
    return access_entry(inner)
