"""Is a mobile back-up ready to be drilled? `readiness(seen) -> Readiness`, from what is known of the line."""

from collections.abc import Iterator, Mapping

from provisioning.drills.findings import finding, gate
from provisioning.drills.moving import moving
from provisioning.model.bearer import (
    FAMILIES,
    Bearer,
    BearerEventKind,
    BearerName,
    BearerReport,
    Family,
    Neighbourship,
)
from provisioning.model.drill import Weight
from provisioning.model.line import LineState
from provisioning.model.readiness import LineSeen, ManagementReading, Readiness, ReadinessFinding, Standing

WEAKEST_DBM = -115
"""RSRP at which a modem is at the edge of its cell (Digi, IX20 User Guide, "Cellular signal quality explained": the
weakest of five bars)."""

UP = 1
"""ifOperStatus of an interface that passes packets (RFC 2863, 6)."""

WITHOUT_BFD: Mapping[str, frozenset[BearerName]] = {"cisco_iosxe": frozenset({BearerName.MOBILE})}
"""Bearers on which a platform's lines have no BFD, so that nobody misses it there (docs/cisco-iosxe.md)."""

CALLED_LATELY = 86_400.0
"""Seconds for which it is told that the router called a neighbour anew."""

NOT_ASKED = "the router could not be asked"


def readiness(seen: LineSeen) -> Readiness:
    """Return whether a line's mobile back-up is ready to be drilled, with everything that was looked at."""
    findings = [_service(seen), _backup(seen)]
    if seen.backed_up:
        findings += [*_standing(seen), *_bearers(seen), *_radio(seen), *moving(seen), *_management(seen)]
    return Readiness(seen.line, seen.serial, seen.platform, tuple(findings), seen.report)


def _service(seen: LineSeen) -> ReadinessFinding:
    return gate(
        "in-service",
        "line in service",
        seen.state in (LineState.ACTIVE, LineState.ADOPTED),
        f"the line is {seen.state.value}",
        "`proviso order activate` brings it into service.",
    )


def _backup(seen: LineSeen) -> ReadinessFinding:
    return gate(
        "backup-ordered",
        "mobile back-up ordered",
        seen.backed_up,
        "the order has a mobile back-up" if seen.backed_up else "the order has no mobile back-up",
        "Order `mobile_backup`, where the formula has it.",
        "I-6.1",
    )


def _standing(seen: LineSeen) -> Iterator[ReadinessFinding]:
    """Yield what the records say: nothing under way, no trouble."""
    yield gate(
        "no-work",
        "nothing under way",
        not seen.work,
        seen.work or "no change, no drill",
        "`proviso run list` and `proviso failover list` show it; the latter settles a drill whose process is gone; "
        "else wait until it has ended.",
    )
    told = ", ".join(f"{each.identifier} ({each.priority.value}, {each.kind.value})" for each in seen.incidents)
    yield gate(
        "no-incident",
        "no incident open",
        not seen.incidents,
        f"open: {told}" if told else "none is open",
        "`proviso failover incidents` shows it; the line is drilled when it is closed.",
        "I-6.5",
    )


def _bearers(seen: LineSeen) -> Iterator[ReadinessFinding]:
    """Yield what the router says of its bearers and routes."""
    report = seen.report
    if report is None:
        yield finding(
            "router-answers",
            "router answers",
            Weight.GATE,
            Standing.UNKNOWN,
            seen.silence or NOT_ASKED,
            seen.silence_remedy or "Look why it does not answer.",
        )
        return
    yield gate("router-answers", "router answers", True, f"{seen.serial} told of its bearers", "")
    for bearer in (report.fixed, report.mobile):
        yield _link(bearer)
        yield from _neighbours(bearer, seen)
    yield from _called(report)
    yield _hold(report)
    yield from _routes(report, seen.families)
    yield _voice(report)
    yield gate(
        "no-cut",
        "no cut in force",
        report.drill is None,
        f"the router holds the cut of drill {report.drill.token}" if report.drill else "the router holds none",
        "`proviso failover list` ends one whose process is gone; else the router's own timer does.",
    )


def _link(bearer: Bearer) -> ReadinessFinding:
    state = "up" if bearer.link_up else "down"
    remedy = "Look at the modem and its SIM." if bearer.name is BearerName.MOBILE else "Look at the access line."
    return gate(
        f"{bearer.name.value}-link", f"{bearer.name.value} bearer up", bearer.link_up,
        f"{bearer.interface} is {state}", remedy, "I-6.1",
    )  # fmt: skip


def _neighbours(bearer: Bearer, seen: LineSeen) -> Iterator[ReadinessFinding]:
    by_family = {each.family: each for each in bearer.neighbourships}
    watched = bearer.name not in WITHOUT_BFD.get(seen.platform, frozenset())
    for family in seen.families:
        found = by_family.get(family)
        yield _established(bearer.name.value, family, found)
        if found is not None and (watched or found.bfd is not None):
            yield _watched(bearer.name.value, family, found.bfd)


def _watched(name: str, family: Family, bfd: bool | None) -> ReadinessFinding:
    reason = "no BFD watches this neighbour" if bfd is None else f"BFD is {'up' if bfd else 'down'}"
    remedy = (
        "`proviso drift run` tells whether the router is as planned; without BFD it notices much later."
        if bfd is None
        else "The far end does not answer: look at the bearer, and at the far end."
    )
    return gate(f"{name}-bfd-ipv{family}", f"{name} BFD, IPv{family}", bool(bfd), reason, remedy, "I-6.1")


def _established(name: str, family: Family, found: Neighbourship | None) -> ReadinessFinding:
    stands = found is not None and found.bgp
    since = f" for {found.up_seconds:.0f} s" if found is not None and stands and found.up_seconds is not None else ""
    reason = "the router has no such neighbour" if found is None else f"BGP is {'established' if stands else 'down'}"
    return gate(
        f"{name}-bgp-ipv{family}",
        f"{name} neighbour, IPv{family}",
        stands,
        f"{reason}{since}",
        "`proviso drift run` tells whether the router is as planned; else look at the far end.",
        "I-6.1",
    )


def _called(report: BearerReport) -> Iterator[ReadinessFinding]:
    """Yield that the router had to call a neighbour anew lately; nothing is told where it had not, or cannot."""
    since = report.clock - CALLED_LATELY
    for bearer in BearerName:
        times = [
            each.uptime
            for each in report.events
            if each.kind is BearerEventKind.CALLED and each.bearer is bearer and each.uptime > since
        ]
        if times:
            count = "once" if len(times) == 1 else f"{len(times)} times"
            yield finding(
                f"{bearer.value}-called",
                f"{bearer.value} neighbour called anew",
                Weight.REPORT,
                Standing.BAD,
                f"{count} within a day, the last time {report.clock - max(times):.0f} s ago: BGP stood without BFD",
                "Look at the far end: it forgot the router, or speaks no BFD.",
                "I-6.1",
            )


def _hold(report: BearerReport) -> ReadinessFinding:
    holding = report.hold_left is not None
    return gate(
        "fixed-trusted",
        "fixed bearer trusted",
        not holding,
        f"it is held for {report.hold_left:.0f} s more" if holding else "it is not held",
        "It failed a while ago; wait until its hold time is over.",
        "I-6.1",
    )


def _routes(report: BearerReport, families: tuple[Family, ...]) -> Iterator[ReadinessFinding]:
    for family in FAMILIES:
        if family not in families:
            continue
        used = report.in_use.get(family)
        yield gate(
            f"on-fixed-ipv{family}",
            f"IPv{family} takes the fixed bearer",
            used is BearerName.FIXED,
            f"the default route takes the {used.value} bearer" if used else "there is no default route",
            "The line is in trouble, or held: it is drilled when it is back on fixed.",
            "I-6.1",
        )


def _voice(report: BearerReport) -> ReadinessFinding:
    told = {True: "what is in force drops it", False: "what is in force lets it pass", None: "nobody can tell"}
    standing = {True: Standing.GOOD, False: Standing.BAD, None: Standing.UNKNOWN}[report.voice_off]
    # A back-up that carries telephony works; that it should not is shown by the drill itself.
    return finding(
        "voice-off",
        "telephony kept off mobile",
        Weight.GATE if report.voice_off is False else Weight.REPORT,
        standing,
        told[report.voice_off],
        "`proviso drift run` tells what differs from what was planned." if standing is Standing.BAD else "",
        "I-6.3",
    )


def _radio(seen: LineSeen) -> Iterator[ReadinessFinding]:
    radio = seen.report.mobile.radio if seen.report is not None else None
    if seen.report is None:
        return
    if radio is None:
        yield finding("sim", "SIM and signal", Weight.REPORT, Standing.UNKNOWN, "the platform shows no modem", "")
        return
    yield gate("sim", "SIM", radio.sim_ready, f"the modem says: {radio.sim}", "Look at the SIM, and its PIN.")
    if radio.signal_dbm is None:
        yield finding("signal", "signal", Weight.REPORT, Standing.UNKNOWN, "the modem does not tell", "")
        return
    strong = radio.signal_dbm > WEAKEST_DBM
    network = f" in {radio.network}" if radio.network else ""
    technology = f" {radio.technology}" if radio.technology else ""
    yield gate(
        "signal",
        "signal",
        strong,
        f"{radio.signal_dbm} dBm{technology}{network}; more than {WEAKEST_DBM} dBm is wanted",
        "Move the antenna, or have indoor antennas added.",
        "I-6.4",
    )


def _management(seen: LineSeen) -> Iterator[ReadinessFinding]:
    """Yield what SNMP says: whoever watches the fleet by it must see what the router sees."""
    reading, report = seen.management, seen.report
    if reading is None:
        return
    if reading.error:
        remedy = "Look whether the router answers at its management address."
        yield finding("snmp", "SNMPv3", Weight.GATE, Standing.UNKNOWN, reading.error, remedy, "I-8.1")
        return
    uptime = f", agent up for {reading.uptime:.0f} s" if reading.uptime is not None else ""
    ours = reading.name == seen.line
    yield gate(
        "snmp", "SNMPv3", ours, f"answered as {reading.name}{uptime}", "Another router has this address.", "I-8.1"
    )
    if report is None:
        return
    for bearer in (report.fixed, report.mobile):
        yield _status(bearer, reading)


def _status(bearer: Bearer, reading: ManagementReading) -> ReadinessFinding:
    status = (reading.status or {}).get(bearer.interface)
    code, subject = f"snmp-{bearer.name.value}", f"{bearer.name.value} bearer by SNMP"
    if status is None:
        reason = f"the agent does not know {bearer.interface}"
        return finding(code, subject, Weight.REPORT, Standing.UNKNOWN, reason, "")
    return finding(
        code,
        subject,
        Weight.GATE,
        Standing.GOOD if status == UP else Standing.BAD,
        f"ifOperStatus of {bearer.interface} is {'up' if status == UP else status}",
        "" if status == UP else "Look at that bearer.",
    )
