"""What commands do where they do more than stand in the configuration."""

from collections.abc import Callable, Mapping
from typing import Final

from provisioning.stands.simulator.cisco_iosxe.configuration.access_entries import (
    access_entry,
    access_number,
    prefix_entry,
    resequence,
)
from provisioning.stands.simulator.cisco_iosxe.configuration.actions_of_routing import (
    dhcp_network,
    dynamic_nat,
    name_servers,
    network,
    remote_as,
    route_map,
    sla_schedule,
    static_nat,
    static_route,
    track,
    track_delay,
)
from provisioning.stands.simulator.cisco_iosxe.configuration.collecting import (
    begin_banner,
    begin_certificate,
    begin_key,
)
from provisioning.stands.simulator.cisco_iosxe.configuration.entry import Answer, Entry, put
from provisioning.stands.simulator.cisco_iosxe.configuration.modes import MODES
from provisioning.stands.simulator.cisco_iosxe.configuration.numbered import numbered_entry
from provisioning.stands.simulator.cisco_iosxe.configuration.passwords import community, password, secret, username
from provisioning.stands.simulator.cisco_iosxe.configuration.sections import open_section
from provisioning.stands.simulator.cisco_iosxe.configuration.session import Place
from provisioning.stands.simulator.cisco_iosxe.configuration.statement import Statement, identity

Action = Callable[[Entry], Answer]


def _leave(entry: Entry) -> Answer:
    entry.session.modes = entry.session.modes[:-1]
    return ""


def _end(entry: Entry) -> Answer:
    entry.session.modes = []
    return ""


def _nothing(entry: Entry) -> Answer:
    return ""


def _interface(entry: Entry) -> Answer:
    """Go to an interface, make a logical one, or set one back to how it left the factory."""
    name = entry.values["name"]
    key = identity(entry.rule, entry.reading)
    mode = entry.hardware.mode_of(name)
    if entry.reading.negative == "no":
        entry.place.children.pop(key, None)
        return ""
    present = entry.place.children.get(key)
    if entry.reading.negative == "default":
        if present is not None:
            present.children.clear()
        return f"Interface {name} set to default configuration\n"
    if present is None:
        entry.place.children[key] = Statement(entry.rule, key, entry.reading.text, entry.values, mode)
    open_section(entry, mode)
    return ""


def _primary_address(entry: Entry) -> Answer:
    """Take the interface's first address; without one there are no secondary ones."""
    if entry.negative:
        for each in tuple(entry.place.named("ip address secondary")):
            del entry.place.children[each.key]
    return put(entry)


def _zone(entry: Entry) -> Answer:
    """Make a zone; `self` is there always and never shown."""
    answer = put(entry)
    if not entry.negative and entry.values["name"] != "self":
        open_section(entry, entry.rule.opens)
    return answer


def _class_map(entry: Entry) -> Answer:
    """Make a class map; without `match-any` it is `match-all`, and the device says so."""
    text = entry.reading.text
    words = text.split(" ")
    if not entry.negative and "match-any" not in words[:-1] and "match-all" not in words[:-1]:
        present = entry.place.children.get(identity(entry.rule, entry.reading))
        said = present.text if present is not None else " ".join((*words[:-1], "match-all", words[-1]))
        entry = entry.with_text(said, entry.values)
    answer = put(entry)
    if not entry.negative:
        open_section(entry, entry.rule.opens)
    return answer


def _again(slot: str) -> Action:
    """Return what goes back to a section that is there already."""

    def go(entry: Entry) -> Answer:
        value = next(iter(entry.values.values()))
        key = (slot, value)
        found = entry.place.children.get(key)
        if entry.negative:
            entry.place.children.pop(key, None)
            return ""
        if found is None:
            return "% Incomplete command.\n"
        entry.session.modes = [*entry.session.modes, Place(found.mode, (*entry.path, key), MODES[found.mode].suffix)]
        return ""

    return go


def _exec_timeout(entry: Entry) -> Answer:
    """Set how long a line may be idle; ten minutes are the default, and the seconds are always shown."""
    if entry.negative:
        return put(entry)
    minutes, seconds = entry.values["minutes"], entry.values.get("seconds", "0")
    text = f"exec-timeout {minutes} {seconds}"
    if text == "exec-timeout 10 0":
        entry.place.children.pop(identity(entry.rule, entry.reading), None)
        return ""
    return put(entry.with_text(text, entry.values))


def _login(entry: Entry) -> Answer:
    """Say how a line asks who is there; `no login` is one thing, whatever was said before."""
    return put(entry.with_text("login", entry.values) if entry.negative else entry)


def _clock(entry: Entry) -> Answer:
    """Set the time zone; the minutes are always shown, and UTC is the default."""
    if entry.negative:
        return put(entry)
    minutes = entry.values.get("minutes", "0")
    text = f"clock timezone {entry.values['zone']} {entry.values['hours']} {minutes}"
    return put(entry.with_text(text, {**entry.values, "minutes": minutes}))


def _snmp_host(entry: Entry) -> Answer:
    """Send notifications to a host; `traps` is the default and not shown."""
    words = [each for each in entry.reading.text.split(" ") if each != "traps"]
    return put(entry.with_text(" ".join(words), entry.values))


_LEVELS = ("emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging")


def _logging_level(entry: Entry) -> Answer:
    """Set from which level on is logged; a number is shown by its name."""
    if entry.reading.negative == "default" or "level" not in entry.values:
        return put(entry)
    words = entry.reading.text.split(" ")
    words[-1] = _LEVELS[int(entry.values["level"])]
    return put(entry.with_text(" ".join(words), entry.values))


def _aaa(entry: Entry) -> Answer:
    """Turn the new model of AAA on, which brings its session identifiers along, or off, which takes all of it away."""
    answer = put(entry)
    if not entry.negative:
        key = ("aaa session-id",)
        rule = next(each for each in MODES["config"].rules if each.name == key[0])
        entry.place.children.setdefault(key, Statement(rule, key, "aaa session-id common"))
        # The lines ask by the method lists from now on.
        for each in entry.root.children.values():
            if each.mode == "line":
                each.children.pop(("login",), None)
        return answer
    for each in tuple(entry.place.children.values()):
        if each.name.startswith("aaa ") and each.name != "aaa new-model":
            del entry.place.children[each.key]
    return answer


def _ssh_algorithms(entry: Entry) -> Answer:
    """Set the algorithms of one kind, in their order."""
    words = entry.reading.text.split(" ")
    key = ("ip ssh algorithm", *words[2:5])
    if entry.negative:
        entry.place.children.pop(key, None)
    else:
        entry.place.children[key] = Statement(entry.rule, key, entry.reading.text, entry.values)
    return ""


ACTIONS: Final[Mapping[str, Action]] = {
    "aaa": _aaa,
    "access_entry": access_entry,
    "access_number": access_number,
    "banner": begin_banner,
    "certificate": begin_certificate,
    "class_map": _class_map,
    "clock": _clock,
    "community": community,
    "dhcp_network": dhcp_network,
    "dynamic_nat": dynamic_nat,
    "end": _end,
    "exec_timeout": _exec_timeout,
    "exit": _leave,
    "interface": _interface,
    "login": _login,
    "key_string": begin_key,
    "logging_level": _logging_level,
    "name_servers": name_servers,
    "network": network,
    "nothing": _nothing,
    "numbered_list": numbered_entry,
    "password": password,
    "prefix_entry": prefix_entry,
    "primary_address": _primary_address,
    "remote_as": remote_as,
    "resequence": resequence,
    "route_map": route_map,
    "secret": secret,
    "sla_schedule": sla_schedule,
    "snmp_host": _snmp_host,
    "ssh_algorithms": _ssh_algorithms,
    "static_nat": static_nat,
    "static_route": static_route,
    "static_route6": static_route,
    "track": track,
    "track_again": _again("track"),
    "track_delay": track_delay,
    "username": username,
    "wlan_again": _again("wlan"),
    "zone": _zone,
}
"""By the name that a rule gives (`does`)."""
