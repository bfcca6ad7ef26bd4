"""Observes a line: `observe(expectation, points, read_management) -> observations`.

What does not disturb each other runs at the same time; scans and measurements have the line to themselves.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from provisioning.model.checks.devices import ManagementCheck
from provisioning.model.checks.performance import ThroughputCheck
from provisioning.model.checks.scans import UnchangedCheck
from provisioning.model.expectation import Expectation
from provisioning.model.observation import Observation
from provisioning.vantages.behind import observe_firewall, observe_lan, observe_throughput
from provisioning.vantages.calls import observe_calls
from provisioning.vantages.path import observe_path
from provisioning.vantages.points import Points
from provisioning.vantages.scans import observe_scans

ReadManagement = Callable[[ManagementCheck], Mapping[str, object]]
Tell = Callable[[str], None]
_Part = Callable[[Expectation, Points], Iterator[Observation]]

_TOGETHER: tuple[_Part, ...] = (observe_calls, observe_lan, observe_firewall)
_ALONE: tuple[tuple[str, _Part], ...] = (
    ("scans what answers on the line's addresses", observe_scans),
    ("measures throughput", observe_throughput),
    ("measures latency, loss and MTU", observe_path),
)
_SHORT: tuple[tuple[str, _Part], ...] = (("scans what answers on the line's addresses", observe_scans),)
"""Where no throughput is measured: twenty small packets need the line to themselves no more than a call does."""


def observe(
    expectation: Expectation, points: Points, read_management: ReadManagement, tell: Tell
) -> tuple[Observation, ...]:
    """Return what was seen of each check, in no particular order.

    Args:
        expectation: what must be observed.
        points: who can see the line.
        read_management: reads the router at its management address.
        tell: told what is being done.
    """
    measured = any(isinstance(each, ThroughputCheck) for each in expectation.checks)
    together, alone = (_TOGETHER, _ALONE) if measured else ((*_TOGETHER, observe_path), _SHORT)
    tell("calls every opening and the reserved port, asks for an address, a name, a way out")
    with ThreadPoolExecutor(len(together)) as pool:
        waiting = [pool.submit(lambda part: list(part(expectation, points)), each) for each in together]
        found = list(_management(expectation, read_management))
        for each in waiting:
            found += each.result()
    for text, part in alone:
        tell(text)
        found += part(expectation, points)
    return tuple(found)


def scan_before(expectation: Expectation, points: Points) -> tuple[Observation, ...]:
    """Return what answers before the change: on all addresses where that is compared, else on those scanned whole."""
    compared = any(isinstance(each, UnchangedCheck) for each in expectation.checks)
    return tuple(observe_scans(expectation, points, whole_only=not compared))


def compare_scans(
    expectation: Expectation, before: Iterable[Observation], now: Iterable[Observation]
) -> Iterator[Observation]:
    """Yield what scans saw before a change and after it, side by side."""
    earlier, later = ({each.check: each for each in some} for some in (before, now))
    for check in expectation.checks:
        if isinstance(check, UnchangedCheck):
            one, other = earlier.get(check.scan), later.get(check.scan)
            if one is None or one.seen is None or other is None or other.seen is None:
                missing = one if one is None or one.seen is None else other
                why = missing.why_not if missing is not None else "nobody scanned before the change"
                yield Observation(check.id, None, why)
            else:
                yield Observation(check.id, {"before": one.seen, "now": other.seen}, by=other.by)


def _management(expectation: Expectation, read: ReadManagement) -> Iterator[Observation]:
    for check in expectation.checks:
        if isinstance(check, ManagementCheck):
            yield Observation(check.id, read(check), by=("here",))
