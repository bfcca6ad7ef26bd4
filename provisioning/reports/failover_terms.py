"""The words for drills and incidents; each is a message id of the catalogue."""

from collections.abc import Mapping

from provisioning.model.bearer import BearerName, Cut
from provisioning.model.drill import DrillState, Outcome, Phase, StreamName
from provisioning.model.incident import IncidentKind
from provisioning.reports.words import message

PHASES: Mapping[Phase, str] = {
    Phase.BASELINE: message("on the fixed line"),
    Phase.CUT: message("cut"),
    Phase.MOBILE: message("on mobile"),
    Phase.HEALED: message("works again, not trusted yet"),
    Phase.BOUNCE: message("cut once more"),
    Phase.RETURN: message("back on the fixed line"),
}

STREAMS: Mapping[StreamName, str] = {
    StreamName.FIXED_IPV4: message("fixed IPv4"),
    StreamName.IP_PACK: message("IP Pack"),
    StreamName.LAN_IPV6: message("IPv6, first /57"),
    StreamName.ROUTED_IPV6: message("IPv6, second /57"),
    StreamName.FROM_OUTSIDE: message("from outside"),
}

CUTS: Mapping[Cut, str] = {
    Cut.LINK_DOWN: message("link down"),
    Cut.SILENT: message("silent cut"),
    Cut.ONE_WAY: message("one way only"),
    Cut.LOSS: message("30 % lost"),
    Cut.FLAPPING: message("flapping"),
}

BEARERS: Mapping[BearerName, str] = {
    BearerName.FIXED: message("fixed line"),
    BearerName.MOBILE: message("mobile"),
}

STATES: Mapping[DrillState, str] = {
    DrillState.RUNNING: message("under way"),
    DrillState.PASSED: message("passed"),
    DrillState.FAILED: message("failed"),
    DrillState.INTERRUPTED: message("cut off"),
}

STATUSES: Mapping[DrillState, str] = {
    DrillState.RUNNING: "unseen",
    DrillState.PASSED: "passed",
    DrillState.FAILED: "failed",
    DrillState.INTERRUPTED: "unseen",
}
"""The classes of the style sheet."""

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.MET: message("met"),
    Outcome.MISSED: message("not met"),
    Outcome.NOT_MEASURED: message("not measured"),
}

OUTCOME_STATUSES: Mapping[Outcome, str] = {
    Outcome.MET: "passed",
    Outcome.MISSED: "failed",
    Outcome.NOT_MEASURED: "unseen",
}

INCIDENTS: Mapping[IncidentKind, str] = {
    IncidentKind.BACK_UP_ACTIVE: message("the back-up is active: the fixed line is down"),
    IncidentKind.BACK_UP_FAILED: message("the mobile back-up has failed"),
    IncidentKind.LINE_DOWN: message("no internet at all"),
}

FIGURES: Mapping[str, str] = {
    "detection": message("from the cut until the router found its fixed bearer dead, by its own clock"),
    "gap": message("longest time in which nothing passed after the cut, of all streams"),
    "first-over-mobile": message("from the first packet lost until packets passed again"),
    "lost-at-cut": message("packets of all streams lost while the fixed bearer was cut"),
    "over-mobile": message("the default route of every family led to the mobile bearer"),
    "return": message("from the end of the cut until traffic was back on the fixed bearer, by the router's clock"),
    "hold": message("how long the fixed bearer had worked when it was trusted, at least"),
    "flaps": message("moves from bearer to bearer besides the one to mobile and the one back"),
    "lost-at-return": message("packets of all streams lost from the end of the cut on"),
    "back-on-fixed": message("the default route of every family leads to the fixed bearer again"),
    "stranded": message("what still went over the mobile bearer after the return, both ways"),
    "mobile-bytes": message("bytes over the mobile bearer from begin to end, both ways"),
    "reachable": message("checks of the line's own acceptance that passed over mobile"),
    "address": message("streams that were seen outside with the same address of the line throughout"),
    "sessions": message("open TCP sessions that survived the cut and the return"),
    "session-stall": message("longest time that a session waited for an answer"),
    "voice-rule": message("what the router has in force keeps telephony off mobile"),
    "voice-off": message("telephony answered over the fixed bearer, and over mobile it did not"),
    "throughput-down": message("throughput over mobile, downstream; no speed is guaranteed there"),
    "throughput-up": message("throughput over mobile, upstream; no speed is guaranteed there"),
}
"""By key; what has none is told as the drill itself tells it."""

UNITS = (
    message("packets"),
    message("moves"),
    message("checks"),
    message("sessions"),
    message("streams"),
)
"""Of figures; those that are the same in all languages are left out."""
