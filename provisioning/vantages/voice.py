"""Asks the operator's telephony from the LAN of a line: over the fixed bearer it answers, over mobile it must not."""

from collections.abc import Iterator, Sequence

from provisioning.errors import ProvisoError
from provisioning.judging.reading import Seen, part, parts, printable, text
from provisioning.model.bearer import Family
from provisioning.model.checks.check import Address
from provisioning.model.drill_traffic import VoiceAnswer
from provisioning.model.verdict import Viewpoint
from provisioning.ports import Vantage
from provisioning.vantages.points import Points

SECONDS_EACH = 8.0
"""For one host, by SIP and by media, both silent."""

LEASE_SECONDS = 45.0
NOT_SAID = "the probe says nothing of this address"


def ask_voice(probes: Sequence[Address], points: Points) -> tuple[VoiceAnswer, ...]:
    """Return whether each host of telephony answers a new host on the LAN, at this moment (facts: I-6.3).

    Args:
        probes: `voice_probes` of inventory/operator.yaml; none for nothing to be asked.
    """
    if points.lan is None:
        why_not = points.why_not(Viewpoint.LAN)
        return tuple(VoiceAnswer(str(each), _family(each), None, None, why_not) for each in probes)
    return tuple(_asked(probes, points.lan, points.interface)) if probes else ()


def _asked(probes: Sequence[Address], lan: Vantage, interface: str) -> Iterator[VoiceAnswer]:
    request = {"interface": interface, "do": ["voice"], "voice": [str(each) for each in probes], "greeter": {}}
    try:
        seen = lan.probe("lan", request, seconds=LEASE_SECONDS + SECONDS_EACH * len(probes))
    except ProvisoError as error:
        yield from (VoiceAnswer(str(each), _family(each), None, None, error.what) for each in probes)
        return
    said = {text(each, "address"): each for each in parts(part(seen, "voice") or {}, "asked")}
    for each in probes:
        yield _answer(each, said.get(str(each), {}))


def _answer(address: Address, seen: Seen) -> VoiceAnswer:
    sip, media = seen.get("sip"), seen.get("media")
    if not isinstance(sip, bool) or not isinstance(media, bool):
        why_not = printable(text(seen, "error")) or NOT_SAID
        return VoiceAnswer(str(address), _family(address), None, None, why_not)
    return VoiceAnswer(str(address), _family(address), sip, media)


def _family(address: Address) -> Family:
    return 4 if address.version == 4 else 6
