"""Reads what `proviso-drill bearers` and `events-follow` say on a router (docs/helper.md, "Bearers")."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from provisioning.model.bearer import (
    FAMILIES,
    Bearer,
    BearerEvent,
    BearerEventKind,
    BearerName,
    BearerReport,
    CurrentDrill,
    Cut,
    Family,
    Neighbourship,
    Radio,
)

END = "end\n"
"""Ends what is told of bearers; what does not end so was cut."""

HELD = "held"
"""What the guard says while the fixed bearer works again and is not trusted yet."""

_VOICE = {"yes": True, "no": False}
_BFD = {"up": True, "none": None}
_HARMLESS_LOCKS = ("", "none", "sim-pin2", "sim-puk2")
"""What a SIM asks for that is needed for nothing here (ModemManager, `MMModemLock`)."""

_TECHNOLOGIES = {"lte": "LTE", "5gnr": "5G", "umts": "UMTS", "gsm": "GSM", "edge": "EDGE", "hspa-plus": "HSPA+"}
_SIGNALS = ("5g.rsrp", "lte.rsrp", "umts.rssi", "gsm.rssi")
"""Where `mmcli --signal-get` tells a strength, the best kind first."""


@dataclass(slots=True)
class _Told:
    """What the lines say, by their first word."""

    words: dict[str, list[list[str]]] = field(default_factory=dict)

    def each(self, key: str) -> list[list[str]]:
        return self.words.get(key, [])

    def one(self, key: str) -> list[str]:
        (found,) = self.each(key)
        return found


def parse_bearers(text: str) -> BearerReport:
    """Return what a router says of its bearers.

    Args:
        text: as the helper printed it.

    Raises:
        ValueError: when it makes no sense, or was cut.
    """
    if not text.endswith(END):
        raise ValueError("it was cut")
    told = _Told()
    for line in text.splitlines():
        key, *words = line.split()
        told.words.setdefault(key, []).append(words)
    neighbours = [(BearerName(bearer), _neighbourship(words)) for bearer, *words in told.each("neighbour")]
    bearers = {
        BearerName(name): _bearer(BearerName(name), words, neighbours, told) for name, *words in told.each("bearer")
    }
    state, left = told.one("guard")
    return BearerReport(
        clock=float(told.one("clock")[0]),
        fixed=bearers[BearerName.FIXED],
        mobile=bearers[BearerName.MOBILE],
        in_use=dict(_in_use(told)),
        hold_left=int(left) / 100 if state == HELD else None,
        voice_off=_VOICE.get(told.one("voice-off")[0]),
        drill=next((_drill(words) for words in told.each("drill")), None),
        events=tuple(_event(words) for words in told.each("event")),
    )


def _event(words: list[str]) -> BearerEvent:
    number, uptime, kind, bearer = words
    return BearerEvent(int(number), float(uptime), BearerEventKind(kind), BearerName(bearer))


def _neighbourship(words: list[str]) -> Neighbourship:
    family, bfd, bgp, stands, _ = words
    return Neighbourship(
        family=_family(family),
        bgp=bgp == "up",
        bfd=_BFD.get(bfd, False),
        up_seconds=int(stands) / 100 if bgp == "up" else None,
    )


def _family(text: str) -> Family:
    return next(each for each in FAMILIES if str(each) == text)


def _bearer(
    name: BearerName, words: list[str], neighbours: list[tuple[BearerName, Neighbourship]], told: _Told
) -> Bearer:
    interface, link, received, sent = words
    return Bearer(
        name=name,
        interface=interface,
        link_up=link == "up",
        neighbourships=tuple(each for bearer, each in neighbours if bearer is name),
        received_bytes=int(received),
        sent_bytes=int(sent),
        radio=_radio(told) if name is BearerName.MOBILE else None,
    )


def _in_use(told: _Told) -> Iterator[tuple[Family, BearerName | None]]:
    for family, bearer in told.each("in-use"):
        yield _family(family), BearerName(bearer) if bearer != "none" else None


def _drill(words: list[str]) -> CurrentDrill:
    token, cut, left = words
    return CurrentDrill(token, Cut(cut), int(left) / 100)


def _radio(told: _Told) -> Radio | None:
    """Return what the modem tells (mmcli(1), `--output-keyvalue`); None where there is no ModemManager."""
    said = {key: " ".join(value) for key, *value in told.each("radio") if value not in ([], ["--"])}
    if not said:
        return None
    kind = said.get("modem.generic.access-technologies.value[1]")
    return Radio(
        sim=_sim(said),
        technology=_TECHNOLOGIES.get(kind, kind.upper()) if kind else None,
        signal_dbm=_signal(said),
        network=said.get("modem.3gpp.operator-name") or said.get("modem.3gpp.operator-code"),
        cell=str(int(cell, 16)) if (cell := said.get("modem.location.3gpp.cid")) else None,
    )


def _sim(said: Mapping[str, str]) -> str:
    if reason := said.get("modem.generic.state-failed-reason", "").removeprefix("none"):
        return reason
    lock = said.get("modem.generic.unlock-required", "")
    return "ready" if lock in _HARMLESS_LOCKS else lock


def _signal(said: Mapping[str, str]) -> int | None:
    for each in _SIGNALS:
        if text := said.get(f"modem.signal.{each}"):
            return round(float(text))
    return None
