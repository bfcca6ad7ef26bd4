"""How a line's bearers stand, by what its router says of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from provisioning.model.bearer import (
    Bearer,
    BearerEvent,
    BearerEventKind,
    BearerName,
    BearerReport,
    Family,
)
from provisioning.model.incident import Condition

LATE_SECONDS = 5.0
"""After a drill's cut was healed, its failure may still be found: BFD and BGP take so long at most."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How a line was seen.

    Attributes:
        trusted: whether the fixed bearer carries the line's traffic and is not on trial.
        mobile_works: None where nobody can tell.
        drilled: whether a drill on the router makes it stand so.
        reason: for people, what was seen.
    """

    condition: Condition
    trusted: bool
    mobile_works: bool | None
    drilled: bool
    reason: str


def seen_of(report: BearerReport) -> Seen:
    """Return how a line stands whose router says this."""
    carried = {family: _carried(report, family) for family in _families(report)}
    on_mobile = BearerName.MOBILE in carried.values()
    on_fixed = BearerName.FIXED in carried.values()
    if not on_mobile and not on_fixed:
        condition = Condition.DOWN
    elif on_mobile or None in carried.values():
        # A family that nothing carries is a severe degradation, as an active back-up is (facts: I-9.1).
        condition = Condition.ON_MOBILE
    elif not report.mobile.works:
        condition = Condition.MOBILE_FAILED
    else:
        condition = Condition.ON_FIXED
    fixed_whole = bool(carried) and all(each is BearerName.FIXED for each in carried.values())
    return Seen(
        condition,
        trusted=fixed_whole and report.hold_left is None,
        mobile_works=report.mobile.works,
        drilled=drilled(report),
        reason=_reason(report, condition, carried),
    )


def silent(why: str) -> Seen:
    """Return how a line stands whose router does not answer."""
    return Seen(Condition.SILENT, trusted=False, mobile_works=None, drilled=False, reason=why)


def unreachable(why: str) -> Seen:
    """Return how a line stands whose router does not answer, and whose fixed IPv4 does not either."""
    return Seen(Condition.DOWN, trusted=False, mobile_works=False, drilled=False, reason=why)


def drilled(report: BearerReport) -> bool:
    """Return whether a drill makes the fixed bearer stand as it does: it cuts it, or just did and it is on trial.

    A failure that was found once the drill was over is none of the drill's.
    """
    if report.drill is not None:
        return True
    healed = _latest(report.events, BearerEventKind.HEALED)
    if healed is None or (report.fixed.works and report.hold_left is None):
        return False
    since = [
        each.kind
        for each in report.events
        if each.number > healed.number
        and each.bearer is BearerName.FIXED
        and (each.kind is not BearerEventKind.FAILED or each.uptime > healed.uptime + LATE_SECONDS)
    ]
    return BearerEventKind.FAILED not in since and BearerEventKind.TRUSTED not in since


def _latest(events: tuple[BearerEvent, ...], kind: BearerEventKind) -> BearerEvent | None:
    return next((each for each in reversed(events) if each.kind is kind), None)


def _families(report: BearerReport) -> list[Family]:
    """Return the families that the line speaks over either bearer."""
    spoken = {each.family for bearer in (report.fixed, report.mobile) for each in bearer.neighbourships}
    return sorted(spoken)


def _carried(report: BearerReport, family: Family) -> BearerName | None:
    """Return the bearer that carries a family."""
    fixed, mobile = _works(report.fixed, family), _works(report.mobile, family)
    taken = report.in_use.get(family)
    if taken is None:
        return None
    if fixed and (taken is BearerName.FIXED or not mobile):
        return BearerName.FIXED
    # The route follows its neighbour within moments: what it says may be from before.
    return BearerName.MOBILE if mobile else None


def _works(bearer: Bearer, family: Family) -> bool:
    return bearer.link_up and any(each.works for each in bearer.neighbourships if each.family == family)


def _reason(report: BearerReport, condition: Condition, carried: Mapping[Family, BearerName | None]) -> str:
    flaws = [each for each in (_flaw(report.fixed), _flaw(report.mobile)) if each]
    if condition is Condition.ON_MOBILE:
        flaws.extend(f"nothing carries IPv{family}" for family, by in carried.items() if by is None)
    if report.hold_left is not None:
        flaws.append("fixed works again, and is on trial")
    return "; ".join(flaws) or _WELL[condition]


_WELL: Mapping[Condition, str] = {
    Condition.ON_FIXED: "both bearers work",
    Condition.ON_MOBILE: "the default route is by mobile",
    Condition.MOBILE_FAILED: "mobile does not work",
    Condition.DOWN: "there is no default route",
    Condition.SILENT: "it does not answer",
}


def _flaw(bearer: Bearer) -> str:
    """Return what is wrong with a bearer; empty when nothing is."""
    if bearer.works:
        return ""
    if bearer.radio is not None and not bearer.radio.sim_ready:
        return f"{bearer.name}: the SIM is {bearer.radio.sim}"
    if not bearer.link_up:
        return f"{bearer.name}: {bearer.interface} is down"
    dead = [each for each in bearer.neighbourships if not each.works]
    if not dead:
        return f"{bearer.name}: no neighbour"
    by = "BFD" if any(each.bfd is False for each in dead) else "BGP"
    families = " and ".join(f"IPv{each.family}" for each in dead)
    return f"{bearer.name}: {by} is down for {families}"
