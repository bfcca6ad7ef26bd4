"""Judges scans: nothing answers but what was ordered."""

from collections.abc import Iterable

from provisioning.judging.judgement import Judgement, failed, passed, untold
from provisioning.judging.reading import Seen, address, number, part, text
from provisioning.judging.reading import ports as ports_of
from provisioning.model.checks.check import Address
from provisioning.model.checks.scans import LimitedPorts, ScanCheck, UnchangedCheck
from provisioning.model.port_range import HIGHEST_PORT, PortRange
from provisioning.model.proof import Found
from provisioning.model.verdict import Figure


def scan(check: ScanCheck, seen: Seen, before: Seen | None) -> Judgement:
    """Return what is made of a scan.

    A port that refuses is reached, too: nobody listens, but it was let through, and that was not ordered.

    Args:
        before: what the same scan saw before the change; None when nobody scanned.
    """
    reached = sorted({*ports_of(seen, "open"), *ports_of(seen, "closed")})
    allowed = (*check.ordered, *limited_to(check.limited, address(text(seen, "from"))))
    more = [port for port in reached if not any(port in each for each in allowed)]
    wanted = len(check.tried) or HIGHEST_PORT
    seconds = number(seen, "seconds")
    figures = (Figure("duration", seconds, "s"),) if seconds is not None else ()
    told = _told(seen, before, wanted)
    if more:
        return failed(Found.MORE_OPEN, f"not ordered: {ports(more)}; {told}", figures)
    if number(seen, "scanned") != wanted:
        return untold(Found.COULD_NOT_TELL, f"{int(number(seen, 'scanned') or 0)} of {wanted} ports were scanned")
    return passed(Found.NOTHING_ELSE_OPEN, told, figures)


def limited_to(limited: Iterable[LimitedPorts], caller: Address | None) -> tuple[PortRange, ...]:
    """Return the ports that may answer to a caller among those that answer to some; to an unknown one, all of them."""
    return tuple(
        each.ports for each in limited if caller is None or any(caller in network for network in each.sources)
    )


def unchanged(check: UnchangedCheck, seen: Seen) -> Judgement:
    """Return what is made of two scans: of what a change says nothing about, nothing may be otherwise.

    Args:
        seen: the scan `before`, and that of `now`.
    """
    before, now = part(seen, "before"), part(seen, "now")
    if before is None or now is None:
        return untold(Found.NOBODY_COULD_LOOK, "it was not scanned both before the change and after it")
    if number(before, "scanned") != number(now, "scanned"):
        return untold(Found.COULD_NOT_TELL, "other ports were scanned before the change than after it")
    was, is_now = _answers(before), _answers(now)
    other = [
        port
        for port in sorted(was.keys() | is_now.keys())
        if was.get(port) != is_now.get(port) and not any(port in each for each in check.asked)
    ]
    if other:
        appeared = ports(port for port in other if port not in was)
        gone = ports(port for port in other if port not in is_now)
        otherwise = ports(port for port in other if port in was and port in is_now)
        told = f"answer now: {appeared}; answer no more: {gone}; answer otherwise: {otherwise}"
        return failed(Found.NOT_AS_BEFORE, told)
    return passed(Found.AS_BEFORE, f"of {int(number(now, 'scanned') or 0)} ports answer as before: {ports(is_now)}")


def _answers(seen: Seen) -> dict[int, str]:
    """Return what answers, and how; a host that refuses is reached as well."""
    return {**dict.fromkeys(ports_of(seen, "closed"), "refused"), **dict.fromkeys(ports_of(seen, "open"), "open")}


def _told(seen: Seen, before: Seen | None, wanted: int) -> str:
    told = f"of {wanted} ports open: {ports(ports_of(seen, 'open'))}; refused: {ports(ports_of(seen, 'closed'))}"
    if before is not None:
        told += f"; open before the change: {ports(ports_of(before, 'open'))}"
    return told


def ports(some: Iterable[int]) -> str:
    """Return ports for people, runs of them together; `none` when there are none."""
    runs: list[PortRange] = []
    for port in sorted(set(some)):
        if runs and runs[-1].last + 1 == port:
            runs[-1] = PortRange("tcp", runs[-1].first, port)
        else:
            runs.append(PortRange("tcp", port, port))
    shown = ", ".join(str(each).removeprefix("tcp/") for each in runs[:12])
    return (f"{shown} and more" if len(runs) > 12 else shown) or "none"
