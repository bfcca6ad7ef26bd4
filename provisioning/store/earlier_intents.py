"""Reads lines as earlier versions kept them with their runs, when openings to a firewall had no sources."""

from collections.abc import Mapping

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
    return {**kept, "addressed": readable_addressed(kept["addressed"])}
