"""Runs one request: the name of an observation and what it needs, as JSON in, what was seen, as JSON out."""

from __future__ import annotations

import json
import sys
import traceback
from typing import Any

from .background import ask, start
from .client import lan_client, own_addresses, routed_client
from .ping import answering, ping
from .scan import scan
from .tries import tries

OBSERVATIONS = {
    "tries": tries,
    "scan": scan,
    "ping": ping,
    "answering": answering,
    "addresses": own_addresses,
    "lan": lan_client,
    "firewall": routed_client,
    "start": start,
    "ask": ask,
}


def answer(what: str, request: dict[str, Any]) -> dict[str, Any]:
    """Return what was seen; whatever goes wrong is told as `error`."""
    try:
        return OBSERVATIONS[what](request)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return {"error": f"{type(error).__name__}: {error} ({place.name}, line {place.lineno})"}


def main(what: str, request: dict[str, Any]) -> None:
    """Answer one request on standard output."""
    sys.stdout.write(json.dumps(answer(what, request)) + "\n")
    sys.stdout.flush()
