"""What commands of routing, addresses and translation do where they do more than stand in the configuration."""

from provisioning.stands.simulator.cisco_iosxe.configuration.entry import Answer, Entry, put
from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Misfit, Wrong
from provisioning.stands.simulator.cisco_iosxe.configuration.sections import open_section
from provisioning.stands.simulator.cisco_iosxe.configuration.statement import Statement


def route_map(entry: Entry) -> Answer:
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


def remote_as(entry: Entry) -> Answer:
    """Make a neighbor, or remove it with all that is said of it."""
    if not entry.negative:
        return put(entry)
    neighbor = entry.values["neighbor"]
    for section in (entry.place, *(each for each in entry.place.children.values() if each.mode)):
        for key, each in tuple(section.children.items()):
            if each.name.startswith("neighbor ") and each.values.get("neighbor") == neighbor:
                del section.children[key]
    return ""


def static_route(entry: Entry) -> Answer:
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


def network(entry: Entry) -> Answer:
    """Announce a prefix; the mask of its class is not shown."""
    first = int(entry.values["prefix"].split(".")[0])
    natural = "255.0.0.0" if first < 128 else "255.255.0.0" if first < 192 else "255.255.255.0"
    mask = entry.values.get("mask", natural)
    said = f" mask {mask}" if mask != natural else ""
    rest = entry.reading.text.split(" ")[4 if "mask" in entry.values else 2 :]
    text = " ".join([f"network {entry.values['prefix']}{said}", *rest])
    return put(entry.with_text(text, {**entry.values, "mask": mask}))


def dhcp_network(entry: Entry) -> Answer:
    """Set the network of a pool; a length is shown as a mask."""
    if entry.negative:
        return put(entry)
    length = entry.values.get("length")
    mask = entry.values.get("mask") or _mask_of(int(length[1:]) if length else 24)
    return put(entry.with_text(f"network {entry.values['network']} {mask}", {**entry.values, "mask": mask}))


def _mask_of(length: int) -> str:
    bits = 0xFFFFFFFF << (32 - length) & 0xFFFFFFFF
    return ".".join(str(bits >> shift & 255) for shift in (24, 16, 8, 0))


def track(entry: Entry) -> Answer:
    """Track an operation: its state, unless reachability is named."""
    text = entry.reading.text
    if not entry.negative and not text.endswith((" reachability", " state")):
        entry = entry.with_text(f"{text} state", entry.values)
    answer = put(entry)
    if not entry.negative:
        open_section(entry, "track")
    return answer


def track_delay(entry: Entry) -> Answer:
    """Set how long a change must last; shown with `down` first."""
    down, up = entry.values.get("seconds"), entry.values.get("up")
    parts = [f"down {down}" if down else "", f"up {up}" if up else ""]
    return put(entry.with_text(" ".join(each for each in ("delay", *parts) if each), entry.values))


def sla_schedule(entry: Entry) -> Answer:
    """Let an operation begin; how long it lives is shown before when it begins."""
    words = entry.reading.text.split(" ")
    if "life" in words and "start-time" in words and words.index("life") > words.index("start-time"):
        at = words.index("life")
        words = [*words[:4], *words[at : at + 2], *words[4:at], *words[at + 2 :]]
    return put(entry.with_text(" ".join(words), entry.values))


def static_nat(entry: Entry) -> Answer:
    """Map an address or a port; a mapping of a port to an address is `extendable` of itself."""
    text = entry.reading.text
    if not entry.negative and "extendable" not in text.split(" "):
        entry = entry.with_text(f"{text} extendable", entry.values)
    return put(entry)


def dynamic_nat(entry: Entry) -> Answer:
    """Translate what a list lets through; to an interface there is but one address, so it is `overload` of itself."""
    text = entry.reading.text
    if not entry.negative and text.endswith(" forced"):
        # `forced` ends what is translated already: it belongs to the `no` form alone.
        return Misfit(Wrong.INVALID, entry.reading.words[-1].at)
    if not entry.negative and "interface" in entry.values and not text.endswith(" overload"):
        entry = entry.with_text(f"{text} overload", entry.values)
    return put(entry)


def name_servers(entry: Entry) -> Answer:
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
