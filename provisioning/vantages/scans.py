"""Observes which TCP ports answer from the internet."""

from collections.abc import Iterator, Mapping

from provisioning.errors import ProvisoError
from provisioning.model.checks.scans import ScanCheck
from provisioning.model.expectation import Expectation
from provisioning.model.observation import Observation
from provisioning.model.verdict import Viewpoint
from provisioning.vantages.points import Points

SCAN_SECONDS = 60.0


def observe_scans(expectation: Expectation, points: Points, *, whole_only: bool = False) -> Iterator[Observation]:
    """Yield what was seen of every scan; those of the same ports and family run as one.

    Args:
        whole_only: leave the samples out.
    """
    checks = [each for each in expectation.checks if isinstance(each, ScanCheck) and not (whole_only and each.tried)]
    groups: dict[tuple[int, tuple[int, ...]], list[ScanCheck]] = {}
    for check in checks:
        groups.setdefault((check.address.version, check.tried), []).append(check)
    for (_, ports), some in groups.items():
        yield from _scan(points, ports, some)


def _scan(points: Points, ports: tuple[int, ...], checks: list[ScanCheck]) -> Iterator[Observation]:
    if points.internet is None:
        for check in checks:
            yield Observation(check.id, None, points.why_not(Viewpoint.INTERNET))
        return
    request = {"addresses": [str(each.address) for each in checks], "ports": list(ports), "seconds": SCAN_SECONDS}
    try:
        hosts = points.internet.probe("scan", request, seconds=SCAN_SECONDS + 15).get("hosts")
    except ProvisoError as error:
        for check in checks:
            yield Observation(check.id, None, error.what)
        return
    found = hosts if isinstance(hosts, Mapping) else {}
    for check in checks:
        seen = found.get(str(check.address))
        if isinstance(seen, Mapping):
            yield Observation(check.id, seen, by=(points.internet.name,))
        else:
            yield Observation(check.id, None, "the scan says nothing of this address", by=(points.internet.name,))
