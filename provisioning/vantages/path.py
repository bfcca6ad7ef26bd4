"""Observes latency, loss and MTU between the internet and the router."""

from collections.abc import Iterator

from provisioning.errors import ProvisoError
from provisioning.model.checks.check import Address
from provisioning.model.checks.performance import LatencyCheck, LossCheck, MtuCheck
from provisioning.model.expectation import Expectation
from provisioning.model.observation import Observation
from provisioning.model.verdict import Viewpoint
from provisioning.vantages.points import Points

PACKETS = 20
INTERVAL = 0.05
"""Seconds between two."""

PathCheck = LatencyCheck | LossCheck | MtuCheck


def observe_path(expectation: Expectation, points: Points) -> Iterator[Observation]:
    """Yield what was seen of latency, loss and MTU; one series of packets serves all three."""
    checks = [each for each in expectation.checks if isinstance(each, PathCheck)]
    groups: dict[Address, list[PathCheck]] = {}
    for check in checks:
        groups.setdefault(check.address, []).append(check)
    for address, some in groups.items():
        if points.internet is None:
            yield from (Observation(each.id, None, points.why_not(Viewpoint.INTERNET)) for each in some)
            continue
        size = next((each.bytes for each in some if isinstance(each, MtuCheck)), 0)
        request = {"address": str(address), "count": PACKETS, "interval": INTERVAL, "bytes": size}
        try:
            seen = points.internet.probe("ping", request, seconds=60)
        except ProvisoError as error:
            yield from (Observation(each.id, None, error.what) for each in some)
            continue
        yield from (Observation(each.id, seen, by=(points.internet.name,)) for each in some)
