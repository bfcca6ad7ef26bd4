"""What the device refuses about class maps, policy maps, zones: what is used cannot go.

`% Class-map … is being used` is the device's (Cisco's own test library has it among the errors of configuration
mode: unicon, `plugins/generic/settings.py`), and `class map … not configured` is of public transcripts. For the
others no transcript was found: that they are refused is said in the Zone-Based Policy Firewall guide, their words
are after the first one.
"""

from provisioning.stands.simulator.cisco_iosxe.configuration.entry import Answer, Entry


def _has(entry: Entry, name: str, value: str) -> bool:
    return (name, value) in entry.root.children


def class_exists(entry: Entry) -> Answer:
    """A class map that another one names must be there."""
    name = entry.values["class"]
    known = _has(entry, "class-map type inspect", name) or _has(entry, "class-map", name)
    return "" if entry.negative or known else f"% class map {name} not configured\n"


def inspect_class_exists(entry: Entry) -> Answer:
    """A class map of type inspect must be there before a policy names it."""
    name = entry.values["class"]
    return (
        "" if entry.negative or _has(entry, "class-map type inspect", name) else f"% class map {name} not configured\n"
    )


def plain_class_exists(entry: Entry) -> Answer:
    """A class map must be there before a policy names it; `class-default` always is."""
    name = entry.values["class"]
    known = name == "class-default" or _has(entry, "class-map", name)
    return "" if entry.negative or known else f"% class map {name} not configured\n"


def class_unused(entry: Entry) -> Answer:
    """A class map that a policy or another class names cannot be removed."""
    if entry.reading.negative != "no":
        return ""
    name = entry.values["name"]
    for each in entry.root.everything():
        if each.name in ("class", "match class-map") and each.values.get("class") == name:
            return f"% Class-map {name} is being used\n"
    return ""


def policy_exists(entry: Entry) -> Answer:
    """A policy map must be there before it is put to use."""
    name = entry.values["policy"]
    return "" if entry.negative or _has(entry, "policy-map", name) else f"% policy map {name} not configured\n"


def inspect_policy_exists(entry: Entry) -> Answer:
    """A policy map of type inspect must be there before a zone pair uses it."""
    name = entry.values["policy"]
    known = _has(entry, "policy-map type inspect", name)
    return "" if entry.negative or known else f"% policy map {name} not configured\n"


def policy_unused(entry: Entry) -> Answer:
    """A policy map that stands somewhere cannot be removed."""
    if entry.reading.negative != "no":
        return ""
    name = entry.values["name"]
    for each in entry.root.everything():
        if each.name.startswith("service-policy") and each.values.get("policy") == name:
            return f"% Policy-map {name} is being used\n"
    return ""


def parameters_exist(entry: Entry) -> Answer:
    """A parameter map must be there before a policy inspects by it."""
    name = entry.values.get("parameters")
    known = name is None or _has(entry, "parameter-map type inspect", name)
    return "" if entry.negative or known else f"% Parameter-map {name} is not configured\n"


def parameters_unused(entry: Entry) -> Answer:
    """A parameter map that a policy inspects by cannot be removed."""
    if entry.reading.negative != "no":
        return ""
    name = entry.values["name"]
    used = any(each.name == "treatment" and each.values.get("parameters") == name for each in entry.root.everything())
    return f"% Parameter-map {name} is being used\n" if used else ""


def zone_exists(entry: Entry) -> Answer:
    """A zone must be there before an interface is its member; `self` has no members."""
    name = entry.values.get("zone", "")
    if entry.negative or (_has(entry, "zone security", name) and name != "self"):
        return ""
    return f"% Zone {name} not found\n"


def zone_unused(entry: Entry) -> Answer:
    """A zone that has members or stands in a pair cannot be removed."""
    if entry.reading.negative != "no":
        return ""
    name = entry.values["name"]
    members = any(
        each.values.get("zone") == name
        for place in entry.root.named("interface")
        for each in place.named("zone-member security")
    )
    paired = any(
        name in (each.values["source"], each.values["destination"]) for each in entry.root.named("zone-pair security")
    )
    return f"% Zone {name} is being used\n" if members or paired else ""


def pair_zones_exist(entry: Entry) -> Answer:
    """Both zones of a pair must be there; `self` always is."""
    if entry.negative:
        return ""
    for value in ("source", "destination"):
        name = entry.values[value]
        if name not in ("self", "default") and not _has(entry, "zone security", name):
            return f"% Zone {name} not found\n"
    return ""
