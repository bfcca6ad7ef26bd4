"""What the device refuses though the line fits a command: what is in use, is missing, or would clash."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from provisioning.stands.simulator.cisco_iosxe.configuration.entry import Answer, Entry
from provisioning.stands.simulator.cisco_iosxe.configuration.interface_names import CREATED, interface_type
from provisioning.stands.simulator.cisco_iosxe.configuration.refusals_of_addresses import (
    address_fits,
    layer_2,
    no_overlap,
    no_secondary_left,
    one_static_mapping,
)
from provisioning.stands.simulator.cisco_iosxe.configuration.refusals_of_firewall import (
    class_exists,
    class_unused,
    inspect_class_exists,
    inspect_policy_exists,
    pair_zones_exist,
    parameters_exist,
    parameters_unused,
    plain_class_exists,
    policy_exists,
    policy_unused,
    zone_exists,
    zone_unused,
)
from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Misfit, Wrong

Refusal = Callable[[Entry], Answer]
_HOSTNAME = re.compile(r"[A-Za-z]([A-Za-z0-9_.-]*[A-Za-z0-9])?")


def _interface_is_there(entry: Entry) -> Answer:
    """A port that the hardware does not have cannot be named; one that it has cannot be removed."""
    name = entry.values["name"]
    kind = interface_type(name)
    if entry.reading.negative == "no" and name in entry.hardware.interfaces:
        # Cisco community threads, passim; the parser knows the command for logical interfaces only.
        return "%Removal of physical interfaces is not permitted\n"
    parent = name.partition(".")[0]
    known = (
        name in entry.hardware.interfaces or parent in entry.hardware.interfaces or kind in CREATED or kind == "Null"
    )
    return "" if known or entry.lenient else entry.invalid("name")


def _controller_is_there(entry: Entry) -> Answer:
    known = entry.values["slot"] in entry.hardware.controllers or entry.lenient
    return "" if known else entry.invalid("slot")


def _hostname_fits(entry: Entry) -> Answer:
    if entry.negative or _HOSTNAME.fullmatch(entry.values["name"]):
        return ""
    return "% Hostname contains one or more illegal characters.\n"


def _one_bgp(entry: Entry) -> Answer:
    """A router speaks BGP for one autonomous system (BGP Command Reference: router bgp)."""
    present = entry.root.first("router bgp")
    if present is None or entry.negative or present.values["as_number"] == entry.values["as_number"]:
        return ""
    return f"BGP is already running; AS is {present.values['as_number']}\n"


def _neighbor_is_known(entry: Entry) -> Answer:
    """A neighbor has an autonomous system before anything else is said of it."""
    if entry.negative:
        return ""
    process = entry.root.first("router bgp")
    neighbor = entry.values["neighbor"]
    names = ("neighbor remote-as", "neighbor group", "neighbor member")
    if process is None or any((name, neighbor) in process.children for name in names):
        return ""
    return "% Specify remote-as or peer-group commands first\n"


def _group_is_known(entry: Entry) -> Answer:
    if entry.negative or ("neighbor group", entry.values["group"]) in entry.place.children:
        return ""
    return "% Specify remote-as or peer-group commands first\n"


def _list_has_its_type(entry: Entry) -> Answer:
    """A name stands for one kind of access list."""
    present = entry.place.children.get(("ip access-list", entry.values["name"]))
    kind = entry.reading.text.split(" ")[2]
    if present is None or present.text.split(" ")[2] == kind:
        return ""
    other = present.text.split(" ")[2]
    return (
        "% Access-list type conflicts with prior definition\n"
        f"% A named {other} IP access list with this name already exists\n"
    )


def _bounds_fit(entry: Entry) -> Answer:
    """A prefix list's lengths go up: length < ge <= le (BGP Command Reference: ip prefix-list)."""
    if entry.negative or "prefix" not in entry.values:
        return ""
    length = int(entry.values["prefix"].partition("/")[2])
    least = int(entry.values.get("ge", length + 1))
    most = int(entry.values.get("le", 128))
    if length < least <= most and ("le" not in entry.values or length < most):
        return ""
    said = "ge" in entry.values or "le" in entry.values
    if not said:
        return ""
    return f"% Invalid prefix range for {entry.values['prefix']}, make sure: len < ge-value <= le-value\n"


def _operation_rests(entry: Entry) -> Answer:
    """An operation that runs is not changed (IP SLAs Configuration Guide: remove it and begin anew)."""
    number = entry.values["number"]
    if entry.negative or ("ip sla", number) not in entry.place.children:
        return ""
    if ("ip sla schedule", number) not in entry.place.children:
        return ""
    return (
        "Entry already running and cannot be modified\n\t(only can delete (no) and start over)\n"
        "\t(check to see if the probe has finished exiting)\n"
    )


def _operation_is_there(entry: Entry) -> Answer:
    if entry.negative or ("ip sla", entry.values["number"]) in entry.place.children:
        return ""
    return "%Entry not configured\n"


def _times_fit(entry: Entry) -> Answer:
    """An operation's threshold is within its timeout, and that within its frequency (IP SLAs guide: timeout)."""
    if entry.negative:
        return ""
    times = {"threshold": 5000, "timeout": 5000, "frequency": 60}
    for each in (*entry.place.children.values(), None):
        values = each.values if each is not None else entry.values
        name = each.name if each is not None else entry.rule.name
        if name in times:
            times[name] = int(values.get("milliseconds") or values["seconds"])
    if times["threshold"] > times["timeout"]:
        return "%Illegal Value: Cannot set Threshold to be greater than Timeout\n"
    if times["timeout"] > times["frequency"] * 1000:
        return "%Illegal Value: Cannot set Timeout to be greater than Frequency\n"
    return ""


def _one_kind_of_operation(entry: Entry) -> Answer:
    present = entry.place.first("operation")
    if present is None or entry.negative or present.text.split(" ")[0] == entry.reading.text.split(" ")[0]:
        return ""
    return "%Operation type cannot be changed; delete the entry first\n"


def _wlan_identifier(entry: Entry) -> Answer:
    for each in entry.place.named("wlan"):
        same = each.values["identifier"] == entry.values["identifier"]
        if same != (each.values["profile"] == entry.values["profile"]) and not entry.negative:
            return "% Wlan profile name or identifier is already in use\n"
    return ""


def _snmp_keys_fit(entry: Entry) -> Answer:
    """Pass phrases have eight characters at least (RFC 3414, 11.2)."""
    if entry.negative or "encrypted" in entry.reading.text.split(" "):
        return ""
    short = any(len(entry.values.get(name, "x" * 8)) < 8 for name in ("auth", "priv"))
    return "%Error: password must be at least 8 characters\n" if short else ""


def _archive_path_fits(entry: Entry) -> Answer:
    """The archive lies in a file system that the router has."""
    systems = (
        "flash:",
        "bootflash:",
        "usb0:",
        "tftp:",
        "ftp:",
        "http:",
        "https:",
        "scp:",
        "sftp:",
        "$h",
        "disk0:",
        "nvram:",
    )
    return "" if entry.negative or entry.lenient or entry.values["path"].startswith(systems) else entry.invalid("path")


def _login_fits(entry: Entry) -> Answer:
    """With the new model of AAA a line asks by a method list only (Security Command Reference: login)."""
    model = entry.root.children.get(("aaa new-model",))
    new = model is not None and not model.negative
    lists = "authentication" in entry.reading.text.split(" ")
    if new == lists or entry.reading.negative == "default":
        return ""
    if new and entry.reading.text == "login":
        return "% Incomplete command.\n"
    return Misfit(Wrong.INVALID, entry.reading.words[-2 if lists else -1].at)


def _line_is_there(entry: Entry) -> Answer:
    """Lines by their absolute number: this router has those of its console and terminals only."""
    return "" if entry.lenient else entry.invalid("first")


def _action_fits(entry: Entry) -> Answer:
    """An applet's action begins with one of its verbs (Embedded Event Manager Command Reference: action …)."""
    if entry.negative:
        return ""
    verb = entry.values["do"].split(" ")[0]
    return "" if verb in _VERBS else entry.invalid("do")


_VERBS = frozenset(
    [
        "add",
        "append",
        "break",
        "cli",
        "cns-event",
        "comment",
        "context",
        "continue",
        "counter",
        "decrement",
        "divide",
        "else",
        "elseif",
        "end",
        "exit",
        "file",
        "force-switchover",
        "foreach",
        "gets",
        "help",
        "handle",
        "if",
        "increment",
        "info",
        "mail",
        "multiply",
        "policy",
        "publish-event",
        "puts",
        "regexp",
        "reload",
        "set",
        "snmp-object-value",
        "snmp-trap",
        "string",
        "subtract",
        "syslog",
        "track",
        "wait",
        "while",
        "xml-event",
    ]
)

REFUSALS: Final[Mapping[str, Refusal]] = {
    "address": address_fits,
    "applet_action": _action_fits,
    "archive_path": _archive_path_fits,
    "class_exists": class_exists,
    "class_used": class_unused,
    "controller": _controller_is_there,
    "group_known": _group_is_known,
    "hostname": _hostname_fits,
    "inspect_class_exists": inspect_class_exists,
    "inspect_policy_exists": inspect_policy_exists,
    "interface": _interface_is_there,
    "layer2": layer_2,
    "login_model": _login_fits,
    "line_number": _line_is_there,
    "list_type": _list_has_its_type,
    "neighbor_known": _neighbor_is_known,
    "one_bgp": _one_bgp,
    "one_operation": _one_kind_of_operation,
    "overlap": no_overlap,
    "pair_zones": pair_zones_exist,
    "parameters_exist": parameters_exist,
    "parameters_used": parameters_unused,
    "plain_class_exists": plain_class_exists,
    "policy_exists": policy_exists,
    "policy_used": policy_unused,
    "prefix_bounds": _bounds_fit,
    "secondary_first": no_secondary_left,
    "sla_exists": _operation_is_there,
    "sla_times": _times_fit,
    "sla_started": _operation_rests,
    "snmp_keys": _snmp_keys_fit,
    "static_nat": one_static_mapping,
    "wlan_identifier": _wlan_identifier,
    "zone_exists": zone_exists,
    "zone_used": zone_unused,
}
"""By the name that a rule gives (`refuses`)."""
