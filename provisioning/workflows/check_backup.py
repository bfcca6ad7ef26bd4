"""Looking whether the mobile back-up of a line is ready to be drilled; nothing on its router is changed."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from ipaddress import ip_network
from threading import Event
from typing import cast

from provisioning.drills.readiness import readiness
from provisioning.errors import ProvisoError, Refused
from provisioning.expecting.router_interfaces import LIKE_LINUX, ROUTER_INTERFACES
from provisioning.model.bearer import Announced, BearerReport, Cut, Family, Network, in_order
from provisioning.model.intent import AddressedIntent
from provisioning.model.line import Line
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.readiness import LineSeen, ManagementReading, Readiness
from provisioning.store import drills, lines, runs
from provisioning.store.incidents import list_incidents
from provisioning.vantages.bearer_status import read_bearer_status
from provisioning.workflows.intended_line import IntendedLine, intended_line
from provisioning.workflows.line_secrets import need_secrets
from provisioning.workflows.plan_line import plan_line
from provisioning.workflows.reaching import Reach
from provisioning.workflows.router import Router
from provisioning.workflows.scope_lock import is_held
from provisioning.workflows.surroundings import Surroundings
from tasks.read_announced import read_announced
from tasks.read_bearers import read_bearers
from tasks.read_cuts import read_cuts

MOBILE = "mobile"

AT_ONCE = 16
"""Lines that are looked at at once."""


@dataclass(frozen=True, slots=True)
class BackupLook:
    """What a look at a line's back-up found.

    Attributes:
        meant: what the line is meant to be; None where its order cannot be judged, or it has no router of ours.
        cuts: that its router can make; empty where it could not be asked.
    """

    line: Line
    readiness: Readiness
    meant: IntendedLine | None
    cuts: frozenset[Cut]


def check_backups(
    named: Sequence[str], around: Surroundings, stop: Event | None = None
) -> Iterator[tuple[str, Readiness | ProvisoError]]:
    """Yield each line and whether it is ready, in the order in which they are named; an error where nobody could look.

    Args:
        stop: set to look at no more lines.
    """
    stop = stop or Event()
    _ = around.operator  # read once, and not by several threads at the same time

    def look(line: str) -> tuple[str, Readiness | ProvisoError | None]:
        if stop.is_set():
            return line, None
        try:
            return line, check_backup(line, around)
        except ProvisoError as error:
            return line, error

    with ThreadPoolExecutor(min(AT_ONCE, max(len(named), 1))) as pool:
        for line, answer in pool.map(look, named):
            if answer is not None:
                yield line, answer


def check_backup(line: str, around: Surroundings) -> Readiness:
    """Return whether the mobile back-up of a line is ready.

    Raises:
        UnknownName: when there is no such line.
        EnvironmentTrouble: when the store cannot be used.
    """
    meant = meant_line(line, around)
    router = router_of(meant, around) if meant is not None else None
    try:
        return look_at_backup(line, meant, router, around).readiness
    finally:
        if router is not None:
            router.close()


def meant_line(line: str, around: Surroundings) -> IntendedLine | None:
    """Return what a line is meant to be; None where its order cannot be judged, or it has no router of ours.

    Raises:
        UnknownName: when there is no such line.
    """
    try:
        return intended_line(line, around)
    except Refused:
        return None


def router_of(meant: IntendedLine, around: Surroundings) -> Router:
    """Return the router of a line, on which nothing is installed on the way."""
    return Router(meant.cpe.serial, meant.cpe.platform, meant.management, Reach(around, prepare=False))


def bearers_of(router: Router) -> BearerReport:
    """Return what a router says of its bearers.

    Raises:
        ProvisoError: when it does not.
    """
    return cast(BearerReport, router.do(read_bearers))


def look_at_backup(
    line: str, meant: IntendedLine | None, router: Router | None, around: Surroundings, *, ours: bool = False
) -> BackupLook:
    """Return what there is to know of a line's back-up.

    Args:
        meant: what the line is meant to be.
        router: of the line; None where it has none of ours.
        ours: whether the caller holds the line's lock, so that nobody else is at work.

    Raises:
        UnknownName: when there is no such line.
        EnvironmentTrouble: when the store cannot be used.
    """
    with around.store.read() as connection:
        found = lines.need_line(connection, line)
        incidents = tuple(list_incidents(connection, lines=(line,), only_open=True))
        under_way = [f"run {each.id}" for each in runs.unfinished_runs(connection, line=line)]
        running = drills.running_drills(connection, line=line)
    held = ours or is_held(around.state, line)
    left = "" if held else ", whose process is gone"
    under_way += [f"drill {each.identifier}{left}" for each in running]
    if not under_way and held and not ours:
        under_way.append("somebody's work")
    backed_up = meant is not None and MOBILE in meant.addressed.intent.bearers
    report: BearerReport | None = None
    management: ManagementReading | None = None
    silence, silence_remedy, unheard, cuts, as_planned = "", "", "", frozenset[Cut](), None
    if meant is not None and router is not None and backed_up:
        try:
            report = of_the_line(bearers_of(router), meant)
            cuts = cast("frozenset[Cut]", router.do(read_cuts))
            report, unheard = _with_announced(report, router)
            as_planned = _as_planned(meant, router, around)
        except ProvisoError as error:
            silence, silence_remedy = str(error), error.remedy
        management = _read_management(meant, around)
    seen = LineSeen(
        line=line,
        serial=meant.cpe.serial if meant is not None else "",
        platform=meant.cpe.platform if meant is not None else "",
        state=found.state,
        backed_up=backed_up,
        families=_families(meant.addressed) if meant is not None else (),
        own=_own(meant.addressed) if meant is not None else (),
        as_planned=as_planned,
        report=report,
        silence=silence,
        silence_remedy=silence_remedy,
        management=management,
        work=f"under way: {', '.join(under_way)}" if under_way else "",
        incidents=incidents,
        cuts=cuts,
        unheard=unheard,
    )
    return BackupLook(found, readiness(seen), meant, cuts)


def of_the_line(report: BearerReport, meant: IntendedLine) -> BearerReport:
    """Return what a router says of the families in which the line has addresses of its own; others do not move."""
    return replace(report, in_use={each: report.in_use.get(each) for each in _families(meant.addressed)})


def bearer_interfaces(platform: str) -> tuple[str, ...]:
    """Return the bearers of a platform as its SNMP agent names them, the fixed one first."""
    return ROUTER_INTERFACES.get(platform, LIKE_LINUX).bearers


def snmp_secrets(meant: IntendedLine, around: Surroundings) -> LineSecrets:
    """Return the secrets of a line; nothing is kept.

    Raises:
        EnvironmentTrouble: when one is not to be had.
    """
    with around.store.rehearse() as connection:
        return need_secrets(connection, meant.addressed.intent.line, meant.product, around)


def _with_announced(report: BearerReport, router: Router) -> tuple[BearerReport, str]:
    """Return a report with what the router announces on each bearer, and why it did not tell that; empty if it did."""
    try:
        told = cast(Announced, router.do(read_announced))
    except ProvisoError as error:
        return report, str(error)
    fixed, mobile = (replace(each, announced=told.get(each.name)) for each in (report.fixed, report.mobile))
    return replace(report, fixed=fixed, mobile=mobile), ""


def _as_planned(meant: IntendedLine, router: Router, around: Surroundings) -> bool:
    """Return whether the router has in force what was planned, by which it announces the line on both bearers."""
    planned = plan_line(meant.product, meant.addressed, router.running(), around, rehearsal=True)
    return planned.change.empty


def _read_management(meant: IntendedLine, around: Surroundings) -> ManagementReading | None:
    if meant.management is None:
        return None
    try:
        return read_bearer_status(
            meant.management,
            around.operator.snmp_user,
            bearer_interfaces(meant.cpe.platform),
            snmp_secrets(meant, around),
            around.access.proxy,
        )
    except ProvisoError as error:
        return ManagementReading(error=str(error))


def _families(addressed: AddressedIntent) -> tuple[Family, ...]:
    return (4, 6) if addressed.ipv6 is not None else (4,)


def _own(addressed: AddressedIntent) -> tuple[Network, ...]:
    """Return the networks that the line's router has to announce on both bearers (facts: I-6.2)."""
    hosts = (ip_network(each) for each in (addressed.fixed_ipv4, addressed.management) if each is not None)
    blocks = (addressed.ipv6.block,) if addressed.ipv6 is not None else ()
    return in_order((*hosts, *addressed.packs, *blocks))
