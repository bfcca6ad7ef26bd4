"""Other addresses: the fixed IPv4, the IP Pack, the next hop (facts: I-4.3, I-4.4, X-14)."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from ipaddress import IPv6Address

from provisioning.catalogue import Availability
from provisioning.changes import codes
from provisioning.changes.case import RequestCase, Rule
from provisioning.model.finding import Finding

DEFAULT_SIDE_BY_SIDE = timedelta(days=7)
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=90)
"""Two packs take twice the addresses, which are not ours to keep (facts: I-4.4)."""

DEFAULT_NEXT_HOP = "::10"
"""Facts: I-4.3, X-14."""

_DURATION = re.compile(r"([1-9][0-9]{0,3})([hd])", re.ASCII)
_INTERFACE_ID = re.compile(r"::[0-9a-fA-F:.]{1,39}", re.ASCII)
_ROUTER = 1
_ANYCAST = 0xFDFF_FFFF_FFFF_FF80
"""The highest 128 ids are anycast addresses (RFC 2526)."""


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


def next_hop_can_be_routed_to(case: RequestCase) -> Iterator[Finding]:
    """The next hop is an address of the link that the customer's router may have."""
    written = case.form.next_hop
    if written is None:
        return
    if case.line is not None and case.managed and not (_has_pack(case) and _has_block(case)):
        yield codes.NEXT_HOP_MISSING.at(
            "next_hop",
            f"No block is routed to a router of the customer's on {case.line.id}.",
            "It comes with an IP Pack, which is ordered, not changed.",
        )
    number = interface_id(written)
    if number is None:
        yield codes.NEXT_HOP_MALFORMED.at(
            "next_hop",
            f"`{written[:40]}` is no interface id of at most 64 bits.",
            "Write the last 64 bits of the address: `::20`.",
        )
    elif number in (0, _ROUTER) or number >= _ANYCAST:
        whose = {0: "the network's own address", _ROUTER: "the router's own"}.get(number, "kept for anycast")
        yield codes.NEXT_HOP_RESERVED.at("next_hop", f"{written} is {whose}.", "Choose another id, such as `::20`.")


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
    """Return the number of an interface id; None when it is none, or longer than 64 bits."""
    if _INTERFACE_ID.fullmatch(written) is None and written != "::":
        return None
    try:
        number = int(IPv6Address(written))
    except ValueError:
        return None
    return number if number < 1 << 64 else None


def next_hop_of(form: Mapping[str, object]) -> str:
    """Return the interface id of the next hop that a line's order form says, or implies."""
    lan = form.get("lan")
    written = lan.get("next_hop") if isinstance(lan, Mapping) else None
    return str(written) if written is not None else DEFAULT_NEXT_HOP


def _has_pack(case: RequestCase) -> bool:
    options = case.line.form.get("options") if case.line is not None else None
    return isinstance(options, Mapping) and options.get("ip_pack") is not None


def _has_block(case: RequestCase) -> bool:
    return case.formula is not None and case.formula.fixed_ipv6.value is Availability.INCLUDED


RULES: tuple[Rule, ...] = (pack_can_be_renumbered, next_hop_can_be_routed_to)
