"""Judges scans: nothing answers but what was ordered."""

from collections.abc import Iterable

from provisioning.judging.judgement import Judgement, failed, passed, untold
from provisioning.judging.reading import Seen, number
from provisioning.judging.reading import ports as ports_of
from provisioning.model.expectation import ScanCheck
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
    more = [port for port in reached if not any(port in each for each in check.ordered)]
    wanted = len(check.tried) or HIGHEST_PORT
    seconds = number(seen, "seconds")
    figures = (Figure("duration", seconds, "s"),) if seconds is not None else ()
    told = _told(seen, before, wanted)
    if more:
        return failed(Found.MORE_OPEN, f"not ordered: {ports(more)}; {told}", figures)
    if number(seen, "scanned") != wanted:
        return untold(Found.COULD_NOT_TELL, f"{int(number(seen, 'scanned') or 0)} of {wanted} ports were scanned")
    return passed(Found.NOTHING_ELSE_OPEN, told, figures)


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
