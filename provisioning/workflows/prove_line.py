"""Proving a line: what must be observed, who can see it, what was seen, and whether that is what was ordered."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from provisioning.devices.connecting import open_session
from provisioning.errors import ProvisoError, UnreadableProject
from provisioning.evaluating.evaluate_checks import can_evaluate, evaluate_checks
from provisioning.evaluating.surroundings import Surroundings as AroundRouter
from provisioning.expecting.expect import RouterAddresses, expect
from provisioning.expecting.router_interfaces import LIKE_LINUX, ROUTER_INTERFACES
from provisioning.judging.judge import judge
from provisioning.judging.reading import numbers
from provisioning.model.checks.devices import ConfigurationCheck, OntCheck
from provisioning.model.checks.scans import ScanCheck
from provisioning.model.expectation import Expectation
from provisioning.model.intent import AddressedIntent
from provisioning.model.observation import Observation
from provisioning.model.opening import Opening
from provisioning.model.verdict import Verdict
from provisioning.nornir_setup.vantages import VantagePoint
from provisioning.vantages.management import read_management
from provisioning.vantages.observe import compare_scans, observe, scan_before
from provisioning.vantages.path import PathCheck, observe_path
from provisioning.vantages.points import Points
from provisioning.vantages.sessions import begin_sessions, end_held_sessions
from provisioning.vantages.ssh_vantage import SshVantage
from provisioning.workflows.observe_ont import observe_ont
from provisioning.workflows.plan_line import Planned
from provisioning.workflows.router import Router
from provisioning.workflows.surroundings import Surroundings

CONNECT_SECONDS = 8.0

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Proof:
    """What was observed, and what it means.

    Attributes:
        open_before: what answered before the change; None where nobody looked.
    """

    verdict: Verdict
    open_before: tuple[str, ...] | None


@contextmanager
def vantages(serials: Collection[str], around: Surroundings) -> Iterator[Points]:
    """Yield who can see a line; the connections end with the block.

    Args:
        serials: of the line's routers, by which the inventory knows who stands behind them.
    """
    missing: dict[str, str] = {}
    found: dict[str, SshVantage] = {}
    carry: list[float] = []
    with ExitStack() as stack:
        for point in around.vantages:
            if point.viewpoint.value in found or not (point.cpe == "" or point.cpe in serials):
                continue
            try:
                vantage = _open(point, around)
            except ProvisoError as error:
                missing[point.viewpoint.value] = f"{point.name}: {error.what}"
                continue
            stack.callback(vantage.close)
            found[point.viewpoint.value] = vantage
            carry += [point.carries] if point.carries is not None else []
        lan = found.get("lan")
        interface = lan.interface if lan else ""
        limit = min(carry, default=None)
        yield Points(found.get("internet"), lan, found.get("customer-firewall"), missing, interface, limit)


def _open(point: VantagePoint, around: Surroundings) -> SshVantage:
    access = around.access
    if access.key_file is None or access.known_hosts is None:
        raise UnreadableProject(
            "no SSH key or no known hosts are set", where=point.name, remedy="Set ssh_key_file and known_hosts_file."
        )
    session = open_session(
        point.host,
        user=point.user,
        key_file=access.key_file,
        known_hosts=access.known_hosts,
        seconds=CONNECT_SECONDS,
        proxy=access.proxy,
    )
    return SshVantage(session, point.name, point.viewpoint, point.interface)


def look_from_outside(addressed: AddressedIntent, around: Surroundings) -> Verdict:
    """Return how a line does whose router is the customer's own: whether its address answers, and how fast.

    Only its ONT is a gate: what stands behind that is not ours.
    """
    whole = expect(addressed, around.operator, {})
    checks = tuple(each for each in whole.checks if isinstance(each, PathCheck | OntCheck))
    expectation = Expectation(whole.line, "", checks)
    with vantages((), around) as points:
        return judge(expectation, (*observe_path(expectation, points), *observe_ont(expectation, addressed, around)))


def look_before(
    planned: Planned,
    points: Points,
    around: Surroundings,
    opened: tuple[Opening, ...] | None = None,
    was: AddressedIntent | None = None,
) -> tuple[Observation, ...]:
    """Return what answers on the line's addresses before the change, and the sessions that were begun for it.

    Args:
        opened: what is open before a change on request; None where the line is not changed on request.
        was: the line before a change on request.
    """
    expectation = expect(planned.addressed, around.operator, {}, before=opened, was=was)
    # Sessions last: they are to be as young as can be when the change comes.
    return (*scan_before(expectation, points), *begin_sessions(expectation, points))


def prove_line(
    planned: Planned,
    router: Router,
    points: Points,
    before: Iterable[Observation],
    around: Surroundings,
    tell: Tell,
    opened: tuple[Opening, ...] | None = None,
    was: AddressedIntent | None = None,
) -> Proof:
    """Return what is observed of a line now, and whether that is what was ordered.

    Args:
        router: asked for the addresses that no order tells: its own on the bearers.
        points: who can see the line.
        before: what answered before the change.
        tell: told what is being done.
        opened: what was open before a change on request; None where the line is not changed on request.
        was: the line before a change on request.
    """
    earlier = tuple(before)
    addresses = router.facts().addresses
    expectation = expect(planned.addressed, around.operator, addresses, planned.change.wanted, before=opened, was=was)
    proxy = around.access.proxy
    # First: what a session is asked for is whether it lived through the change, not for how long it can be idle.
    sessions = end_held_sessions(expectation, earlier, points)
    seen = observe(expectation, points, lambda check: read_management(check, planned.secrets, proxy), tell)
    seen = (*seen, *sessions, *compare_scans(expectation, earlier, seen))
    seen = (*seen, *observe_ont(expectation, planned.addressed, around))
    seen = (*seen, *_read_back(expectation, planned, router, addresses, tell))
    return Proof(judge(expectation, seen, earlier), _opened(expectation, earlier))


def _read_back(
    expectation: Expectation, planned: Planned, router: Router, addresses: RouterAddresses, tell: Tell
) -> Iterator[Observation]:
    """Yield what the router's own text says: that it is what was planned, and what it lets through."""
    if not can_evaluate(router.platform):
        return
    tell("reads the configuration in force back, and evaluates it")
    running = router.running()
    for check in expectation.checks:
        if isinstance(check, ConfigurationCheck):
            yield Observation(check.id, {"digest": running.digest}, by=(router.serial,))
    interfaces = ROUTER_INTERFACES.get(router.platform, LIKE_LINUX)
    bearers = interfaces.bearers[: len(planned.addressed.intent.bearers)]
    around = AroundRouter(bearers, interfaces.lan, addresses)
    yield from evaluate_checks(router.platform, expectation, running.documents, around)


def _opened(expectation: Expectation, before: Iterable[Observation]) -> tuple[str, ...] | None:
    scans = {each.id: each for each in expectation.checks if isinstance(each, ScanCheck)}
    looked = [(scans[each.check], each.seen) for each in before if each.check in scans and each.seen is not None]
    if not looked:
        return None
    return tuple(f"tcp/{port} of {scan.address}" for scan, seen in looked for port in numbers(seen, "open"))
