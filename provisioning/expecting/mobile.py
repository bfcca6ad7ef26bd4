"""What of a line's expectation must hold while its mobile back-up carries it: `over_mobile(expectation, platform)`."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from provisioning.expecting.router_interfaces import LIKE_LINUX, ROUTER_INTERFACES
from provisioning.model.checks.behind import DnsCheck, FirewallCheck, NatCheck, SlaacCheck
from provisioning.model.checks.check import Address
from provisioning.model.checks.devices import ManagementCheck
from provisioning.model.checks.openings import ClosedPortCheck, OpeningCheck, RoutedBlockCheck
from provisioning.model.checks.performance import ThroughputCheck
from provisioning.model.expectation import AnyCheck, Expectation

OPENINGS_OF_ADDRESS = 8
"""So many openings of an address are looked at: the line was proven when it was built, and a cut is short."""

KEPT = (
    OpeningCheck,
    ClosedPortCheck,
    NatCheck,
    SlaacCheck,
    DnsCheck,
    FirewallCheck,
    RoutedBlockCheck,
    ManagementCheck,
)


MOST_BYTES = 25_000_000
"""Each way: what a bearer of 100 Mbit/s carries in two seconds, and little of what a subscription holds."""


def over_mobile(expectation: Expectation, platform: str) -> Expectation:
    """Return those checks of a line that must hold over mobile as they do over fixed (facts: I-6.1, I-6.2).

    Throughput is told and held against nothing: no speed is guaranteed there (facts: I-6.4). What is left out tells
    nothing of the bearer, such as the ONT, or would take longer than a cut lasts, such as a whole scan.
    """
    return replace(expectation, checks=tuple(_kept(expectation, platform)))


def _kept(expectation: Expectation, platform: str) -> Iterator[AnyCheck]:
    many = Counter(each.address for each in expectation.checks if isinstance(each, OpeningCheck))
    seen: Counter[Address] = Counter()
    for check in expectation.checks:
        match check:
            case OpeningCheck():
                seen[check.address] += 1
                if _in_sample(seen[check.address] - 1, many[check.address]):
                    yield check
            case ManagementCheck():
                # The fixed bearer is down; the router is to be read all the same.
                interfaces = ROUTER_INTERFACES.get(platform, LIKE_LINUX).bearers
                yield replace(check, interface=interfaces[1])
            case ThroughputCheck():
                yield replace(
                    check,
                    down=None,
                    up=None,
                    most_bytes=MOST_BYTES,
                    subject="no speed is guaranteed",
                    facts=("I-6.4",),
                )
            case SlaacCheck(prefix=None):
                pass  # lent by the fixed bearer, not the line's own: nothing of it moves (facts: I-6.2)
            case _ if isinstance(check, KEPT):
                yield check


def _in_sample(place: int, many: int) -> bool:
    """Return whether one of many is looked at: all of a few; else the first, the last, and evenly between."""
    if many <= OPENINGS_OF_ADDRESS:
        return True
    return place in {(many - 1) * step // (OPENINGS_OF_ADDRESS - 1) for step in range(OPENINGS_OF_ADDRESS)}
