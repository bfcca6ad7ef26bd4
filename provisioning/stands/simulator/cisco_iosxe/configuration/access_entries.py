"""Entries of access lists and prefix lists: their numbers, what is a duplicate, how addresses are shown.

Source: Cisco IOS-XE 17 Security Configuration Guide: Access Control Lists, IP Access List Entry Sequence Numbering,
"Sequence Numbering Behavior": entries without a number get one that is 10 greater than the last; an entry that
matches one that is there changes nothing; a number that is there already is refused with "Duplicate sequence
number". That a remark has the number of the entry behind it, and that `deny` is padded, is read off a public text of
IOS-XE (ntc-templates, `show running-config partition access-list`).
"""

import ipaddress
from collections.abc import Sequence
from typing import Final

from provisioning.stands.simulator.cisco_iosxe.configuration.entry import Answer, Entry
from provisioning.stands.simulator.cisco_iosxe.configuration.statement import Statement

HIGHEST: Final = 2147483647
STEP: Final = 10
PREFIX_STEP: Final = 5
"""Prefix lists count by five (BGP Command Reference: ip prefix-list)."""
_ANY = "255.255.255.255"
_HOST = "0.0.0.0"  # noqa: S104 - a wildcard, not an address to listen on


def _is_address(word: str) -> bool:
    try:
        ipaddress.IPv4Address(word)
    except ValueError:
        return False
    return True


def canonical_entry(text: str, mode: str) -> str:
    """Return an entry without its number as the device shows it.

    Args:
        text: with words in full; with its number, if it has one.
        mode: of the list.
    """
    words = text.split(" ")
    if "remark" in words[:3]:
        return text[text.index("remark") :]
    words = _unnumbered(words)
    if mode == "ipv6-list":
        return " ".join(_hosts6(words))
    return " ".join(_sides4(words, standard=mode == "standard-list"))


def _unnumbered(words: Sequence[str]) -> list[str]:
    rest = list(words[1:] if words[0].isdigit() else words)
    if "sequence" in rest:
        at = rest.index("sequence")
        del rest[at : at + 2]
    return rest


def _sides4(words: Sequence[str], *, standard: bool) -> list[str]:
    shown: list[str] = []
    index = 0
    while index < len(words):
        word = words[index]
        following = words[index + 1] if index + 1 < len(words) else ""
        if word == "host" and standard:
            shown.append(following)
            index += 2
        elif word == "host":
            shown += [word, following]
            index += 2
        elif _is_address(word) and _is_address(following):
            shown += _side4(word, following, standard=standard)
            index += 2
        else:
            shown.append(word)
            index += 1
    return shown


def _side4(address: str, wildcard: str, *, standard: bool) -> list[str]:
    if wildcard == _ANY:
        return ["any"]
    if wildcard == _HOST:
        return [address] if standard else ["host", address]
    # What the wildcard leaves open is not kept.
    kept = int(ipaddress.IPv4Address(address)) & ~int(ipaddress.IPv4Address(wildcard)) & 0xFFFFFFFF
    return [str(ipaddress.IPv4Address(kept)), wildcard]


def _hosts6(words: Sequence[str]) -> list[str]:
    shown: list[str] = []
    for word in words:
        address, _, length = word.partition("/")
        if length == "128" and ":" in address:
            shown += ["host", address]
        elif length == "0" and ":" in address:
            shown.append("any")
        elif length and ":" in address:
            network = ipaddress.IPv6Network(word, strict=False)
            shown.append(str(network).upper())
        else:
            shown.append(word)
    return shown


def _numbered(text: str, number: int, mode: str) -> str:
    """Return an entry as shown; `deny` takes as much room as `permit` does, but for IPv6."""
    if mode == "ipv6-list":
        return f"sequence {number} {text}"
    return f"{number} deny   {text[5:]}" if text.startswith("deny ") else f"{number} {text}"


def _unshown(statement: Statement) -> str:
    return statement.values["entry"]


def _numbers(access_list: Statement) -> dict[str, int]:
    """Return the numbers of a list's entries by their text, and the highest under the empty text."""
    if access_list.numbers is None:
        found = {each.values["entry"]: int(each.values["sequence"]) for each in access_list.named("entry")}
        found[""] = max((int(each.values["sequence"]) for each in access_list.named("entry")), default=0)
        access_list.numbers = found
    return access_list.numbers


def access_entry(entry: Entry) -> Answer:
    """Take an entry into an access list, or remove one that is written out."""
    place = entry.place
    text = canonical_entry(entry.reading.text, place.mode)
    asked = entry.values.get("sequence")
    if entry.negative:
        return _remove(entry, text, asked)
    numbers = _numbers(place)
    number = int(asked) if asked is not None else numbers[""] + STEP
    if text.startswith("remark"):
        add_entry(place, entry, text, number)
        return ""
    if text in numbers:
        return ""
    if asked is not None and ("entry", asked) in place.children:
        return "% Duplicate sequence number\n"
    if number > HIGHEST:
        return "% Exceeded maximum sequence number\n"
    add_entry(place, entry, text, number)
    numbers.update({text: number, "": max(number, numbers[""])})
    return ""


def add_entry(access_list: Statement, entry: Entry, text: str, number: int) -> None:
    """Write an entry into an access list.

    Args:
        access_list: the list.
        entry: what was entered.
        text: of the entry as shown, without its number.
        number: its number.
    """
    values = {**entry.values, "sequence": str(number), "entry": text}
    key = _key(text, number)
    access_list.children[key] = Statement(entry.rule, key, _numbered(text, number, access_list.mode), values)


def _key(text: str, number: int) -> tuple[str, ...]:
    # A remark has the number of the entry that it stands before.
    return ("remark", str(number), text) if text.startswith("remark") else ("entry", str(number))


def _entries(access_list: Statement) -> list[Statement]:
    """Return the entries and remarks of a list, each remark before the entry of its number."""
    found = [each for each in access_list.children.values() if each.name in ("entry", "remark")]
    return sorted(found, key=lambda each: (int(each.values["sequence"]), each.name == "entry"))


def _remove(entry: Entry, text: str, asked: str | None) -> Answer:
    for each in _entries(entry.place):
        if _unshown(each) == text and asked in (None, each.values["sequence"]):
            del entry.place.children[each.key]
            entry.place.numbers = None
            return ""
    return ""


def access_number(entry: Entry) -> Answer:
    """Remove an entry by its number, or else the remarks of that number; a number alone says nothing."""
    if not entry.negative:
        return "% Incomplete command.\n"
    number = entry.values["sequence"]
    entry.place.numbers = None
    if entry.place.children.pop(("entry", number), None) is None:
        for each in tuple(entry.place.named("remark")):
            if each.values["sequence"] == number:
                del entry.place.children[each.key]
    return ""


def resequence(entry: Entry) -> Answer:
    """Number the entries of a list anew; a remark goes with the entry behind it."""
    found = entry.root.children.get(("ip access-list", entry.values["name"]))
    if found is None:
        return ""
    number, step = int(entry.values["start"]), int(entry.values["step"])
    entries = _entries(found)
    found.children = {key: each for key, each in found.children.items() if each.name not in ("entry", "remark")}
    found.numbers = None
    for each in entries:
        key = _key(_unshown(each), number)
        text = _numbered(_unshown(each), number, found.mode)
        found.children[key] = Statement(each.rule, key, text, {**each.values, "sequence": str(number)})
        number += step if each.name == "entry" else 0
    return ""


def prefix_entry(entry: Entry) -> Answer:
    """Take an entry into a prefix list, or remove one."""
    name, family = entry.values["name"], entry.rule.name
    entries = {int(each.values["sequence"]): each for each in entry.root.named(family) if each.values["name"] == name}
    words = entry.reading.text.split(" ")
    action = words.index(entry.values["action"], 3) if "action" in entry.values else len(words)
    said = " ".join(words[action:])
    if entry.negative:
        for number, each in entries.items():
            if entry.values.get("sequence", str(number)) == str(number) and (not said or each.values["entry"] == said):
                del entry.root.children[each.key]
        return ""
    same = next((each for each in entries.values() if each.values["entry"] == said), None)
    asked = entry.values.get("sequence")
    if same is not None:
        return "" if asked in (None, same.values["sequence"]) else _exists(same)
    if asked is not None and int(asked) in entries:
        return _exists(entries[int(asked)])
    number = int(asked) if asked is not None else max(entries, default=0) + PREFIX_STEP
    key = (family, name, str(number))
    values = {**entry.values, "sequence": str(number), "entry": said}
    entry.root.children[key] = Statement(entry.rule, key, f"{family} {name} seq {number} {said}", values)
    return ""


def _exists(present: Statement) -> str:
    return (
        f"%Insertion failed - prefix-list entry exists:\n seq {present.values['sequence']} {present.values['entry']}\n"
    )
