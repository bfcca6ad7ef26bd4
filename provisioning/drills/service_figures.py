"""What of the service was still there over mobile: checks, addresses, sessions, telephony kept off, throughput."""

from collections.abc import Iterator

from provisioning.drills.figure import figure
from provisioning.drills.measured import Measured
from provisioning.model.bearer import BearerName
from provisioning.model.drill import Figure, StreamName
from provisioning.model.drill_traffic import VoiceAnswer
from provisioning.model.verdict import Outcome, Verdict, Weight

FROM_BEHIND = (StreamName.FIXED_IPV4, StreamName.IP_PACK, StreamName.LAN_IPV6, StreamName.ROUTED_IPV6)


def service_figures(measured: Measured) -> Iterator[Figure]:
    """Yield the figures of the service."""
    yield from _checks(measured.checks)
    yield from _addresses(measured)
    yield from _sessions(measured)
    yield from _voice(measured)
    yield from _throughput(measured)


def _checks(verdict: Verdict | None) -> Iterator[Figure]:
    gates = [
        each
        for each in (verdict.results if verdict is not None else ())
        if each.weight is Weight.GATE and each.outcome is not Outcome.NOT_OBSERVED and not each.evaluated
    ]
    passed = sum(each.outcome is Outcome.PASSED for each in gates)
    yield figure(
        "reachable",
        "checks of the line's own acceptance that passed over mobile",
        float(passed) if gates else None,
        "checks",
        float(len(gates)) if gates else None,
        gate=True,
        needed=True,
        at_least=True,
        why_not="nothing could be checked over mobile: the cut was too short, or nobody could look",
        facts=("I-6.1", "I-6.2"),
    )


def _addresses(measured: Measured) -> Iterator[Figure]:
    seen = [each for each in measured.streams if each.name in FROM_BEHIND and each.seen_as]
    kept = [
        each
        for each in seen
        if len(each.seen_as) == 1
        and (each.name is not StreamName.FIXED_IPV4 or measured.fixed_ipv4 in ("", *each.seen_as))
    ]
    yield figure(
        "address",
        "streams that were seen outside with the same address of the line throughout",
        float(len(kept)) if seen else None,
        "streams",
        float(len(seen)) if seen else None,
        gate=True,
        at_least=True,
        why_not="no stream came from behind the router",
        facts=("I-6.2",),
    )


def _sessions(measured: Measured) -> Iterator[Figure]:
    known = [each for each in measured.sessions if each.survived is not None]
    why_not = next((each.why_not for each in measured.sessions if each.why_not), "no session was held")
    yield figure(
        "sessions",
        "open TCP sessions that survived the cut and the return",
        float(sum(each.survived is True for each in known)) if known else None,
        "sessions",
        float(len(known)) if known else None,
        gate=True,
        at_least=True,
        why_not=why_not,
        facts=("I-6.2",),
    )
    stalls = [each.worst_stall for each in known if each.worst_stall is not None]
    yield figure(
        "session-stall",
        "longest time that a session waited for an answer",
        max(stalls, default=None),
        "s",
        None,
        why_not=why_not,
    )


def _voice(measured: Measured) -> Iterator[Figure]:
    rule = measured.over_mobile.voice_off if measured.over_mobile is not None else None
    yield figure(
        "voice-rule",
        "what the router has in force keeps telephony off mobile",
        None if rule is None else float(rule),
        "",
        1.0,
        gate=True,
        at_least=True,
        why_not="the router does not tell",
        facts=("I-6.3",),
    )
    kept_off = _kept_off(measured.voice_on_fixed, measured.voice_on_mobile)
    why_not = next((each.why_not for each in measured.voice_on_fixed if each.why_not), "")
    yield figure(
        "voice-off",
        "telephony answered over the fixed bearer, and over mobile it did not",
        None if kept_off is None else float(kept_off),
        "",
        1.0,
        gate=True,
        at_least=True,
        why_not=why_not or "telephony did not answer over the fixed bearer either",
        facts=("I-6.3",),
    )


def _kept_off(fixed: tuple[VoiceAnswer, ...], mobile: tuple[VoiceAnswer, ...]) -> bool | None:
    """Return whether telephony is kept off mobile; None when nobody can tell.

    An answer over mobile tells for sure. Silence tells only where the same was answered over the fixed bearer.
    """
    if any(each.sip or each.media for each in mobile):
        return False
    silent = {each.address: each for each in mobile}
    told = [
        before is True and now is False
        for each in fixed
        if (other := silent.get(each.address)) is not None
        for before, now in ((each.sip, other.sip), (each.media, other.media))
    ]
    return True if any(told) else None


def _throughput(measured: Measured) -> Iterator[Figure]:
    mobile = [each for each in measured.rates if each.bearer is BearerName.MOBILE]
    for key, words in (("throughput-down", "downstream"), ("throughput-up", "upstream")):
        values = [each.down if key.endswith("down") else each.up for each in mobile]
        known = [each for each in values if each is not None]
        yield figure(
            key,
            f"throughput over mobile, {words}; no speed is guaranteed there",
            max(known, default=None),
            "Mbit/s",
            None,
            why_not="not measured over mobile",
            facts=("I-6.4",),
        )
