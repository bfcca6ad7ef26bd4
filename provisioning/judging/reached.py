"""Whether silence means anything: a vantage point that is cut off itself hears nothing either."""

from collections.abc import Iterator, Mapping

from provisioning.judging.reading import Seen, address, number, parts, ports, text
from provisioning.model.checks.behind import NatCheck, SlaacCheck
from provisioning.model.checks.openings import ClosedPortCheck, OpeningCheck, ShutCheck
from provisioning.model.checks.performance import LatencyCheck
from provisioning.model.checks.scans import ScanCheck
from provisioning.model.expectation import AnyCheck, Expectation

BACK = ("open", "refused", "unreachable")
"""States of a try for which a packet came back."""


def unheard(expectation: Expectation, seen: Mapping[str, Seen]) -> frozenset[int]:
    """Return the families, 4 and 6, in which nothing at all passed between the vantage point and the line.

    Families that are not pinged are left out: there, nothing else is asked for.
    """
    asked = {each.address.version for each in expectation.checks if isinstance(each, LatencyCheck)}
    heard = {family for check in expectation.checks if check.id in seen for family in _heard(check, seen[check.id])}
    return frozenset(asked - heard)


def _heard(check: AnyCheck, seen: Seen) -> Iterator[int]:
    """Yield the families in which something passed."""
    match check:
        case LatencyCheck() if number(seen, "average") is not None:
            yield check.address.version
        case ScanCheck() if ports(seen, "open") or ports(seen, "closed"):
            yield check.address.version
        case OpeningCheck() | ClosedPortCheck() | ShutCheck():
            called = [address(text(each, "address")) for each in parts(seen, "tries") if text(each, "state") in BACK]
            yield from (each.version for each in called if each is not None)
        case NatCheck() | SlaacCheck():
            outside = address(text(seen, "seen_as"))
            if outside is not None:
                yield outside.version


def families(check: ScanCheck | ClosedPortCheck | ShutCheck) -> frozenset[int]:
    """Return the families whose silence a check rests on."""
    addresses = check.addresses if isinstance(check, ClosedPortCheck) else (check.address,)
    return frozenset(each.version for each in addresses)
