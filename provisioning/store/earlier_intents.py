"""Reads lines as earlier versions kept them with their runs.

Openings to a firewall had no sources then, and a service level told its incident window as text.
"""

from collections.abc import Mapping
from dataclasses import asdict

from provisioning.catalogue import ALL_LEVELS
from provisioning.model.opening import CUSTOMER_FIREWALL

_EARLIER = {"protocol", "first", "last"}


def readable_addressed(kept: object) -> object:
    """Return an addressed intent in plain data, as today's version reads it; what is no such thing comes as it is."""
    intent = kept.get("intent") if isinstance(kept, Mapping) else None
    if not isinstance(kept, Mapping) or not isinstance(intent, Mapping):
        return kept
    openings = intent.get("customer_openings")
    if not isinstance(openings, list):
        return kept
    read = [
        {"ports": each, "target": CUSTOMER_FIREWALL} if isinstance(each, Mapping) and each.keys() == _EARLIER else each
        for each in openings
    ]
    return {**kept, "intent": {**intent, "customer_openings": read}}


def readable_snapshot(kept: object) -> object:
    """Return a run's snapshot in plain data, as today's version reads it."""
    if not isinstance(kept, Mapping) or "addressed" not in kept:
        return kept
    read = {**kept, "addressed": readable_addressed(kept["addressed"])}
    product = kept.get("product")
    if isinstance(product, Mapping):
        read["product"] = {**product, "level": _readable_level(product.get("level"))}
    return read


def _readable_level(kept: object) -> object:
    """Return a service level with its hours; one that told its window as text stands in the contract."""
    if not isinstance(kept, Mapping) or "hours" in kept or "window" not in kept:
        return kept
    told = (kept.get("identifier"), kept.get("name"), kept["window"])
    same = next((each for each in ALL_LEVELS if (each.identifier, each.name, each.window) == told), None)
    hours = asdict(same.hours) if same is not None and same.hours is not None else None
    return {**{name: value for name, value in kept.items() if name != "window"}, "hours": hours}
