"""Judges what the configuration in force says of a check, as `evaluating/` tells it."""

from collections.abc import Iterable
from ipaddress import IPv4Address

from provisioning.judging.judgement import Judgement, failed, passed, untold
from provisioning.judging.reading import Seen, address, number, numbers, parts, text, texts
from provisioning.judging.scans import limited_to
from provisioning.model.checks.behind import FirewallCheck, LeaseCheck, NatCheck, SourceFilterCheck
from provisioning.model.checks.openings import ClosedPortCheck, OpeningCheck, RoutedBlockCheck, ShutCheck
from provisioning.model.checks.scans import ScanCheck
from provisioning.model.expectation import AnyCheck
from provisioning.model.port_range import PortRange, merge
from provisioning.model.proof import Found

YES, NO = "yes", "no"

SHOWN_RANGES = 12
"""Ranges of ports that are told of a scan."""

SHOWN_LINES = 4
"""Lines of the configuration that are told of one packet: those that decided last."""


def evaluated(check: AnyCheck, seen: Seen) -> Judgement:
    """Return what is made of what a configuration says; what is not understood of it proves nothing."""
    tries = parts(seen, "tries")
    match check:
        case OpeningCheck():
            return _opening(check, tries)
        case ShutCheck():
            return _shut(tries)
        case ScanCheck():
            return _scan(check, tries)
        case ClosedPortCheck():
            return _closed(check, tries)
        case RoutedBlockCheck():
            return _routed_block(check, tries)
        case NatCheck():
            return _outwards(tries, check.seen_as)
        case FirewallCheck():
            return _outwards(tries, None)
        case SourceFilterCheck():
            return _source_filter(check, tries)
        case LeaseCheck():
            return _lease(check, seen)
    return untold(Found.COULD_NOT_TELL, "no configuration says that")


def _opening(check: OpeningCheck, tries: tuple[Seen, ...]) -> Judgement:
    shut = [each for each in tries if text(each, "answer") == NO]
    if shut:
        return failed(Found.SHUT, _lines(shut))
    doubtful = [each for each in tries if text(each, "answer") != YES]
    if doubtful or not tries:
        return _doubt(doubtful)
    elsewhere = [
        each
        for each in tries
        if address(text(each, "to")) != check.target or (number(each, "shift") or 0) != check.shift or not _hop(each)
    ]
    if elsewhere:
        return failed(Found.LED_ELSEWHERE, _lines(elsewhere))
    return passed(Found.LET_IN, _lines(tries))


def _shut(tries: tuple[Seen, ...]) -> Judgement:
    let_in = [each for each in tries if text(each, "answer") == YES and each.get("outwards") is not True]
    if let_in:
        return failed(Found.NOT_SHUT, _lines(let_in))
    doubtful = [each for each in tries if text(each, "answer") not in (YES, NO)]
    if doubtful or not tries:
        return _doubt(doubtful)
    return passed(Found.SHUT_TO_THEM, _lines(tries))


def _hop(one: Seen) -> str:
    """Return whom a packet is handed to; empty when it is for the router itself."""
    return text(one, "next_hop")


def _scan(check: ScanCheck, tries: tuple[Seen, ...]) -> Judgement:
    # What is sent back to where it came from has reached nobody.
    let_in = [each for each in tries if text(each, "answer") == YES and each.get("outwards") is not True]
    caller = next((address(text(each, "from")) for each in tries), None)
    ordered = (*check.ordered, *limited_to(check.limited, caller))
    more = [left for each in let_in for left in _left(_range(each), ordered)]
    if more:
        return failed(Found.MORE_OPEN, f"not ordered: {_shown(more)}; {_lines(let_in)}")
    doubtful = [each for each in tries if text(each, "answer") not in (YES, NO) and _left(_range(each), ordered)]
    if doubtful:
        return _doubt(doubtful)
    return passed(Found.NOTHING_ELSE_OPEN, f"of all 65535 ports let in: {_shown(_range(each) for each in let_in)}")


def _range(one: Seen) -> tuple[int, int]:
    """Return first and last port of a try; one of no port is told by a first behind the last."""
    found = numbers(one, "ports")
    return (found[0], found[1]) if len(found) == 2 else (1, 0)


def _left(some: tuple[int, int], taken: Iterable[PortRange]) -> list[tuple[int, int]]:
    """Return what is left of a range of ports without those of others."""
    first, last = some
    left = []
    for each in merge(taken):
        if first < each.first:
            left.append((first, min(last, each.first - 1)))
        first = max(first, each.last + 1)
        if first > last:
            break
    return [each for each in (*left, (first, last)) if each[0] <= each[1]]


def _shown(ranges: Iterable[tuple[int, int]]) -> str:
    """Return ports for people, ascending, each once."""
    apart: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if apart and first <= apart[-1][1] + 1:
            apart[-1] = (apart[-1][0], max(apart[-1][1], last))
        elif first <= last:
            apart.append((first, last))
    told = [str(first) if first == last else f"{first}-{last}" for first, last in apart]
    more = f" and {len(told) - SHOWN_RANGES} more" if len(told) > SHOWN_RANGES else ""
    return (", ".join(told[:SHOWN_RANGES]) or "none") + more


def _closed(check: ClosedPortCheck, tries: tuple[Seen, ...]) -> Judgement:
    bad = [each for each in tries if text(each, "answer") == YES and each.get("outwards") is not True]
    if bad:
        return failed(Found.NOT_SHUT, _lines(bad))
    doubtful = [each for each in tries if text(each, "answer") not in (YES, NO)]
    asked = {text(each, "address") for each in tries}
    if doubtful or asked != {str(each) for each in check.addresses}:
        return _doubt(doubtful)
    return passed(Found.SHUT_EVERYWHERE, f"{len(asked)} asked for; {_lines(tries[:1])}")


def _routed_block(check: RoutedBlockCheck, tries: tuple[Seen, ...]) -> Judgement:
    doubtful = [each for each in tries if text(each, "answer") not in (YES, NO)]
    if doubtful or not tries:
        return _doubt(doubtful)
    wrong = [
        each
        for each in tries
        if text(each, "answer") == NO or check.next_hop is None or address(_hop(each)) != check.next_hop
    ]
    return failed(Found.DOES_NOT_ARRIVE, _lines(wrong)) if wrong else passed(Found.LED_TO_FIREWALL, _lines(tries))


def _outwards(tries: tuple[Seen, ...], seen_as: tuple[IPv4Address, ...] | None) -> Judgement:
    """Judge packets to the internet.

    Args:
        seen_as: any of the addresses that they must leave with; None for their own.
    """
    stopped = [each for each in tries if text(each, "answer") == NO]
    if stopped:
        return failed(Found.LEAVES_NOT, _lines(stopped))
    doubtful = [each for each in tries if text(each, "answer") != YES or each.get("outwards") is not True]
    unknown = [each for each in tries if address(text(each, "seen_as")) is None]
    if doubtful or unknown or not tries or seen_as == ():
        return _doubt(doubtful or unknown)
    other = [
        each for each in tries if address(text(each, "seen_as")) not in (seen_as or (address(text(each, "address")),))
    ]
    told = ", ".join(f"{text(each, 'address')} leaves as {text(each, 'seen_as')}" for each in other or tries)
    told = f"{told}; {_lines(other or tries)}"
    return failed(Found.LEAVES_OTHERWISE, told) if other else passed(Found.LEAVES_AS_ORDERED, told)


def _source_filter(check: SourceFilterCheck, tries: tuple[Seen, ...]) -> Judgement:
    out = [each for each in tries if text(each, "answer") == YES]
    if out:
        return failed(Found.FOREIGN_PASSED, _lines(out))
    doubtful = [each for each in tries if text(each, "answer") != NO]
    if doubtful or len(tries) != len(check.sources):
        return _doubt(doubtful)
    return passed(Found.FOREIGN_DROPPED, _lines(tries))


def _lease(check: LeaseCheck, seen: Seen) -> Judgement:
    unread = texts(seen, "not_understood")
    if unread:
        return untold(Found.COULD_NOT_TELL, f"not understood: {'; '.join(unread)}")
    lent = [_pair(each) for each in _lists(seen.get("lent"))]
    told = ", ".join(f"{first} to {last}" for first, last in lent) or "nothing"
    told = f"lends {told}; router {text(seen, 'router') or 'none'}"
    if not lent or address(text(seen, "router")) != check.router:
        return failed(Found.NO_LEASE, told)
    inside = all(_within(check, address(first), address(last)) for first, last in lent)
    return passed(Found.LENDS_AS_ORDERED, told) if inside else failed(Found.LEASE_OUTSIDE, told)


def _within(check: LeaseCheck, first: object, last: object) -> bool:
    if not isinstance(first, IPv4Address) or not isinstance(last, IPv4Address):
        return False
    return any(each.first <= first and last <= each.last for each in check.pool)


def _lists(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else ()


def _pair(value: object) -> tuple[str, str]:
    if isinstance(value, list | tuple) and len(value) == 2:
        return str(value[0]), str(value[1])
    return "", ""


def _doubt(doubtful: Iterable[Seen]) -> Judgement:
    lines = dict.fromkeys(line for each in doubtful for line in texts(each, "not_understood"))
    return untold(Found.COULD_NOT_TELL, f"not understood: {'; '.join(lines) or 'where the router is asked from'}")


def _lines(tries: Iterable[Seen]) -> str:
    """Return the lines that decided, those of one interface and range after each other."""
    told = []
    for each in tries:
        ports = f"{_shown((_range(each),))} " if each.get("ports") else f"{text(each, 'address')} "
        lost = " the answer is stopped:" if each.get("answer_lost") is True else ""
        lines = " > ".join(texts(each, "why")[-SHOWN_LINES:])
        told.append(f"{ports}by {text(each, 'by')}:{lost} {lines}")
    return "; ".join(dict.fromkeys(told))
