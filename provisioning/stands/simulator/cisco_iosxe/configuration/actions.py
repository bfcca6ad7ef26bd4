"""What commands do where they do more than stand in the configuration."""

from collections.abc import Callable, Mapping
from typing import Final

from provisioning.stands.simulator.cisco_iosxe.configuration.access_entries import (
    access_entry,
    access_number,
    prefix_entry,
    resequence,
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
from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Misfit, Wrong
from provisioning.stands.simulator.cisco_iosxe.configuration.session import Place
from provisioning.stands.simulator.cisco_iosxe.configuration.statement import Statement, identity

Action = Callable[[Entry], Answer]


def open_section(entry: Entry, mode: str) -> None:
    """Let the session go into the section of a statement."""
    key = identity(entry.rule, entry.reading)
    path = (*entry.path, key)
    entry.session.modes = [*entry.session.modes, Place(mode, path, MODES[mode].suffix)]


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


def _name_servers(entry: Entry) -> Answer:
    """Add to the resolvers, or take from them; they are shown in one line."""
    kind = "ip name-server"
    present = entry.place.first(kind)
    known = present.values["servers"].split() if present is not None else []
    asked = entry.values.get("servers", "").split()
    if entry.negative:
        left = [each for each in known if asked and each not in asked]
    else:
        left = list(dict.fromkeys((*known, *asked)))
    key = (kind,)
    entry.place.children.pop(key, None)
    if left:
        servers = " ".join(left)
        entry.place.children[key] = Statement(entry.rule, key, f"{kind} {servers}", {"servers": servers})
    return ""


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


def _route_map(entry: Entry) -> Answer:
    """Go to an entry of a route map: `permit 10` unless it is said; `no` without a number removes the whole map."""
    name = entry.values["name"]
    if entry.negative:
        number = entry.values.get("sequence")
        for each in tuple(entry.place.named("route-map")):
            if each.values["name"] == name and number in (None, each.values["sequence"]):
                del entry.place.children[each.key]
        return ""
    action = entry.values.get("action", "permit")
    number = entry.values.get("sequence", "10")
    entry = entry.with_text(
        f"route-map {name} {action} {number}", {"name": name, "action": action, "sequence": number}
    )
    put(entry)
    open_section(entry, "route-map")
    return ""


def _remote_as(entry: Entry) -> Answer:
    """Make a neighbor, or remove it with all that is said of it."""
    if not entry.negative:
        return put(entry)
    neighbor = entry.values["neighbor"]
    for section in (entry.place, *(each for each in entry.place.children.values() if each.mode)):
        for key, each in tuple(section.children.items()):
            if each.name.startswith("neighbor ") and each.values.get("neighbor") == neighbor:
                del section.children[key]
    return ""


def _static_route(entry: Entry) -> Answer:
    """Add a route, or remove those that fit; a route that is not there cannot be removed."""
    prefix, mask = entry.values["prefix"], entry.values.get("mask")
    if not entry.negative:
        return put(entry)
    fitting = [
        each
        for each in entry.place.named(entry.rule.name)
        if each.values["prefix"] == prefix
        and each.values.get("mask") == mask
        and all(
            each.values.get(name) == entry.values[name] for name in ("interface", "next_hop") if name in entry.values
        )
    ]
    if not fitting:
        return "%No matching route to delete\n"
    for each in fitting:
        del entry.place.children[each.key]
    return ""


def _network(entry: Entry) -> Answer:
    """Announce a prefix; the mask of its class is not shown."""
    first = int(entry.values["prefix"].split(".")[0])
    natural = "255.0.0.0" if first < 128 else "255.255.0.0" if first < 192 else "255.255.255.0"
    mask = entry.values.get("mask", natural)
    said = f" mask {mask}" if mask != natural else ""
    rest = entry.reading.text.split(" ")[4 if "mask" in entry.values else 2 :]
    text = " ".join([f"network {entry.values['prefix']}{said}", *rest])
    return put(entry.with_text(text, {**entry.values, "mask": mask}))


def _dhcp_network(entry: Entry) -> Answer:
    """Set the network of a pool; a length is shown as a mask."""
    if entry.negative:
        return put(entry)
    length = entry.values.get("length")
    mask = entry.values.get("mask") or _mask_of(int(length[1:]) if length else 24)
    return put(entry.with_text(f"network {entry.values['network']} {mask}", {**entry.values, "mask": mask}))


def _mask_of(length: int) -> str:
    bits = 0xFFFFFFFF << (32 - length) & 0xFFFFFFFF
    return ".".join(str(bits >> shift & 255) for shift in (24, 16, 8, 0))


def _track(entry: Entry) -> Answer:
    """Track an operation: its state, unless reachability is named."""
    text = entry.reading.text
    if not entry.negative and not text.endswith((" reachability", " state")):
        entry = entry.with_text(f"{text} state", entry.values)
    answer = put(entry)
    if not entry.negative:
        open_section(entry, "track")
    return answer


def _track_delay(entry: Entry) -> Answer:
    """Set how long a change must last; shown with `down` first."""
    down, up = entry.values.get("seconds"), entry.values.get("up")
    parts = [f"down {down}" if down else "", f"up {up}" if up else ""]
    return put(entry.with_text(" ".join(each for each in ("delay", *parts) if each), entry.values))


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


def _static_nat(entry: Entry) -> Answer:
    """Map an address or a port; a mapping of a port to an address is `extendable` of itself."""
    text = entry.reading.text
    if not entry.negative and "extendable" not in text.split(" "):
        entry = entry.with_text(f"{text} extendable", entry.values)
    return put(entry)


def _dynamic_nat(entry: Entry) -> Answer:
    """Translate what a list lets through; to an interface there is but one address, so it is `overload` of itself."""
    text = entry.reading.text
    if not entry.negative and text.endswith(" forced"):
        # `forced` ends what is translated already: it belongs to the `no` form alone.
        return Misfit(Wrong.INVALID, entry.reading.words[-1].at)
    if not entry.negative and "interface" in entry.values and not text.endswith(" overload"):
        entry = entry.with_text(f"{text} overload", entry.values)
    return put(entry)


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


def _sla_schedule(entry: Entry) -> Answer:
    """Let an operation begin; how long it lives is shown before when it begins."""
    words = entry.reading.text.split(" ")
    if "life" in words and "start-time" in words and words.index("life") > words.index("start-time"):
        at = words.index("life")
        words = [*words[:4], *words[at : at + 2], *words[4:at], *words[at + 2 :]]
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
    "dhcp_network": _dhcp_network,
    "dynamic_nat": _dynamic_nat,
    "end": _end,
    "exec_timeout": _exec_timeout,
    "exit": _leave,
    "interface": _interface,
    "login": _login,
    "key_string": begin_key,
    "logging_level": _logging_level,
    "name_servers": _name_servers,
    "network": _network,
    "nothing": _nothing,
    "numbered_list": numbered_entry,
    "password": password,
    "prefix_entry": prefix_entry,
    "primary_address": _primary_address,
    "remote_as": _remote_as,
    "resequence": resequence,
    "route_map": _route_map,
    "secret": secret,
    "sla_schedule": _sla_schedule,
    "snmp_host": _snmp_host,
    "ssh_algorithms": _ssh_algorithms,
    "static_nat": _static_nat,
    "static_route": _static_route,
    "static_route6": _static_route,
    "track": _track,
    "track_again": _again("track"),
    "track_delay": _track_delay,
    "username": username,
    "wlan_again": _again("wlan"),
    "zone": _zone,
}
"""By the name that a rule gives (`does`)."""
