"""The orders that are shipped for Cisco routers, and what is rendered of each."""

from functools import cache

from iosxe_changes import Documents
from iosxe_renderings import cisco_config, idle_config
from renderings import example
from worlds import ROOT

from provisioning.model.intent import AddressedIntent

EXAMPLES = sorted(each.stem for each in (ROOT / "examples" / "orders").glob("*-cisco.yaml"))

HELD = "internet-pro-plus-cisco"
"""Everything that a line can have."""


def rendered(line: AddressedIntent) -> dict[str, str]:
    return {each.name: each.reveal() for each in cisco_config(line).documents}


@cache
def documents(name: str) -> Documents:
    if name == "bootstrap":
        return {each.name: each.reveal() for each in idle_config("FGL26000121").documents}
    return rendered(example(name))
