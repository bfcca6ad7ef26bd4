"""Other addresses: the IP Pack, the next hop (facts: I-4.3, I-4.4, X-14)."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from ipaddress import IPv6Address

from provisioning.changes import codes
from provisioning.changes.case import RequestCase, Rule
from provisioning.model.finding import Finding
from provisioning.model.product import CUSTOMER_ROUTER

DEFAULT_SIDE_BY_SIDE = timedelta(days=7)
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=90)
"""Two packs take twice the addresses, which are not ours to keep (facts: I-4.4)."""

_DURATION = re.compile(r"([1-9][0-9]{0,3})([hd])", re.ASCII)


def pack_can_be_renumbered(case: RequestCase) -> Iterator[Finding]:
    """Only a line with an IP Pack can be given another one."""
    asked = case.form.ip_pack
    if asked is None:
        return
    if asked.side_by_side is not None and side_by_side(asked.side_by_side) is None:
        yield codes.SIDE_BY_SIDE.at(
            "ip_pack.side_by_side",
            f"`{asked.side_by_side[:40]}` is no time for which two IP Packs can stand side by side.",
            "Write hours or days, from 1h to 90d: `7d`.",
        )
    if case.line is not None and case.managed and not _has_pack(case):
        yield codes.PACK_MISSING.at(
            "ip_pack", f"{case.line.id} has no IP Pack.", "An IP Pack is ordered, not changed."
        )


def side_by_side(written: str | None) -> timedelta | None:
    """Return how long two packs stand side by side; None when it is not well written, or too short or too long."""
    if written is None:
        return DEFAULT_SIDE_BY_SIDE
    match = _DURATION.fullmatch(written)
    if match is None:
        return None
    asked = timedelta(days=int(match[1])) if match[2] == "d" else timedelta(hours=int(match[1]))
    return asked if SHORTEST <= asked <= LONGEST else None


def interface_id(written: str) -> int | None:
    """Return the number of an interface id; None when it is no address."""
    try:
        return int(IPv6Address(written))
    except ValueError:
        return None


def next_hop_of(form: Mapping[str, object]) -> int | None:
    """Return the interface id of the next hop that a line's order form says, or implies."""
    lan = form.get("lan")
    written = lan.get("next_hop") if isinstance(lan, Mapping) else None
    return interface_id(str(written)) if written is not None else CUSTOMER_ROUTER


def _has_pack(case: RequestCase) -> bool:
    options = case.line.form.get("options") if case.line is not None else None
    return isinstance(options, Mapping) and options.get("ip_pack") is not None


RULES: tuple[Rule, ...] = (pack_can_be_renumbered,)
