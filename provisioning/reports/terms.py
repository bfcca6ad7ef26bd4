"""The texts for the vocabulary of a verdict; each is a message id of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass

from provisioning.model.run import RunStage
from provisioning.model.verdict import Outcome, Viewpoint, Weight
from provisioning.reports.words import message

KINDS: Mapping[str, str] = {
    "opening": message("Opening"),
    "scan": message("Open ports"),
    "port-23": message("Port 23, reserved to the operator"),
    "lease": message("Address from the router (DHCP)"),
    "nat": message("IPv4 internet access"),
    "slaac": message("IPv6 internet access"),
    "dns": message("Names (DNS)"),
    "customer-firewall": message("Your own firewall"),
    "routed-block": message("Second IPv6 block, towards your own firewall"),
    "source-filter": message("Foreign source addresses"),
    "throughput": message("Speed"),
    "latency": message("Latency"),
    "loss": message("Packet loss"),
    "mtu": message("Packet size (MTU)"),
    "management": message("Management by the operator"),
    "ont": message("Fibre connection (ONT)"),
    "configuration": message("Configuration of the router"),
    "shut": message("Closed to others"),
    "as-before": message("Everything else as before"),
    "session-survives": message("A connection that stays"),
    "session-ended": message("A connection that ends"),
}
"""By kind of check."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of kinds that a reader looks for together."""

    title: str
    kinds: tuple[str, ...]


TOPICS: tuple[Topic, ...] = (
    Topic(
        message("Seen from the internet"),
        ("opening", "shut", "routed-block", "scan", "port-23", "as-before", "session-survives", "session-ended"),
    ),
    Topic(message("On your network"), ("lease", "nat", "slaac", "dns", "customer-firewall", "source-filter")),
    Topic(message("Performance"), ("throughput", "latency", "loss", "mtu")),
    Topic(message("Operation"), ("management", "configuration", "ont")),
)
OTHER_TOPIC = message("Other checks")

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.PASSED: message("Passed"),
    Outcome.FAILED: message("Failed"),
    Outcome.NOT_OBSERVED: message("Not observed"),
}

VIEWPOINTS: Mapping[Viewpoint, str] = {
    Viewpoint.INTERNET: message("seen from the internet"),
    Viewpoint.LAN: message("seen from your network (LAN)"),
    Viewpoint.CUSTOMER_FIREWALL: message("seen from your own firewall"),
    Viewpoint.MANAGEMENT: message("seen from the operator's management"),
    Viewpoint.ROUTER: message("seen on the router itself"),
    Viewpoint.OLT: message("seen in the operator's fibre network"),
}

EVALUATED = message("evaluated from the configuration of the router, not observed")
"""In the place of a viewpoint, where nobody could look."""

WEIGHTS: Mapping[Weight, str] = {
    Weight.GATE: message("required"),
    Weight.REPORT: message("for information"),
}

STAGES: Mapping[RunStage, str] = {
    RunStage.ACCEPT: message("Accept the order"),
    RunStage.ACCESS: message("Open the fibre access"),
    RunStage.REACH: message("Reach the router"),
    RunStage.PLAN: message("Plan the change"),
    RunStage.APPLY: message("Apply the change, with its return secured"),
    RunStage.PROVE: message("Prove the service"),
    RunStage.CONFIRM: message("Confirm the change"),
    RunStage.RECORD: message("Record the result"),
    RunStage.TAKE_BACK: message("Take the change back"),
}

FIGURES: Mapping[str, str] = {
    "down": message("Download"),
    "up": message("Upload"),
    "latency": message("Latency"),
    "jitter": message("Jitter"),
    "loss": message("Packet loss"),
    "mtu": message("Largest packet"),
    "duration": message("Duration"),
}

UNITS: Mapping[str, str] = {"bytes": message("bytes"), "packets": message("packets"), "ports": message("ports")}
"""Units that are words; the others are written alike in every language."""

SCALED = "scaled"
"""The note of a figure whose target is what the stand carries, not what was ordered."""

NOTES: Mapping[str, str] = {SCALED: message("scaled: the test set-up cannot carry what was ordered")}

SPEEDS = frozenset({"down", "up"})
"""Figures of which people ask how much of the target was reached."""

LESS_IS_BETTER = frozenset({"latency", "jitter", "loss", "duration"})
"""Figures that meet their target by lying below it."""

TERMS: Mapping[str, str] = {
    "unlimited": message("unlimited"),
    "copper": message("copper"),
    "fibre": message("fibre"),
    "mobile": message("mobile"),
    "Internet Box": message("Internet Box"),
    "professional router": message("professional router"),
    "customer's own router": message("your own router"),
    "wpa2": "WPA2",
    "wpa3": "WPA3",
    "wpa2-wpa3": message("WPA2 and WPA3"),
    "not specified": message("not specified"),
    "Best effort": message("Best effort"),
    "Best effort (not specified)": message("Best effort (not specified)"),
    "Mon-Fri 8:00-18:00, Sat 8:00-16:30": message("Mon-Fri 8:00-18:00, Sat 8:00-16:30"),
    "Mon-Fri 8:00-20:00": message("Mon-Fri 8:00-20:00"),
    "Mon-Fri 8:00-20:00, Sat 8:00-16:30": message("Mon-Fri 8:00-20:00, Sat 8:00-16:30"),
    "Mon-Fri 8:00-22:00, Sat 8:00-16:30": message("Mon-Fri 8:00-22:00, Sat 8:00-16:30"),
}
"""Words of the contract as the catalogue has them."""
